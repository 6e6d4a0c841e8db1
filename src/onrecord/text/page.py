"""A text as the name finder sees it: its words and the forms in which it may be read."""

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
class Page:
    """A text and its words; `cased` says whether it uses capitals at all."""

    original: str
    folded: Folded
    words: tuple[Word, ...]
    cased: bool

    @classmethod
    def of(cls, text: str) -> Page:
        folded = fold_mapped(text)
        return cls(text, folded, tuple(words(folded)), any(map(str.isupper, text)))

    def forms(self, place: int) -> tuple[Form, ...]:
        """The readings of the word at `place`, as it stands first."""
        word = self.words[place]
        term = word.reading.term
        letters = [at for at in range(word.start, word.end) if self.folded.text[at] not in "'\""]
        return tuple(_form(term, text, letters) for text in readings(word))

    def source(self, start: int, end: int) -> str:
        """What stands in the original for `folded.text[start:end]`."""
        first, last = self.folded.span(start, end)
        return self.original[first:last]

    def initial(self, start: int) -> str:
        return self.original[self.folded.starts[start]]

    def goes_on(self, place: int) -> bool:
        """Whether the word at `place` may go on in the next: it is broken by a hyphen, or it is a particle."""
        word, following = self.words[place], self.words[place + 1]
        if not JOINING.isdisjoint(readings(word)):
            return True
        gap = self.original[self.folded.ends[word.end - 1] : self.folded.starts[following.start]]
        return "\u00ad" in gap or fold(gap).strip() == "-"

    def letter(self, place: int) -> Form | None:
        """The single letter that the word at `place` is, in the case it is written in; K's is a K."""
        word = self.words[place]
        letter = (
            min(word.reading.term, *word.reading.stems, key=len) if word.reading.stems else word.reading.term
        )
        if len(letter) > 1 or letter in _DIGITS or self.folded.text[word.start] != letter:
            return None
        return Form(in_case(letter, self.initial(word.start)), word.start, word.start + 1)

    def beside(self, place: int) -> bool:
        """Whether nothing but space and full stops parts the word at `place` from the next."""
        return not self.folded.text[self.words[place].end : self.words[place + 1].start].strip(" .\t\n")


def readings(word: Word) -> tuple[str, ...]:
    """A word as it stands, without proclitics, and without numbers run together with it."""
    term, stems = word.reading.term, word.reading.stems
    return (term, *stems) if term.isalpha() else tuple(dict.fromkeys((term, *stems, *_without_digits(term))))


def _without_digits(term: str) -> Iterator[str]:
    """Numbers run together with a name, as in the names of files, do not hide it."""
    for form in (term.lstrip(_DIGITS), term.rstrip(_DIGITS), term.strip(_DIGITS)):
        if form:
            yield form


def _form(term: str, reading: str, letters: list[int]) -> Form:
    """Where a reading stands in its word: at the end, else within; or with an alef that the spelling leaves out."""
    first, size = term.rfind(reading), len(reading)
    if first < 0:
        first, size = len(term) - len(reading) + 1, len(reading) - 1
    return Form(reading, letters[first], letters[first + size - 1] + 1)
