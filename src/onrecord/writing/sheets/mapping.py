"""A mapping: how each row of a sheet becomes things. It is read whole, and refused whole, before any row is looked at."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from onrecord.record.errors import FieldInvalid, MapInvalid
from onrecord.record.fields import unknown_field
from onrecord.record.ideas import KINDS
from onrecord.record.ideas.kind import COMMON
from onrecord.writing.sheets.column import Column, chosen, column, read_absences, unknown
from onrecord.writing.sheets.condition import Condition, conditions
from onrecord.writing.sheets.parts import Node, Reader, columns_in, is_cell
from onrecord.writing.sheets.template import Template, template

VERSION = 1
_MEMBERS = (
    *("map", "sheet", "header", "first", "last", "wider", "columns", "absences", "when", "speaker", "things"),
    "note",
)
_THING = ("kind", "id", "fields", "when", "each", "shared")
_IDENTIFIES = ("actor", "place", "event", "norm", "proceeding", "terms", "assessment")


@dataclass(frozen=True, slots=True)
class Thing:
    """What each row makes one of: its kind, its id, its fields. `shared`: several rows may make the same one.

    With `each`, one is made for every part of that column's cell. One that is `automatic` is no thing of the mapping's own.
    """

    place: int
    kind: str
    id: Template
    fields: Mapping[str, Node]
    when: tuple[Condition, ...]
    each: Column | None
    shared: bool
    automatic: bool = False

    @property
    def where(self) -> str:
        return f"things[{self.place}]"


@dataclass(frozen=True, slots=True)
class SheetMap:
    """`header` is the row of the headers, or None where columns are named by letters alone. `columns` are all it names."""

    sheet: str | None
    header: int | None
    first: int
    last: int | None
    leaves_wider: bool
    when: tuple[Condition, ...]
    things: tuple[Thing, ...]
    columns: tuple[str, ...]
    reads: Mapping[str, Column]


def read_map(given: str | Path | Mapping[str, Any]) -> SheetMap:
    """A mapping from its file, or from what such a file holds. Raises `MapInvalid`."""
    if isinstance(given, Mapping):
        return _read(given, "the mapping")
    file = Path(given)
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise MapInvalid(str(given), "it is not text in UTF-8", "Save it as UTF-8.") from None
    return _read(_parsed(text, str(given)), str(given))


def _parsed(text: str, name: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_once)
    except json.JSONDecodeError as wrong:
        place = f"line {wrong.lineno}, column {wrong.colno}"
        raise MapInvalid(name, f"it is not JSON: {wrong.msg} at {place}", "Mend it there.") from None
    except FieldInvalid as wrong:
        raise MapInvalid(f"{name}: {wrong.thing}", wrong.reason, wrong.mend) from None
    except RecursionError:
        raise MapInvalid(name, "it is nested too deeply", "Make it flatter.") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for place, name in enumerate(names) if name in names[:place])
        raise FieldInvalid(twice, "it stands twice in one object", "Keep one.")
    return made


def _read(given: Any, name: str) -> SheetMap:
    try:
        return _Reading(given).whole()
    except FieldInvalid as wrong:
        raise MapInvalid(f"{name}: {wrong.thing}", wrong.reason, wrong.mend) from None


class _Reading:
    """Reads one mapping. Every `FieldInvalid` names the place in it."""

    def __init__(self, given: Any) -> None:
        if not isinstance(given, Mapping):
            raise FieldInvalid("map", "it is not an object", 'A mapping is like {"map": 1, "things": […]}.')
        _known_members(given, _MEMBERS, "")
        if given.get("map") != VERSION or isinstance(given.get("map"), bool):
            raise FieldInvalid("map", f"{given.get('map')!r} is not a version known here", 'Write "map": 1.')
        self._given = given
        self._absences = read_absences(given.get("absences"), "absences")
        self._reads = self._columns()
        self._reader = Reader(self._reads, self._absences)

    def whole(self) -> SheetMap:
        given = self._given
        header = self._row("header", 1) if given.get("header", 1) is not None else None
        things = self._with_statement(tuple(self._things()))
        when = conditions(given.get("when"), "when", self._reader)
        sheet = given.get("sheet")
        if sheet is not None and not isinstance(sheet, str):
            raise FieldInvalid("sheet", f"{sheet!r} is not the name of a sheet")
        columns = dict.fromkeys(
            [one.column.name for one in when]
            + [name for thing in things for name in _columns_of(thing)]
            + list(self._reads)
        )
        return SheetMap(
            sheet,
            header,
            self._row("first", (header or 0) + 1),
            self._row("last", None),
            chosen(given, "wider", ("leave",), "map") is not None,
            when,
            things,
            tuple(columns),
            self._reads,
        )

    def _row(self, name: str, otherwise: Any) -> Any:
        row = self._given.get(name, otherwise)
        if row is not None and (type(row) is not int or row < 1):
            raise FieldInvalid(name, f"{row!r} is not the number of a row", "Rows are counted from 1.")
        return row

    def _columns(self) -> dict[str, Column]:
        said = self._given.get("columns", {})
        if not isinstance(said, Mapping):
            raise FieldInvalid("columns", "it is not an object", 'Like {"Dead": {"as": "number"}}.')
        for name, one in said.items():
            if not isinstance(one, Mapping):
                raise FieldInvalid(f"columns.{name}", "it is not an object", 'Like {"as": "number"}.')
        return {name: column(name, one, f"columns.{name}", self._absences) for name, one in said.items()}

    def _things(self) -> Iterator[Thing]:
        given = self._given.get("things")
        if not isinstance(given, list) or not given:
            raise FieldInvalid(
                "things", "it is not a list of what each row makes", 'Like [{"kind": "actor", …}].'
            )
        ids = [one.get("id") for one in given if isinstance(one, Mapping)]
        self._reader.ids = frozenset(one for one in ids if isinstance(one, str))
        for place, one in enumerate(given):
            yield self._thing(place, one)

    def _thing(self, place: int, given: Any) -> Thing:
        where = f"things[{place}]"
        if not isinstance(given, Mapping):
            raise FieldInvalid(
                where, "it is not an object", 'Like {"kind": "actor", "id": …, "fields": {…}}.'
            )
        _known_members(given, _THING, f"{where}.")
        kind = given.get("kind")
        makeable = [name for name in KINDS if name not in ("item", "passage")]
        if kind not in makeable:
            raise unknown(f"{where}.kind", str(kind), makeable)
        fields = given.get("fields", {})
        if not isinstance(fields, Mapping):
            raise FieldInvalid(f"{where}.fields", "it is not an object of fields")
        known = [*KINDS[kind].fields, *COMMON]
        for name in fields:
            if name not in known:
                raise unknown_field(f"{where}.fields.{name}", name, known)
        id = self._id(given, where)
        each = given.get("each")
        if each is not None and not (isinstance(each, str) or is_cell(each)):
            raise FieldInvalid(f"{where}.each", "it names no column", 'Like "each": "Victims".')
        shared = given.get("shared", False)
        if not isinstance(shared, bool):
            raise FieldInvalid(f"{where}.shared", f"{shared!r} is not true or false")
        return Thing(
            place,
            str(kind),
            id,
            {name: self._reader.node(value, f"{where}.fields.{name}") for name, value in fields.items()},
            conditions(given.get("when"), f"{where}.when", self._reader),
            None if each is None else self._reader.column(each, f"{where}.each"),
            shared or id.constant,
        )

    def _id(self, given: Mapping[str, Any], where: str) -> Template:
        id = given.get("id")
        if not isinstance(id, str) or not id:
            mend = 'Like "person-{No}", with a column that tells the rows apart: then putting again changes nothing.'
            raise FieldInvalid(f"{where}.id", "it is missing", mend)
        return template(id, f"{where}.id")

    def _with_statement(self, things: tuple[Thing, ...]) -> tuple[Thing, ...]:
        """The things with a statement that says what the row says: their own, or one by whoever keeps the sheet."""
        speaker = self._given.get("speaker")
        if any(thing.kind == "statement" for thing in things):
            if speaker is not None:
                raise FieldInvalid(
                    "speaker", "a statement of the mapping's own has its speaker", "Leave this out."
                )
            return things
        base = next(
            (one for one in things if one.kind in _IDENTIFIES and not one.shared and not one.each), None
        )
        base = base or next((one for one in things if not one.shared and not one.each), None)
        if speaker is None or base is None:
            reason = (
                "nobody says what the rows say" if speaker is None else "no thing is made by one row alone"
            )
            mend = (
                'Add "speaker": the actor who keeps the sheet; or a thing {"kind": "statement", "id": …, "fields": '
                '{"speaker": …}}.'
            )
            raise FieldInvalid("speaker" if speaker is None else "things", reason, mend)
        fields = {
            "speaker": self._reader.node(speaker, "speaker"),
            "act": self._reader.node("asserts", "speaker"),
        }
        id = template(f"{base.id.written}.row", "speaker")
        return (*things, Thing(len(things), "statement", id, fields, base.when, None, False, True))


def _columns_of(thing: Thing) -> Iterator[str]:
    yield from thing.id.columns
    yield from (one.column.name for one in thing.when)
    if thing.each:
        yield thing.each.name
    for node in thing.fields.values():
        yield from columns_in(node)


def _known_members(given: Mapping[str, Any], known: tuple[str, ...], where: str) -> None:
    for name in given:
        if name not in known:
            raise unknown(f"{where}{name}", str(name), known)


__all__ = ["SheetMap", "Thing", "read_map"]
