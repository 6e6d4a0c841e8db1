"""How many origins stand behind what several statements say. Reports are counted nowhere else.

Statements have one origin when the same person makes them, alone or jointly, when one passes on what another
says, when they are the same words in copies or renditions of one original, or when an undisputed assessment
says so. Two witnesses quoted in one document stay two. One tie is enough, and ties add up: the number is the
least that the record supports.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from onrecord.record.gathering import living, named, texts
from onrecord.record.properties import folded
from onrecord.record.sameness import SAME_ORIGIN, Sameness
from onrecord.record.things import Thing, Things, Version

SPEAKER = "same speaker"
REPORT = "reports"
COPY = "same words in a copy"
RENDITION = "same words in a rendition"
ASSESSED = "assessed as same origin"

_WHERE = ("layer", "start", "end", "page", "region", "seconds", "cell")


@dataclass(frozen=True, slots=True)
class Tie:
    """Why these statements have one origin, through which things: actors, a statement, or assessments."""

    why: str
    statements: tuple[str, ...]
    through: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Origin:
    """Statements that count once."""

    statements: tuple[str, ...]
    ties: tuple[Tie, ...] = ()


_Place = tuple[tuple[str, str], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Mark:
    """What a statement may have in common with another of the same origin."""

    why: str
    key: Hashable


class Origins:
    """Counts origins. `only` limits what a tie may name, not what is known."""

    def __init__(self, things: Things, sameness: Sameness, only: Collection[str] | None = None) -> None:
        self._things, self._sameness, self._only = things, sameness, only
        self._judged = Sameness.of(things, SAME_ORIGIN)
        self._known: dict[str, frozenset[_Mark]] = {}
        self._items: dict[str, tuple[str, str]] = {}

    def of(self, statements: Iterable[str]) -> list[Origin]:
        """The origins of these statements, in the order given."""
        order = list(dict.fromkeys(statements))
        ties = list(self._ties(order))
        roots = _united(order, ties)
        together: dict[str, list[str]] = defaultdict(list)
        for statement in order:
            together[roots[statement]].append(statement)
        held: dict[str, list[Tie]] = defaultdict(list)
        for tie in ties:
            held[roots[tie.statements[0]]].append(tie)
        return [Origin(tuple(same), tuple(held[root])) for root, same in together.items()]

    def _ties(self, order: Sequence[str]) -> Iterator[Tie]:
        marked: dict[_Mark, list[str]] = defaultdict(list)
        for statement in order:
            for mark in self._marks(statement):
                marked[mark].append(statement)
        groups = {mark: tuple(same) for mark, same in marked.items() if len(same) > 1}
        kept = (mark for mark in groups if mark.why != RENDITION or self._unmistakable(groups[mark]))
        ties = {self._tie(mark, groups[mark]) for mark in kept}
        place = {statement: number for number, statement in enumerate(order)}
        yield from sorted(
            _widest(ties), key=lambda tie: (tie.why, [place[one] for one in tie.statements], tie.through)
        )

    def _tie(self, mark: _Mark, statements: tuple[str, ...]) -> Tie:
        if mark.why == SPEAKER:
            actors = [actor for one in statements for actor in self._actors(one)]
            same = [actor for actor in actors if self._sameness.root(actor) == mark.key]
            return Tie(mark.why, statements, tuple(sorted({*same, *self._sameness.joining(same)})))
        if mark.why == REPORT:
            seen = self._only is None or mark.key in self._only
            return Tie(mark.why, statements, (str(mark.key),) if seen else ())
        if mark.why == ASSESSED:
            judged = [
                id for one in statements for id in self._judged_ids(one) if self._judged.root(id) == mark.key
            ]
            return Tie(mark.why, statements, self._judged.joining(judged))
        return Tie(mark.why, statements)

    def _marks(self, statement: str) -> frozenset[_Mark]:
        if statement not in self._known:
            thing = self._things.get(statement)
            self._known[statement] = frozenset(self._found(thing)) if thing is not None else frozenset()
        return self._known[statement]

    def _found(self, thing: Thing) -> Iterator[_Mark]:
        yield from (_Mark(SPEAKER, self._sameness.root(actor)) for actor in self._actors(thing.id))
        yield from (_Mark(REPORT, id) for id in self._reported(thing))
        yield from (_Mark(ASSESSED, self._judged.root(id)) for id in self._judged_ids(thing.id))
        for version in living(thing):
            passages = self._passages(version)
            if passages and all(isinstance(passage.get("quote"), str) for passage in passages):
                yield _Mark(RENDITION, frozenset(map(self._wording, passages)))
        yield from (_Mark(COPY, span) for span in self._spans(thing))

    def _actors(self, statement: str) -> tuple[str, ...]:
        thing = self._things.get(statement)
        return named(thing, "speaker", "jointly_with") if thing is not None else ()

    def _reported(self, thing: Thing) -> set[str]:
        """The statement itself and all that it passes on, at any remove."""
        reached, waiting = {thing.id}, [thing]
        while waiting:
            for id in named(waiting.pop(), "reports"):
                if id not in reached:
                    reached.add(id)
                    waiting += [further] if (further := self._things.get(id)) else []
        return reached

    def _judged_ids(self, statement: str) -> list[str]:
        """Those of a statement, its claims, speakers, passages and items that a judgement of origin is about."""
        if not self._judged:
            return []
        thing = self._things.get(statement)
        passages = named(thing, "passages") if thing is not None else ()
        items = (
            id for passage in passages if (held := self._things.get(passage)) for id in named(held, "item")
        )
        claims = (claim.id for claim in self._things.pointing_at(statement, "claim", "statement"))
        near = (statement, *claims, *self._actors(statement), *passages, *items)
        return [id for id in near if len(self._judged.members(id)) > 1]

    def _passages(self, version: Version) -> list[Mapping[str, Any]]:
        found = (self._things.get(id) for id in texts(version.fields.get("passages")))
        return [passage.fields for passage in found if passage is not None]

    def _spans(self, thing: Thing) -> set[frozenset[_Place]]:
        """The spans that each version of a statement rests on."""
        resting = (self._passages(version) for version in living(thing))
        return {frozenset(map(self._place, passages)) for passages in resting if passages}

    def _place(self, passage: Mapping[str, Any]) -> _Place:
        """The exact span in one layer of the exact bytes."""
        bytes_, _ = self._bytes(passage.get("item"))
        where = tuple(str(passage[field]) for field in _WHERE if passage.get(field) is not None)
        words = (folded(str(passage.get("quote"))), str(passage.get("nth") or 1))
        return (bytes_, str(passage.get("layer"))), where or words

    def _wording(self, passage: Mapping[str, Any]) -> Hashable:
        _, root = self._bytes(passage.get("item"))
        return root, folded(passage["quote"]), passage.get("nth") or 1

    def _unmistakable(self, statements: Sequence[str]) -> bool:
        """Whether the words stand in several layers, once in each: else which is which would be a guess."""
        found = (thing for one in statements if (thing := self._things.get(one)))
        spans = {span for thing in found for span in self._spans(thing)}
        return 1 < len(spans) == len({frozenset(layer for layer, _ in span) for span in spans})

    def _bytes(self, item: Any) -> tuple[str, str]:
        """What tells an item's bytes from others, and those of the original it was made from."""
        if not isinstance(item, str):
            return "", ""
        if item not in self._items:
            self._items[item] = (self._sha256(item), self._sha256(self._original(item)))
        return self._items[item]

    def _original(self, item: str) -> str:
        met = {item}
        while (thing := self._things.get(item)) is not None:
            made_from = min(named(thing, "derived_from"), default=None)
            if made_from is None or made_from in met:
                return item
            met.add(item := made_from)
        return item

    def _sha256(self, item: str) -> str:
        thing = self._things.get(item)
        return str(thing.fields.get("sha256") or item) if thing is not None else item


def _united(order: Sequence[str], ties: Iterable[Tie]) -> dict[str, str]:
    """For each statement, the first of those it is tied to."""
    roots = {statement: statement for statement in order}

    def root(statement: str) -> str:
        while roots[statement] != statement:
            roots[statement] = roots[roots[statement]]
            statement = roots[statement]
        return statement

    for tie in ties:
        for statement in tie.statements[1:]:
            roots[root(statement)] = root(tie.statements[0])
    return {statement: root(statement) for statement in order}


def _widest(ties: Collection[Tie]) -> Iterator[Tie]:
    """Of a chain of reports, leave out each tie whose statements a longer part of the chain also holds."""
    reports = [frozenset(tie.statements) for tie in ties if tie.why == REPORT]
    return (
        tie
        for tie in ties
        if tie.why != REPORT or not any(frozenset(tie.statements) < other for other in reports)
    )
