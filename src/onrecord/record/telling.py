"""How a statement is told in a window: who says it, in which words, and what the same person says otherwise."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from onrecord.record.contrary import Contrary
from onrecord.record.gathering import Account, listed, living, texts
from onrecord.record.ideas.statement import KIND
from onrecord.record.things import Things, Version
from onrecord.record.values import Stated

NOT_NAMED = "not named"

Row = dict[str, Any]

_AS_STATED = ("act", "basis", "hedge", "capacity", "said_at", "at_event")
_LINKS = ("reports", "replies_to")
_LIMITS = (
    "when", "place", "qualifiers", "low", "high", "unit", "counted", "population", "formula", "inputs", "as_written"
)  # fmt: skip


def limits(fields: Mapping[str, Any]) -> Row:
    """What a claim says beyond its value, as far as it does."""
    return {field: fields[field] for field in _LIMITS if fields.get(field) is not None}


class Telling:
    """Tells statements. `only` leaves out links to statements that are not among them."""

    def __init__(
        self,
        things: Things,
        accounts: Sequence[Account],
        stated: Sequence[Stated],
        contraries: Sequence[Contrary],
        only: Collection[str] | None,
    ) -> None:
        self._things, self._only = things, only
        self._accounts = {account.id: account for account in accounts}
        self._stated: dict[str, list[Stated]] = defaultdict(list)
        for one in stated:
            self._stated[one.statement].append(one)
        self._later: dict[str, list[Contrary]] = defaultdict(list)
        self._earlier: dict[str, list[Contrary]] = defaultdict(list)
        for pair in contraries:
            self._later[pair.earlier].append(pair)
            self._earlier[pair.later].append(pair)

    def statement(self, id: str) -> Row:
        """A statement with its claims and, beside it, what the same person says to the contrary."""
        account = self._accounts[id]
        versions = living(account.thing) or account.thing.heads
        told = self._version(versions[-1])
        return {
            "id": id,
            "slug": account.thing.slug,
            **told,
            "when": account.time,
            "claims": self._claims(id),
            "denied": [one.claim for one in self._stated[id] if one.in_reply],
            "later": [self._beside(pair.later, pair) for pair in self._later[id]],
            "earlier": [self._beside(pair.earlier, pair) for pair in self._earlier[id]],
            "sides": list(account.sides),
            "unshown_sides": list(account.unshown),
            "why_here": account.why,
            "in_conflict": account.thing.in_conflict,
            "readings": [self._version(version) for version in versions] if account.thing.in_conflict else [],
            "unfinished": self._unfinished(id, versions[-1]),
        }

    def subject(self, stated: Stated) -> Row:
        """The subject and property of a claim, as the claim names them."""
        stored = stated.fields.get("subject")
        name = self.name(stored) if isinstance(stored, str) and stated.subject[0] == "thing" else None
        return {"subject": stored, "subject_name": name, "property": stated.property_name}

    def name(self, id: str) -> str | None:
        """What we call a thing: its title, else its first name. A side's name for an event is not ours."""
        thing = self._things.get(id)
        if thing is None:
            return None
        names = [
            name["text"] for name in listed(thing.fields.get("names")) if isinstance(name.get("text"), str)
        ]
        title = thing.fields.get("title")
        return title if isinstance(title, str) else next(iter(names), None)

    def in_conflict(self, id: str) -> bool:
        """Whether a thing has versions that nobody has resolved."""
        thing = self._things.get(id)
        return thing is not None and thing.in_conflict

    def actor(self, id: str | None) -> Row:
        """An actor with every name the record has for them."""
        thing = self._things.get(id) if id is not None else None
        names = [dict(name) for name in listed(thing.fields.get("names"))] if thing is not None else []
        name = (self.name(id) if id is not None else None) or NOT_NAMED
        return {"id": id, "slug": thing.slug if thing else None, "name": name, "names": names}

    def _shows(self, link: Any) -> bool:
        """Whether a link may be told: one to a thing that is shown, or a stated absence."""
        return self._only is None or not isinstance(link, str) or link in self._only

    def _version(self, version: Version) -> Row:
        fields = version.fields
        speakers = texts(fields.get("speaker"))
        links = {field: fields.get(field) for field in _LINKS}
        return {
            "speaker": self.actor(next(iter(speakers), None)),
            "jointly_with": [self.actor(actor) for actor in texts(fields.get("jointly_with"))],
            **{field: fields.get(field) for field in _AS_STATED},
            **{field: id if self._shows(id) else None for field, id in links.items()},
            "quote": self._quote(fields),
            "passages": list(texts(fields.get("passages"))),
        }

    def _quote(self, fields: Mapping[str, Any]) -> str | None:
        passages = (self._things.get(id) for id in texts(fields.get("passages")))
        quotes = [passage.fields.get("quote") for passage in passages if passage is not None]
        words = [quote for quote in quotes if isinstance(quote, str)]
        own = fields.get("text")
        return " … ".join(words) if words else own if isinstance(own, str) else None

    def _claims(self, id: str) -> list[Row]:
        rows: dict[str, Row] = {}
        for one in self._stated[id]:
            if one.in_reply:
                continue
            reading = self._claim(one)
            first = rows.setdefault(
                one.claim, {"id": one.claim, **reading, "in_conflict": False, "readings": []}
            )
            first["readings"].append(reading)
        for row in rows.values():
            row["in_conflict"] = self.in_conflict(row["id"])
            row["readings"] = row["readings"] if row["in_conflict"] else []
        return list(rows.values())

    def _claim(self, one: Stated) -> Row:
        return {
            **self.subject(one),
            "value": one.fields.get("value"),
            "negated": one.negated,
            **limits(one.fields),
        }

    def _beside(self, id: str, pair: Contrary) -> Row:
        told = self._version((living(self._accounts[id].thing) or self._accounts[id].thing.heads)[-1])
        account = self._accounts[id]
        return {
            "id": id,
            "slug": account.thing.slug,
            "speaker": {"id": told["speaker"]["id"], "name": told["speaker"]["name"]},
            "side": account.seats[0],
            "sides": list(account.sides),
            "quote": told["quote"],
            "act": told["act"],
            "said_at": told["said_at"],
            "when": account.time,
            "order": pair.order,
            "on": sorted({property for _, property in pair.points}),
            "same_as": list(pair.same_as),
        }

    def _unfinished(self, id: str, version: Version) -> list[str]:
        open_ = KIND.unfinished(version.fields)
        return open_ if self._stated[id] else [*open_, "claims"]
