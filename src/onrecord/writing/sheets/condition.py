"""On which rows something is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from onrecord.record.errors import FieldInvalid
from onrecord.writing.sheets.column import Column, unknown
from onrecord.writing.sheets.parts import Reader

_MEMBERS = ("column", "is", "not")


@dataclass(frozen=True, slots=True)
class Condition:
    """Whether a cell holds a value or, where `words` are given, shows one of them; with `negated`, none of them."""

    column: Column
    words: tuple[str, ...] | None = None
    negated: bool = False

    def holds(self, shown: str, absent: bool) -> bool:
        if self.words is None:
            return not absent
        return (shown.strip() in self.words) is not self.negated

    def why_not(self, shown: str) -> str:
        """Why a row is passed over, for a person."""
        name = self.column.name
        return f"{name} is “{shown.strip()}”" if shown.strip() else f"{name} is empty"


def conditions(said: Any, where: str, reader: Reader) -> tuple[Condition, ...]:
    """All of them have to hold. A column's name alone stands for: its cell holds a value."""
    listed = [] if said is None else said if isinstance(said, list) else [said]
    return tuple(_condition(one, where, reader) for one in listed)


def _condition(said: Any, where: str, reader: Reader) -> Condition:
    if isinstance(said, str):
        return Condition(reader.column(said, where))
    if not isinstance(said, Mapping) or not isinstance(said.get("column"), str):
        raise FieldInvalid(
            where, "it names no column", 'Like "when": "Name", or {"column": "Name", "is": "x"}.'
        )
    for name in said:
        if name not in _MEMBERS:
            raise unknown(f"{where}.{name}", name, _MEMBERS)
    if ("is" in said) is ("not" in said):
        raise FieldInvalid(
            where, "it says neither “is” nor “not”", 'Like {"column": "Sex", "is": ["M", "F"]}.'
        )
    words = said.get("is", said.get("not"))
    words = words if isinstance(words, list) else [words]
    if not all(isinstance(word, str) for word in words):
        raise FieldInvalid(where, "its words are not texts", 'Like {"column": "No", "not": "Total"}.')
    return Condition(reader.column(said["column"], where), tuple(map(str.strip, words)), "not" in said)
