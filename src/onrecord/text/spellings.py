"""From a name as given to the letters it may be found by."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from .fold import Folded, fold, fold_mapped
from .particles import COMMON, DESCRIBING, FOLLOWING, JOINING, SERVING, TITLES
from .proclitics import ARABIC_ARTICLE, read
from .tokens import cut, words

_MOST_WORDS_WITH_PARTS = 5
_LEAST_LETTERS_OF_PART = 3

# What stands for letters left out.
_MASK = re.compile(r"[*#•█■□†‡]|--|__|\.\.")
_ALONE = re.compile(r"(?<![^\W_])[^\W\d_](?![^\W_])")


@dataclass(frozen=True, slots=True)
class Name:
    """One spelling of a name; `key` says whose. Of a personal name the parts are looked for as well."""

    key: str
    text: str
    personal: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """Whose name some letters spell, whether they are only a part of it, and the name as it was given."""

    key: str
    part: bool
    given: str


@dataclass(frozen=True, slots=True)
class Masked:
    """A name with letters left out, looked for sign by sign; `letters` are those whose case must agree."""

    key: str
    pattern: re.Pattern[str]
    letters: str


@dataclass(slots=True)
class Spellings:
    """All that is looked for.

    `entries` go by a name's letters run together; `beginnings` holds every start of those letters and says whether
    a word of the name may end there. `lettered` are the names of single letters, `masked` those with signs in them.
    """

    entries: dict[str, Entry] = field(default_factory=dict)
    beginnings: dict[str, bool] = field(default_factory=dict)
    lettered: dict[tuple[str, ...], str] = field(default_factory=dict)
    masked: list[Masked] = field(default_factory=list)

    def learn(self, name: Name) -> None:
        folded = fold(name.text)
        found = cut(folded)
        if not found or _MASK.search(folded):
            self._learn_masked(name)
        elif all(len(word) == 1 and word.isalpha() for word in found):
            self.lettered.setdefault(tuple(single_letters(fold_mapped(name.text), name.text)), name.key)
        else:
            for whole in _wholes(name.text):
                self._add(whole, Entry(name.key, False, name.text))
        for part in _parts(name.text) if name.personal else ():
            self._add(part, Entry(name.key, True, name.text))

    def _learn_masked(self, name: Name) -> None:
        signs = fold(name.text).split()
        if signs:
            letters = single_letters(fold_mapped(name.text), name.text)
            self.masked.append(Masked(name.key, _masked_pattern(signs), letters))

    def _add(self, parts: list[str], entry: Entry) -> None:
        letters = "".join(parts)
        known = self.entries.get(letters)
        if known is None or (known.part and not entry.part):
            self.entries[letters] = entry
        for size in range(1, len(letters)):
            self.beginnings.setdefault(letters[:size], False)
        for count in range(1, len(parts)):
            self.beginnings["".join(parts[:count])] = True


def single_letters(folded: Folded, original: str, start: int = 0, end: int | None = None) -> str:
    """The letters standing by themselves in `folded.text[start:end]`, in the case they were written in."""
    found = _ALONE.finditer(folded.text[start:end])
    return "".join(in_case(match.group(), original[folded.starts[start + match.start()]]) for match in found)


def in_case(letter: str, source: str) -> str:
    return letter.upper() if source.isupper() else letter


def plain(text: str) -> str:
    """The letters of a text as written, without marks: unlike folding, this keeps ya and alef maqsura apart."""
    return "".join(char for char in unicodedata.normalize("NFKC", text) if char.isalpha() and char != "ـ")


def _wholes(text: str) -> Iterator[list[str]]:
    """A name as a whole: as given, without inner articles, without titles."""
    found = _terms(text)
    yield found
    without = [found[0], *(_without_article(word) for word in found[1:])]
    if without != found:
        yield without
    untitled = found[_titles(found) :]
    if 1 < len(untitled) < len(found):
        yield untitled


def _parts(text: str) -> Iterator[list[str]]:
    """What may stand alone for a personal name: each word of it, with and without the particles before it.

    Before a comma stands a name, after it what its bearer is. A long text may be a description, whose words are
    anybody's: in scripts without capitals only its first word with the next or the last is looked for. "The man at
    the door" is one, too, however short.
    """
    head, *rest = re.split("[,،]", text, maxsplit=1)
    found = _terms(head)
    initials = _initials(head)
    if sum(word not in JOINING for word in found) > _MOST_WORDS_WITH_PARTS and not _all_capitals(
        found, initials
    ):
        if not rest and not any(map(str.islower, initials)):
            yield from ([found[0], found[1]], [found[0], found[-1]])
        return
    if rest and found:
        yield found
    capitals = any(map(str.isupper, initials))
    if found and not capitals and found[0] in DESCRIBING:
        return
    for place in range(_titles(found), len(found)):
        word = found[place]
        if word in JOINING or word in COMMON or (capitals and initials[place].islower()):
            continue
        joined = found[_first_particle(found, place) : place + 1]
        if len(joined) > 1:
            yield joined
        if len(word) >= _LEAST_LETTERS_OF_PART and _stands_alone(found, place):
            yield [word]


def _terms(text: str) -> list[str]:
    return [read(word).term for word in cut(fold(text))]


def _initials(text: str) -> list[str]:
    folded = fold_mapped(text)
    return [text[folded.starts[word.start]] for word in words(folded)]


def _all_capitals(found: list[str], initials: list[str]) -> bool:
    """Whether every word of a name but its particles has a capital, as those of a description have not."""
    return all(initial.isupper() or word in JOINING for word, initial in zip(found, initials, strict=True))


def _titles(found: list[str]) -> int:
    """How many titles a name begins with; its last word is none."""
    count = 0
    while count < len(found) - 1 and found[count] in TITLES:
        count += 1
    return count


def _first_particle(found: list[str], place: int) -> int:
    while place and (found[place - 1] in JOINING or found[place] in FOLLOWING):
        place -= 1
    return place


def _stands_alone(found: list[str], place: int) -> bool:
    if found[place] in FOLLOWING:
        return False
    return found[place].isascii() or not place or found[place - 1] not in SERVING


def _without_article(word: str) -> str:
    for article in (ARABIC_ARTICLE, "ה"):
        if word.startswith(article) and len(word) >= len(article) + _LEAST_LETTERS_OF_PART:
            return word.removeprefix(article)
    return word


def _masked_pattern(signs: list[str]) -> re.Pattern[str]:
    """The signs, neither beginning nor ending inside something longer; a proclitic may stand before Latin letters."""
    first, last = signs[0][0], signs[-1][-1]
    before = "[a-z0-9]" if "a" <= first <= "z" else r"[^\W_]" if first.isalnum() else re.escape(first)
    after = r"[^\W_]" if last.isalnum() else re.escape(last)
    body = r"\s+".join(map(re.escape, signs))
    return re.compile(rf"(?<!{before}){body}(?!{after})")
