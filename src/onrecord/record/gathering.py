"""Which statements a window holds, where their speakers sit, and in which order they were said."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from onrecord.record.errors import KindWrong, ThingUnknown
from onrecord.record.ranges import GREATEST, Line, Period, period
from onrecord.record.sameness import Sameness
from onrecord.record.things import Thing, Things, Version

ELSEWHERE = "elsewhere"

ABOUT = "about the event"
ABOUT_PART = "about a part of the event"
ABOUT_SAME = "about an event judged the same"
CLAIM = "a claim on the event"
DENIAL = "denies a statement here"


@dataclass(frozen=True, slots=True)
class Account:
    """One statement in a window. `sides` are those shown on which its speakers sit; `unshown` the others."""

    thing: Thing
    why: str
    actors: tuple[str, ...]
    persons: frozenset[str]
    sides: tuple[str, ...]
    unshown: tuple[str, ...]
    said: Period | None
    time: Any

    @property
    def id(self) -> str:
        return self.thing.id

    @property
    def seats(self) -> tuple[str, ...]:
        return self.sides or (ELSEWHERE,)

    @property
    def recorded(self) -> tuple[int, str, int, str]:
        return recorded(self.thing)

    @property
    def order(self) -> tuple[Line, tuple[int, str, int, str]]:
        """By when it was said, the undated last; then as recorded."""
        return self.said.seconds if self.said else (GREATEST, GREATEST), self.recorded


def gather(
    things: Things, event: str, sameness: Sameness, shown: Sequence[str], only: Collection[str] | None
) -> list[Account]:
    """Every statement of the event's window, in the order said. `only` leaves out all others."""
    search = _Search(things, sameness, only)
    seating = seats(event_of(things, event))
    accounts = (
        _account(things, sameness, seating, shown, thing, why)
        for id, why in search.found(event).items()
        if (thing := things.get(id)) is not None
    )
    return sorted(accounts, key=lambda account: account.order)


def event_of(things: Things, event: str) -> Thing:
    """The event asked for. Raises `ThingUnknown` and `KindWrong`."""
    thing = things.get(event)
    if thing is None:
        raise ThingUnknown(event, "no thing has this id", "Find it with: onrecord search WORD.")
    if thing.kind != "event":
        raise KindWrong(event, f"this is of kind {thing.kind}, and windows are of an event", "Name an event.")
    return thing


def seats(event: Thing) -> dict[str, tuple[str, ...]]:
    """The sides and their actors, in stored order. Where versions differ, whoever any of them seats."""
    seating: dict[str, dict[str, None]] = {}
    for version in living(event):
        for side in listed(version.fields.get("sides")):
            seating.setdefault(side["name"], {}).update(dict.fromkeys(texts(side.get("actors"))))
    return {name: tuple(actors) for name, actors in seating.items()}


def living(thing: Thing) -> tuple[Version, ...]:
    """The versions of a thing that still hold something."""
    return tuple(version for version in thing.heads if not version.erased)


def texts(stored: Any) -> tuple[str, ...]:
    """The ids in a field that holds one, several or a stated absence."""
    if isinstance(stored, str):
        return (stored,)
    return tuple(one for one in stored if isinstance(one, str)) if isinstance(stored, list | tuple) else ()


def listed(stored: Any) -> list[Mapping[str, Any]]:
    return [row for row in stored if isinstance(row, Mapping)] if isinstance(stored, list | tuple) else []


def named(thing: Thing, *fields: str) -> tuple[str, ...]:
    """The ids in these fields, over all versions, each once."""
    found = (id for version in living(thing) for field in fields for id in texts(version.fields.get(field)))
    return tuple(dict.fromkeys(found))


def does(thing: Thing, *acts: str) -> bool:
    """Whether a version of a statement is one of these speech acts."""
    return any(version.fields.get("act") in acts for version in living(thing))


def recorded(thing: Thing) -> tuple[int, str, int, str]:
    """When and where the newest version was recorded: clock, log, place in the log, id."""
    newest = thing.heads[-1]
    log, _, place = newest.name.rpartition("/")
    return newest.clock, log, int(place) if place.isdecimal() else 0, thing.id


@dataclass(frozen=True, slots=True)
class _Search:
    things: Things
    sameness: Sameness
    only: Collection[str] | None

    def found(self, event: str) -> dict[str, str]:
        """Ids of statements and why each is here: the first reason found is the nearest one."""
        found: dict[str, str] = {}
        for member, why in self._events(event):
            for statement in self.things.pointing_at(member, "statement", "about"):
                found.setdefault(statement.id, why)
            for claim in self.things.pointing_at(member, "claim", "subject"):
                for id in named(claim, "statement"):
                    found.setdefault(id, CLAIM)
        kept = {id: why for id, why in found.items() if self._wanted(id)}
        return kept | self._denials(kept)

    def _wanted(self, id: str) -> bool:
        return self.only is None or id in self.only

    def _events(self, event: str) -> Iterator[tuple[str, str]]:
        met, waiting = {event}, [(event, ABOUT)]
        while waiting:
            here, why = waiting.pop(0)
            yield here, why
            same = ((id, ABOUT_SAME if why == ABOUT else why) for id in self.sameness.members(here))
            parts = ((part.id, ABOUT_PART) for part in self.things.pointing_at(here, "event", "part_of"))
            for id, reached in sorted([*same, *parts]):
                if id not in met:
                    met.add(id)
                    waiting.append((id, reached))

    def _denials(self, found: Collection[str]) -> dict[str, str]:
        """Statements that deny one in the window by replying to it: without them it would look uncontradicted."""
        denials: dict[str, str] = {}
        waiting = list(found)
        while waiting:
            for reply in self.things.pointing_at(waiting.pop(), "statement", "replies_to"):
                known = reply.id in found or reply.id in denials
                if not known and does(reply, "denies") and self._wanted(reply.id):
                    denials[reply.id] = DENIAL
                    waiting.append(reply.id)
        return denials


def _account(
    things: Things,
    sameness: Sameness,
    seating: Mapping[str, tuple[str, ...]],
    shown: Sequence[str],
    thing: Thing,
    why: str,
) -> Account:
    actors = named(thing, "speaker", "jointly_with")
    held = [side for side, seated in seating.items() if not set(seated).isdisjoint(actors)]
    said, time = _said(things, thing)
    return Account(
        thing,
        why,
        actors,
        frozenset(map(sameness.root, actors)),
        tuple(side for side in held if side in shown),
        tuple(side for side in held if side not in shown),
        said,
        time,
    )


def _said(things: Things, thing: Thing) -> tuple[Period | None, Any]:
    """When a statement was said, else when the event was at which it was said."""
    fields = (living(thing) or thing.heads)[-1].fields
    own = fields.get("said_at")
    if own is not None and (said := period(own)) is not None:
        return said, own
    at = fields.get("at_event")
    event = things.get(at) if isinstance(at, str) else None
    when = event.fields.get("when") if event is not None else None
    found = period(when) if when is not None else None
    return found, when if found else own
