"""Field values as a person reads them: references by name, times and stated absences in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from onrecord.cli.terminal.clean import clean, clean_line, isolated
from onrecord.record.errors import OnrecordError, TimeInvalid
from onrecord.record.ideas import KINDS
from onrecord.record.ids import is_id
from onrecord.record.times import display

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
    first = names[0].get("text") if isinstance(names, list) and names else None
    for called in (fields.get("title"), first, fields.get("name")):
        if isinstance(called, str):
            return called
    for field in ("quote", "text"):
        if isinstance(fields.get(field), str):
            return f"“{_opening(fields[field])}”"
    return next(
        (str(fields[field]) for field in ("property", "judgement", "role") if fields.get(field)), None
    )


def said(value: Any, label: Label) -> str:
    """One value on one line, safe to show."""
    if isinstance(value, str):
        return isolated(clean_line(label(value)))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return "; ".join(said(one, label) for one in value)
    if isinstance(value, Mapping):
        return _mapping_said(value, label)
    return str(value)


def time_said(value: Any, as_written: bool = True) -> str:
    """A stored time in words, with the words it was given in; what is no time, as it is. Not yet safe to show."""
    try:
        told = display(value)
    except TimeInvalid:
        return str(value)
    written = value.get("as_written") if as_written and isinstance(value, Mapping) else None
    return f"{told} (“{written}”)" if written else told


def field_lines(kind: str, fields: Mapping[str, Any], label: Label) -> list[tuple[str, str, bool]]:
    """Every field as (name, value, whether it is words in a direction of their own), in the order of the reference.

    A list of things has a line for each.
    """
    lines: list[tuple[str, str, bool]] = []
    for name, value in in_order(kind, fields).items():
        many = isinstance(value, list) and any(isinstance(one, Mapping) or is_id(str(one)) for one in value)
        for number, one in enumerate(value if many else [value]):
            called = "" if number else name.replace("_", " ")
            own = isinstance(one, str) and not is_id(one)
            lines.append((called, clean(one) if own else said(one, label), own))
    return lines


def in_order(kind: str, fields: Mapping[str, Any]) -> Mapping[str, Any]:
    """The fields of a thing of this kind as the reference lists them; those it does not know come last."""
    known = KINDS[kind].fields if kind in KINDS else ()
    return {name: fields[name] for name in (*known, *fields) if name in fields}


def _mapping_said(value: Mapping[str, Any], label: Label) -> str:
    if set(value) == {"none"}:
        return said(value["none"], str)
    if "ref" in value:
        return said(str(value["ref"]), label)
    if "age" in value:
        return "sealed"
    if "from" in value or "to" in value:
        return said(time_said(value), str)
    for leading in ("text", "name"):
        if isinstance(value.get(leading), str):
            beside = {name: one for name, one in value.items() if name != leading}
            return f"{said(value[leading], str)}{_beside(beside, label)}"
    return ", ".join(
        f"{said(name, str).replace('_', ' ')}: {said(one, label)}" for name, one in value.items()
    )


def _beside(value: Mapping[str, Any], label: Label) -> str:
    return f" ({_mapping_said(value, label)})" if value else ""


def _opening(text: str) -> str:
    folded = " ".join(text.split())
    return folded if len(folded) <= OPENING_WORDS else folded[:OPENING_WORDS].rsplit(" ", 1)[0] + "…"
