"""Finds given names in a text however they are spelled, joined, broken, inflected or hidden.

The terms gate replaces what is found here, so a name missed is a person exposed and a word taken for a name only a
blemish: where the two must be weighed, this room finds too much. The exceptions are few and named where they stand.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .page import Form, Page, readings
from .spellings import Entry, Name, Spellings, plain, single_letters

__all__ = ["Found", "Name", "NameFinder"]

# Shorter names are not looked for with an ending on them: too many other words would be found.
_LEAST_LETTERS_INFLECTED = 4
_ENDINGS = {
    "latin": ("s", "es"),
    "arabic": ("ا", "ي", "ه", "ها", "هم", "نا", "ك", "كم", "ين", "ون", "ات"),
    "hebrew": ("י", "ימ", "ית", "ו", "ה"),
}
_TANWIN = "\u064b"
# As a single word written so, this is the preposition and not the man's name (Ali) that it folds to.
_PREPOSITIONS = {"علي": ("على",), "الي": ("الى", "إلى")}

_INITIAL = r"(?<![^\W_])(?:[^\W\d_]\.|[B-HJ-Z](?![\w'’]))"
_INITIALS_BEFORE = re.compile(r"(?:(?<![^\W_])[^\W\d_]\.[\s\-]*)+$")
_WITHIN_ONE_NAME = re.compile(rf"[\s,\-–]*(?:{_INITIAL}[\s,\-]*)*")
_LONGEST_INITIALS = 24


@dataclass(frozen=True, slots=True)
class Found:
    """A name at `[start:end]` of the text, without a proclitic before it or a possessive 's after it."""

    start: int
    end: int
    key: str


@dataclass(frozen=True, slots=True)
class _Claim:
    start: int
    end: int
    key: str
    part: bool = False


class NameFinder:
    """Finds every occurrence of the given names, in one pass over a text.

    A name of a single letter is found wherever that letter stands by itself in its case, also as an ordinary word.
    """

    def __init__(self, names: Iterable[Name]) -> None:
        self._spellings = Spellings()
        for name in names:
            self._spellings.learn(name)

    def find(self, text: str) -> list[Found]:
        """The names in `text`, in order and never overlapping.

        Where several names claim the same words the longest has them, then one given as a whole, then the first
        given: so give only names that are all to be treated alike.
        """
        page = Page.of(text)
        claims = [*self._spelled(page), *self._lettered(page), *self._masked(page)]
        return _settled([_with_initials(claim, text) for claim in claims], text)

    def _spelled(self, page: Page) -> Iterator[_Claim]:
        for place, word in enumerate(page.words):
            if any(map(self._may_begin, readings(word))):
                for form in page.forms(place):
                    yield from self._follow(page, place, form.text, form, form)

    def _may_begin(self, letters: str) -> bool:
        return letters[:2] in self._spellings.beginnings or letters in self._spellings.entries

    def _follow(self, page: Page, place: int, letters: str, first: Form, last: Form) -> Iterator[_Claim]:
        """Names that begin with `letters`, which run from `first` to `last` in the word at `place`."""
        entry = self._entry(letters, page, last)
        if entry and _meant_as_name(entry, letters, page, first, last):
            yield _Claim(*page.folded.span(first.start, last.end), entry.key, entry.part)
        may_end_here = self._spellings.beginnings.get(letters)
        if may_end_here is None or place + 1 == len(page.words):
            return
        following = page.forms(place + 1)
        if may_end_here:
            for form in following:
                yield from self._follow(page, place + 1, letters + form.text, first, form)
        elif page.goes_on(place):
            yield from self._follow(page, place + 1, letters + following[0].text, first, following[0])

    def _entry(self, letters: str, page: Page, last: Form) -> Entry | None:
        """The name these letters spell, as they are or without an ending."""
        entries = self._spellings.entries
        if letters in entries:
            return entries[letters]
        for ending in _ENDINGS.get(_script(letters), ()):
            if letters.endswith(ending):
                entry = entries.get(letters.removesuffix(ending))
                if entry and _may_take(ending, len(letters) - len(ending), page, last):
                    return entry
        return None

    def _lettered(self, page: Page) -> Iterator[_Claim]:
        """Names of single letters: as many letters as the name has, and not part of a longer run of the same."""
        names = self._spellings.lettered
        if not names:
            return
        singles = [page.letter(place) for place in range(len(page.words))]
        longest = max(map(len, names))
        for place in range(len(singles)):
            run: list[Form] = []
            for single in singles[place : place + longest]:
                if single is None:
                    break
                run.append(single)
                key = names.get(tuple(letter.text for letter in run))
                if key is not None and not _run_is_longer(page, singles, place, len(run)):
                    yield _Claim(*page.folded.span(run[0].start, run[-1].end), key)

    def _masked(self, page: Page) -> Iterator[_Claim]:
        for name in self._spellings.masked:
            for match in name.pattern.finditer(page.folded.text):
                if single_letters(page.folded, page.original, *match.span()) == name.letters:
                    yield _Claim(*page.folded.span(*match.span()), name.key)


def _may_take(ending: str, size: int, page: Page, last: Form) -> bool:
    if "'" in page.folded.text[last.start : last.end]:
        return False  # a possessive, which is a reading of its own
    if size >= _LEAST_LETTERS_INFLECTED:
        return True
    return (
        size == _LEAST_LETTERS_INFLECTED - 1
        and ending == "ا"
        and _TANWIN in page.source(last.start, last.end)
    )


def _meant_as_name(entry: Entry, letters: str, page: Page, first: Form, last: Form) -> bool:
    if letters in _PREPOSITIONS:
        spelled = plain(page.source(first.start, last.end))
        return spelled not in _PREPOSITIONS[letters] or spelled == plain(entry.given)
    if not (entry.part and page.cased):
        return True
    return not all(page.initial(start).islower() for start in _word_starts(page, first, last))


def _word_starts(page: Page, first: Form, last: Form) -> list[int]:
    begin = bisect_right(page.words, first.start, key=lambda word: word.start)
    end = bisect_left(page.words, last.end, key=lambda word: word.start)
    return [first.start, *(word.start for word in page.words[begin:end])]


def _run_is_longer(page: Page, singles: list[Form | None], place: int, size: int) -> bool:
    """Whether the same letter goes on before or after: T T does not stand in T T T."""
    texts = {single.text for single in singles[place : place + size] if single}

    def same(other: int, gap: int) -> bool:
        single = singles[other] if 0 <= other < len(singles) else None
        return single is not None and {single.text} == texts and page.beside(gap)

    return same(place - 1, place - 1) or same(place + size, place + size - 1)


def _script(letters: str) -> str:
    last = letters[-1]
    if last.isascii():
        return "latin"
    return "hebrew" if "א" <= last <= "ת" else "arabic" if "ء" <= last <= "ي" else "other"


def _with_initials(claim: _Claim, text: str) -> _Claim:
    """A part takes the initials before it along: they would tell who is meant."""
    if not claim.part:
        return claim
    match = _INITIALS_BEFORE.search(text, max(0, claim.start - _LONGEST_INITIALS), claim.start)
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
        elif last and _one_name(last, claim, text):
            longest = max(longest, size)
            settled[-1] = Found(last.start, claim.end, last.key)
        else:
            longest = size
            settled.append(Found(claim.start, claim.end, claim.key))
    return settled


def _one_name(last: Found, claim: _Claim, text: str) -> bool:
    """Whether a part goes on with the name before it, as the second word of "Faris, Edwin" does."""
    same = claim.part and claim.key == last.key
    return same and _WITHIN_ONE_NAME.fullmatch(text, last.end, claim.start) is not None
