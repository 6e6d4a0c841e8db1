"""Turning one source into what is printed: its words, who, when and where, each through the gate."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from onrecord.publishing.gate import Attribution, Gate
from onrecord.publishing.naming import Carrier
from onrecord.publishing.page.content import CitationView, When, Words
from onrecord.publishing.page.messages import Messages
from onrecord.publishing.parts import Parts
from onrecord.publishing.refusal import Refusal
from onrecord.publishing.selection import Source
from onrecord.publishing.whereabouts import whereabouts
from onrecord.record.fields import is_absence
from onrecord.record.things import Thing
from onrecord.record.times import display
from onrecord.text.direction import direction, script

Layers = Callable[[str], str]
_LANGUAGES = {"arabic": "ar", "hebrew": "he"}
_BETWEEN = " … "
_BREAK = "\n\n"
_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?")


@dataclass(slots=True)
class Printing:
    """Prints sources for one audience. What may not be printed is gathered in `refusals`; `masks` counts brackets.

    `standing_in` are the things that were named, by the originals they stand in.
    """

    gate: Gate
    layers: Layers
    parts: Parts
    words: Messages
    standing_in: Mapping[str, tuple[str, ...]]
    refusals: list[Refusal] = field(default_factory=list)
    masks: int = 0

    def source(self, source: Source) -> CitationView:
        fields = self._fields(source)
        who = self.speakers(source)
        before, after = self._context(source)
        return CitationView(
            n=source.n,
            words=self.quoted(source),
            who=", ".join(one.text for one in who) or self._place_of(source),
            before=before or None,
            after=after or None,
            capacity=self._capacity(source, who),
            when=self.when(fields.get("said_at"), source.carriers),
            act=_stated(fields, "act"),
            basis=_stated(fields, "basis"),
            hedge=self.aside(fields.get("hedge"), source.carriers),
            where=self.where(source),
            attribution=who[0].form if who else None,
            withheld=tuple(self._withheld(who)),
            entries=source.entries,
        )

    def quoted(self, source: Source) -> Words:
        """The released words of a source, masked; every mask that has no agreed words is refused."""
        parts = [self._passage(passage, source.carriers) for passage in source.passages if _quote(passage)]
        own = "" if parts else self._own_words(source)
        language = self.language(self._fields(source).get("language"), source.carriers)
        return in_words(_BETWEEN.join(parts) or own, language)

    def speakers(self, source: Source) -> tuple[Attribution, ...]:
        return self.gate.speakers(source.statement.id, source.carriers) if source.statement else ()

    def where(self, source: Source) -> str | None:
        """The titles of the originals, with the place in each where it is known."""
        shown = [self._place_in(passage, source) for passage in source.passages]
        return "; ".join(dict.fromkeys(place for place in shown if place)) or None

    def when(self, time: Any, within: Carrier) -> When | None:
        """A time in words, with what stood in the original where that may be shown."""
        if time is None or is_absence(time):
            return None
        written = time.get("as_written") if isinstance(time, Mapping) else None
        stated = {name: one for name, one in time.items() if name != "as_written"} if written else time
        return When(self.time_words(stated), self.aside(written, within))

    def time_words(self, time: Any) -> str:
        """A time without what stood in the original: in words in English, in digits elsewhere."""
        return display(time) if self.words.language == "en" else _numbers_of(time)

    def aside(self, text: Any, within: Carrier) -> str | None:
        """Words that merely accompany a source: masked, or left out where a mask would need words nobody agreed to."""
        if not isinstance(text, str):
            return None
        masked = self.gate.words(text, within)
        self.masks += 0 if masked.refusals else len(masked.masks)
        return None if masked.refusals else masked.text

    def language(self, stated: Any, within: Carrier) -> str | None:
        """A language as a tag. Anything else that stands there is no language and may tell something."""
        if not isinstance(stated, str) or not _TAG.fullmatch(stated):
            return None
        subtags = stated.partition("-")[2]
        return stated if not subtags or self.gate.words(subtags, within).text == subtags else None

    def _passage(self, passage: Thing, within: Carrier) -> str:
        layer = passage.fields.get("layer")
        masked = self.gate.quote(passage.id, within, self.layers(layer) if layer else None)
        self.refusals += masked.refusals
        self.masks += len(masked.masks)
        return masked.text

    def _own_words(self, source: Source) -> str:
        field = {"statement": "text", "norm": "title", "assessment": "reason", "item": "title"}
        carrier = source.statement or source.thing
        text = carrier.fields.get(field.get(carrier.kind, ""))
        if not isinstance(text, str):
            return ""
        masked = self.gate.words(text, source.carriers)
        self.refusals += masked.refusals
        self.masks += len(masked.masks)
        return masked.text

    def _context(self, source: Source) -> tuple[str, str]:
        """The words around in the same paragraph or message, where there is one passage and so no doubt what they are around."""
        if len(source.passages) != 1 or not source.passages[0].fields.get("layer"):
            return "", ""
        (passage,) = source.passages
        layer, start, end = (passage.fields.get(name) for name in ("layer", "start", "end"))
        if not isinstance(start, int) or not isinstance(end, int):
            return "", ""
        text = self.layers(str(layer))
        bounds = self.parts.reach(str(layer), text, start, end)
        around = self.gate.context(text, passage.id, source.carriers, bounds=bounds)
        return around.before.rpartition(_BREAK)[2], around.after.partition(_BREAK)[0]

    def _capacity(self, source: Source, who: tuple[Attribution, ...]) -> str | None:
        """What somebody spoke as: only beside a name that is given, as it may tell who it is."""
        named = who and who[0].form == "named"
        return self.aside(self._fields(source).get("capacity"), source.carriers) if named else None

    def _place_of(self, source: Source) -> str:
        return self.where(source) or self.words.word("attribution", "not given")

    def _place_in(self, passage: Thing, source: Source) -> str | None:
        """The original's title, for all sources in it alike: what it tells of one it tells of the others.

        Of an original without a title the place alone is told, where the terms let anything of it be told.
        """
        item = str(passage.fields.get("item"))
        title = self.gate.reached(item, self.standing_in.get(item) or passage.id)
        if not title.given and (self._is_titled(item, source) or not self.gate.opens(item, ())):
            return None
        place = whereabouts(
            passage.fields,
            self.parts,
            self.layers,
            lambda text: self.aside(text, source.carriers),
            self.words,
        )
        told = filter(None, (title.text if title.given else None, place))
        return self.words.plain("comma").join(told) or None

    def _is_titled(self, item: str, source: Source) -> bool:
        return any(one.id == item and bool(one.fields.get("title")) for one in source.items)

    def _withheld(self, who: tuple[Attribution, ...]) -> Iterator[str]:
        if any(one.form != "named" for one in who):
            yield self.words.plain("withheld.name")

    def _fields(self, source: Source) -> Mapping[str, Any]:
        return (source.statement or source.thing).fields


def in_words(text: str, language: str | None = None) -> Words:
    """Words with their language, as stated or by their script, and their direction."""
    return Words(text, language or _LANGUAGES.get(script(text)), direction(text))


def _stated(fields: Mapping[str, Any], name: str) -> str | None:
    value = fields.get(name)
    return value if isinstance(value, str) else None


def _quote(passage: Thing) -> bool:
    return isinstance(passage.fields.get("quote"), str)


def _numbers_of(time: Any) -> str:
    """A time in digits, for languages whose month names the program does not write."""
    if isinstance(time, str):
        return time.replace("T", " ")
    ends = [str(time.get(name) or "…").replace("T", " ") for name in ("from", "to")]
    return ends[0] if ends[0] == ends[1] else " – ".join(ends)
