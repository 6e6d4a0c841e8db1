"""What is asked once when somebody hands a folder or card over. Every question may be left open with Enter."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, TextIO

import click

from onrecord.cli.terminal.page import Page
from onrecord.record.errors import FieldInvalid

_AGREED = {
    "1": {"keep": "yes"},
    "2": {"keep": "yes", "team": "yes"},
    "3": {"keep": "yes", "team": "yes", "words": "yes", "image": "yes"},
}
_CHOICES = (
    "  1 only kept",
    "  2 the team may use it",
    "  3 words and pictures may be published, unnamed",
    "  Enter: not asked yet",
)
_FORMS = ("%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S")
_MOMENT = "Write day and time of day, without a zone: 2026-05-14T10:07."


@dataclass(slots=True)
class Said:
    """Fields of an item, and of terms, as they were said."""

    facts: dict[str, Any]
    terms: dict[str, Any] | None


def ask_once(page: Page, said: Said) -> None:
    """Ask at the terminal who hands it over, how its clock goes, and what was agreed."""
    page.line("A few questions about this folder, asked once. Enter leaves one open.")
    who = _asked("Who hands it over?")
    if who:
        said.facts["received_from"] = who
    shown = _time_asked("What does the device's clock show now (2026-05-14T10:07)?")
    if shown:
        right = _time_asked("And what time is it really?")
        if right:
            said.facts["clock"] = {"shown": shown, "right": right}
    page.line("What was agreed?")
    page.lines(_CHOICES)
    agreed = _one_of(("", *_AGREED))
    if agreed:
        form = {"attribution": {"form": "unnamed"}} if agreed == "3" else {}
        said.terms = {"agreed_with": who or {"none": "not asked"}, "uses": _AGREED[agreed], **form}


def _asked(question: str) -> str:
    return str(click.prompt(question, default="", show_default=False)).strip()


def _one_of(known: Collection[str]) -> str:
    while (answer := _asked("1, 2, 3 or Enter")) not in known:
        click.echo(f"“{answer}” is none of these.")
    return answer


def _time_asked(question: str) -> str:
    while True:
        answer = _asked(question).replace(" ", "T")
        if not answer or _is_moment(answer):
            return answer
        click.echo(f"“{answer}” is no moment. {_MOMENT}")


def _is_moment(said: str) -> bool:
    """A clock can only be checked by a moment: a vaguer time would correct nothing, and say so nowhere."""
    for form in _FORMS:
        with contextlib.suppress(ValueError):
            dt.datetime.strptime(said, form)
            return True
    return False


def clock_check(given: str) -> dict[str, str]:
    """`SHOWN=RIGHT` as a check of a clock. Raises `FieldInvalid`."""
    shown, sign, right = (one.strip() for one in given.partition("="))
    if not sign:
        raise FieldInvalid(
            "--clock", "it needs two times", "Write SHOWN=RIGHT: 2026-05-14T10:07=2026-05-14T08:05."
        )
    for said in (shown, right):
        if not _is_moment(said):
            raise FieldInvalid("--clock", f"“{said}” is no moment", _MOMENT)
    return {"shown": shown, "right": right}


def terms_in(file: TextIO) -> dict[str, Any]:
    """The fields of terms in a JSON file. Raises `FieldInvalid`."""
    try:
        read = json.load(file, parse_float=str)
    except (json.JSONDecodeError, UnicodeDecodeError) as wrong:
        raise FieldInvalid("--terms", f"the file is not JSON ({wrong})", "Mend it, and add again.") from None
    if not isinstance(read, dict):
        raise FieldInvalid("--terms", "the file is not one object", 'Write {"uses": {"words": "yes"}}.')
    return read
