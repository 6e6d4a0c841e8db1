"""FollowTheMoney statements and entities: actors, relations and events, each resting on the lines that say so.

What is said is said by whoever publishes the dataset: one statement of theirs an entity, resting on its lines, and a claim
for each line. Values stand as they are in the file, dates too; what a source wrote stands in `as_written`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from onrecord.exchange.neighbours.bundle import Progress, open_bundle
from onrecord.exchange.neighbours.ftm_lines import Line, Unread, is_statements, lines
from onrecord.exchange.neighbours.ftm_schema import (
    ACTORS,
    BEGINS,
    CHECKSUM,
    ENDS,
    EVENTS,
    NAMES,
    ON,
    RELATIONS,
)
from onrecord.exchange.neighbours.plan import CARRIED, KEPT, LEFT, WRONG, Plan, Told, slug
from onrecord.exchange.neighbours.tables import header
from onrecord.record.errors import OnrecordError
from onrecord.record.times import check_time

NAME = "ftm"
_ENDINGS = (".csv", ".json", ".jsonl", ".ndjson", ".ijson")


def looks_like(path: Path) -> bool:
    if not path.is_file() or not path.name.lower().endswith(_ENDINGS):
        return False
    with path.open("rb") as file:
        beginning = file.read(1 << 16).decode("utf-8-sig", "replace")
    first = beginning.split("\n")[0]
    if first.lstrip().startswith("{"):
        return '"schema"' in first and ('"properties"' in first or '"prop"' in first)
    return is_statements(header(beginning))


def plan(path: Path, scratch: Path, progress: Progress | None = None) -> Plan:
    made = Plan(open_bundle(path, scratch, progress))
    for name in list(made.bundle.named(*_ENDINGS)):
        _carry_file(made, name)
    made.keep_files()
    return made


def _carry_file(made: Plan, name: str) -> None:
    entities: dict[tuple[str, str], list[Line]] = {}
    try:
        for one in lines(name, made.bundle.text(name).removeprefix("\ufeff")):
            if isinstance(one, Unread):
                made.say(one.where, WRONG, one.why, name)
            else:
                entities.setdefault((one.dataset, one.entity), []).append(one)
    except csv.Error as wrong:
        made.say(name, WRONG, f"its rows cannot be read to the end ({wrong})", name)
    carrying = _Carrying(made, name, made.bundle.digest(name), entities)
    # Relations name actors and events, so these come first.
    for kinds in (ACTORS, EVENTS, RELATIONS):
        for said in entities.values():
            if _schema(said) in kinds:
                carrying.carry(said)
    for said in entities.values():
        if _schema(said) not in (*ACTORS, *EVENTS, *RELATIONS):
            for one in said:
                made.say(
                    f"{one.where} {one.prop}",
                    LEFT,
                    f"{_schema(said)} is not carried over; it stands in the file",
                    name,
                )


def _schema(said: list[Line]) -> str:
    """What an entity is: the most particular that its lines say, as far as that is known here."""
    stated = [one.schema for one in said]
    return next((schema for schema in stated if schema in ACTORS and schema != "LegalEntity"), stated[0])


class _Carrying:
    """One file's entities, turned into things whose slugs say the same each time."""

    def __init__(
        self, made: Plan, name: str, source: str, entities: dict[tuple[str, str], list[Line]]
    ) -> None:
        self.made, self.name, self.source = made, name, source
        self.entities, self.datasets, self.passages = entities, set[str](), set[str]()

    def carry(self, said: list[Line]) -> None:
        schema, first = _schema(said), said[0]
        relation = RELATIONS.get(schema)
        ends = [self._thing_named(said, prop) for prop in relation[:2]] if relation else []
        if relation and None in ends:
            lacking = relation[ends.index(None)]
            for one in said:
                self._say(one, LEFT, f"its {lacking} is not among what is carried over")
            return
        self._publisher(first.dataset)
        rests = [self._passage(one) for one in said if one.prop != CHECKSUM]
        thing = slug("ftm", first.dataset, first.entity)
        about = thing if not relation else str(ends[0])
        if not relation:
            self._tell(f"{self.name} {schema} {first.entity}", self._fields(said, schema) | {"id": thing})
        if not rests:
            return
        statement = self._statement(said, about, rests)
        claims = [self._claim(one, about, statement) for one in said if one.prop != CHECKSUM]
        if relation:
            fields = {
                "kind": "relation",
                "id": thing,
                "from": ends[0],
                "to": ends[1],
                "role": relation[2],
                "claims": claims,
            }
            self._tell(f"{self.name} {schema} {first.entity}", fields | _when(said), claims[0])
        for one in said:
            if one.prop == CHECKSUM:
                self._say(one, KEPT, "a checksum over the other lines")

    def _say(self, one: Line, status: str, why: str) -> None:
        self.made.say(f"{one.where} {one.prop}", status, why, self.name)

    def _tell(self, where: str, thing: dict[str, Any], *needs: str) -> None:
        self.made.told.append(Told(where, CARRIED, None, self.name, thing=thing, needs=needs))

    def _thing_named(self, said: list[Line], prop: str) -> str | None:
        """The thing that an entity names under a property, if it is one of those carried over."""
        for one in said:
            other = self.entities.get((one.dataset, one.value)) if one.prop == prop else None
            if other and _schema(other) in (*ACTORS, *EVENTS):
                return slug("ftm", one.dataset, one.value)
        return None

    def _publisher(self, dataset: str) -> str:
        id = slug("ftm-dataset", dataset)
        if dataset not in self.datasets:
            self.datasets.add(dataset)
            actor = {
                "kind": "actor",
                "id": id,
                "type": "body",
                "names": [dataset],
                "note": f"Whoever publishes the dataset {dataset}.",
            }
            self._tell(f"{self.name} dataset {dataset}", actor)
        return id

    def _passage(self, one: Line) -> str:
        id = slug("ftm-line", self.source, one.where)
        if id not in self.passages:
            self.passages.add(id)
            thing = {"kind": "passage", "id": id}
            told = Told(one.where, CARRIED, None, self.name, thing=thing, words=one.words)
            self.made.told.append(told)
        return id

    def _statement(self, said: list[Line], about: str, rests: list[str]) -> str:
        id = slug("ftm-said", self.source, said[0].dataset, said[0].entity)
        seen = "; ".join(sorted({one.dates for one in said if one.dates}))
        thing: dict[str, Any] = {
            "kind": "statement", "id": id, "speaker": self._publisher(said[0].dataset), "act": "asserts", "about": [about],
            "passages": list(dict.fromkeys(rests)),
        }  # fmt: skip
        self._tell(
            f"{self.name} said of {said[0].entity}", thing | ({"note": seen} if seen else {}), rests[0]
        )
        return id

    def _claim(self, one: Line, subject: str, statement: str) -> str:
        id = slug("ftm-claim", self.source, one.where, one.entity, one.prop, one.value)
        other = self.entities.get((one.dataset, one.value))
        held = bool(other) and _schema(other or []) in (*ACTORS, *EVENTS)
        value: Any = {"ref": slug("ftm", one.dataset, one.value)} if held else one.value
        thing = {
            "kind": "claim",
            "id": id,
            "statement": statement,
            "subject": subject,
            "property": one.prop,
            "value": value,
        }
        self._tell(
            f"{one.where} {one.prop}",
            thing | ({"as_written": one.original} if one.original else {}),
            statement,
        )
        return id

    def _fields(self, said: list[Line], schema: str) -> dict[str, Any]:
        names = list(_names(said))
        note = {"note": f"FollowTheMoney {schema} {said[0].entity} of {said[0].dataset}"}
        if schema in EVENTS:
            titled = {"title": names[0]["text"]} if names else {}
            return {"kind": "event", **titled, "names": names, **_when(said), **note}
        kind = {"type": ACTORS[schema]} if ACTORS.get(schema) else {}
        return {"kind": "actor", **kind, "names": names, **note}


def _names(said: list[Line]) -> Iterator[dict[str, str]]:
    seen: set[str] = set()
    for prop in NAMES:
        for one in said:
            if one.prop == prop and one.value not in seen:
                seen.add(one.value)
                yield {"text": one.value} | ({"language": one.language} if one.language else {})


def _when(said: list[Line]) -> dict[str, Any]:
    """When it was, where its dates can be read as they are written; else the words alone."""
    begins, ends, on = (
        next((one.value for one in said if one.prop in props), None) for props in (BEGINS, ENDS, ON)
    )
    if on and not begins and not ends:
        when: Any = on
    elif begins or ends:
        when = {name: value for name, value in (("from", begins), ("to", ends)) if value}
    else:
        return {}
    try:
        check_time(when)
    except OnrecordError:
        return {"as_written": " / ".join(value for value in (begins, ends, on) if value)}
    return {"when": when}
