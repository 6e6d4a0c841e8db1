"""Finds given names in a text however they are spelled, joined, broken, inflected or hidden.

The terms gate replaces what is found here, so a name missed is a person exposed and a word taken for a name only a
blemish: wherever the two must be weighed, this room finds too much. The exceptions are few and named where they stand.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from .fold import Folded, fold, fold_mapped
from .particles import FOLLOWING, JOINING, SERVING, TITLES
from .proclitics import ARABIC_ARTICLE, read
from .tokens import cut, words

_MOST_WORDS_WITH_PARTS = 5
_LEAST_LETTERS_OF_PART = 3
_LEAST_LETTERS_INFLECTED = 4

# What stands for letters left out: such a name is looked for sign by sign.
_MASK = re.compile(r"[*#•█■□†‡]|--|__|\.\.")
_ENDINGS = {
    "latin": ("s", "es"),
    "arabic": ("ا", "ي", "ه", "ها", "هم", "نا", "ك", "كم", "ين", "ون", "ات"),
    "hebrew": ("י", "ימ", "ית", "ו", "ה"),
}
_TANWIN = "\u064b"
# Prepositions that fold to a man's name (Ali); as a single word, written so, they are taken for the preposition.
_PREPOSITIONS = {"على": "علي", "الى": "الي", "إلى": "الي"}
_INITIALS_BEFORE = re.compile(r"(?:(?<![^\W_])[^\W\d_]\.[\s\-]*)+$")
_BETWEEN = re.compile(r"[\s.,\-–]*(?:(?<![^\W_])[^\W\d_]\.[\s,\-]*)*")


@dataclass(frozen=True, slots=True)
class Name:
    """One spelling of a name; `key` says whose. Of a personal name the parts are looked for as well."""

    key: str
    text: str
    personal: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A name at `[start:end]` of the text, without a proclitic before it or a possessive after it."""

    start: int
    end: int
    key: str


@dataclass(frozen=True, slots=True)
class _Entry:
    key: str
    part: bool
    spelling: str


@dataclass(frozen=True, slots=True)
class _Form:
    """One reading of a word, and where in the folded text it stands."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Written:
    """A word of the text: its reading as it stands comes first among its forms."""

    start: int
    end: int
    forms: tuple[_Form, ...]


@dataclass(frozen=True, slots=True)
class _Page:
    """A text as the finder sees it."""

    original: str
    folded: Folded
    words: list[_Written]
    cased: bool

    def source(self, start: int, end: int) -> str:
        first, last = self.folded.span(start, end)
        return self.original[first:last]


@dataclass(slots=True)
class _Spellings:
    """Names by their letters run together; `beginnings` says of each start of one whether a word may end there."""

    entries: dict[str, _Entry] = field(default_factory=dict)
    beginnings: dict[str, bool] = field(default_factory=dict)

    def add(self, parts: list[str], entry: _Entry) -> None:
        letters = "".join(parts)
        known = self.entries.get(letters)
        if known is None or (known.part and not entry.part):
            self.entries[letters] = entry
        for size in range(1, len(letters)):
            self.beginnings.setdefault(letters[:size], False)
        size = 0
        for part in parts[:-1]:
            size += len(part)
            self.beginnings[letters[:size]] = True


class NameFinder:
    """Finds every occurrence of the given names, in one pass over a text."""

    def __init__(self, names: Iterable[Name]) -> None:
        self._spellings = _Spellings()
        self._letters: dict[tuple[str, ...], str] = {}
        self._masked: list[tuple[re.Pattern[str], str, str]] = []
        for name in names:
            self._learn(name)
        self._longest_letters = max(map(len, self._letters), default=0)

    def find(self, text: str) -> list[Found]:
        """The names in `text`, in order and never overlapping.

        Where two names claim the same words the longer one has them, then the one given as a whole, then the first.
        """
        page = _page(text)
        claims = [*self._spelled(page), *self._lettered(page), *self._hidden(page)]
        return _settled([_with_initials(claim, page) for claim in claims], text)

    def _learn(self, name: Name) -> None:
        found = cut(fold(name.text))
        if not found or _MASK.search(fold(name.text)):
            self._learn_masked(name)
        elif all(len(word) == 1 and not word.isdecimal() for word in found):
            self._letters.setdefault(tuple(_letters_as_written(name.text)), name.key)
        else:
            for parts in _wholes(name.text):
                self._spellings.add(parts, _Entry(name.key, False, _plain(name.text)))
            for parts in _parts(name.text) if name.personal else ():
                self._spellings.add(parts, _Entry(name.key, True, _plain(name.text)))

    def _learn_masked(self, name: Name) -> None:
        signs = fold(name.text).split()
        if signs:
            self._masked.append(
                (_masked_pattern(signs), name.key, _single_letters(fold_mapped(name.text), name.text))
            )

    def _spelled(self, page: _Page) -> Iterator[_Claim]:
        for place, word in enumerate(page.words):
            for form in word.forms:
                yield from self._follow(page, place, form.text, form)

    def _follow(
        self, page: _Page, place: int, letters: str, first: _Form, last: _Form | None = None
    ) -> Iterator[_Claim]:
        last = last or first
        claim = self._ended(page, letters, first, last)
        if claim:
            yield claim
        boundary = self._spellings.beginnings.get(letters)
        if boundary is None or place + 1 == len(page.words):
            return
        if not boundary and not _broken_word(page, place):
            return
        following = page.words[place + 1].forms
        for form in following if boundary else following[:1]:
            yield from self._follow(page, place + 1, letters + form.text, first, form)

    def _ended(self, page: _Page, letters: str, first: _Form, last: _Form) -> _Claim | None:
        """The name that these letters spell, as they are or without an ending."""
        entries = self._spellings.entries
        entry = entries.get(letters)
        if entry is None:
            for ending in _ENDINGS.get(_script(letters), ()):
                base = letters.removesuffix(ending)
                if base is not letters and len(base) < len(letters) and _may_end(base, ending, page, last):
                    entry = entries.get(base)
                    if entry:
                        break
        if entry is None or not _written_as_name(entry, letters, page, first, last):
            return None
        return _Claim(*page.folded.span(first.start, last.end), entry.key, entry.part)

    def _lettered(self, page: _Page) -> Iterator[_Claim]:
        """Names of single letters: as many of them as the name has, in its own case."""
        if not self._letters:
            return
        single = [_single(word, page) for word in page.words]
        for place, letter in enumerate(single):
            if letter is None:
                continue
            for size in range(1, self._longest_letters + 1):
                run = single[place : place + size]
                key = self._letters.get(tuple(filter(None, run))) if None not in run else None
                if key and len(run) == size and not _goes_on(page, single, place, size):
                    last = _single_form(page.words[place + size - 1])
                    yield _Claim(*page.folded.span(page.words[place].start, last.end), key, False)

    def _hidden(self, page: _Page) -> Iterator[_Claim]:
        for pattern, key, letters in self._masked:
            for match in pattern.finditer(page.folded.text):
                if _single_letters(page.folded, page.original, *match.span()) == letters:
                    yield _Claim(*page.folded.span(*match.span()), key, False)


@dataclass(frozen=True, slots=True)
class _Claim:
    start: int
    end: int
    key: str
    part: bool


# How a name may be written


def _name_words(text: str) -> list[str]:
    return [read(word).term for word in cut(fold(text))]


def _wholes(text: str) -> Iterator[list[str]]:
    """The spellings under which a name is looked for as a whole."""
    found = _name_words(text)
    yield found
    without = [found[0], *(_without_article(word) for word in found[1:])]
    if without != found:
        yield without
    untitled = _without_titles(found)
    if 1 < len(untitled) < len(found):
        yield untitled


def _parts(text: str) -> Iterator[list[str]]:
    """What may stand alone for a personal name: each word of it, with and without the particles before it.

    A long description has none; before a comma stands a name, after it what its bearer is.
    """
    head, comma, _ = text.partition(",") if "," in text else text.partition("،")
    written = [(read(word).term, word) for word in cut(fold(head))]
    found = [term for term, _ in written]
    if len([word for word in found if word not in JOINING]) > _MOST_WORDS_WITH_PARTS:
        return
    if comma and found:
        yield found
    capitals = _capitalised(head)
    for place, word in enumerate(found):
        if word in JOINING or word in TITLES or (capitals and place not in capitals):
            continue
        joined = _with_particles(found, place)
        if len(joined) > 1:
            yield joined
        alone = word not in FOLLOWING and not (place and found[place - 1] in SERVING and word > "z")
        if alone and len(word) >= _LEAST_LETTERS_OF_PART:
            yield [word]


def _capitalised(text: str) -> frozenset[int]:
    """Which words of a name may be parts, if it is in a script with capitals and uses them."""
    folded = fold_mapped(text)
    initials = [text[folded.starts[word.start]] for word in words(folded)]
    if not any(char.isupper() for char in initials):
        return frozenset()
    return frozenset(place for place, char in enumerate(initials) if not char.islower())


def _with_particles(found: list[str], place: int) -> list[str]:
    first = place
    while first and (found[first - 1] in JOINING or found[first] in FOLLOWING):
        first -= 1
    return found[first : place + 1]


def _without_titles(found: list[str]) -> list[str]:
    place = 0
    while place < len(found) and found[place] in TITLES:
        place += 1
    return found[place:]


def _without_article(word: str) -> str:
    for article in (ARABIC_ARTICLE, "ה"):
        if word.startswith(article) and len(word) >= len(article) + _LEAST_LETTERS_OF_PART:
            return word.removeprefix(article)
    return word


def _masked_pattern(signs: list[str]) -> re.Pattern[str]:
    """A name with letters left out, neither beginning nor ending inside something longer."""
    body = r"\s+".join(map(re.escape, signs))
    first, last = signs[0][0], signs[-1][-1]
    before = "[a-z0-9]" if "a" <= first <= "z" else r"[^\W_]"
    after = r"[^\W_]" if last.isalnum() else re.escape(last)
    return re.compile(rf"(?<!{before if first.isalnum() else re.escape(first)}){body}(?!{after})")


# How the text is written


def _page(text: str) -> _Page:
    folded = fold_mapped(text)
    cased = any(char.isupper() for char in text)
    return _Page(text, folded, list(_written(folded)), cased)


def _written(folded: Folded) -> Iterator[_Written]:
    for word in words(folded):
        places = [place for place in range(word.start, word.end) if folded.text[place] not in "'\""]
        term = word.reading.term
        forms = [_form(term, form, places) for form in (term, *word.reading.stems)]
        if term[0].isdecimal() or term[-1].isdecimal():
            forms += [_form(term, form, places) for form in _without_digits(term)]
        yield _Written(word.start, word.end, tuple(forms))


def _form(term: str, form: str, places: list[int]) -> _Form:
    """Where a reading stands in its word: at its end, at its beginning, or with an alef the writing left out."""
    if term.endswith(form):
        first, size = len(term) - len(form), len(form)
    elif term.startswith(form):
        first, size = 0, len(form)
    else:
        first, size = len(term) - len(form) + 1, len(form) - 1
    return _Form(form, places[first], places[first + size - 1] + 1)


def _without_digits(term: str) -> Iterator[str]:
    digits = "0123456789"
    for form in {term.lstrip(digits), term.rstrip(digits)}:
        if form and form != term:
            yield form


def _broken_word(page: _Page, place: int) -> bool:
    """Whether the word at `place` may go on in the one after it: across a hyphen, or because it is a particle."""
    word, following = page.words[place], page.words[place + 1]
    if word.forms[0].text in JOINING or any(form.text in JOINING for form in word.forms):
        return True
    gap = page.original[page.folded.ends[word.end - 1] : page.folded.starts[following.start]]
    return fold(gap).strip() == "-" or "\u00ad" in gap


def _may_end(base: str, ending: str, page: _Page, last: _Form) -> bool:
    if len(base) >= _LEAST_LETTERS_INFLECTED:
        return True
    return (
        ending == "ا" and _TANWIN in page.source(last.start, last.end) and len(base) >= _LEAST_LETTERS_OF_PART
    )


def _written_as_name(entry: _Entry, letters: str, page: _Page, first: _Form, last: _Form) -> bool:
    if letters in _PREPOSITIONS.values():
        spelled = _plain(page.source(first.start, last.end))
        return spelled not in _PREPOSITIONS or spelled == entry.spelling
    if not entry.part or not page.cased:
        return True
    initials = [word.forms for word in _between(page, first, last)]
    chars = [page.original[page.folded.starts[form.start]] for forms in initials for form in forms]
    return not all(char.islower() for char in chars)


def _between(page: _Page, first: _Form, last: _Form) -> list[_Written]:
    place = bisect_left(page.words, first.end, key=lambda word: word.end)
    covered: list[_Written] = []
    while place < len(page.words) and page.words[place].start < last.end:
        covered.append(page.words[place])
        place += 1
    return covered


def _plain(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKC", text) if char.isalpha() and char != "ـ")


def _script(letters: str) -> str:
    last = letters[-1]
    if last.isascii():
        return "latin"
    return "hebrew" if "א" <= last <= "ת" else "arabic" if "ء" <= last <= "ي" else "other"


# Single letters


def _letters_as_written(text: str) -> Iterator[str]:
    folded = fold_mapped(text)
    for word in words(folded):
        yield _with_case(folded.text[word.start], text[folded.starts[word.start]])


def _with_case(letter: str, source: str) -> str:
    return letter.upper() if source.isupper() else letter


def _single_form(word: _Written) -> _Form:
    return min(word.forms, key=lambda form: len(form.text))


def _single(word: _Written, page: _Page) -> str | None:
    form = _single_form(word)
    if len(form.text) > 1 or form.start != word.start:
        return None
    return _with_case(form.text, page.original[page.folded.starts[form.start]])


def _goes_on(page: _Page, single: list[str | None], place: int, size: int) -> bool:
    """Whether a run of one letter is longer than the name: T T is not found in T T T."""
    if len(set(single[place : place + size])) > 1:
        return False
    after = place + size
    return (place > 0 and single[place - 1] == single[place] and _close(page, place - 1)) or (
        after < len(single) and single[after] == single[place] and _close(page, after - 1)
    )


def _close(page: _Page, place: int) -> bool:
    return not page.folded.text[page.words[place].end : page.words[place + 1].start].strip(" .\t\n\xa0")


def _single_letters(folded: Folded, original: str, start: int = 0, end: int | None = None) -> str:
    """The letters that stand by themselves, in their case: an R that hides a name is not an r."""
    found = re.finditer(r"(?<![^\W_])[^\W\d_](?![^\W_])", folded.text[start:end])
    return "".join(
        _with_case(match.group(), original[folded.starts[start + match.start()]]) for match in found
    )


# Which claim stands


def _with_initials(claim: _Claim, page: _Page) -> _Claim:
    """A part takes the initials before it along: they would tell who is meant."""
    if not claim.part:
        return claim
    match = _INITIALS_BEFORE.search(page.original, max(0, claim.start - 24), claim.start)
    return _Claim(match.start(), claim.end, claim.key, True) if match else claim


def _settled(claims: list[_Claim], text: str) -> list[Found]:
    """Claims without overlap. Words that two claim in part go whole to the longer, so that none of them shows."""
    settled: list[Found] = []
    longest = 0
    for claim in sorted(claims, key=lambda claim: (claim.start, -claim.end, claim.part)):
        last = settled[-1] if settled else None
        size = claim.end - claim.start
        if last and claim.start < last.end:
            key = claim.key if size > longest else last.key
            longest = max(longest, size)
            settled[-1] = Found(last.start, max(last.end, claim.end), key)
        elif (
            last and claim.key == last.key and claim.part and _BETWEEN.fullmatch(text, last.end, claim.start)
        ):
            settled[-1] = Found(last.start, claim.end, last.key)
            longest = max(longest, claim.end - last.start)
        else:
            settled.append(Found(claim.start, claim.end, claim.key))
            longest = size
    return settled
