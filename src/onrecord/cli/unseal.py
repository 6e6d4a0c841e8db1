"""`onrecord unseal`: what is sealed in one thing, shown once, for a reason that the record keeps."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import click

from onrecord.cli.call import Call
from onrecord.cli.terminal.page import Page
from onrecord.cli.verb import verb

REASON = click.Option(["--reason"], metavar="TEXT", help="Why it has to be opened. The record keeps it.")
ENTRY = click.Option(
    ["--entry"], metavar="VERSION", help="Which version, where it is not the one that stands, or two stand."
)


@verb(
    "unseal",
    parameters=(click.Argument(["name"], metavar="ID"), REASON, ENTRY),
    examples=('onrecord unseal baker --reason "the court asked who she is"',),
)
def command(call: Call, name: str, reason: str | None, entry: str | None) -> None:
    """Opens one sealed field with your key. That you opened it, when and why, is a custody step, written before
    anything is shown; your colleagues get it when you next merge. Nothing keeps what is shown: neither does
    Onrecord, so mind your terminal's own history and who looks over your shoulder."""
    with call.open() as record:
        opened = record.unseal(name, required(reason), entry)
    show(call, opened)


def required(reason: str | None) -> str:
    if reason is None:
        raise click.UsageError("Say why it has to be opened: --reason TEXT. The record keeps it.")
    return reason


def show(call: Call, opened: Mapping[str, Any]) -> None:
    """What was opened, as JSON or as lines that cannot harm the terminal."""
    if call.json:
        return call.emit(opened)
    page = call.page
    _show_value(page, opened["sealed"], 0)
    page.line()
    page.line(page.dim(f"Opened; custody step {opened['custody']} says who, when and why."))


def _show_value(page: Page, value: Any, indent: int, label: str = "") -> None:
    if isinstance(value, Mapping) and value:
        if label:
            page.line(f"{'':{indent}}{page.shown(label)}")
        for name, inner in value.items():
            _show_value(page, inner, indent + (2 if label else 0), str(name))
    elif isinstance(value, list) and value:
        for inner in value:
            _show_value(page, inner, indent, label)
    else:
        said = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        page.paragraph(f"{f'{label}: ' if label else ''}{page.shown(said)}", indent=indent)
