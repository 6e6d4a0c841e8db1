"""One event as each side tells it, on a terminal. No side stands first in weight, and nothing is left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from onrecord.cli.terminal.amounts import counted
from onrecord.cli.terminal.page import Page
from onrecord.cli.terminal.point_view import ELSEWHERE, PointView, absence_said
from onrecord.cli.terminal.sides import Sides
from onrecord.cli.terminal.statement_view import by_id, statement_block
from onrecord.cli.terminal.values import time_said

Windows = Mapping[str, Any]


def show_windows(page: Page, windows: Windows, label: Callable[[str], str] = str) -> None:
    """Show what `windows` gave. `label` says what a thing outside the windows is called."""
    sides = Sides(page, tuple(side["name"] for side in windows["sides"]), _whole(windows))
    known = by_id(windows)
    view = PointView(sides, windows["event"], known, label)
    _show_title(page, windows)
    _show_accounts(page, sides, windows, known)
    _show_points(view, windows)
    _show_alone(view, windows)
    _show_judged(page, windows, label)
    _show_elsewhere(page, windows, known)


def _whole(windows: Windows) -> bool:
    """Whether no speaker sits on a side that is not shown."""
    return not any(one.get("unshown_sides") for one in windows.get("elsewhere") or ())


def _show_title(page: Page, windows: Windows) -> None:
    page.line(page.bold(page.shown(str(windows.get("title") or windows.get("slug") or windows["event"]))))
    if windows.get("when"):
        page.paragraph(page.shown(time_said(windows["when"])))
    if windows.get("as_known"):
        page.paragraph(f"{windows['as_known']} What came later is not shown.")
    if windows.get("in_conflict"):
        page.line("The event is in conflict: two versions of it stand, and nobody has resolved them.")
    page.line()


def _show_accounts(page: Page, sides: Sides, windows: Windows, known: Mapping[str, Any]) -> None:
    if not windows["sides"]:
        return page.line("No sides are set for this event. Everything said of it stands below.")
    sides.headings([_size(side) for side in windows["sides"]])
    sides.flow(
        [[statement_block(page, one, known) for one in side["statements"]] for side in windows["sides"]]
    )
    for side in windows["sides"]:
        if not side["statements"] and not sides.in_columns:
            page.line(f"{page.shown(side['name'])}: no statement is recorded.")


def _size(side: Mapping[str, Any]) -> str:
    people = len({one["speaker"]["id"] for one in side["statements"]})
    if not people:
        return "no statement is recorded"
    return f"{counted(people, 'speaker')}, {counted(len(side['statements']), 'statement')}"


def _show_points(view: PointView, windows: Windows) -> None:
    both = "Both say" if len(view.sides.names) == 2 else "All say"
    _section(view, both, windows.get("shared"), view.told)
    _section(view, "Disputed", windows.get("disputed"), view.disputed)
    _section(view, "Told by some sides", windows.get("some"), view.told)
    alone = (windows.get("only") or {}).get(ELSEWHERE)
    _section(view, view.sides.elsewhere("Told only by {}") if view.sides.names else "Told", alone, view.told)
    absent = [absence_said(row) for row in windows.get("absent") or ()]
    _section(view, "Asked, and no answer", absent, view.told)


def _section(
    view: PointView,
    heading: str,
    rows: Sequence[Mapping[str, Any]] | None,
    show: Callable[[Mapping[str, Any]], None],
) -> None:
    if rows:
        _rule(view.page, heading)
        for row in rows:
            show(row)


def _show_alone(view: PointView, windows: Windows) -> None:
    """What one side tells and another passes over: the same fact from both ends."""
    names = view.sides.names
    only, silent = windows.get("only") or {}, windows.get("silent") or {}
    if any(only.get(name) for name in names):
        _rule(
            view.page, "Told by one side only" if view.sides.whole else "Told by one of the sides shown here"
        )
        view.page.line()
        view.sides.row([view.listing(only.get(name) or ()) for name in names])
    if any(silent.get(name) for name in names):
        _rule(view.page, "Silent on")
        view.page.line()
        view.sides.row([view.points(silent.get(name) or ()) for name in names])


def _show_judged(page: Page, windows: Windows, label: Callable[[str], str]) -> None:
    """Our own assessments of what stands here, so that nothing is joined or set apart unseen."""
    rows = windows.get("assessments") or ()
    if rows:
        _rule(page, "What we judged of this")
        page.line()
    for row in rows:
        judged = " / ".join(page.shown(str(one)) for one in row["judgements"])
        about = "; ".join(page.shown(label(id)) for id in row["about"])
        conflict = ", in conflict" if row.get("in_conflict") else ""
        page.paragraph(f"• {judged}: {about} ({page.shown(str(row.get('slug') or row['id']))}{conflict})")


def _show_elsewhere(page: Page, windows: Windows, known: Mapping[str, Any]) -> None:
    statements = windows.get("elsewhere") or ()
    if not statements:
        return
    _rule(page, Sides(page, (), _whole(windows)).elsewhere("Elsewhere: {}"))
    for statement in statements:
        page.line()
        lines = statement_block(page, statement, known)(min(page.width, 90) - 2)
        page.lines(("  " + line).rstrip() for line in lines)


def _rule(page: Page, heading: str) -> None:
    page.line()
    page.line(f"── {page.bold(heading)} " + "─" * max(page.width - len(heading) - 4, 3))
