"""`onrecord get`: one thing as it stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from onrecord.cli.call import Call
from onrecord.cli.terminal.amounts import counted
from onrecord.cli.terminal.gone import show_gone
from onrecord.cli.terminal.observed import show_about_item
from onrecord.cli.terminal.page import Page
from onrecord.cli.terminal.trust_view import show_openings
from onrecord.cli.terminal.values import Labels, called_by, field_lines
from onrecord.cli.verb import verb


@verb(
    "get",
    parameters=(click.Argument(["name"], metavar="ID"),),
    examples=("onrecord get morning", "onrecord get morning --json"),
)
def command(call: Call, name: str) -> None:
    """ID is an id, or the name that a writer gave. A thing in conflict shows every version that stands."""
    with call.open() as record:
        thing = record.get(name)
        if call.json:
            return call.emit(thing)
        _show(call.page, thing, Labels(record))
        show_about_item(call.page, thing)
        show_openings(call.page, thing.get("openings", ()))


def _show(page: Page, thing: Mapping[str, Any], label: Labels) -> None:
    heads = thing["heads"]
    called = called_by(heads[-1]["fields"])
    page.line(page.bold(page.shown(called or thing.get("slug") or thing["id"])))
    page.line(page.dim(" · ".join(filter(None, (thing["kind"], thing.get("slug"), thing["id"])))))
    if len(heads) > 1:
        page.line()
        page.paragraph(
            f"In conflict: {counted(len(heads), 'version')} stand side by side until a person resolves them."
        )
    for head in heads:
        page.line()
        _show_version(page, thing["kind"], head, label)


def _show_version(page: Page, kind: str, version: Mapping[str, Any], label: Labels) -> None:
    if version.get("erased"):
        show_gone(page, version, indent=2)
    else:
        page.fields(field_lines(kind, version["fields"], label), indent=2)
    reason = f": {page.shown(version['reason'])}" if version.get("reason") else ""
    author = page.shown(version["author"]) if version["author"] else None
    written = ", ".join(filter(None, (author, version["recorded"], version["version"])))
    page.line(page.dim(f"  — {written}{reason}"))
