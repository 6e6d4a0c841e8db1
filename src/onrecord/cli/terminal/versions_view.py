"""The versions of a thing in conflict, set beside each other: who said which, when and where, and what differs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from string import ascii_uppercase
from typing import Any

from onrecord.cli.terminal.columns import SPINE, cells, noted, set_in, side_by_side
from onrecord.cli.terminal.page import Page
from onrecord.cli.terminal.values import called_by, field_lines

NARROWEST = 34
NOT_STATED = "— not stated"
Conflict = Mapping[str, Any]
Version = Mapping[str, Any]
Label = Callable[[str], str]
Line = tuple[str, bool]
"""Text that is safe to show, and whether it is words in a direction of their own."""


def letters(conflict: Conflict) -> dict[str, Version]:
    """What each version is called on the terminal: A, B, … the oldest first."""
    return dict(zip(ascii_uppercase, conflict["versions"], strict=False))


def show_conflict(page: Page, conflict: Conflict, label: Label) -> None:
    """One thing: its versions as columns, or in turn where the terminal is narrow, and each field that differs."""
    versions = letters(conflict)
    page.line(page.bold(page.shown(_called(conflict))))
    page.line(page.dim(f"{conflict['kind']} · {conflict['id']} · {len(versions)} versions"))
    page.line()
    _row(page, {letter: _about(page, version) for letter, version in versions.items()}, lettered=True)
    for field, values in conflict["differ"].items():
        page.line()
        page.line(page.bold(field.replace("_", " ")))
        if field in conflict["before"]:
            before = "; ".join(text for text, _ in _said(conflict["kind"], field, conflict["before"], label))
            page.line(page.dim("before: ") + before)
        _row(
            page,
            {letter: _value(conflict["kind"], field, values, one, label) for letter, one in versions.items()},
        )


def _called(conflict: Conflict) -> str:
    shared = {field: next(iter(values.values())) for field, values in conflict["differ"].items() if values}
    return called_by(shared) or conflict["slug"] or conflict["id"]


def _about(page: Page, version: Version) -> list[Line]:
    """Who said it, when, on which laptop, and why."""
    laptop = version["laptop"]
    where = "this laptop" if laptop["here"] else f"laptop {laptop['device']}"
    key = f", key {laptop['fingerprint'][:9]}…" if laptop["fingerprint"] else ""
    who = page.shown(version["author"]) if version["author"] else "erased"
    lines = [", ".join(filter(None, (who, version["recorded"]))), f"{where}{key}"]
    if version["received"] != version["recorded"]:
        lines.append(f"received {version['received']}")
    if version["reason"]:
        lines.append(f"because: {page.shown(version['reason'])}")
    return [(line, False) for line in (*lines, version["version"])]


def _value(kind: str, field: str, values: Mapping[str, Any], version: Version, label: Label) -> list[Line]:
    if version["erased"]:
        return [("— erased", False)]
    if version["version"] not in values:
        return [(NOT_STATED, False)]
    return _said(kind, field, {field: values[version["version"]]}, label)


def _said(kind: str, field: str, fields: Mapping[str, Any], label: Label) -> list[Line]:
    return [(value, own) for _, value, own in field_lines(kind, {field: fields[field]}, label)]


def _row(page: Page, columns: Mapping[str, Sequence[Line]], lettered: bool = False) -> None:
    """What each version says, beside each other under its letter where that fits, else one below the other."""
    width = (page.width - cells(SPINE) * (len(columns) - 1)) // max(len(columns), 1)
    if width < NARROWEST:
        return _in_turn(page, columns)
    if lettered:
        page.lines(side_by_side([noted(letter, width) for letter in columns], width))
    page.lines(side_by_side([_set(column, width) for column in columns.values()], width))


def _in_turn(page: Page, columns: Mapping[str, Sequence[Line]]) -> None:
    for letter, column in columns.items():
        page.line(page.bold(letter))
        page.lines(f"  {line}".rstrip() for line in _set(column, page.width - 2))


def _set(column: Sequence[Line], width: int) -> list[str]:
    return [line for text, own in column for line in (set_in if own else noted)(text, width)]
