"""The windows of the events a dossier tells of, limited to the statements it contains, every word through the gate."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from onrecord.publishing.naming import Carrier
from onrecord.publishing.page.content import (
    CitationView,
    Holder,
    LaterView,
    PointView,
    SideView,
    StatementView,
    ValueView,
    WindowsView,
)
from onrecord.publishing.printing import Printing
from onrecord.publishing.selection import Selection
from onrecord.record.gathering import ELSEWHERE
from onrecord.record.properties import BUILT_IN
from onrecord.record.sameness import Sameness
from onrecord.record.things import Thing, Things
from onrecord.record.times import display
from onrecord.record.windows import windows
from onrecord.text.direction import direction

Row = Mapping[str, Any]
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:]+([+-][0-9:]+|Z)?)?")


class Released:
    """Things with the claims left out that the terms keep back, so that no window counts or shows them."""

    def __init__(self, things: Things, closed: frozenset[str]) -> None:
        self._things = things
        self._closed = closed

    def get(self, id: str) -> Thing | None:
        return None if id in self._closed else self._things.get(id)

    def of_kind(self, kind: str) -> Iterator[Thing]:
        return (thing for thing in self._things.of_kind(kind) if thing.id not in self._closed)

    def pointing_at(self, id: str, kind: str | None = None, field: str | None = None) -> Iterator[Thing]:
        return (thing for thing in self._things.pointing_at(id, kind, field) if thing.id not in self._closed)


@dataclass(frozen=True)
class SideBySide:
    """Makes the windows of a selection's events from its printed sources."""

    things: Things
    selection: Selection
    printing: Printing
    sources: Mapping[int, CitationView]

    def shown(self) -> tuple[tuple[WindowsView, ...], dict[int, set[int]]]:
        """The windows, and for each source the sources that stand against it."""
        released = Released(self.things, self._closed_claims())
        views, against = [], dict[int, set[int]]()
        for event in self._events():
            told = windows(released, event.id, only=frozenset(self._numbers))
            title = self._title(event)
            if title is not None and any(side["statements"] for side in told["sides"]):
                views.append(self._view(told, title))
            for row in told["disputed"]:
                self._note_against(row, against)
        return tuple(views), against

    @cached_property
    def _numbers(self) -> dict[str, int]:
        """The number of each statement, the first where it is cited in more ways than one."""
        found: dict[str, int] = {}
        for source in self.selection.sources:
            if source.statement:
                found.setdefault(source.statement.id, source.n)
        return found

    def _closed_claims(self) -> frozenset[str]:
        claims = (
            claim for id in self._numbers for claim in self.things.pointing_at(id, "claim", "statement")
        )
        return frozenset(claim.id for claim in claims if not self.printing.gate.opens(claim.id))

    def _events(self) -> list[Thing]:
        """The events that were named, then those that the statements are about, each by the window that tells it.

        Where an event has no sides of its own, the event that it is part of tells it.
        """
        found = {event.id: event for event in self.selection.events}
        for statement in self.selection.statements:
            for event in self._about(statement):
                told_by = next(
                    (one for one in (event, *self._whole_of(event)) if one.fields.get("sides")), event
                )
                found.setdefault(told_by.id, told_by)
        return [
            event for event in found.values() if not {one.id for one in self._whole_of(event)} & set(found)
        ]

    def _about(self, statement: Thing) -> list[Thing]:
        """The events that a statement is about."""
        things = (self.things.get(id) for id in statement.fields.get("about") or ())
        return [thing for thing in things if thing and thing.kind == "event"]

    def _whole_of(self, event: Thing) -> list[Thing]:
        """The events that this one is part of, the nearest first: their windows show what it says, too."""
        met: dict[str, Thing] = {}
        here = event
        while (above := self.things.get(str(here.fields.get("part_of")))) and above.id not in met:
            met[above.id] = here = above
        met.pop(event.id, None)
        return list(met.values())

    def _title(self, event: Thing) -> str | None:
        """The event's title: asked where the event was named, else given only where the terms reach that far."""
        title = event.fields.get("title")
        if event in self.selection.events:
            return str(title) if title else None
        telling = (
            statement.id
            for statement in self.selection.statements
            if any(event in (one, *self._whole_of(one)) for one in self._about(statement))
        )
        reached = self.printing.gate.reached(event.id, tuple(telling))
        return reached.text if reached.given else None

    def _view(self, told: Row, title: str) -> WindowsView:
        within = tuple(self._numbers)
        return WindowsView(
            title=title,
            sides=tuple(self._side(side, within) for side in told["sides"]),
            when=self.printing.when(told.get("when"), within),
            shared=tuple(self._point(told, row, [row]) for row in told["shared"]),
            disputed=tuple(self._point(told, row, row["values"]) for row in told["disputed"]),
            only=tuple(self._point(told, row, [row]) for row in self._told_by_some(told)),
            elsewhere=tuple(self._statement(row) for row in told[ELSEWHERE]),
        )

    def _told_by_some(self, told: Row) -> Iterable[Row]:
        yield from told["some"]
        for rows in told["only"].values():
            yield from rows

    def _side(self, side: Row, within: Carrier) -> SideView:
        name = str(side["name"])
        statements = tuple(self._statement(row) for row in side["statements"])
        return SideView(
            name, statements, self.printing.language(side.get("language"), within), direction(name)
        )

    def _statement(self, row: Row) -> StatementView:
        source = self.sources[self._numbers[row["id"]]]
        return StatementView(
            who=source.who,
            words=source.words if source.words.text else None,
            n=source.n,
            act=source.act,
            basis=source.basis,
            hedge=source.hedge,
            when=source.when,
            where=source.where,
            later=tuple(self._later(later) for later in row["later"]),
            earlier=tuple(self._later(earlier) for earlier in row["earlier"]),
        )

    def _later(self, row: Row) -> LaterView:
        source = self.sources[self._numbers[row["id"]]]
        return LaterView(source.who, source.words, source.n, source.when)

    def _point(self, told: Row, row: Row, values: Sequence[Row]) -> PointView:
        carriers = _carriers(values)
        shown = tuple(self._value(value, carriers) for value in values)
        return PointView(self._property(row, carriers), shown, self._subject(told, row, carriers))

    def _property(self, row: Row, within: Carrier) -> str:
        """What is asked: a word of the program's own, or else the team's words."""
        name = str(row["property"])
        return name if name in BUILT_IN else self.printing.aside(name, within) or self._kept_back()

    def _subject(self, told: Row, row: Row, within: Carrier) -> str | None:
        """What the point is about, unless it is the event itself."""
        subject = row.get("subject")
        if not isinstance(subject, str) or subject == told["event"]:
            return None
        return self.printing.gate.reached(subject, within).text

    def _holders(self, value: Row) -> list[str]:
        return list(dict.fromkeys(id for ids in value["by"].values() for id in ids))

    def _value(self, value: Row, beside: Carrier) -> ValueView:
        within = beside if value["in_reply"] else _carriers([value])
        holders = tuple(
            Holder(None if seat == ELSEWHERE else seat, self.sources[n].who, n)
            for seat, ids in value["by"].items()
            for n in (self._numbers[id] for id in ids)
        )
        text = self._value_text(value, within)
        return ValueView(text, holders, bool(value["negated"]), None, value["reports"], value["origins"])

    def _value_text(self, value: Row, within: Carrier) -> str:
        stated = value.get("value")
        if isinstance(stated, Mapping) and "ref" in stated:
            return self.printing.gate.reached(stated["ref"], within).text
        if isinstance(stated, Mapping):
            return self.printing.aside(display(stated), within) or self._kept_back()
        if isinstance(stated, str) and _DAY.fullmatch(stated):
            return self.printing.time_words(stated)
        if stated is None:
            stated = _range_of(value)
        return self.printing.aside(f"{stated}{_counted(value)}", within) or self._kept_back()

    def _kept_back(self) -> str:
        return f"[{self.printing.words.word('attribution', 'not given')}]"

    def _stands_for(self, value: Row) -> Any:
        """A value, or for a thing the one that stands for all judged the same."""
        stated = value.get("value")
        return (
            self._sameness.root(stated["ref"]) if isinstance(stated, Mapping) and "ref" in stated else stated
        )

    @cached_property
    def _sameness(self) -> Sameness:
        return Sameness.of(self.things)

    def _note_against(self, row: Row, against: dict[int, set[int]]) -> None:
        contested = [value for value in row["values"] if value["contested"]]
        numbers = [{self._numbers[id] for id in self._holders(value)} for value in contested]
        one_value = any(reason["rule"] == "different values" for reason in row["why"])
        for at, value in enumerate(contested):
            for other_at, other in enumerate(contested):
                same = self._stands_for(value) == self._stands_for(other)
                clash = same if value["negated"] != other["negated"] else one_value and not value["negated"]
                if at != other_at and clash:
                    for n in numbers[at]:
                        against.setdefault(n, set()).update(numbers[other_at] - {n})


def _carriers(values: Iterable[Row]) -> tuple[str, ...]:
    """What says these values: claims, and statements that deny another's claim. Every one of them is printed with it."""
    return tuple(dict.fromkeys(id for value in values for id in (*value["claims"], *value["in_reply"])))


def _range_of(value: Row) -> str:
    """The least and the greatest number meant; one of them where the other is not stated or the same."""
    ends = dict.fromkeys(str(value[end]) for end in ("low", "high") if value.get(end) is not None)
    return "–".join(ends)


def _counted(value: Row) -> str:
    """What a number counts, in its unit, said once where the one begins with the other."""
    unit, counted = str(value.get("unit") or ""), str(value.get("counted") or "")
    said = counted if counted.startswith(unit) else f"{unit} {counted}"
    among = f" ({value['population']})" if value.get("population") else ""
    return (f" {said}" if said else "") + among
