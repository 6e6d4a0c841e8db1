"""Which terms bear on what. A claim takes its statement's, a statement or norm its passages', a passage its item's.

Words that are closed under one statement are also closed under every other that rests on the same place of the same
original: what terms close is looked for by place, what they open only by inheritance.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from onrecord.record.containing import inside, lay_in
from onrecord.record.terms import NOBODY, Bearing, Ground, agreed_with
from onrecord.record.things import Thing, Things, listed

Way = tuple[Bearing, ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """A marked place in an item, and the terms that were agreed over exactly these words."""

    passage: str
    fields: Mapping[str, Any]
    bearings: Way

    def overlaps(self, fields: Mapping[str, Any]) -> bool:
        """Whether another passage of the same item holds some of the same words, as far as can be told."""
        if self.fields.get("layer") == fields.get("layer"):
            spans = [_span(self.fields), _span(fields)]
            if spans[0] and spans[1]:
                return spans[0][0] < spans[1][1] and spans[1][0] < spans[0][1]
        here, there = _words(self.fields), _words(fields)
        return bool(here and there) and (here in there or there in here)


class Bearings:
    """The terms that bear on each thing, each looked up once."""

    def __init__(self, things: Things) -> None:
        self._things = things
        self._over: dict[str, Way] = {}
        self._grounds: dict[str, Ground] = {}
        self._spots: dict[str, tuple[Spot, ...]] = {}

    def over(self, id: str) -> Way:
        """Terms agreed over this thing itself. Terms in conflict count with all their versions."""
        if id not in self._over:
            self._over[id] = tuple(self._find_over(id))
        return self._over[id]

    def ground(self, id: str) -> Ground:
        """All terms that bear on a thing of any kind."""
        if id not in self._grounds:
            self._grounds[id] = self._find_ground(id)
        return self._grounds[id]

    def basis(self, id: str) -> str:
        """The thing whose terms are those of this one: of a claim over which nothing was agreed, its statement."""
        thing = self._things.get(id)
        if thing is None or thing.kind != "claim" or self.over(id):
            return id
        statements = self._refs(id, "statement")
        return statements[0] if len(statements) == 1 else id

    def speakers(self, statement: str) -> frozenset[str]:
        """Who says it, in any version, alone or jointly."""
        return frozenset(id for field in ("speaker", "jointly_with") for id in self._refs(statement, field))

    def passages(self, id: str) -> tuple[str, ...]:
        """The passages that a statement or a norm rests on, in any version."""
        return self._refs(id, "passages") + self._refs(id, "passage")

    def spots(self, item: str) -> tuple[Spot, ...]:
        """The marked places of an item over which something was agreed."""
        if item not in self._spots:
            passages = self._things.pointing_at(item, "passage", "item")
            found = (spot for passage in passages for spot in self._spots_of(passage))
            self._spots[item] = tuple(sorted(found, key=lambda spot: spot.passage))
        return self._spots[item]

    def items(self, passage: str) -> tuple[str, ...]:
        return self._refs(passage, "item")

    def inside(self, item: str) -> tuple[str, ...]:
        """The items whose bytes lie in this one, at any depth: whoever receives it receives them."""
        met, waiting = dict[str, None](), [item]
        while waiting:
            found = inside(self._things, waiting.pop(), taken_out=True)
            more = [one for one in found if one not in met and one != item]
            met.update(dict.fromkeys(more))
            waiting += more
        return tuple(met)

    def holding_its_words(self, item: str) -> tuple[str, ...]:
        """An item, what lies inside it, and what was made from any of these, at any depth: where its words stand too."""
        found = dict.fromkeys((item, *self.inside(item)))
        waiting = list(found)
        while waiting:
            made = self._things.pointing_at(waiting.pop(), "item", "derived_from")
            more = [one.id for one in made if one.id not in found]
            found.update(dict.fromkeys(more))
            waiting += more
        return tuple(found)

    def resting_on(self, item: str) -> tuple[str, ...]:
        """The statements in any passage of an item."""
        passages = self._things.pointing_at(item, "passage", "item")
        found = (
            one.id for here in passages for one in self._things.pointing_at(here.id, "statement", "passages")
        )
        return tuple(sorted(set(found)))

    def _find_over(self, id: str) -> Iterator[Bearing]:
        thing = self._things.get(id)
        personal = thing is not None and thing.kind == "actor"
        for terms in sorted(self._things.pointing_at(id, "terms", "over"), key=lambda thing: thing.id):
            for version in terms.heads:
                opens = id in listed(version.fields.get("over"))
                yield Bearing(version, id, opens=opens, personal=personal)

    def _find_ground(self, id: str) -> Ground:
        thing = self._things.get(id)
        kind = thing.kind if thing else ""
        if kind == "item":
            return Ground(id, (self._item_way(id),))
        if kind == "passage":
            return self._passage_ground(id)
        if kind in ("statement", "norm"):
            return self._worded_ground(id)
        if kind == "claim":
            return self._claim_ground(id)
        return Ground(id, (self.over(id),))

    def _item_way(self, item: str) -> Way:
        """An item's terms and those of what it was made from, or lay in."""
        met, waiting, way = {item}, [item], list[Bearing]()
        while waiting:
            here = waiting.pop()
            way += self.over(here)
            more = [parent for parent in self._parents(here) if parent not in met]
            met.update(more)
            waiting += more
        return tuple(_concerning(bearing, None) for bearing in way)

    def _parents(self, item: str) -> tuple[str, ...]:
        """What an item was made from, and everything it lay in, each time that its bytes came."""
        return tuple(dict.fromkeys((*self._refs(item, "derived_from"), *lay_in(self._things, item))))

    def _passage_ways(self, passage: str) -> tuple[Way, ...]:
        items = self.items(passage)
        return tuple(self.over(passage) + self._item_way(item) for item in items) or (self.over(passage),)

    def _passage_ground(self, passage: str) -> Ground:
        resting = [thing.id for thing in self._things.pointing_at(passage, "statement", "passages")]
        speakers = frozenset(id for statement in resting for id in self.speakers(statement))
        ground = Ground(passage, self._passage_ways(passage)).each(
            lambda bearing: _concerning(bearing, speakers or None)
        )
        return ground.with_terms(self._same_words(passage))

    def _worded_ground(self, id: str) -> Ground:
        own, passages = self.over(id), self.passages(id)
        ways = tuple(own + way for passage in passages for way in self._passage_ways(passage)) or (own,)
        speakers = self.speakers(id)
        ground = Ground(id, ways).each(lambda bearing: _concerning(bearing, speakers))
        ground = ground.with_terms(self._of_speakers(speakers))
        return ground.with_terms(closing for passage in passages for closing in self._same_words(passage))

    def _claim_ground(self, claim: str) -> Ground:
        grounds = [self.ground(statement) for statement in self._refs(claim, "statement")]
        ways = tuple(way for ground in grounds for way in ground.ways) or ((),)
        return Ground(claim, ways).with_terms(self.over(claim))

    def _same_words(self, passage: str) -> Iterator[Bearing]:
        """What was agreed over the same words by way of another passage or statement; it can only close."""
        thing = self._things.get(passage)
        for version in thing.heads if thing else ():
            for item in self.items(passage):
                for spot in self.spots(item):
                    if spot.passage == passage or spot.overlaps(version.fields):
                        yield from spot.bearings

    def _spots_of(self, passage: Thing) -> Iterator[Spot]:
        bearings = [replace(bearing, opens=False) for bearing in self.over(passage.id)]
        for statement in self._things.pointing_at(passage.id, "statement", "passages"):
            speakers = self.speakers(statement.id)
            for bearing in self.over(statement.id):
                whose = speakers | ({ref} if (ref := agreed_with(bearing.version)) else NOBODY)
                bearings.append(replace(bearing, opens=False, whose=whose, attributed=whose))
            bearings += self._of_speakers(speakers)
        if bearings:
            for version in passage.heads:
                yield Spot(passage.id, version.fields, tuple(bearings))

    def _of_speakers(self, speakers: Iterable[str]) -> Iterator[Bearing]:
        """What was agreed over those who speak: it closes their words when they say no or withdraw, and opens none."""
        for who in sorted(speakers):
            only = frozenset({who})
            for bearing in self.over(who):
                yield replace(bearing, opens=False, whose=only, attributed=only)

    def _refs(self, id: str, field: str) -> tuple[str, ...]:
        """The ids in one field of a thing, over all its versions."""
        thing = self._things.get(id)
        heads = thing.heads if thing else ()
        return tuple(dict.fromkeys(ref for version in heads for ref in listed(version.fields.get(field))))


def _concerning(bearing: Bearing, speakers: frozenset[str] | None) -> Bearing:
    """Terms over words: what they say of names concerns the one they were agreed with and the speakers."""
    ref = agreed_with(bearing.version)
    if ref is None:
        return replace(bearing, attributed=speakers or None)
    people = frozenset({ref}) | (speakers or NOBODY)
    return replace(bearing, whose=people, attributed=people)


def _span(fields: Mapping[str, Any]) -> tuple[int, int] | None:
    start, end = fields.get("start"), fields.get("end")
    return (start, end) if isinstance(start, int) and isinstance(end, int) else None


def _words(fields: Mapping[str, Any]) -> str:
    quote = fields.get("quote")
    return " ".join(quote.split()) if isinstance(quote, str) else ""
