"""A refusal is a to-do list: who it concerns, which term, and the mend: describe, leave out or ask again.

Refusals are for the keepers' own eyes: they may name people. There is no row that says "allow".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from onrecord.record.terms import Bar
from onrecord.record.things import Thing, Things

NOBODY_NAMED = "nobody named"

USE_IN_WORDS: Mapping[str, str] = {
    "team": "sharing with the team",
    "partner": "handing to a partner",
    "court": "use in court",
    "un": "handing to the UN",
    "media": "publication",
    "words": "quoting",
    "name": "naming",
    "place": "giving the place",
    "image": "showing the picture",
    "voice": "playing the voice",
    "statistics": "counting",
}

MENDS: Mapping[str, str] = {
    "no": "leave out: {person} said no to {use}.",
    "ask": "ask again: {person} wants to be asked each time before {use}; record the answer in the terms.",
    "not asked": "ask again: {person} was not asked about {use}; ask, and record the answer in the terms.",
    "unclear": "ask again: the terms do not say clearly what was agreed ({term}); write it so that it can be read.",
    "approval": "ask again: get approval from {detail}, and record it in the terms.",
    "embargo": "leave out: it may not go before {detail}.",
    "attribution": "leave out: the agreed {term} does not allow it.",
    "erased": "ask again: these terms were erased, so nothing that rests on them is open.",
    "expired": "ask again: the yes of {person} expired on {detail}.",
    "revoked": "leave out: {person} withdrew the yes on {detail}.",
    "no yes": "ask again: the terms with {person} say nothing about {use}; ask, and record the answer.",
    "no terms": "ask again: there are no terms here; record what was agreed about {use}, or leave it out.",
}


@dataclass(frozen=True, slots=True, order=True)
class Refusal:
    """One row of the to-do list. Rows sort by person, so that each is asked once."""

    person: str
    thing: str
    use: str
    term: str
    mend: str
    why: str = ""

    def row(self) -> dict[str, str]:
        """The row as `publish` prints it."""
        return {
            "thing": self.thing, "term": self.term, "mend": self.mend,
            "person": self.person, "use": self.use, "why": self.why,
        }  # fmt: skip


_TURNED = (
    ("leave out: leave the original out, as ", "closed to this reader: the original, as "),
    ("leave out: ", "closed to this reader: "),
    ("; cite a passage of it instead", ""),
    (", or leave it out", ""),
)


def row_alone(refusal: Refusal) -> dict[str, str]:
    """The row where nothing can be left out, as the whole document is about the one thing."""
    row = refusal.row()
    for said, alone in _TURNED:
        row["mend"] = row["mend"].replace(said, alone)
    return row


def to_do(refusals: Iterable[Refusal]) -> tuple[Refusal, ...]:
    """Rows without repeats, those of one person together."""
    return tuple(sorted(set(refusals)))


class Refusals:
    """Turns what closes into rows that say whom to ask and what to do."""

    def __init__(self, things: Things) -> None:
        self._things = things

    def of(self, thing: str, bars: Iterable[Bar]) -> tuple[Refusal, ...]:
        return to_do(self._of(thing, bar) for bar in bars)

    def label(self, id: str) -> str:
        """What the keepers call a thing: its first name, title or file name, else its slug, else its id."""
        thing = self._things.get(id)
        if thing is None:
            return id
        return _first_name(thing) or str(
            thing.fields.get("title") or thing.fields.get("name") or thing.slug or id
        )

    def person(self, thing: str) -> str:
        """Whom to ask about a thing over which there are no terms."""
        found = self._things.get(thing)
        if found is None:
            return NOBODY_NAMED
        if found.kind in ("actor", "place"):
            return self.label(thing)
        for field in ("speaker", "received_from"):
            if found.fields.get(field):
                return self._whom(found.fields[field])
        for field in ("statement", "item"):
            if isinstance(found.fields.get(field), str):
                return self.person(found.fields[field])
        return NOBODY_NAMED

    def _of(self, thing: str, bar: Bar) -> Refusal:
        whom = bar.terms.fields.get("agreed_with") if bar.terms else None
        person = self._whom(whom) if whom else self.person(bar.thing)
        mend = MENDS[bar.cause].format(
            person=person,
            use=USE_IN_WORDS.get(bar.use, bar.use),
            term=bar.term,
            detail=self._detail(bar) or "whoever must approve",
        )
        over = "" if bar.thing == thing else f" over {self.label(bar.thing)}"
        why = f"terms{over}: {bar.term}" if bar.terms else f"no yes to {bar.use}"
        return Refusal(person, thing, bar.use, bar.term, mend, why)

    def _detail(self, bar: Bar) -> str:
        return self.label(bar.detail) if self._things.get(bar.detail) else bar.detail

    def _whom(self, whom: object) -> str:
        if isinstance(whom, Mapping):
            whom = whom.get("ref") or whom.get("none") or NOBODY_NAMED
        return self.label(str(whom))


def _first_name(thing: Thing) -> str | None:
    names = thing.fields.get("names")
    rows = names if isinstance(names, list | tuple) else ()
    return next((str(row["text"]) for row in rows if isinstance(row, Mapping) and row.get("text")), None)
