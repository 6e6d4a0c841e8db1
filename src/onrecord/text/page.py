"""A text as the name finder sees it: its words, each with the forms in which it may be read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .fold import Folded, fold, fold_mapped
from .particles import JOINING
from .spellings import in_case
from .tokens import Word, words

_DIGITS = "0123456789"


@dataclass(frozen=True, slots=True)
class Form:
    """One reading of a word, and where in the folded text its letters stand."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Written:
    """A word of the text. The first of its forms is the word as it stands."""

    start: int
    end: int
    forms: tuple[Form, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A text and its words; `cased` says whether it uses capitals at all."""

    original: str
    folded: Folded
    words: tuple[Written, ...]
    cased: bool

    @classmethod
    def of(cls, text: str) -> Page:
        folded = fold_mapped(text)
        cased = any(map(str.isupper, text))
        return cls(text, folded, tuple(_written(folded, word) for word in words(folded)), cased)

    def source(self, start: int, end: int) -> str:
        """What stands in the original for `folded.text[start:end]`."""
        first, last = self.folded.span(start, end)
        return self.original[first:last]

    def initial(self, start: int) -> str:
        return self.original[self.folded.starts[start]]

    def goes_on(self, place: int) -> bool:
        """Whether the word at `place` may go on in the next: it is broken by a hyphen, or it is a particle."""
        word, following = self.words[place], self.words[place + 1]
        if any(form.text in JOINING for form in word.forms):
            return True
        gap = self.original[self.folded.ends[word.end - 1] : self.folded.starts[following.start]]
        return "\u00ad" in gap or fold(gap).strip() == "-"

    def letter(self, place: int) -> Form | None:
        """The single letter that the word at `place` is, in the case it is written in; K's is a K."""
        word = self.words[place]
        shortest = min(word.forms, key=lambda form: form.end - form.start)
        if shortest.end - word.start != 1 or word.forms[0].text[-1] in _DIGITS:
            return None
        return Form(in_case(shortest.text, self.initial(word.start)), shortest.start, shortest.end)

    def beside(self, place: int) -> bool:
        """Whether nothing but space and full stops parts the word at `place` from the next."""
        return not self.folded.text[self.words[place].end : self.words[place + 1].start].strip(" .\t\n")


def _written(folded: Folded, word: Word) -> Written:
    term, stems = word.reading.term, word.reading.stems
    if not stems and term.isalpha() and len(term) == word.end - word.start:
        return Written(word.start, word.end, (Form(term, word.start, word.end),))
    places = [place for place in range(word.start, word.end) if folded.text[place] not in "'\""]
    readings = dict.fromkeys((term, *stems, *_without_digits(term)))
    return Written(word.start, word.end, tuple(_form(term, reading, places) for reading in readings))


def _without_digits(term: str) -> Iterator[str]:
    """Numbers run together with a name, as in the names of files, do not hide it."""
    for form in (term.lstrip(_DIGITS), term.rstrip(_DIGITS), term.strip(_DIGITS)):
        if form:
            yield form


def _form(term: str, reading: str, places: list[int]) -> Form:
    """Where a reading stands in its word: at the end, else within; or with an alef that the spelling leaves out."""
    first, size = term.rfind(reading), len(reading)
    if first < 0:
        first, size = len(term) - len(reading) + 1, len(reading) - 1
    return Form(reading, places[first], places[first + size - 1] + 1)
