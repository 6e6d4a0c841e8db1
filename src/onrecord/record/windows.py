"""One event as each side tells it: what all of them say, what is disputed, what only one says, where one is silent.

A side holds what its actors said under those names; who is who moves no words to another side. A statement
made by actors of two sides stands on both; one made by nobody on a side that is shown stands elsewhere. No
winner is declared and nothing is left out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from onrecord.record.contrary import contraries
from onrecord.record.errors import ThingUnknown
from onrecord.record.findings import Findings
from onrecord.record.gathering import (
    ELSEWHERE,
    Account,
    event_of,
    gather,
    listed,
    living,
    recorded,
    seats,
)
from onrecord.record.origins import Origins
from onrecord.record.points import Point, claims_of, contradictions, points_of
from onrecord.record.properties import Properties, rank
from onrecord.record.remembering import Remembering
from onrecord.record.sameness import Sameness, judged_about
from onrecord.record.telling import Row, Telling
from onrecord.record.things import Thing, Things
from onrecord.record.values import Stated, Values


def windows(
    things: Things,
    event: str,
    *,
    sides: Sequence[str] | None = None,
    only: Collection[str] | None = None,
) -> Row:
    """The windows of an event, ready for JSON. `sides` shows these alone; `only` keeps to these statements.

    Raises `ThingUnknown` for an event or side that is not there, `KindWrong` for a thing that is no event.
    """
    things = Remembering(things)
    found = event_of(things, event)
    shown = _shown(found, sides)
    sameness = Sameness.of(things)
    values = Values(things, sameness, Properties.of(things))
    accounts = gather(things, event, sameness, shown, only)
    stated = claims_of(things, accounts, values)
    edges = contradictions(things, stated)
    points = points_of(stated, values)
    pairs = contraries(accounts, points, edges, values, sameness)
    telling = Telling(things, accounts, stated, pairs, only)
    origins = Origins(things, sameness, only)
    findings = Findings(
        shown, {account.id: account for account in accounts}, sameness, values, telling, origins
    )
    told = {account.id: telling.statement(account.id) for account in accounts}
    return {
        **_heading(found, telling),
        "sides": [_side(found, name, accounts, told, telling, whole=only is None) for name in shown],
        **findings.sorted_out(_in_order(points, found.id, sameness), edges),
        ELSEWHERE: [told[account.id] for account in accounts if not account.sides],
        "assessments": _assessments(things, _seen(event, accounts, stated), whole=only is None),
    }


def _seen(event: str, accounts: Iterable[Account], stated: Iterable[Stated]) -> set[str]:
    """The ids that a window shows."""
    said = {id for account in accounts for id in (account.id, *account.actors)}
    for one in stated:
        value = one.fields.get("value")
        told = (
            one.claim,
            one.fields.get("subject"),
            value.get("ref") if isinstance(value, Mapping) else None,
        )
        said.update(id for id in told if isinstance(id, str))
    return {event, *said}


def _assessments(things: Things, seen: set[str], whole: bool) -> list[Row]:
    """What we judged of anything in the window; where it is not whole, only of what it shows."""
    rows = []
    for thing in sorted(things.of_kind("assessment"), key=recorded):
        about = set().union(*map(judged_about, living(thing)))
        if about & seen and (whole or about <= seen):
            judgements = dict.fromkeys(str(version.fields.get("judgement")) for version in living(thing))
            row = {"id": thing.id, "slug": thing.slug, "judgements": list(judgements), "about": sorted(about)}
            rows.append({**row, "in_conflict": thing.in_conflict})
    return rows


def _shown(event: Thing, sides: Sequence[str] | None) -> list[str]:
    known = list(seats(event))
    for side in sides or ():
        if side not in known:
            listing = ", ".join(known) or "none"
            raise ThingUnknown(side, f"{event.slug or event.id} has no such side", f"Its sides: {listing}.")
    return known if sides is None else [side for side in known if side in sides]


def _heading(event: Thing, telling: Telling) -> Row:
    return {
        "event": event.id,
        "slug": event.slug,
        "title": telling.name(event.id) if event.fields.get("title") is None else event.fields["title"],
        "names": [dict(name) for name in listed(event.fields.get("names"))],
        "when": event.fields.get("when"),
        "in_conflict": event.in_conflict,
    }


def _side(
    event: Thing,
    name: str,
    accounts: Sequence[Account],
    told: Mapping[str, Row],
    telling: Telling,
    whole: bool,
) -> Row:
    """One side's window. Where it is not whole, only those actors are named who speak in it."""
    stored = [side for version in living(event) for side in listed(version.fields.get("sides"))]
    languages = (side["language"] for side in stored if side["name"] == name and side.get("language"))
    spoke = {actor for account in accounts for actor in account.actors}
    return {
        "name": name,
        "language": next(languages, None),
        "actors": [telling.actor(actor) for actor in seats(event)[name] if whole or actor in spoke],
        "statements": [told[account.id] for account in accounts if name in account.sides],
    }


def _in_order(points: Iterable[Point], event: str, sameness: Sameness) -> list[Point]:
    """The event's own points first, then those of other subjects in the order told, each by property."""
    own = ("thing", sameness.root(event))
    points = list(points)
    told = {subject: place for place, subject in enumerate(dict.fromkeys(point.subject for point in points))}
    return sorted(
        points, key=lambda point: (point.subject != own, told[point.subject], rank(point.property_name))
    )
