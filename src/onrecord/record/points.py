"""The points of a window: what is said of one subject under one property, and which answers stand against others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, islice, product

from onrecord.record.gathering import Account, does, living, named, recorded
from onrecord.record.sameness import judged_about, judges
from onrecord.record.things import Things
from onrecord.record.values import DENIED, Key, Stated, Value, Values

REPLY = "a reply denies"
ASSESSED = "assessed as contradicting"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why two answers stand against each other; by whose assessment, where it is one."""

    rule: str
    assessment: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """One value on a point, or its denial, with every claim that says so. `limited`: one for each way it is limited."""

    stated: tuple[Stated, ...]
    limited: tuple[Stated, ...]

    @property
    def first(self) -> Stated:
        return self.stated[0]

    @property
    def value(self) -> Value:
        return self.stated[0].value

    @property
    def negated(self) -> bool:
        return self.stated[0].negated

    @property
    def statements(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.statement for one in self.stated))


@dataclass(frozen=True, slots=True, eq=False)
class Point:
    """A subject and a property, with its answers and the absences stated instead, in the order first said."""

    first: Stated
    answers: tuple[Answer, ...]
    absences: tuple[Stated, ...]

    @property
    def subject(self) -> Key:
        return self.first.subject

    @property
    def property_name(self) -> str:
        return self.first.property_name


Edges = Mapping[Stated, Sequence[tuple[Stated, str]]]


def claims_of(things: Things, accounts: Sequence[Account], values: Values) -> list[Stated]:
    """Every claim of these statements in every version, then what their denials deny, in the order said."""
    held: dict[str, list[Stated]] = {account.id: [] for account in accounts}
    for account in accounts:
        claims = sorted(things.pointing_at(account.id, "claim", "statement"), key=recorded)
        for claim in claims:
            for version in living(claim):
                if version.fields.get("statement") == account.id:
                    held[account.id].append(values.stated(claim.id, account.id, version.fields))
    denied = {account.id: list(_denied(account, held, values)) for account in accounts}
    return [one for account in accounts for one in (*held[account.id], *denied[account.id])]


def points_of(stated: Iterable[Stated], values: Values) -> list[Point]:
    """The claims by subject and property, those that say the same together."""
    grouped: dict[tuple[Key, str], list[Stated]] = defaultdict(list)
    for one in stated:
        grouped[one.point].append(one)
    return [
        Point(
            said[0],
            tuple(_answers([one for one in said if not one.absent], values)),
            tuple(one for one in said if one.absent),
        )
        for said in grouped.values()
    ]


def contradictions(things: Things, stated: Sequence[Stated]) -> Edges:
    """Pairs of claims that an assessment says contradict each other, both ways, with the assessment."""
    of_claim, of_statement = _own(stated, "claim"), _own(stated, "statement")
    edges: dict[Stated, list[tuple[Stated, str]]] = defaultdict(list)
    for assessment in sorted(things.of_kind("assessment"), key=lambda thing: thing.id):
        for version in assessment.heads:
            about = judged_about(version) if judges(version, "contradicts") else ()
            met = [found for id in sorted(about) if (found := of_claim.get(id) or of_statement.get(id))]
            for ours, theirs in combinations(met, 2):
                named_both = ours[0].claim in about and theirs[0].claim in about
                pairs = product(ours, theirs) if named_both else _differing(ours, theirs)
                for a, b in pairs:
                    edges[a].append((b, assessment.id))
                    edges[b].append((a, assessment.id))
    return edges


def contested(point: Point, edges: Edges, values: Values) -> dict[Answer, set[Reason]]:
    """The answers on a point that something stands against, and why."""
    held: dict[tuple[Value, bool], list[Answer]] = defaultdict(list)
    for answer in point.answers:
        held[answer.value, answer.negated].append(answer)
    rivals = _rivals(point, values)
    found: dict[Answer, set[Reason]] = {}
    for answer in point.answers:
        opposite = held.get((answer.value, not answer.negated), ())
        reasons = {*_assessed(answer, edges), *_denied_by(answer, opposite, values)}
        if not answer.negated:
            reasons |= _excluded_by(answer, rivals, values)
        if reasons:
            found[answer] = reasons
    return found


def clash(a: Answer, b: Answer, values: Values) -> str | None:
    """Why two answers cannot both be so, or None where they can."""
    rules = (values.clash(one, other) for one, other in product(a.limited, b.limited))
    return next((rule for rule in rules if rule is not None), None)


def _denied(account: Account, held: Mapping[str, list[Stated]], values: Values) -> Iterator[Stated]:
    """What a denial in reply denies: what its own claims stand against, or else all that it replies to."""
    if not does(account.thing, "denies"):
        return
    for id in named(account.thing, "replies_to"):
        said = [one for one in held.get(id, ()) if not one.absent]
        own = held[account.id]
        if id == account.id or any(values.clash(a, b) for a in own for b in said if a.point == b.point):
            continue
        for one in said:
            yield replace(one, statement=account.id, negated=not one.negated, in_reply=True)


def _answers(stated: Sequence[Stated], values: Values) -> Iterator[Answer]:
    """Claims with one value make one answer, unless some of them are limited to what others exclude."""
    alike: dict[object, list[Stated]] = defaultdict(list)
    for one in stated:
        alike[one.value, one.negated].append(one)
    for said in alike.values():
        if values.alike([one.scope for one in said]):
            yield _answer(said)
            continue
        apart: dict[object, list[Stated]] = defaultdict(list)
        for one in said:
            apart[one.scope].append(one)
        yield from map(_answer, apart.values())


def _answer(stated: Sequence[Stated]) -> Answer:
    return Answer(tuple(stated), tuple({one.scope: one for one in reversed(stated)}.values()))


def _own(stated: Iterable[Stated], by: str) -> dict[str, list[Stated]]:
    own: dict[str, list[Stated]] = defaultdict(list)
    for one in stated:
        if not one.in_reply and not one.absent:
            own[getattr(one, by)].append(one)
    return own


def _differing(ours: Sequence[Stated], theirs: Sequence[Stated]) -> list[tuple[Stated, Stated]]:
    """Where two statements judged contradictory differ: on a point of both, or else in all they say."""
    differing = [
        (a, b)
        for a, b in product(ours, theirs)
        if (a.point, a.value, a.negated) != (b.point, b.value, b.negated)
    ]
    return [(a, b) for a, b in differing if a.point == b.point] or differing


def _assessed(answer: Answer, edges: Edges) -> Iterator[Reason]:
    for one in answer.stated:
        for _, assessment in edges.get(one, ()):
            yield Reason(ASSESSED, assessment)


def _denied_by(answer: Answer, opposite: Sequence[Answer], values: Values) -> Iterator[Reason]:
    for other in opposite:
        if clash(answer, other, values):
            for one, against in product(_kinds(answer), _kinds(other)):
                yield Reason(REPLY if one.in_reply or against.in_reply else DENIED)


def _rivals(point: Point, values: Values) -> Sequence[Answer]:
    """The answers that may leave no room for another: of plain ranges, the two furthest apart speak for all."""
    if values.properties[point.property_name].holds == "many":
        return ()
    affirmed = [answer for answer in point.answers if not answer.negated]
    ranges = [answer.value.range for answer in affirmed]
    lines = {answer: held.line for answer, held in zip(affirmed, ranges, strict=True) if held and held.line}
    limits = {one.scope for answer in affirmed for one in answer.limited}
    if len(lines) == len(affirmed) > 0 and len({*map(type, ranges)}) == len(limits) == 1:
        lowest = min(lines, key=lambda answer: lines[answer][1])
        highest = max(lines, key=lambda answer: lines[answer][0])
        return lowest, highest
    return affirmed


def _excluded_by(answer: Answer, rivals: Sequence[Answer], values: Values) -> set[Reason]:
    """The first reason that another answer leaves no room for this one: one is enough."""
    rules = (clash(answer, other, values) for other in rivals if other is not answer)
    return {Reason(rule) for rule in islice((rule for rule in rules if rule is not None), 1)}


def _kinds(answer: Answer) -> list[Stated]:
    """One claim said outright and one held by reply, where the answer has them."""
    return list({one.in_reply: one for one in answer.stated}.values())
