"""What the rows of a sheet make: the lines for `put`, each with its row and the cells it rests on.

The first statement of a row rests on every cell that the row uses and no other statement of it has, and is about the
row's people, places and events, unless the mapping says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from onrecord.intake.sheets.cells import Cell, letters_of
from onrecord.record.errors import FieldInvalid, OnrecordError
from onrecord.writing.sheets.column import Column
from onrecord.writing.sheets.condition import Condition
from onrecord.writing.sheets.mapping import SheetMap, Thing
from onrecord.writing.sheets.parts import CellPassage, Constant, FromCell, Listing, Node, Words
from onrecord.writing.sheets.table import Row, Table
from onrecord.writing.sheets.template import Template, as_slug
from onrecord.writing.sheets.values import EMPTY, Parts, Said, Values

ABOUT = ("actor", "place", "event", "norm", "proceeding")
MEANT = ("value", "low", "high")


@dataclass(slots=True)
class Made:
    """One thing of a row: its line, and the cells it uses, by the place of their column.

    `cited` are those whose passages its fields name.
    """

    thing: Thing
    row: int
    id: str
    line: dict[str, Any]
    used: dict[int, Cell]
    cited: list[Cell]


@dataclass(slots=True)
class RowMade:
    """What became of a row: its things, those it shares with an earlier row, why others were left out, what is wrong."""

    number: int
    things: list[Made] = field(default_factory=list)
    shares: list[Made] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    errors: list[tuple[str | None, str]] = field(default_factory=list)


class Making:
    """Makes the rows of one table by one mapping. `key` begins the ids of its cells' passages."""

    def __init__(self, mapping: SheetMap, table: Table, values: Values, key: str) -> None:
        self._mapping, self._table, self._values = mapping, table, values
        self._key = f"{key}.{table.number}."
        self._above: dict[int, Cell] = {}
        self._made: dict[str, Made] = {}
        self._filled = [table.places[one.name] for one in mapping.reads.values() if one.from_above]
        self.statement = next(thing for thing in mapping.things if thing.kind == "statement")

    def rows(self) -> Iterator[RowMade]:
        for row in self._table.rows:
            yield self._row(row)

    def passage(self, cell: str) -> str:
        """The id under which the passage of a cell is put, by its address without the sheet."""
        return self._key + cell

    def is_passage(self, id: object) -> bool:
        return isinstance(id, str) and id.startswith(self._key)

    def _row(self, row: Row) -> RowMade:
        made = RowMade(row.number)
        one = _OneRow(self, row, made)
        for place in self._filled:
            cell = row.cell(place)
            if cell is not None and cell.shown.strip():
                self._above[place] = cell
        try:
            self._check_width(row)
            why = one.why_not(self._mapping.when, {})
        except OnrecordError as wrong:
            made.errors.append((wrong.thing, f"{wrong.reason}. {wrong.mend}".strip()))
            return made
        if why:
            made.left_out.append(why)
            return made
        for thing in self._mapping.things:
            if not (thing.automatic and made.errors):
                one.make(thing)
        if not made.errors:
            self._rest(made)
        return made

    def _check_width(self, row: Row) -> None:
        width = self._table.width
        if width is None or len(row.cells) <= width:
            return
        beyond = next((cell for cell in row.cells[width:] if cell.shown.strip()), None)
        if beyond:
            reason = f"“{beyond.shown.strip()[:40]}” stands to the right of the last header"
            raise FieldInvalid(
                beyond.address, reason, 'Mend the row; or say "wider": "leave" in the mapping.'
            )

    def cell(self, column: Column, row: Row) -> tuple[int, Cell]:
        """The cell of a column and the column's place; where the mapping says so, the one above an empty one."""
        place = self._table.places[column.name]
        cell = row.cell(place)
        if column.from_above and (cell is None or not cell.shown.strip()):
            cell = self._above.get(place, cell)
        return place, cell or Cell(f"{letters_of(place)}{row.number}", 0, 0, "", "")

    def said(self, column: Column, cell: Cell) -> Said:
        return self._values.said(column, cell)

    def column(self, name: str) -> Column:
        return self._mapping.reads.get(name) or Column(name)

    def keep(self, made: RowMade, one: Made) -> None:
        """Take a thing into its row, unless an earlier row has made the same one."""
        before = self._made.get(one.id)
        if before is None:
            self._made[one.id] = one
            made.things.append(one)
        elif not one.thing.shared or before.thing is not one.thing:
            reason = f"{one.line['kind']} {one.id} is made by row {before.row} already"
            raise FieldInvalid(
                one.thing.where,
                reason,
                'Use a column in its id that tells the rows apart, or say "shared": true.',
            )
        elif before.line != one.line:
            reason = f"{one.line['kind']} {one.id} is not the same here as in row {before.row}"
            raise FieldInvalid(one.thing.where, reason, "Mend the rows, or use another id.")
        else:
            made.shares.append(one)

    def _rest(self, made: RowMade) -> None:
        """Give every statement of a row the passages it rests on."""
        statements = [one for one in made.things if one.line["kind"] == "statement"]
        if not statements:
            if made.things:
                made.errors.append(
                    (None, "no statement is made of it, so what it makes would rest on nothing")
                )
            return
        first, *others = statements
        taken: dict[int, Cell] = {}
        for one in others:
            own = dict(one.used)
            for claim in made.things:
                if claim.line["kind"] == "claim" and claim.line.get("statement") == one.id:
                    own |= claim.used
            one.used = own
            taken |= own
        everything: dict[int, Cell] = {}
        for one in (*made.things, *made.shares):
            everything |= one.used
        first.used = {
            place: everything[place]
            for place in sorted(everything)
            if place not in taken or place in first.used
        }
        if "about" not in first.line:
            self._be_about(first, made)

    def _be_about(self, first: Made, made: RowMade) -> None:
        speaker = first.line.get("speaker")
        about = [
            one.id
            for one in sorted((*made.things, *made.shares), key=lambda one: one.thing.place)
            if one.line["kind"] in ABOUT and one.id != speaker and not one.thing.id.constant
        ]
        if about:
            first.line["about"] = about


class _OneRow:
    """Fills in the things of one row."""

    def __init__(self, making: Making, row: Row, made: RowMade) -> None:
        self._making, self._row, self._made = making, row, made
        self._parts: dict[str, Said] = {}
        self._used: dict[int, Cell] = {}
        self._cited: list[Cell] = []
        self._written: list[str] = []
        self._kind = ""
        self._ids: dict[str, str] = {}

    def make(self, thing: Thing) -> None:
        """Make a thing, or several where it is made for each part of a cell; or say why not."""
        try:
            for part in self._each(thing):
                self._parts = part
                why = self.why_not(thing.when, part)
                if why and not thing.automatic:
                    self._made.left_out.append(f"{thing.kind}: {why}")
                elif not why:
                    self._make_one(thing)
        except OnrecordError as wrong:
            self._made.errors.append((self._cell_of(wrong), _said(wrong)))
        finally:
            self._parts = {}

    def _cell_of(self, wrong: OnrecordError) -> str | None:
        return None if wrong.thing.startswith("things[") else wrong.thing

    def _each(self, thing: Thing) -> Iterator[dict[str, Said]]:
        if thing.each is None:
            yield {}
            return
        said = self._say(thing.each)
        if isinstance(said.value, Parts):
            for part in said.value.parts:
                yield {thing.each.name: Said(part, str(part))}
        elif said.absent:
            self._made.left_out.append(f"{thing.kind}: {thing.each.name} is empty")
        else:
            yield {thing.each.name: said}

    def why_not(self, conditions: tuple[Condition, ...], parts: Mapping[str, Said]) -> str | None:
        for one in conditions:
            _, cell = self._making.cell(one.column, self._row)
            absent = not cell.shown.strip() or (one.words is None and self._say(one.column).absent)
            if not one.holds(cell.shown, absent):
                return one.why_not(cell.shown)
        return None

    def _make_one(self, thing: Thing) -> None:
        self._used, self._cited, self._written, self._kind = {}, [], [], thing.kind
        id = self._id(thing)
        self._used = {}
        fields = {name: self._value(node) for name, node in thing.fields.items()}
        if thing.kind == "claim":
            meant = [name for name in MEANT if name in fields]
            if meant and all(fields[name] is None for name in meant):
                self._made.left_out.append(f"claim {fields.get('property')}: its cell is empty")
                return
        if thing.kind == "claim" and "statement" not in fields:
            fields["statement"] = self._statement()
        if self._written and "as_written" not in fields:
            fields["as_written"] = "; ".join(dict.fromkeys(self._written))
        line = {"kind": thing.kind, "id": id, **fields}
        self._making.keep(self._made, Made(thing, self._row.number, id, line, self._used, self._cited))

    def _statement(self) -> str:
        """The id of the row's first statement."""
        thing = self._making.statement
        used, parts = self._used, self._parts
        self._used, self._parts = {}, parts if thing.each and thing.each.name in parts else {}
        try:
            return self._id(thing)
        finally:
            self._used, self._parts = used, parts

    def _id(self, thing: Thing) -> str:
        filled = self._filled(thing.id, True)
        if isinstance(filled, str):
            return filled
        empty = next(iter(thing.id.columns))
        raise FieldInvalid(
            self._address(empty),
            f"the id of {thing.where} needs this cell, and it says nothing"
            if filled is None
            else "an id needs one value",
            f'Fill it in, or pass over such rows: "when": "{empty}".',
        )

    def _address(self, name: str) -> str:
        return self._making.cell(self._making.column(name), self._row)[1].address

    def _say(self, column: Column) -> Said:
        return self._making.said(column, self._making.cell(column, self._row)[1])

    def _use(self, column: Column) -> Said:
        """What a cell says, once it is noted that the thing rests on it."""
        place, cell = self._making.cell(column, self._row)
        said = self._parts.get(column.name) or self._making.said(column, cell)
        if said is not EMPTY:
            self._used[place] = cell
        return said

    def _value(self, node: Node) -> Any:
        match node:
            case Constant():
                return node.value
            case FromCell():
                return self._from_cell(node.column)
            case Words():
                return _listed(self._filled(node.template, node.names_thing))
            case CellPassage():
                return self._passage(node.column)
            case Listing():
                return self._listing(node)
        several = [_listed_in(one) for one in self._objects(node.members)]
        return (several[0] if len(several) == 1 else several) if several else None

    def _from_cell(self, column: Column) -> Any:
        said = self._use(column)
        if said.written is not None and (self._kind == "claim" or column.reads == "number"):
            self._written.append(said.written)
        return _listed(said.value)

    def _passage(self, name: str) -> Any:
        column = self._making.column(name)
        if self._use(column) is EMPTY:
            return None
        cell = self._making.cell(column, self._row)[1]
        self._cited.append(cell)
        return self._making.passage(cell.address)

    def _listing(self, node: Listing) -> Any:
        items: list[Any] = []
        for one in node.items:
            if isinstance(one, Constant):
                items.append(one.value)
                continue
            value = self._value(one)
            items += value if isinstance(value, list) else [] if value is None else [value]
        return items or None

    def _objects(self, members: Mapping[str, Node]) -> list[dict[str, Any]]:
        """An object filled in: none where it has cells and all are empty, several where one of them is split."""
        filled = {name: self._value(node) for name, node in members.items()}
        moving = [name for name, node in members.items() if not isinstance(node, Constant)]
        if moving and all(filled[name] is None for name in moving):
            return []
        split = [
            name
            for name in moving
            if isinstance(filled[name], list) and not isinstance(members[name], Listing)
        ]
        if not split:
            return [filled]
        several = zip(*(filled[name] for name in split), strict=False)
        return [{**filled, **dict(zip(split, parts, strict=True))} for parts in several]

    def _filled(self, template: Template, as_id: bool) -> Any:
        """A template with what its cells show: None, or an absence, where one of them says nothing; parts for a split cell."""
        if not self._parts and template.written in self._ids and as_id:
            for name in template.columns:
                self._use(self._making.column(name))
            return self._ids[template.written]
        shown: dict[str, str] = {}
        several: tuple[str, list[str]] | None = None
        for name in template.columns:
            column = self._making.column(name)
            said = self._use(column)
            if said.absent:
                return said.value
            if isinstance(said.value, Parts):
                several = name, [str(part) for part in said.value.parts]
                continue
            of_part = name in self._parts
            shown[name] = (
                str(said.value) if of_part else self._making.cell(column, self._row)[1].shown.strip()
            )
        if several is None:
            text = self._told(template, shown, as_id)
            if as_id and not self._parts:
                self._ids[template.written] = text
            return text
        name, parts = several
        return Parts(tuple(self._told(template, {**shown, name: part}, as_id) for part in parts))

    def _told(self, template: Template, shown: dict[str, str], as_id: bool) -> str:
        text = template.filled(shown, self._row.number)
        if not as_id:
            return text
        return as_slug(text, self._address(template.columns[0]) if template.columns else template.written)


def _listed(value: Any) -> Any:
    return list(value.parts) if isinstance(value, Parts) else value


def _listed_in(members: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}


def _said(wrong: OnrecordError) -> str:
    return f"{wrong.reason}. {wrong.mend}".strip()
