"""Field values as a person reads them: references by name, times and stated absences in words. Not yet cleaned."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from onrecord.record.errors import OnrecordError
from onrecord.record.ids import is_id

if TYPE_CHECKING:
    from onrecord.api import Record

Label = Callable[[str], str]
OPENING_WORDS = 60


class Labels:
    """What each thing of a record is called on the terminal, looked up once."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._known: dict[str, str] = {}

    def __call__(self, id: str) -> str:
        """A thing's name, title or opening words, with its slug where it has one. Other text stays as it is."""
        if not is_id(id):
            return id
        if id not in self._known:
            self._known[id] = self._look_up(id)
        return self._known[id]

    def _look_up(self, id: str) -> str:
        try:
            thing = self._record.get(id)
        except OnrecordError:
            return id
        called = called_by(thing["heads"][-1]["fields"]) or thing["kind"]
        return f"{called} ({thing.get('slug') or id})"


def called_by(fields: Mapping[str, Any]) -> str | None:
    """What a version of a thing calls itself."""
    names = fields.get("names")
    if isinstance(names, list) and names:
        return str(names[0].get("text", ""))
    for field in ("title", "name"):
        if isinstance(fields.get(field), str):
            return str(fields[field])
    for field in ("quote", "text"):
        if isinstance(fields.get(field), str):
            return f"“{_opening(fields[field])}”"
    return None


def said(value: Any, label: Label) -> str:
    """One value on one line."""
    if isinstance(value, str):
        return label(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return "; ".join(said(one, label) for one in value)
    if isinstance(value, Mapping):
        return _mapping_said(value, label)
    return str(value)


def time_said(value: Any) -> str:
    """A stored time: `1903-09-07`, `some time from 1903-09-12 to 1903-10-09`, with the words it was given in."""
    if not isinstance(value, Mapping):
        return str(value)
    first, last = value.get("from"), value.get("to")
    if first == last:
        told = str(first)
    else:
        told = " ".join([*([f"from {first}"] if first else []), *([f"to {last}"] if last else [])])
    if value.get("precise") is False:
        told = f"some time {told}"
    written = value.get("as_written")
    return f"{told} (“{written}”)" if written else told


def field_lines(fields: Mapping[str, Any], label: Label) -> list[tuple[str, str]]:
    """Every field as (name, value), a line for each thing in a list of things."""
    lines: list[tuple[str, str]] = []
    for name, value in fields.items():
        many = isinstance(value, list) and any(isinstance(one, Mapping) or is_id(str(one)) for one in value)
        for number, one in enumerate(value if many else [value]):
            lines.append(("" if number else name.replace("_", " "), said(one, label)))
    return lines


def _mapping_said(value: Mapping[str, Any], label: Label) -> str:
    if set(value) == {"none"}:
        return str(value["none"])
    if "ref" in value:
        return label(str(value["ref"]))
    if "age" in value:
        return "sealed"
    if "from" in value or "to" in value:
        return time_said(value)
    if isinstance(value.get("text"), str):
        beside = {name: one for name, one in value.items() if name != "text"}
        return f"{value['text']}{_beside(beside, label)}"
    return ", ".join(f"{name.replace('_', ' ')}: {said(one, label)}" for name, one in value.items())


def _beside(value: Mapping[str, Any], label: Label) -> str:
    return f" ({_mapping_said(value, label)})" if value else ""


def _opening(text: str) -> str:
    folded = " ".join(text.split())
    return folded if len(folded) <= OPENING_WORDS else folded[:OPENING_WORDS].rsplit(" ", 1)[0] + "…"
