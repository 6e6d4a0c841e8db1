"""What a kind is: its name, its fields, what it needs, and the words in it that a search should find."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from onrecord.record import fields as f
from onrecord.record.errors import FieldInvalid, OnrecordError
from onrecord.record.fields import Field, Writing, turn_field, unknown_field

Fields = Mapping[str, Any]


def _no_more(_: Fields) -> None: ...


def _no_words(_: Fields) -> Iterator[str]:
    return iter(())


def _nothing_open(_: Fields) -> list[str]:
    return []


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing. `whole` raises if the whole version cannot stand; `unfinished` lists what is missing."""

    name: str
    says: str
    fields: Mapping[str, Field]
    whole: Callable[[Fields], None] = _no_more
    words: Callable[[Fields], Iterator[str]] = _no_words
    unfinished: Callable[[Fields], list[str]] = _nothing_open
    kept: frozenset[str] = frozenset()

    def turn(self, given: Fields, writing: Writing) -> dict[str, Any]:
        """Each given field as it is stored; null stays null. Raises `FieldInvalid` for the first that is wrong."""
        return {
            name: None if value is None else turn_field(self._field(name), value, name, writing)
            for name, value in given.items()
        }

    def check(self, fields: Fields) -> None:
        """Raise `FieldInvalid` unless the whole version has what it needs."""
        for name, field in self.fields.items():
            if field.required and not f.is_stated(fields.get(name)):
                raise FieldInvalid(name, "it is missing", f"Every {self.name} needs it: {field.says}.")
        self.whole(fields)

    def _field(self, name: str) -> Field:
        field = self.fields.get(name) or COMMON.get(name)
        if field is None:
            raise unknown_field(name, name, [*self.fields, *COMMON])
        return field


COMMON: dict[str, Field] = {
    "as_written": f.text("the name, date or number exactly as written"),
    "note": f.text("a note of our own"),
}

NAME: dict[str, Field] = {
    "text": f.required(f.text("the name")),
    "language": f.text("its language"),
    "script": f.text("its script"),
    "used_by": f.text("who uses it"),
    "since": f.time("since when"),
}


def names(says: str) -> Field:
    return f.listed(NAME, says, short="text")


def name_texts(fields: Fields) -> Iterator[str]:
    """The texts of `names`; used for search and for knowing a name when it stands in a text."""
    held = fields.get("names")
    if isinstance(held, list):
        yield from (name["text"] for name in held)


def title_and_note(fields: Fields) -> Iterator[str]:
    for field in ("title", "note"):
        if isinstance(fields.get(field), str):
            yield fields[field]


__all__ = ["COMMON", "NAME", "Fields", "Kind", "OnrecordError", "name_texts", "names", "title_and_note"]
