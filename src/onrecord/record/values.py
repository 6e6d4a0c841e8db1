"""When what two claims say is the same, and when it cannot both be so.

Values are compared, never weighed. A quantity is a range and a time is a range of days: only ranges that do
not meet stand against each other. What is said of different days, places or populations is not compared.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

from onrecord.record.properties import Properties, Property, folded
from onrecord.record.ranges import Period, Quantity, is_time_like, period, quantity
from onrecord.record.sameness import Sameness
from onrecord.record.things import Things, references

DIFFERENT = "different values"
DENIED = "said and denied"
APART = {"number": "ranges apart", "time": "times apart"}

Key = tuple[str, Hashable]


@dataclass(frozen=True, slots=True)
class Value:
    """What a claim says: a thing, text, a number or time with its range, or a stated absence (`none`)."""

    kind: str
    key: Hashable
    range: Quantity | Period | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Scope:
    """What a claim's value is limited to. Limits that one claim leaves open are not held against another's."""

    when: Period | None = None
    place: str | None = None
    limits: tuple[tuple[str, Hashable], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Stated:
    """One reading of one claim, as one statement holds it. `in_reply`: held by denying another statement."""

    claim: str
    statement: str
    subject: Key
    property_name: str
    value: Value
    negated: bool
    scope: Scope
    fields: Mapping[str, Any]
    in_reply: bool = False

    @property
    def point(self) -> tuple[Key, str]:
        return self.subject, self.property_name

    @property
    def absent(self) -> bool:
        return self.value.kind == "none"


class Values:
    """Reads claims' values and compares them, through undisputed sameness and declared properties."""

    def __init__(self, things: Things, sameness: Sameness, properties: Properties) -> None:
        self._things, self._sameness, self.properties = things, sameness, properties
        self._around: dict[str, frozenset[str]] = {}

    def stated(self, claim: str, statement: str, fields: Mapping[str, Any]) -> Stated:
        """A claim's fields, ready to be compared."""
        property = self.properties[str(fields.get("property", ""))]
        return Stated(
            claim,
            statement,
            self.subject(fields.get("subject")),
            property.name,
            self.value(fields, property),
            bool(fields.get("negated")),
            self.scope(fields),
            fields,
        )

    def subject(self, stored: Any) -> Key:
        """The thing a claim is about, or its text."""
        if isinstance(stored, str) and self._things.get(stored) is not None:
            return "thing", self._sameness.root(stored)
        return self._key(stored)

    def value(self, fields: Mapping[str, Any], property: Property) -> Value:
        """The value by what the property takes; what cannot be read so without guessing stays text."""
        stored = fields.get("value")
        if isinstance(stored, Mapping) and "none" in stored:
            return Value("none", str(stored["none"]))
        if property.type in (None, "number") or "low" in fields or "high" in fields:
            number = quantity(stored, fields.get("low"), fields.get("high"))
            if number is not None:
                return Value("number", number, number)
        if is_time_like(stored) and (property.type in (None, "time") or isinstance(stored, Mapping)):
            time = period(stored)
            if time is not None:
                return Value("time", time, time)
        kind, key = self._key(stored)
        return Value("none", "not stated") if stored is None else Value(kind, key)

    def scope(self, fields: Mapping[str, Any]) -> Scope:
        """What a claim's fields limit its value to."""
        limits = {name: fields[name] for name in ("counted", "population", "unit") if _given(fields, name)}
        if _given(fields, "qualifiers") and isinstance(fields["qualifiers"], Mapping):
            limits |= {f"qualifier {name}": limit for name, limit in fields["qualifiers"].items()}
        place = fields.get("place")
        return Scope(
            period(when) if (when := fields.get("when")) is not None else None,
            self._sameness.root(place) if isinstance(place, str) else None,
            tuple(sorted((name, self._key(limit)) for name, limit in limits.items())),
        )

    def clash(self, a: Stated, b: Stated) -> str | None:
        """Why two claims on one subject and property cannot both be so, or None where they can."""
        if a.absent or b.absent or self._apart(a.scope, b.scope):
            return None
        same = a.value == b.value
        if a.negated or b.negated:
            return DENIED if same and a.negated != b.negated else None
        holds = self.properties[a.property_name].holds
        if same or holds == "many":
            return None
        if (meet := _meet(a.value, b.value)) is not None:
            return None if meet else APART[a.value.kind]
        return DIFFERENT if holds == "one" and not self._nested(a.value, b.value) else None

    def alike(self, scopes: list[Scope]) -> bool:
        """Whether what is said within these limits may be one and the same: no two of them are apart."""
        distinct = list(dict.fromkeys(scopes))
        return not any(self._apart(a, b) for n, a in enumerate(distinct) for b in distinct[:n])

    def _apart(self, a: Scope, b: Scope) -> bool:
        if a == b:
            return False
        if a.when and b.when and not a.when.meets(b.when):
            return True
        if a.place and b.place and not self._within(a.place, b.place):
            return True
        limits = dict(a.limits)
        return any(limits.get(name, limit) != limit for name, limit in b.limits)

    def _nested(self, a: Value, b: Value) -> bool:
        """Whether one is a place within the other: a village and its district do not stand against each other."""
        return a.kind == b.kind == "thing" and self._within(str(a.key), str(b.key))

    def _within(self, a: str, b: str) -> bool:
        return a == b or a in self._places_around(b) or b in self._places_around(a)

    def _places_around(self, place: str) -> frozenset[str]:
        if place not in self._around:
            reached, waiting = set[str](), [place]
            while waiting:
                wider = set(self._directly_around(waiting.pop())) - reached
                reached |= wider
                waiting += wider
            self._around[place] = frozenset(reached)
        return self._around[place]

    def _directly_around(self, place: str) -> list[str]:
        found = (self._things.get(member) for member in self._sameness.members(place))
        return [
            self._sameness.root(wider)
            for thing in found
            if thing is not None and thing.kind == "place"
            for version in thing.heads
            for _, wider in references({"part_of": version.fields.get("part_of")})
        ]

    def _key(self, stored: Any) -> Key:
        if isinstance(stored, Mapping):
            if isinstance(stored.get("ref"), str):
                return "thing", self._sameness.root(stored["ref"])
            return "text", tuple(sorted((str(name), str(part)) for name, part in stored.items()))
        return "text", folded(str(stored))


def _meet(a: Value, b: Value) -> bool | None:
    """Whether two ranges have something in common; None where they are not ranges of one kind."""
    if isinstance(a.range, Quantity) and isinstance(b.range, Quantity):
        return a.range.meets(b.range)
    if isinstance(a.range, Period) and isinstance(b.range, Period):
        return a.range.meets(b.range)
    return None


def _given(fields: Mapping[str, Any], name: str) -> bool:
    stored = fields.get(name)
    return stored is not None and not (isinstance(stored, Mapping) and "none" in stored)
