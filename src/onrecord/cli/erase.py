"""`onrecord erase`: what holds the words is shown first; then it goes, and a receipt says what is not certain."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from onrecord.cli.call import Call
from onrecord.cli.outcome import DONE, WRONG_IN_PLACES
from onrecord.cli.terminal.amounts import counted
from onrecord.cli.terminal.consent import agrees, shown_to_the_person, somebody_to_ask
from onrecord.cli.terminal.page import Page
from onrecord.cli.terminal.values import Labels
from onrecord.cli.verb import verb

if TYPE_CHECKING:
    from onrecord.api import Record

Row = Mapping[str, Any]
Label = Callable[[str], str]
SHOWN = 40
LETTERS, MOST_IDS = 6, 3


@verb(
    "erase",
    parameters=(
        click.Argument(["names"], metavar="ID...", nargs=-1),
        click.Option(["--reason"], metavar="TEXT", help="Why. It stays: no names of whom it protects."),
        click.Option(
            ["--authority"],
            multiple=True,
            metavar="TEXT",
            help="Who decided. It stays. Give it twice, for two people, where an original goes.",
        ),
        click.Option(
            ["--whole"], is_flag=True, help="Of an actor: all of it, not its sealed identity alone."
        ),
        click.Option(["--older"], is_flag=True, help="Only the versions that a later one replaced."),
        click.Option(["--dry-run"], is_flag=True, help="Only list what would go."),
        click.Option(["--yes"], is_flag=True, help="Do not ask. A script is never asked."),
        click.Option(
            ["--list", "list_all"], is_flag=True, help="List all erasures and who has not confirmed."
        ),
        click.Option(
            ["--waiting"], is_flag=True, help="List orders from other laptops that wait for a yes here."
        ),
        click.Option(["--accept"], metavar="ORDER", help="Carry out an order that waits, or `all` of them."),
        click.Option(
            ["--destroyed"],
            metavar="FOLDER",
            help="Say that a stick, folder or packed file no longer exists: its place, or how its id begins.",
        ),
        click.Option(["--finish"], is_flag=True, help="Finish erasures that were cut off."),
    ),
    examples=(
        "onrecord erase ford-gate --dry-run",
        'onrecord erase ford-gate --reason "she is in danger" --authority "Noam, editor" --yes',
        "onrecord erase --list",
    ),
)
def command(
    call: Call,
    names: tuple[str, ...],
    reason: str | None,
    authority: tuple[str, ...],
    whole: bool,
    older: bool,
    dry_run: bool,
    yes: bool,
    list_all: bool,
    waiting: bool,
    accept: str | None,
    destroyed: str | None,
    finish: bool,
) -> int:
    """A statement goes with its claims, its passages and those over some of the same words, and publications whose own
    text holds them; a passage with what rests on nothing else; an item with its original, its passages and what was
    made from it; of an actor, its sealed identity. Elsewhere an order waits until somebody there accepts it. What was
    erased stays as an empty place with an order: who decided, and why. The reason and the names given as authority
    stay for good, so put nobody's name into them who is to be protected. You are asked first where you sit at the
    keyboard, unless --yes or --json is given; a script is not. There is no undo."""
    _require_one(names, list_all, waiting, accept, destroyed, finish)
    asked = not yes and not call.json and somebody_to_ask()
    with call.open() as record:
        if list_all or waiting:
            _list(call, record, waiting)
        elif finish:
            _told_finished(call, record.finish_erasing())
        elif destroyed is not None:
            _told_destroyed(call, record.confirm_destroyed(destroyed))
        elif accept is not None:
            return _accept(call, record, accept, asked)
        else:
            planned = record.look_at_erasing(*names, whole=whole, older=older)
            if dry_run:
                return _told_planned(call, record, planned)
            if asked and not _agrees(call, record, planned):
                return _nothing_erased()
            shown = planned if asked else None
            receipt = record.erase(names, reason or "", authority, whole=whole, older=older, shown=shown)
            _told_erased(call, receipt, Labels(record))
    return DONE


def _told_planned(call: Call, record: Record, planned: Row) -> int:
    if call.json:
        call.emit({"dry_run": True, **planned})
    else:
        _plan(call, record, planned)
    return DONE


def _agrees(call: Call, record: Record, planned: Row) -> bool:
    with shown_to_the_person():
        _plan(call, record, planned)
        return agrees("Erase this, for good?")


def _nothing_erased() -> int:
    click.echo("Nothing was erased.", err=True)
    return WRONG_IN_PLACES


def _accept(call: Call, record: Record, named: str, asked: bool) -> int:
    """Carry out orders that wait. A person at the keyboard sees them first, and agrees to these and no others."""
    if asked and (rows := _named(record.erasures(waiting=True), named)):
        with shown_to_the_person():
            for row in rows:
                _show_order(call.page, row, Labels(record))
            if not agrees("Erase this here, for good?"):
                return _nothing_erased()
    _told_erased(call, record.accept_erasure(named), str)
    return DONE


def _named(rows: Sequence[Row], named: str) -> list[Row]:
    return [row for row in rows if named in ("all", row["order"], *row["waiting"])]


def _told_erased(call: Call, receipt: Row, label: Label) -> None:
    if call.json:
        return call.emit(receipt)
    return _receipt(call.page, receipt, label)


def _require_one(names: tuple[str, ...], *others: object) -> None:
    given = [bool(names), *(bool(other) for other in others)]
    if sum(given) != 1:
        raise click.UsageError(
            "Name the thing to erase, or give one of --list, --waiting, --accept, --destroyed, --finish."
        )


def _plan(call: Call, record: Record, planned: Row) -> None:
    page, label = call.page, Labels(record)
    page.line(page.bold("This would go, for good:"))
    _rows(page, planned["gone"], label)
    _what_stays(page, planned, label)


def _what_stays(page: Page, told: Row, label: Label) -> None:
    if told.get("affected"):
        page.heading("These stay, and refer to what is gone then:")
        _rows(page, told["affected"], label)
    if told.get("remains"):
        page.heading("The words still stand here afterwards:")
        _rows(page, told["remains"], label)


def _rows(page: Page, rows: Sequence[Row], label: Label) -> None:
    for row in rows[:SHOWN]:
        place = f" {row['entry']}" if "entry" in row else ""
        page.paragraph(f"{_called(page, row, label)}{place}: {page.shown(row['why'])}", indent=2)
    if len(rows) > SHOWN:
        page.line(f"  and {len(rows) - SHOWN} more; --json lists them all.")


def _called(page: Page, row: Row, label: Label) -> str:
    """Its kind and what it is called, where that does not say the kind already."""
    called, kind = label(str(row["thing"])), str(row["kind"])
    return page.shown(called) if called.startswith(f"{kind} ") else f"{kind} {page.shown(called)}"


def _receipt(page: Page, receipt: Row, label: Label) -> None:
    versions = [row for row in receipt["gone"] if row["kind"] != "original"]
    originals = [row for row in receipt["gone"] if row["kind"] == "original"]
    gone = [counted(len(versions), "version")] + ([counted(len(originals), "original")] if originals else [])
    page.line(f"{page.bold('Erased:')} {' and '.join(gone)}.")
    if "order" in receipt:
        page.line(f"The order is {receipt['order']}.")
    page.paragraph(receipt["promised"])
    _unconfirmed(page, receipt["unconfirmed"])
    _what_stays(page, receipt, label)
    page.heading("What nobody can promise:")
    for said in receipt["not_promised"]:
        page.paragraph(said, indent=2)


def _unconfirmed(page: Page, rows: Sequence[Row]) -> None:
    if not rows:
        return page.paragraph("No other laptop of the team and no exchange folder is known to hold it.")
    page.heading("Not yet confirmed:")
    for row in rows:
        page.paragraph(f"☐ {_holder(page, row)}: {page.shown(row['why'])}.", indent=2)
    return None


def _holder(page: Page, row: Row) -> str:
    """A laptop by its person and device; a folder or packed file by its place, who made it, when, and its id."""
    from onrecord.reading.moments import day_said

    name = page.shown(row["name"])
    if "device" in row:
        return f"laptop of {name}, device {row['device'][:LETTERS]}…"
    what, when = ("packed file", "packed") if row["packed"] else ("exchange folder", "first sent to")
    ids = ", ".join(f"{folder[:LETTERS]}…" for folder in row["folders"][-MOST_IDS:])
    return f"{what} {name}, {when} by {page.shown(row['by'])} on {day_said(row['since'])} ({ids})"


def _list(call: Call, record: Record, waiting: bool) -> None:
    rows = record.erasures(waiting)
    if call.json:
        for row in rows:
            call.emit(row)
        return
    page, label = call.page, Labels(record)
    if not rows:
        page.line("No order waits here." if waiting else "Nothing was erased.")
    for row in rows:
        _show_order(page, row, label)


def _show_order(page: Page, row: Row, label: Label) -> None:
    page.heading(f"{row['order']}, {row['when']}, {page.shown(row['by'])}")
    page.paragraph(f"Because: {page.shown(row['reason'])}", indent=2)
    page.paragraph(f"Decided by: {page.shown(', '.join(row['authority']))}", indent=2)
    for thing, kind in dict.fromkeys((one["thing"], one["kind"]) for one in row["about"]):
        page.line(f"  {_called(page, {'thing': thing, 'kind': kind}, label)}")
    if row["waiting"]:
        page.paragraph(f"It waits for a yes here: onrecord erase --accept {row['order']}", indent=2)
    for one in row["cannot"]:
        page.paragraph(f"✗ cannot be followed: {one['entry']}: {one['why']}.", indent=2)
    for one in row["unconfirmed"]:
        page.paragraph(f"☐ not confirmed: {_holder(page, one)}: {page.shown(one['why'])}.", indent=2)


def _told_finished(call: Call, orders: Sequence[str]) -> None:
    if call.json:
        return call.emit({"orders": list(orders)})
    return call.page.line(
        f"{counted(len(orders), 'order')} carried out." if orders else "Nothing was left to do."
    )


def _told_destroyed(call: Call, copy: Row) -> None:
    if call.json:
        return call.emit(copy)
    page = call.page
    place = page.shown(copy["place"] or copy["folder"])
    return page.paragraph(f"Entered: {place} no longer exists, and holds nothing that was erased until now.")
