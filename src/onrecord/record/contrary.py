"""Where a person said one thing and later its contrary, whatever name and side they spoke under."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from onrecord.record.gathering import Account, does, named
from onrecord.record.points import Edges, Point
from onrecord.record.sameness import Sameness
from onrecord.record.values import Key, Stated, Values

DATED = "as dated"
RECORDED = "as recorded"


@dataclass(frozen=True, slots=True)
class Contrary:
    """Two contrary statements of one person. `order` says whether their dates or our entries tell which came later.

    `points` are empty where the later one takes back the earlier as a whole.
    """

    earlier: str
    later: str
    order: str
    points: tuple[tuple[Key, str], ...]
    same_as: tuple[str, ...]


def contraries(
    accounts: Sequence[Account], points: Sequence[Point], edges: Edges, values: Values, sameness: Sameness
) -> list[Contrary]:
    """Every such pair in a window, the earlier ones first."""
    known = {account.id: account for account in accounts}
    pairs: dict[tuple[str, str], set[tuple[Key, str]]] = defaultdict(set)
    for a, b in _clashing(known, points, edges, values):
        pairs[_pair(a.statement, b.statement)] |= {a.point, b.point}
    for taking_back, taken_back in _taken_back(known):
        pairs[_pair(taking_back, taken_back)] |= set()
    found = [_ordered(known[a], known[b], met, sameness) for (a, b), met in pairs.items()]
    place = {account.id: number for number, account in enumerate(accounts)}
    return sorted(found, key=lambda pair: (place[pair.earlier], place[pair.later]))


def _pair(a: str, b: str) -> tuple[str, str]:
    return (a, b) if a < b else (b, a)


def _clashing(
    known: Mapping[str, Account], points: Iterable[Point], edges: Edges, values: Values
) -> Iterator[tuple[Stated, Stated]]:
    """Claims of one person, in different statements, that cannot both be so or are judged not to be."""
    for point in points:
        for said in _by_person(known, point):
            for these, those in combinations(said, 2):
                if values.clash(these[0], those[0]):
                    yield from ((a, b) for a, b in product(these, those) if a.statement != b.statement)
    for a, against in edges.items():
        for b, _ in against:
            if a.statement != b.statement and known[a.statement].persons & known[b.statement].persons:
                yield a, b


def _by_person(known: Mapping[str, Account], point: Point) -> Iterator[list[list[Stated]]]:
    """What each person says on a point, claims that say the same together."""
    said: dict[str, dict[object, list[Stated]]] = defaultdict(lambda: defaultdict(list))
    for answer in point.answers:
        for one in answer.stated:
            for person in known[one.statement].persons:
                said[person][one.value, one.negated, one.scope].append(one)
    return (list(alike.values()) for alike in said.values())


def _taken_back(known: Mapping[str, Account]) -> Iterator[tuple[str, str]]:
    for account in known.values():
        if does(account.thing, "denies", "retracts"):
            for id in named(account.thing, "replies_to"):
                if id in known and id != account.id and known[id].persons & account.persons:
                    yield account.id, id


def _ordered(a: Account, b: Account, points: set[tuple[Key, str]], sameness: Sameness) -> Contrary:
    order = DATED
    if a.said and b.said and not a.said.meets(b.said):
        earlier, later = (a, b) if a.said.before(b.said) else (b, a)
    else:
        order = RECORDED
        earlier, later = (a, b) if a.recorded < b.recorded else (b, a)
    person = {actor for actor in (*a.actors, *b.actors) if sameness.root(actor) in a.persons & b.persons}
    return Contrary(earlier.id, later.id, order, tuple(sorted(points, key=repr)), sameness.joining(person))
