"""The one gate on the way out: what may go to an audience on a day, under which names, with which words.

What a publication contains or cites is *asked* and refused when it is closed. What that merely reaches is
*substituted* by the agreed words or left out. Nothing here reads a file, and nothing here can be told to allow.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from onrecord.publishing.attribution import Attribution, Context, Leak
from onrecord.publishing.known_names import KnownName, KnownNames
from onrecord.publishing.markup import readings
from onrecord.publishing.masking import Masked, Masking
from onrecord.publishing.naming import NOT_GIVEN, Carrier, Naming, Status
from onrecord.publishing.presence import Presence
from onrecord.publishing.refusal import Refusal, Refusals, to_do
from onrecord.publishing.roll import Mention, Roll
from onrecord.publishing.surroundings import clear, places
from onrecord.record.bearing import Bearings
from onrecord.record.errors import KindWrong
from onrecord.record.sameness import Sameness
from onrecord.record.terms import AUDIENCE_USE, Bar
from onrecord.record.things import Thing, Things

SHOWN: Mapping[str, tuple[str, ...]] = {
    "statement": ("words",),
    "claim": ("words",),
    "passage": ("words",),
    "actor": ("name",),
    "place": ("place",),
}
"""What is asked besides the audience's own use when a thing of this kind is contained or cited."""

SENSES: Mapping[str, tuple[str, ...]] = {
    "image": ("image",),
    "audio": ("voice",),
    "video": ("image", "voice"),
}
"""What the whole of an original shows, by the first part of its media type."""


_OF_ORIGINALS: Mapping[str, str] = {
    "the original's name": "file name",
    "the original's title": "title",
    "the original's text": "text",
    "the original's file": "file, where a reader does not see it,",
    "what lies inside the original": "content",
    "what was made from the original": "transcript, or whatever else was made from it,",
}


class Gate:
    """What may go to one audience on one day. Build one for each publication."""

    def __init__(
        self,
        things: Things,
        audience: str,
        today: date,
        *,
        sealed_names: Mapping[str, Sequence[str]] | None = None,
        former_names: Mapping[str, Sequence[str]] | None = None,
        sameness: Sameness | None = None,
    ) -> None:
        if audience not in AUDIENCE_USE:
            raise KindWrong(audience, "is no audience", f"Known: {', '.join(AUDIENCE_USE)}.")
        self.audience = audience
        self._own_use = AUDIENCE_USE[audience]
        self.today = today
        self._things = things
        self._sealed = dict(sealed_names or {})
        self._bearings = Bearings(things)
        self._refusals = Refusals(things)
        self._naming = Naming(
            things, self._bearings, sameness or Sameness.of(things, strained=True), audience, today
        )
        self._names = KnownNames(things, audience, self._sealed, former_names or {})
        self._masking = Masking(self._names, self._naming, self._refusals)
        self._reached: dict[tuple[str, Carrier], Attribution] = {}
        self._no: dict[tuple[str, tuple[str, ...]], tuple[Bar, ...]] = {}
        self._presence = Presence(things, self._bearings, self._naming, self._names)

    # ---- asked -----------------------------------------------------------------------------------

    def ask(self, id: str, uses: Iterable[str] | None = None) -> tuple[Refusal, ...]:
        """Why a thing that is contained or cited may not go; empty when it may.

        Besides the audience's own use this asks `uses`, or what a thing of this kind shows by itself.
        """
        thing = self._things.get(id)
        if thing is None or all(version.erased for version in thing.heads):
            mend = "leave out: it is not in the record, or was erased."
            return (Refusal(self._refusals.person(id), id, self._own_use, "not in the record", mend),)
        asked = dict.fromkeys((self._own_use, *(SHOWN.get(thing.kind, ()) if uses is None else uses)))
        bars = [bar for use in asked for bar in self._bars(thing, use)]
        return self._refusals.of(id, bars)

    def opens(self, id: str, uses: Iterable[str] | None = None) -> bool:
        return not self.ask(id, uses)

    def original(
        self,
        item: str,
        text: str | None = None,
        unseen: Iterable[str] = (),
        beneath: Iterable[tuple[str, str]] = (),
    ) -> tuple[Refusal, ...]:
        """Why the whole of an original may not go, its hash included; `text` is its text layer, if it has one.

        `unseen` are texts in its file that the layer does not show, such as its metadata; `beneath` those of items that
        `beneath` names, each after its item. It may not go either where it, or one of them, holds a passage that is
        closed, or a closed name, or where something inside it is closed.
        """
        thing = self._require(item, "item")
        senses = SENSES.get(str(thing.fields.get("media_type") or "").partition("/")[0], ())
        refused = list(self.ask(item, ("words", *senses)))
        for inner in self._bearings.inside(item):
            refused += self._refusals.of(inner, self._said_no(inner, ("words", *senses)))
        holders = self._bearings.holding_its_words(item)
        for holder in holders:
            for spot in self._bearings.spots(holder):
                refused += self._refusals.of(spot.passage, self._said_no(spot.passage, ("words", *senses)))
        carriers = (item, *(one for holder in holders for one in self._bearings.resting_on(holder)))
        roll = self._masking.roll(("original", item), lambda: lambda name: self._in_original(name, carriers))
        for name, words in _names_of_file(thing, text):
            refused += self._closed_in(words, f"the original's {name}", item, roll)
        for words in unseen:
            refused += self._closed_in(words, "the original's file", item, roll)
        inside = frozenset(self._bearings.inside(item))
        for holder, words in beneath:
            where = "what lies inside the original" if holder in inside else "what was made from the original"
            refused += self._closed_in(words, where, item, roll)
        return to_do(refused)

    def beneath(self, item: str) -> tuple[str, ...]:
        """The other items whose words stand in this one: what lies inside it, and what was made from it or from that."""
        return self._bearings.holding_its_words(item)[1:]

    def kept_back(self, id: str) -> tuple[Refusal, ...]:
        """Why a thing of our own making, such as an event, may not be named: only what somebody said closes it."""
        thing = self._things.get(id)
        bars = self._bars(thing, self._own_use) if thing else ()
        return self._refusals.of(id, (bar for bar in bars if bar.stated))

    def unsearched(self) -> tuple[Refusal, ...]:
        """Sealed identities that were not opened for this build, so that nobody could look for their names."""
        unopened = [
            who.id for who in self._things.of_kind("actor") if who.id not in self._sealed and _is_sealed(who)
        ]
        mend = "ask again: let somebody who can open this sealed identity build it, so that the name is looked for."
        why = "a sealed name could not be looked for"
        return to_do(Refusal(self._refusals.label(who), who, "name", "sealed", mend, why) for who in unopened)

    # ---- reached ---------------------------------------------------------------------------------

    def speakers(self, statement: str, within: Carrier | None = None) -> tuple[Attribution, ...]:
        """Who says it, then who says it with them, as this audience may be told, also under claims `within`."""
        fields = self._require(statement, "statement").fields
        who = [fields.get("speaker"), *(fields.get("jointly_with") or ())]
        return tuple(self.person(id, within or statement) for id in dict.fromkeys(who) if isinstance(id, str))

    def person(self, actor: str, within: Carrier | None = None) -> Attribution:
        """How an actor may be called, in what stands in the thing or things `within`."""
        return self._given(actor, "actor", within)

    def place(self, place: str, within: Carrier | None = None) -> Attribution:
        """What a place may be called, in what stands in the thing or things `within`."""
        return self._given(place, "place", within)

    def reached(self, id: str, within: Carrier) -> Attribution:
        """What a thing that is merely reached may be called: a name, a title, the agreed words, or nothing."""
        if (id, within) not in self._reached:
            self._reached[id, within] = self._find_reached(id, within)
        return self._reached[id, within]

    def _find_reached(self, id: str, within: Carrier) -> Attribution:
        thing = self._things.get(id)
        if thing is not None and thing.kind in NOT_GIVEN:
            return self._given(id, thing.kind, within)
        title = str(thing.fields.get("title") or "") if thing else ""
        if not title or any(self._keeps_back(id, one) for one in _each(within)):
            return Attribution(id, "not given", "not given", "The terms do not give it.")
        if self._masking.within(within).mentions(title):
            return Attribution(id, "not given", "not given", "Its title holds a name that is not given.")
        return Attribution(id, title, "named", "Given as agreed.")

    # ---- words -----------------------------------------------------------------------------------

    def quote(self, passage: str, within: Carrier | None = None, layer: str | None = None) -> Masked:
        """A passage's words as they may be printed under the statement or claims `within`, or by themselves.

        With the text layer, a name that the quote cuts through is found too.
        """
        fields = self._require(passage, "passage").fields
        words, start, end = str(fields.get("quote") or ""), fields.get("start"), fields.get("end")
        within = within or passage
        if (
            layer is None
            or not isinstance(start, int)
            or not isinstance(end, int)
            or layer[start:end] != words
        ):
            return self.words(words, within)
        return self._masking.mask(layer, start, end, within)

    def words(self, text: str, within: Carrier) -> Masked:
        """Any words that stand in a thing, as they may be printed there."""
        return self._masking.mask(text, 0, len(text), within)

    def context(
        self,
        layer: str,
        passage: str,
        within: Carrier | None = None,
        reach: int = 160,
        bounds: tuple[int, int] | None = None,
    ) -> Context:
        """The words around a passage, where its item opens `words`; every closed name in them in brackets.

        They may be the words of another passage: then they go by its terms as well. They end where `bounds` do.
        """
        fields = self._require(passage, "passage").fields
        start, end = fields.get("start"), fields.get("end")
        if not isinstance(start, int) or not isinstance(end, int) or not self._context_shows(passage):
            return Context()
        if layer[start:end] != fields.get("quote"):
            return Context()
        low, high = clear(layer, fields, (start, end), self._withheld(passage), reach)
        if bounds:
            low, high = min(start, max(low, bounds[0])), max(end, min(high, bounds[1]))
        marked = self._marked(passage, layer, low, high)
        carriers = tuple(dict.fromkeys((*_each(within or passage), *marked)))
        before = self._around(layer, low, start, carriers)
        return Context(before, self._around(layer, end, high, carriers))

    # ---- our own text ----------------------------------------------------------------------------

    def own_text(
        self, text: str, where: str, beside: Iterable[str] = (), thing: str | None = None
    ) -> tuple[Refusal, ...]:
        """Why words of our own (a title, an article, a file name) may not go. `where` is told to the keepers.

        `thing` is what holds the words. `beside` are the statements, passages and items released with it. A name
        that one of them gives openly may stand here, unless another of them, or anything agreed over the person,
        keeps it back.
        """
        carriers = tuple(dict.fromkeys(beside))
        roll = self._masking.roll(("own", carriers), lambda: lambda name: self._in_own_text(name, carriers))
        return self._closed_in(text, where, thing or where, roll)

    def leaks(self, text: str) -> tuple[Leak, ...]:
        """Names closed whatever carries them, found whole in a text: the last look at every file that leaves.

        Markup is read both as it stands and as a browser shows it.
        """
        found: dict[tuple[str, str], Leak] = {}
        for reading in readings(text):
            for mention in self._masking.within(None).whole(reading):
                around = reading[max(0, mention.start - 30) : mention.end + 30]
                found.setdefault((mention.id, mention.name), Leak(mention.id, mention.name, around))
        return tuple(found[key] for key in sorted(found))

    def closed_names(self) -> tuple[tuple[str, str], ...]:
        """Every (id, name) that is closed whatever carries it."""
        return tuple(sorted({(name.id, name.text) for name in self._masking.within(None).closed}))

    # ---- how -------------------------------------------------------------------------------------

    def _bars(self, thing: Thing, use: str) -> tuple[Bar, ...]:
        if thing.kind in NOT_GIVEN and use in ("name", "place"):
            return self._naming.bars(thing.id)
        return self._bearings.ground(thing.id).bars(use, self.today)

    def _keeps_back(self, id: str, within: str) -> bool:
        ground = self._bearings.ground(within).with_terms(self._bearings.over(id))
        return bool(ground.bars(self._own_use, self.today))

    def _given(self, id: str, kind: str, within: Carrier | None) -> Attribution:
        name = self._names.first(id)
        said = self._naming.status(id, within)
        if said == "open" and name and not self._masking.within(within).mentions(name):
            return Attribution(id, name, "named", "Named as agreed.")
        substitute = self._naming.substitute(id, within) if said != "open" else None
        text = self._masking.describes(id, within) if substitute else None
        if substitute and text:
            return Attribution(id, text, substitute.form, "Called so as agreed.")
        return Attribution(id, NOT_GIVEN[kind], "not given", "The terms do not give it.")

    def _context_shows(self, passage: str) -> bool:
        """Whether every item it stands in opens its own words; what was agreed over a part does not open the rest."""
        uses = (self._own_use, "words")
        items = self._bearings.items(passage)
        return bool(items) and not any(
            self._bearings.ground(item).bars(use, self.today) for item in items for use in uses
        )

    def _marked(self, passage: str, layer: str, low: int, high: int) -> Iterator[str]:
        """Other passages in a stretch of a layer over whose words something was agreed."""
        here = self._require(passage, "passage").fields
        for item in self._bearings.items(passage):
            for spot in self._bearings.spots(item):
                found = places(spot.fields, here, layer, low, high)
                if any(start < high and low < end for start, end in found):
                    yield spot.passage

    def _withheld(self, passage: str) -> Iterator[Mapping[str, Any]]:
        """Passages of the same items whose words somebody closed."""
        for item in self._bearings.items(passage):
            for spot in self._bearings.spots(item):
                if self._said_no(spot.passage, ("words",)):
                    yield spot.fields

    def _said_no(self, passage: str, uses: Sequence[str]) -> tuple[Bar, ...]:
        """What somebody said that closes a passage; a yes that is merely lacking is not listed."""
        key = (passage, tuple(uses))
        if key not in self._no:
            ground = self._bearings.ground(passage)
            bars = (bar for use in (self._own_use, *uses) for bar in ground.bars(use, self.today))
            self._no[key] = tuple(bar for bar in bars if bar.stated)
        return self._no[key]

    def _around(self, layer: str, start: int, end: int, within: Carrier) -> str:
        return self._masking.mask(layer, start, max(start, end), within, must_describe=False).text

    def _closed_in(self, text: str, where: str, thing: str, roll: Roll) -> tuple[Refusal, ...]:
        mentions = (one for reading in readings(text) for one in roll.mentions(reading))
        return to_do(self._stands_in(mention, where, thing) for mention in mentions)

    def _stands_in(self, mention: Mention, where: str, thing: str) -> Refusal:
        person = self._refusals.label(mention.id)
        kind = self._naming.kind(mention.id)
        bars = self._naming.bars(mention.id)
        term = "sealed" if mention.cover == "sealed" else bars[0].term if bars else "closed in what is cited"
        use = "place" if kind == "place" else "name"
        mend = f"leave out: take the name of {person} out of {where}, or write the agreed words instead."
        if where in _OF_ORIGINALS:
            what = _OF_ORIGINALS[where]
            mend = f"leave out: leave the original out, as its {what} names {person}; cite a passage of it instead."
        elif bars and not any(bar.stated for bar in bars) and mention.cover != "sealed":
            mend = f"ask again: nothing was agreed about naming {person}; put terms over them, or take it out of {where}."
        return Refusal(person, thing, use, term, mend, f"{where} holds a name that may not go")

    def _in_own_text(self, name: KnownName, beside: Sequence[str]) -> Status:
        by_itself = self._masking.status(name, None)
        if by_itself == "closed":
            return "closed"
        said = {self._masking.status(name, id) for id in beside if self._presence.has(name.id, id)}
        if "closed" in said:
            return "closed"
        return "open" if by_itself == "open" or "open" in said else "unopened"

    def _in_original(self, name: KnownName, carriers: Sequence[str]) -> Status:
        """An original holds all its statements: a name that one of them keeps back may not stand in it."""
        if any(self._masking.status(name, id) == "closed" for id in carriers):
            return "closed"
        return self._masking.status(name, carriers[0])

    def _require(self, id: str, kind: str) -> Thing:
        thing = self._things.get(id)
        if thing is None or thing.kind != kind:
            raise KindWrong(id, f"is not of the kind {kind}", "Name another thing.")
        return thing


def _each(within: Carrier) -> tuple[str, ...]:
    return (within,) if isinstance(within, str) else within


def _is_sealed(actor: Thing) -> bool:
    sealed = (version.fields.get("sealed") for version in actor.heads)
    return any(isinstance(one, Mapping) and "age" in one for one in sealed)


def _names_of_file(item: Thing, text: str | None) -> Iterator[tuple[str, str]]:
    """The texts that go out with an original, after what they are."""
    for field in ("name", "title"):
        if item.fields.get(field):
            yield field, str(item.fields[field])
    # The names of files are written without regard to case: interview levi.txt.
    yield "name", str(item.fields.get("name") or "").lower()
    if text:
        yield "text", text


__all__ = ["Attribution", "Context", "Gate", "Leak", "Masked"]
