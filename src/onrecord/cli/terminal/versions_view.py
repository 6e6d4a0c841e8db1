"""The versions of a thing in conflict, set beside each other: who said which, when and where, and what differs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from string import ascii_uppercase
from typing import Any

from onrecord.cli.terminal.clean import clean
from onrecord.cli.terminal.columns import SPINE, cells, noted, set_in, side_by_side
from onrecord.cli.terminal.page import Page
from onrecord.cli.terminal.values import called_by, field_lines

NARROWEST = 34
NOT_STATED = "— not stated"
Conflict = Mapping[str, Any]
Version = Mapping[str, Any]
Label = Callable[[str], str]


def letters(conflict: Conflict) -> dict[str, Version]:
    """What each version is called on the terminal: A, B, … the oldest first."""
    return dict(zip(ascii_uppercase, conflict["versions"], strict=False))


def show_conflict(page: Page, conflict: Conflict, label: Label) -> None:
    """One thing: its versions as columns, or in turn where the terminal is narrow, and each field that differs."""
    versions = letters(conflict)
    page.line(page.bold(page.shown(_called(conflict))))
    page.line(page.dim(f"{conflict['kind']} · {conflict['id']} · {len(versions)} versions"))
    page.line()
    _row(page, [_heading(page, letter, version) for letter, version in versions.items()])
    for field, values in conflict["differ"].items():
        page.line()
        page.line(page.bold(field.replace("_", " ")))
        if field in conflict["before"]:
            before = "; ".join(text for text, _ in _said(conflict["kind"], field, conflict["before"], label))
            page.paragraph(page.dim(f"before: {page.shown(before)}"), indent=2)
        told = [_value(conflict["kind"], field, values, version, label) for version in versions.values()]
        _row(page, [[(f"{letter}  {text}", own) for text, own in said] for letter, said in zip(versions, told, strict=True)])


def _called(conflict: Conflict) -> str:
    shared = {field: next(iter(values.values())) for field, values in conflict["differ"].items() if values}
    return called_by(shared) or conflict["slug"] or conflict["id"]


def _heading(page: Page, letter: str, version: Version) -> list[tuple[str, bool]]:
    laptop = version["laptop"]
    where = "this laptop" if laptop["here"] else f"laptop {laptop['device']}"
    key = f", key {laptop['fingerprint'][:9]}…" if laptop["fingerprint"] else ""
    lines = [f"{letter}  {version['author'] or 'erased'}, {version['recorded'] or ''}".rstrip(", "), f"   {where}{key}"]
    if version["received"] != version["recorded"]:
        lines.append(f"   received {version['received']}")
    if version["reason"]:
        lines.append(f"   because: {version['reason']}")
    lines.append(f"   {version['version']}")
    return [(line, False) for line in lines]


def _value(
    kind: str, field: str, values: Mapping[str, Any], version: Version, label: Label
) -> list[tuple[str, bool]]:
    if version["erased"]:
        return [("— erased", False)]
    if version["version"] not in values:
        return [(NOT_STATED, False)]
    return _said(kind, field, {field: values[version["version"]]}, label)


def _said(kind: str, field: str, fields: Mapping[str, Any], label: Label) -> list[tuple[str, bool]]:
    return [(value, own) for _, value, own in field_lines(kind, {field: fields[field]}, label)]


def _row(page: Page, columns: Sequence[Sequence[tuple[str, bool]]]) -> None:
    """Columns beside each other where they fit, else one below the other."""
    width = (page.width - cells(SPINE) * (len(columns) - 1)) // max(len(columns), 1)
    if width < NARROWEST:
        for column in columns:
            for text, own in column:
                page.lines(line.rstrip() for line in _set(text, own, page.width))
        return
    set_columns = [[line for text, own in column for line in _set(text, own, width)] for column in columns]
    page.lines(side_by_side(set_columns, width))


def _set(text: str, own: bool, width: int) -> list[str]:
    return (set_in if own else noted)(clean(text), width)
