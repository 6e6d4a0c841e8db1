"""`onrecord history`: every version of one thing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import click

from onrecord.cli.call import Call
from onrecord.cli.terminal.amounts import counted
from onrecord.cli.terminal.gone import show_gone
from onrecord.cli.terminal.page import Page
from onrecord.cli.terminal.trust_view import show_openings
from onrecord.cli.terminal.values import Labels, called_by, field_lines
from onrecord.cli.verb import verb

Version = Mapping[str, Any]


@verb(
    "history",
    parameters=(click.Argument(["name"], metavar="ID"),),
    examples=("onrecord history morning", "onrecord history morning --json"),
)
def command(call: Call, name: str) -> None:
    """In the order this laptop received them: who wrote, when, why, and what changed. Nothing is ever overwritten."""
    with call.open() as record:
        thing = record.history(name)
        if call.json:
            return call.emit(thing)
        _show(call.page, thing, Labels(record))
        show_openings(call.page, thing.get("openings", ()))


def _show(page: Page, thing: Mapping[str, Any], label: Labels) -> None:
    versions: list[Version] = thing["versions"]
    called = called_by(versions[-1]["fields"])
    page.line(page.bold(page.shown(called or thing.get("slug") or thing["id"])))
    kept = counted(len(versions), "version")
    conflict = ("in conflict",) if thing["in_conflict"] else ()
    page.line(page.dim(" · ".join((thing["kind"], kept, *conflict))))
    known = {version["version"]: version for version in versions}
    for number, version in enumerate(versions, 1):
        page.line()
        _show_version(page, number, version, list(_changes(thing["kind"], version, known, label)))


def _show_version(
    page: Page, number: int, version: Version, changes: Sequence[tuple[str, str, bool]]
) -> None:
    state = "stands" if version["superseded"] is None else f"stood until {version['superseded']}"
    who = page.shown(version["author"]) if version["author"] else None
    written = ", ".join(filter(None, (version["recorded"], who))) or "when it was written is not known"
    page.line(f"{page.bold(f'{number}.')} {written}; {state}")
    if version["received"] != version["recorded"]:
        page.line(page.dim(f"   received {version['received']}"))
    if version.get("reason"):
        page.paragraph(f"Because: {page.shown(version['reason'])}", indent=3)
    if version["erased"]:
        return show_gone(page, version, indent=3)
    return page.fields(changes, indent=3)


def _changes(
    kind: str, version: Version, known: Mapping[str, Version], label: Labels
) -> Iterator[tuple[str, str, bool]]:
    """The fields that differ from the first version it supersedes; for a first version, all of them."""
    before: Mapping[str, Any] = next(
        (known[name]["fields"] for name in version["supersedes"] if name in known), {}
    )
    fields = version["fields"]
    changed = {name: value for name, value in fields.items() if before.get(name) != value}
    yield from field_lines(kind, changed, label)
    for name in before:
        if name not in fields:
            yield name.replace("_", " "), "— taken away", False
