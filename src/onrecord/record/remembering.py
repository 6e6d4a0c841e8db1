"""Things looked up once and remembered, for rules that meet the same thing often."""

from __future__ import annotations

from collections.abc import Iterator

from onrecord.record.things import Thing, Things


class Remembering:
    """Things as another holds them. Use it for one computation only: it does not see later changes."""

    def __init__(self, things: Things) -> None:
        self._things = things
        self._known: dict[str, Thing | None] = {}

    def get(self, id: str) -> Thing | None:
        if id not in self._known:
            self._known[id] = self._things.get(id)
        return self._known[id]

    def of_kind(self, kind: str) -> Iterator[Thing]:
        return self._remembered(self._things.of_kind(kind))

    def pointing_at(self, id: str, kind: str | None = None, field: str | None = None) -> Iterator[Thing]:
        return self._remembered(self._things.pointing_at(id, kind, field))

    def _remembered(self, things: Iterator[Thing]) -> Iterator[Thing]:
        for thing in things:
            self._known[thing.id] = thing
            yield thing
