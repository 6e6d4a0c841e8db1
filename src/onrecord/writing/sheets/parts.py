"""What the fields of a mapping are made of: constants, texts with columns in them, cells, and references to things."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from onrecord.record.errors import FieldInvalid
from onrecord.writing.sheets.column import Column, column
from onrecord.writing.sheets.template import Template, template


@dataclass(frozen=True, slots=True)
class Constant:
    value: Any


@dataclass(frozen=True, slots=True)
class Words:
    """A text with columns in it. As a reference (`names_thing`), it is written as an id can be."""

    template: Template
    names_thing: bool


@dataclass(frozen=True, slots=True)
class FromCell:
    column: Column


@dataclass(frozen=True, slots=True)
class CellPassage:
    """The passage of a column's cell."""

    column: str


@dataclass(frozen=True, slots=True)
class Members:
    """An object. In a list, it is left out where all its cells are empty, and repeated for a cell that is split."""

    members: Mapping[str, Node]


@dataclass(frozen=True, slots=True)
class Listing:
    items: tuple[Node, ...]


Node = Constant | Words | FromCell | CellPassage | Members | Listing


def is_cell(given: Any) -> bool:
    return isinstance(given, Mapping) and isinstance(given.get("column"), str)


def columns_in(node: Node) -> Iterator[str]:
    """The columns a part of a mapping names."""
    if isinstance(node, Words):
        yield from node.template.columns
    elif isinstance(node, FromCell):
        yield node.column.name
    elif isinstance(node, CellPassage):
        yield node.column
    elif isinstance(node, Members):
        for one in node.members.values():
            yield from columns_in(one)
    elif isinstance(node, Listing):
        for one in node.items:
            yield from columns_in(one)


class Reader:
    """Reads the parts of one mapping. `reads` are the columns it tells of, `ids` the ids its things have."""

    def __init__(self, reads: Mapping[str, Column], absences: Mapping[str, Any]) -> None:
        self._reads = reads
        self._absences = absences
        self._plain: dict[str, Column] = {}
        self.ids: frozenset[str] = frozenset()

    def column(self, said: Any, where: str) -> Column:
        """A column by its name, read as the mapping tells, or as it is told right here."""
        if isinstance(said, str):
            known = self._reads.get(said) or self._plain.get(said)
            if known is None:
                known = self._plain[said] = column(said, {}, where, self._absences)
            return known
        name, here = said["column"], {part: value for part, value in said.items() if part != "column"}
        if not here:
            return self.column(name, where)
        general = self._reads.get(name)
        return column(name, here, where, {**self._absences, **(general.absences if general else {})})

    def node(self, given: Any, where: str) -> Node:
        if is_cell(given):
            return FromCell(self.column(given, where))
        if isinstance(given, str):
            return self._words(given, where, given in self.ids)
        if isinstance(given, Mapping):
            return self._object(given, where)
        if isinstance(given, list):
            return Listing(tuple(self.node(one, f"{where}[{place}]") for place, one in enumerate(given)))
        return Constant(given)

    def _object(self, given: Mapping[str, Any], where: str) -> Node:
        if set(given) == {"passage"} and isinstance(given["passage"], str):
            return CellPassage(given["passage"])
        if set(given) == {"id"} and isinstance(given["id"], str):
            return self._words(given["id"], f"{where}.id", True)
        members = {name: self.node(value, f"{where}.{name}") for name, value in given.items()}
        if all(isinstance(one, Constant) for one in members.values()):
            return Constant({name: one.value for name, one in members.items() if isinstance(one, Constant)})
        if "column" in given:
            raise FieldInvalid(f"{where}.column", f"{given['column']!r} is not the name of a column")
        return Members(members)

    def _words(self, given: str, where: str, names_thing: bool) -> Node:
        read = template(given, where)
        if read.constant:
            return Constant(read.pieces[0])
        return Words(read, names_thing)
