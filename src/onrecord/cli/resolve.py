"""`onrecord resolve`: a person says which version of a thing in conflict stands, and why."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

import click

from onrecord.cli.call import Call
from onrecord.cli.terminal.page import Page
from onrecord.cli.terminal.values import Labels
from onrecord.cli.terminal.versions_view import letters, show_conflict
from onrecord.cli.verb import verb
from onrecord.record.errors import FieldInvalid

BY_FIELD = "F"


@verb(
    "resolve",
    parameters=(
        click.Argument(["name"], metavar="ID"),
        click.Option(
            ["--reason"], required=True, metavar="TEXT", help="Why: it is kept with the new version."
        ),
        click.Option(["--keep"], metavar="ENTRY", help="The version to keep, by its entry."),
        click.Option(
            ["--set", "chosen"],
            multiple=True,
            metavar="FIELD=ENTRY",
            help="The version from which this field is taken; repeat it for several.",
        ),
    ),
    examples=("onrecord resolve CONFLICT --reason 'Heard again on the tape.' --keep ENTRY",),
)
def command(call: Call, name: str, reason: str, keep: str | None, chosen: tuple[str, ...]) -> None:
    """Shows the versions beside each other and, on a terminal, asks which stands: one of them, or field by field.
    What you choose is written as a new version that supersedes them all; they stay in the thing's history."""
    take = dict(map(_field_and_entry, chosen))
    with call.open() as record:
        conflict = record.conflict(name)
        asks = keep is None and not take and not call.json and sys.stdin.isatty()
        if asks:
            show_conflict(call.page, conflict, Labels(record))
            call.page.line()
            keep, take = _asked(conflict)
        result = record.resolve(name, reason, keep, take)
    if call.json:
        return call.emit(result)
    _show(call.page, result)


def _field_and_entry(given: str) -> tuple[str, str]:
    field, found, entry = given.partition("=")
    if not (field and found and entry):
        raise FieldInvalid(
            "--set", f"{given!r} does not say a field and an entry", "Write it as FIELD=ENTRY."
        )
    return field, entry


def _asked(conflict: Mapping[str, Any]) -> tuple[str | None, dict[str, str]]:
    """What a person at the terminal chooses. An empty answer or Ctrl-C leaves everything as it is."""
    versions = {letter: row["version"] for letter, row in letters(conflict).items() if not row["erased"]}
    several = len(conflict["choose"]) > 1
    known = [*versions, *([BY_FIELD] if several else [])]
    offer = f"{', '.join(versions)}{f', or {BY_FIELD} to choose field by field' if several else ''}"
    answer = _prompt(f"Which version stands? {offer}", known)
    if answer != BY_FIELD:
        return versions[answer], {}
    return None, {
        field: versions[_prompt(field.replace("_", " "), [*versions])] for field in conflict["choose"]
    }


def _prompt(question: str, known: list[str]) -> str:
    choice = click.Choice(known, case_sensitive=False)
    return str(click.prompt(question, type=choice, show_choices=False, err=True)).upper()


def _show(page: Page, result: Mapping[str, Any]) -> None:
    page.line(f"{page.bold('Resolved.')} {result['version']} stands now.")
    page.paragraph(f"It supersedes {', '.join(result['superseded'])}, which stay in its history.")
