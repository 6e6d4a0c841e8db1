"""Every name the record knows: of actors and places, also former ones, sealed ones, and other audiences' pseudonyms."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from onrecord.publishing.escapes import unescaped
from onrecord.record.things import Thing, Things
from onrecord.text.names import Found, Name, NameFinder
from onrecord.text.tokens import tokens

Cover = Literal["", "sealed", "pseudonym"]
Span = tuple[int, int]

_AROUND = 60
_LONGEST_ENDING = 3
_IN_ADDRESSES = ("://", "www.", "@", "#")
_PIECE = re.compile(r"[^\s()<>\"]+")
_LATIN, _OTHER = "[A-Za-z\u00c0-\u024f]", "[\u0590-\u08ff]"
_LATIN_ON_OTHERS = re.compile(f"(?<={_OTHER})['’]?{_LATIN}+|{_LATIN}+(?={_OTHER})")
_OTHERS_ON_LATIN = re.compile(f"{_OTHER}+(?={_LATIN})|(?<={_LATIN}){_OTHER}+")


@dataclass(frozen=True, slots=True)
class KnownName:
    """A name and whose it is. `cover` says that it is sealed, or a pseudonym meant for another audience."""

    id: str
    text: str
    personal: bool = False
    cover: Cover = ""


class KnownNames:
    """The names of a record, and who else may be meant where one of them is found."""

    def __init__(
        self,
        things: Things,
        audience: str,
        sealed: Mapping[str, Sequence[str]],
        former: Mapping[str, Sequence[str]],
    ) -> None:
        self._things = things
        self.names = tuple(dict.fromkeys(_known(things, audience, sealed, former)))
        self._all = Finder(self.names)
        self._by_owner: dict[str, list[KnownName]] = defaultdict(list)
        self._by_word: dict[str, dict[str, None]] = defaultdict(dict)
        self._finders: dict[str, Finder] = {}
        self._owners: dict[tuple[str, Span], dict[str, Span]] = {}
        for name in self.names:
            self._by_owner[name.id].append(name)
            for word in _forms(name.text):
                self._by_word[word][name.id] = None

    def first(self, id: str) -> str | None:
        """The name to print where the name may be given."""
        thing = self._things.get(id)
        return next(_texts(thing, "names"), None) if thing else None

    def told_of(self, text: str) -> frozenset[str]:
        """Every actor and place that a text may name, in whole or in part."""
        spans = [(found.start, found.end) for found in self._all.find(text)]
        return frozenset(id for span in spans for id in self.owners(text, span))

    def owners(self, text: str, span: Span) -> dict[str, Span]:
        """Whose name may stand at a place where a name was found, and how much of the text each would take."""
        low, high = max(0, span[0] - _AROUND), span[1] + _AROUND
        key = (text[low:high], (span[0] - low, span[1] - low))
        if key not in self._owners:
            self._owners[key] = self._find_owners(*key)
        return {id: (start + low, end + low) for id, (start, end) in self._owners[key].items()}

    def _find_owners(self, text: str, span: Span) -> dict[str, Span]:
        owners: dict[str, Span] = {}
        for id in self._likely(text[span[0] : span[1]]):
            for found in self._finder(id).find(text):
                start, end = found.start, found.end
                if start < span[1] and span[0] < end:
                    owners[id] = (start, end)
        return owners

    def _likely(self, words: str) -> Iterator[str]:
        likely = dict.fromkeys(self.names[int(found.key)].id for found in self._all.find(words))
        for word in _forms(words):
            for size in range(max(1, len(word) - _LONGEST_ENDING), len(word) + 1):
                likely |= self._by_word.get(word[:size], {})
        yield from likely

    def _finder(self, id: str) -> Finder:
        if id not in self._finders:
            self._finders[id] = Finder(self._by_owner[id])
        return self._finders[id]


class Finder:
    """Finds names also in words that run from one script into another, as a Latin ending on an Arabic name does."""

    def __init__(self, names: Sequence[KnownName], *, in_part: bool = True) -> None:
        """Keys count these names. Without `in_part` a name is found as a whole only."""
        found = (Name(str(n), name.text, in_part and name.personal) for n, name in enumerate(names))
        self._finder = NameFinder(found)

    def find(self, text: str) -> list[Found]:
        """The names in `text`, also where they are escaped; those met in several readings of a word may overlap."""
        found = [one for reading in _apart(text) for one in self._finder.find(reading)]
        if read := unescaped(text):
            again = (one for reading in _apart(read.text) for one in self._finder.find(reading))
            found += (Found(*read.span(one.start, one.end), one.key) for one in again)
        return list(dict.fromkeys(found))


def _apart(text: str) -> Iterator[str]:
    """The text, again its addresses alone, and without what one script writes onto words of the other.

    Places stay the same. Addresses are read without regard to case, as that is how they are written.
    """
    yield text
    if any(sign in text for sign in _IN_ADDRESSES):
        yield _addresses(text)
    for written_on in (_LATIN_ON_OTHERS, _OTHERS_ON_LATIN):
        if written_on.search(text):
            yield written_on.sub(lambda match: " " * len(match.group()), text)


def _addresses(text: str) -> str:
    alone = [" "] * len(text)
    for match in _PIECE.finditer(text):
        piece, small = match.group(), match.group().lower()
        if len(small) == len(piece) and any(sign in piece for sign in _IN_ADDRESSES):
            alone[match.start() : match.end()] = small
    return "".join(alone)


def _forms(text: str) -> Iterator[str]:
    """The readings of each word in a name, and the whole of it run together."""
    found = tokens(text)
    for token in found:
        yield token.folded
        yield from token.stems
    yield "".join(token.folded for token in found)


def name_texts(names: Any, keep: Callable[[Mapping[str, Any]], bool] = lambda row: True) -> Iterator[str]:
    """The texts of a list of names, each also as it was written."""
    for row in names if isinstance(names, list | tuple) else ():
        if isinstance(row, Mapping) and keep(row):
            stated = (row.get("text"), row.get("as_written"))
            yield from (text for text in stated if isinstance(text, str) and text.strip())


def _known(
    things: Things,
    audience: str,
    sealed: Mapping[str, Sequence[str]],
    former: Mapping[str, Sequence[str]],
) -> Iterator[KnownName]:
    for actor in sorted(things.of_kind("actor"), key=lambda thing: thing.id):
        personal = actor.fields.get("type") not in ("group", "body", "office")
        for text in sealed.get(actor.id, ()):
            if text.strip():
                yield KnownName(actor.id, text, personal, "sealed")
        named = (*_texts(actor, "names"), *former.get(actor.id, ()))
        yield from (KnownName(actor.id, text, personal) for text in named)
        for text in _texts(actor, "pseudonyms", lambda row: row.get("audience") != audience):
            yield KnownName(actor.id, text, cover="pseudonym")
    for place in sorted(things.of_kind("place"), key=lambda thing: thing.id):
        named = (*_texts(place, "names"), *former.get(place.id, ()))
        yield from (KnownName(place.id, text) for text in named)


def _texts(
    thing: Thing, field: str, keep: Callable[[Mapping[str, Any]], bool] = lambda row: True
) -> Iterator[str]:
    """The texts of a list of names, over all versions that stand, newest first."""
    for version in reversed(thing.heads):
        yield from name_texts(version.fields.get(field), keep)
