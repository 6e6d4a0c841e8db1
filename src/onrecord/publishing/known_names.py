"""Every name the record knows, found in a text: of actors and places, sealed ones, and other audiences' pseudonyms."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from onrecord.record.things import Thing, Things
from onrecord.text.names import Name, NameFinder

Cover = Literal["", "sealed", "pseudonym"]


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a text, by code points: whose it is, and whether the whole name stands there or only a part.

    `cover` says that the name is a sealed one, or a pseudonym meant for another audience.
    """

    start: int
    end: int
    id: str
    whole: bool
    cover: Cover = ""
    name: str = ""


class KnownNames:
    """The names of a record, with a finder over them."""

    def __init__(self, things: Things, audience: str, sealed: Mapping[str, Sequence[str]]) -> None:
        self._things = things
        self._known = tuple(dict.fromkeys(_known(things, audience, sealed)))
        self._finder = NameFinder(
            Name(key=str(place), text=known.text, personal=known.personal) for place, known in enumerate(self._known)
        )

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """Every name in a text, one mention for each actor or place that it may name."""
        found = (self._mention(one.start, one.end, int(one.key), text) for one in self._finder.find(text))
        return tuple(dict.fromkeys(found))

    def all(self) -> tuple[Mention, ...]:
        """Every name known, as if it stood in a text by itself."""
        return tuple(
            Mention(0, len(known.text), known.id, True, known.cover, known.text) for known in self._known
        )

    def first(self, id: str) -> str | None:
        """The name to print where the name may be given."""
        thing = self._things.get(id)
        return next((text for text in _texts(thing, "names")), None) if thing else None

    def _mention(self, start: int, end: int, place: int, text: str) -> Mention:
        known = self._known[place]
        whole = len(_words(text[start:end])) >= len(_words(known.text))
        return Mention(start, end, known.id, whole, known.cover, known.text)


@dataclass(frozen=True, slots=True)
class _Known:
    id: str
    text: str
    personal: bool
    cover: Cover = ""


def _known(things: Things, audience: str, sealed: Mapping[str, Sequence[str]]) -> Iterator[_Known]:
    for actor in things.of_kind("actor"):
        personal = actor.fields.get("type") not in ("group", "body", "office")
        yield from (_Known(actor.id, text, personal) for text in _texts(actor, "names"))
        yield from (
            _Known(actor.id, text, personal, "sealed") for text in sealed.get(actor.id, ()) if text.strip()
        )
        others = _texts(actor, "pseudonyms", lambda row: row.get("audience") != audience)
        yield from (_Known(actor.id, text, False, "pseudonym") for text in others)
    for place in things.of_kind("place"):
        yield from (_Known(place.id, text, False) for text in _texts(place, "names"))


def _texts(
    thing: Thing, field: str, keep: Callable[[Mapping[str, Any]], bool] = lambda row: True
) -> Iterator[str]:
    """The texts of a list of names, over all versions that stand, newest first; also as they were written."""
    for version in reversed(thing.heads):
        rows = version.fields.get(field)
        for row in rows if isinstance(rows, list | tuple) else ():
            if isinstance(row, Mapping) and keep(row):
                stated = (row.get("text"), row.get("as_written"))
                yield from (text for text in stated if isinstance(text, str) and text.strip())


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text)
