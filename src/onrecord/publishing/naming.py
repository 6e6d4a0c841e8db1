"""Whether somebody may be named, or a place located, and what stands there instead.

The thing that carries the words and the one named are asked together. What closes one name closes every name that an
undisputed "same as" joins to it; what opens one opens no other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from onrecord.record.bearing import Bearings
from onrecord.record.sameness import Sameness
from onrecord.record.terms import (
    AUDIENCE_USE,
    FORMS_WITHOUT_NAME,
    NOBODY,
    Bar,
    Bearing,
    Ground,
    agreed_description,
    agreed_with,
    in_order,
)
from onrecord.record.things import Things

Status = Literal["open", "unopened", "closed"]
Carrier = str | tuple[str, ...]
"""What carries a name: one thing, or several that are printed as one. Then every one of them must let it stand."""
NOT_GIVEN: Mapping[str, str] = {"actor": "name not given", "place": "place not given"}


@dataclass(frozen=True, slots=True)
class Substitute:
    """What may stand in place of a name, and the form in which that was agreed."""

    text: str
    form: str


class Naming:
    """Names and places as this audience may see them on this day."""

    def __init__(
        self, things: Things, bearings: Bearings, sameness: Sameness, audience: str, today: date
    ) -> None:
        self._things = things
        self._bearings = bearings
        self._sameness = sameness
        self._audience = audience
        self._today = today
        self._agreed: dict[str, bool] = {}
        self._bars: dict[tuple[str, str | None], tuple[Bar, ...]] = {}

    def bars(self, id: str, within: Carrier | None = None) -> tuple[Bar, ...]:
        """Why an actor may not be named, or a place located, by itself or in what stands in the thing `within`.

        What somebody said stands before what nobody said.
        """
        if isinstance(within, tuple):
            return _said_first(bar for one in within for bar in self.bars(id, one))
        within = self.basis(within)
        if (id, within) not in self._bars:
            use = "place" if self.kind(id) == "place" else "name"
            self._bars[id, within] = self._find_bars(id, within, use)
        return self._bars[id, within]

    def status(self, id: str, within: Carrier | None = None) -> Status:
        """Whether a name is open, closed by what somebody said, or merely not opened by anybody."""
        return _status(self.bars(id, within))

    def substitute(self, id: str, within: Carrier | None = None) -> Substitute | None:
        """The agreed words in place of a name: of the strictest form, else the shortest; else a pseudonym."""
        agreed = sorted((strict, len(text), text) for strict, text in self._descriptions(id, within))
        if agreed:
            strict, _, text = agreed[0]
            return Substitute(text, FORMS_WITHOUT_NAME[strict])
        pseudonyms = sorted(text for member in self.members(id) for text in self._pseudonyms(member))
        return Substitute(pseudonyms[0], "pseudonym") if pseudonyms else None

    def basis(self, within: str | None) -> str | None:
        """The thing whose terms are those of this one."""
        return self._bearings.basis(within) if within else None

    def root(self, id: str) -> str:
        return self._sameness.root(id)

    def kind(self, id: str) -> str:
        thing = self._things.get(id)
        return thing.kind if thing else ""

    def status_of_others(self, place: bool, within: str | None) -> Status:
        """What holds in a thing for everybody over whom nothing was agreed and whom its terms do not concern."""
        return _status(self._find_bars("", within, "place" if place else "name"))

    def is_agreed_about(self, id: str) -> bool:
        """Whether there are terms over an actor or place, or over one that stands for the same."""
        if id not in self._agreed:
            self._agreed[id] = any(self._bearings.over(member) for member in self.members(id))
        return self._agreed[id]

    def concerned(self, within: str) -> frozenset[str]:
        """Whom the terms over a thing concern by name: speakers, and those they were agreed with."""
        bearings = [bearing for way in self._bearings.ground(within).ways for bearing in way]
        found = {
            id
            for bearing in bearings
            for people in (bearing.whose, bearing.attributed)
            for id in people or ()
        }
        found |= {id for bearing in bearings if (id := agreed_with(bearing.version))}
        return frozenset(member for id in found for member in self.members(id))

    def _find_bars(self, id: str, within: str | None, use: str) -> tuple[Bar, ...]:
        members = frozenset(self.members(id))
        carrying = self._bearings.ground(within) if within else Ground(id, ((),))
        own = [
            replace(bearing, opens=bearing.opens and member == id)
            for member in sorted(members)
            for bearing in self._bearings.over(member)
        ]
        asked = carrying.each(lambda bearing: _narrowed(bearing, use, id, members))
        bars = asked.with_terms(own).bars(use, self._today)
        bars += carrying.with_terms(own).bars(AUDIENCE_USE[self._audience], self._today)
        return _said_first(bars)

    def members(self, id: str) -> tuple[str, ...]:
        return tuple({id: None, **dict.fromkeys(self._sameness.members(id))})

    def _descriptions(self, id: str, within: Carrier | None) -> Iterator[tuple[int, str]]:
        members = frozenset(self.members(id))
        bearings = [bearing for member in members for bearing in self._bearings.over(member)]
        for way in self._ways(within) if self.kind(id) == "actor" else ():
            bearings += [bearing for bearing in way if bearing.attributed and bearing.attributed & members]
        for bearing in bearings:
            if described := agreed_description(bearing.version):
                yield described

    def _ways(self, within: Carrier | None) -> Iterator[tuple[Bearing, ...]]:
        for one in (within,) if isinstance(within, str) else within or ():
            yield from self._bearings.ground(one).ways

    def _pseudonyms(self, id: str) -> Iterator[str]:
        thing = self._things.get(id)
        for version in thing.heads if thing else ():
            for row in version.fields.get("pseudonyms") or ():
                if row.get("audience") == self._audience and str(row.get("text") or "").strip():
                    yield str(row["text"])


def _said_first(bars: Iterable[Bar]) -> tuple[Bar, ...]:
    return tuple(sorted(in_order(bars), key=lambda bar: not bar.stated))


def _status(bars: tuple[Bar, ...]) -> Status:
    if not bars:
        return "open"
    return "closed" if any(bar.stated for bar in bars) else "unopened"


def _narrowed(bearing: Bearing, use: str, id: str, members: frozenset[str]) -> Bearing:
    """What terms over words say of this one name. A yes of somebody known opens that one's own name only."""
    if use == "place":
        return replace(bearing, attributed=NOBODY)
    with_whom = agreed_with(bearing.version)
    return replace(
        bearing,
        opens=bearing.opens and with_whom in (None, id),
        whose=_narrow(bearing.whose, members),
        attributed=_narrow(bearing.attributed, members),
    )


def _narrow(concerned: frozenset[str] | None, members: frozenset[str]) -> frozenset[str] | None:
    return concerned if concerned is None else concerned & members
