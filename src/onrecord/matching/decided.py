"""What people have decided of two items already, so that it is not proposed again: the same origin, another, a rendition."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from onrecord.record.sameness import SAME_AS, SAME_ORIGIN, Sameness, judged_about, judges
from onrecord.record.things import Thing, Things, Version

JUDGED = (SAME_ORIGIN, "not same origin", SAME_AS, "not same as", "disputed")
_MADE_FROM = ("derived_from", "inside")


class Decided:
    """Pairs of items of which nothing is proposed any more."""

    def __init__(self, things: Things) -> None:
        self._things = things
        self._pairs = {frozenset(pair) for pair in _judged_pairs(things)}
        self._sameness = Sameness.of(things, SAME_ORIGIN)

    def __contains__(self, pair: tuple[str, str]) -> bool:
        """Whether somebody judged these two, or one was made from the other, or both from one, or lies inside it."""
        one, other = pair
        if frozenset(pair) in self._pairs or self._sameness.root(one) == self._sameness.root(other):
            return True
        return any(self._joined(one, other, field) for field in _MADE_FROM)

    def _joined(self, one: str, other: str, field: str) -> bool:
        ones, others = self._chain(one, field), self._chain(other, field)
        return one in others or other in ones or (field == "derived_from" and ones[-1] == others[-1])

    def _chain(self, item: str, field: str) -> list[str]:
        """The item, what it was made from, and so on."""
        chain = [item]
        while (thing := self._things.get(chain[-1])) is not None:
            source = thing.fields.get(field)
            if not isinstance(source, str) or source in chain:
                break
            chain.append(source)
        return chain


def _judged_pairs(things: Things) -> Iterator[tuple[str, str]]:
    for thing in things.of_kind("assessment"):
        for version in _judging(thing):
            yield from combinations(sorted(judged_about(version)), 2)


def _judging(thing: Thing) -> Iterator[Version]:
    return (version for version in thing.heads if any(judges(version, one) for one in JUDGED))
