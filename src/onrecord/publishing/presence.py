"""Who and which places a released thing brings with it: its speakers, whom its words name, what it is about."""

from __future__ import annotations

from collections.abc import Iterator

from onrecord.publishing.known_names import KnownNames
from onrecord.publishing.naming import Naming
from onrecord.record.bearing import Bearings
from onrecord.record.things import Thing, Things, Version, listed

REFERENCES = ("speaker", "jointly_with", "subject", "value", "place", "about", "at_event")
WORDS = ("quote", "text", "title", "name", "reason")


class Presence:
    """Looked up once for each thing."""

    def __init__(self, things: Things, bearings: Bearings, naming: Naming, names: KnownNames) -> None:
        self._things = things
        self._bearings = bearings
        self._naming = naming
        self._names = names
        self._in: dict[str, frozenset[str]] = {}

    def has(self, id: str, within: str) -> bool:
        """Whether an actor or place, or one that stands for the same, is told of in a released thing."""
        if within not in self._in:
            found = frozenset(self._told_in(within))
            self._in[within] = found.union(*(self._naming.members(one) for one in found))
        return id in self._in[within]

    def _told_in(self, id: str) -> Iterator[str]:
        thing = self._things.get(id)
        if thing is None:
            return
        yield from self._stated_in(thing)
        for beneath in self._beneath(thing):
            yield from self._told_in(beneath)
        if thing.kind == "statement":
            for claim in self._things.pointing_at(id, "claim", "statement"):
                yield from self._stated_in(claim)

    def _stated_in(self, thing: Thing) -> Iterator[str]:
        for version in thing.heads:
            yield from self._mentioned(version)
            yield from self._referred_to(version)

    def _beneath(self, thing: Thing) -> tuple[str, ...]:
        """What a thing takes its words from."""
        if thing.kind == "claim":
            return tuple(id for version in thing.heads for id in listed(version.fields.get("statement")))
        return self._bearings.passages(thing.id) if thing.kind in ("statement", "norm") else ()

    def _mentioned(self, version: Version) -> Iterator[str]:
        for field in WORDS:
            text = version.fields.get(field)
            if isinstance(text, str):
                yield from self._names.told_of(text)

    def _referred_to(self, version: Version) -> Iterator[str]:
        for field in REFERENCES:
            for ref in listed(version.fields.get(field)):
                yield ref
                event = self._things.get(ref)
                if event and event.kind == "event":
                    yield from listed(event.fields.get("place"))
