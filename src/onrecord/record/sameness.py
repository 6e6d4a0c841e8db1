"""Which things stand for one: classes made by assessments that nobody disputes, and the assessments that made them.

A judgement is disputed when its own versions differ on it, when another assessment opposes it over one of its
pairs ("not same as"), when one calls it "disputed", or when it is part of the chain that would join an opposed
pair. A disputed judgement joins nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from onrecord.record.things import Thing, Things, Version

SAME_AS = "same as"
SAME_ORIGIN = "same origin"

Links = Mapping[str, frozenset[str]]
Opposed = Mapping[str, set[str]]


class Sameness:
    """Classes of ids. An id that nobody joined to another is a class of its own."""

    def __init__(self, links: Links) -> None:
        self._links = links
        self._through = _through(links)
        self._classes: dict[str, tuple[str, ...]] = {}
        for id in self._through:
            if id not in self._classes:
                members = tuple(sorted(self._reach(id)))
                self._classes.update(dict.fromkeys(members, members))

    @classmethod
    def of(cls, things: Things, judgement: str = SAME_AS, *, strained: bool = False) -> Sameness:
        """The classes that the undisputed assessments with this judgement make.

        A chain that would join a pair somebody judged apart is left out; `strained` keeps it, for rules that protect.
        """
        assessments = list(things.of_kind("assessment"))
        doubted = set(_doubted(assessments))
        opposed = _opposed(assessments, f"not {judgement}")
        links = {
            thing.id: joined
            for thing in assessments
            if thing.id not in doubted
            and len(joined := _joined(thing, judgement)) > 1
            and not any(opposed.get(id, set()) & joined for id in joined)
        }
        return cls(links if strained else _without_strained(links, opposed))

    def __bool__(self) -> bool:
        """Whether anything is joined at all."""
        return bool(self._links)

    def root(self, id: str) -> str:
        """The one id that stands for the class, the same in whatever order things are met."""
        return self._classes[id][0] if id in self._classes else id

    def members(self, id: str) -> tuple[str, ...]:
        """Every id of the class, sorted, this one included."""
        return self._classes.get(id, (id,))

    def joined_by(self, a: str, b: str) -> tuple[str, ...]:
        """The assessments on a shortest path between two ids; empty when nothing joins them."""
        return _path(self._links, self._through, a, b) if self.root(a) == self.root(b) else ()

    def joining(self, ids: Iterable[str]) -> tuple[str, ...]:
        """The assessments that make one of any of these ids that stand for one, sorted."""
        first: dict[str, str] = {}
        found: set[str] = set()
        for id in sorted(set(ids)):
            found.update(self.joined_by(first.setdefault(self.root(id), id), id))
        return tuple(sorted(found))

    def _reach(self, id: str) -> set[str]:
        reached, waiting, used = {id}, [id], set[str]()
        while waiting:
            for assessment in self._through[waiting.pop()]:
                if assessment not in used:
                    used.add(assessment)
                    waiting += self._links[assessment] - reached
                    reached |= self._links[assessment]
        return reached


def judges(version: Version, judgement: str) -> bool:
    """Whether a version of an assessment gives this judgement, however it is spaced and cased."""
    stated = version.fields.get("judgement")
    return isinstance(stated, str) and not version.erased and " ".join(stated.split()).casefold() == judgement


def judged_about(version: Version) -> frozenset[str]:
    """The ids an assessment's version is about."""
    about = version.fields.get("about") or ()
    return frozenset([about] if isinstance(about, str) else (id for id in about if isinstance(id, str)))


def _joined(thing: Thing, judgement: str) -> frozenset[str]:
    """What every version of an assessment joins: nothing, when one version judges otherwise."""
    if not all(judges(version, judgement) for version in thing.heads):
        return frozenset()
    return frozenset.intersection(*map(judged_about, thing.heads))


def _doubted(assessments: Iterable[Thing]) -> Iterator[str]:
    for thing in assessments:
        for version in thing.heads:
            if judges(version, "disputed"):
                yield from judged_about(version)


def _opposed(assessments: Iterable[Thing], judgement: str) -> Opposed:
    opposed: dict[str, set[str]] = defaultdict(set)
    for thing in assessments:
        for version in thing.heads:
            if judges(version, judgement):
                about = judged_about(version)
                for id in about:
                    opposed[id] |= about - {id}
    return opposed


def _without_strained(links: Links, opposed: Opposed) -> Links:
    """Leave out the chains that would join a pair which somebody judged apart: a chain holds only as one."""
    while True:
        through = _through(links)
        pairs = ((a, b) for a in sorted(opposed) if a in through for b in sorted(opposed[a]) if a < b)
        strained = {assessment for a, b in pairs for assessment in _path(links, through, a, b)}
        if not strained:
            return links
        links = {id: joined for id, joined in links.items() if id not in strained}


def _through(links: Links) -> dict[str, list[str]]:
    through: dict[str, list[str]] = defaultdict(list)
    for assessment in sorted(links):
        for id in links[assessment]:
            through[id].append(assessment)
    return dict(through)


def _path(links: Links, through: Mapping[str, list[str]], start: str, end: str) -> tuple[str, ...]:
    came: dict[str, tuple[str, str]] = {}
    met, used, edge = {start}, set[str](), [start]
    while edge and end not in met:
        reached: list[str] = []
        for here in edge:
            for assessment in through.get(here, ()):
                if assessment in used:
                    continue
                used.add(assessment)
                for there in sorted(links[assessment] - met):
                    came[there] = (here, assessment)
                    met.add(there)
                    reached.append(there)
        edge = reached
    return _back(came, start, end)


def _back(came: Mapping[str, tuple[str, str]], start: str, end: str) -> tuple[str, ...]:
    steps: list[str] = []
    while end != start and end in came:
        end, assessment = came[end]
        steps.append(assessment)
    return tuple(reversed(steps))
