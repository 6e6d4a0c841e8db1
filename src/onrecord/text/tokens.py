"""Cuts a text into words, each with its place and its readings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .fold import Folded, fold_mapped
from .proclitics import Reading, read

# Scripts whose vowel signs are marks that `fold` keeps, because dropping them would leave other words.
_SCRIPTS_WITH_VOWEL_SIGNS = ((0x0780, 0x07BF), (0x0900, 0x109F), (0x1780, 0x17DF), (0x3099, 0x309A))
_VOWEL_SIGNS = "".join(
    chr(point)
    for low, high in _SCRIPTS_WITH_VOWEL_SIGNS
    for point in range(low, high + 1)
    if unicodedata.category(chr(point)).startswith("M")
)
# An apostrophe stays inside its word; a double quote only between Hebrew letters, where it is gershayim.
_WORD = re.compile(rf"\w[\w{_VOWEL_SIGNS}]*(?:(?:'{{1,2}}|(?<=[א-ת])\"(?=[א-ת]))[\w{_VOWEL_SIGNS}]+)*")
_VOWEL_SIGNS_SET = frozenset(_VOWEL_SIGNS)
_ASCII_GAPS = str.maketrans(
    {char: " " for char in map(chr, range(128)) if not (char.isalnum() or char == "'")}
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word at `[start:end]` of the original text; `stems` are its other readings, without proclitics."""

    start: int
    end: int
    folded: str
    stems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Word:
    """A word at `[start:end]` of a folded text."""

    start: int
    end: int
    reading: Reading


def cut(folded: str) -> list[str]:
    """The words of a folded text, with the apostrophes and gershayim inside them."""
    return cut_each(folded)[0]


def cut_each(folded: str, between: str = "", chars: Iterable[str] | None = None) -> list[list[str]]:
    """The words of each of several folded texts, joined by a character that stands in none of them.

    `chars` are the text's different characters, where they are known already.
    """
    parts = spaced(folded, between, chars)
    whole = folded if parts is None else parts
    texts = whole.split(between) if between else [whole]
    if parts is None:
        return [_WORD.findall(_without_underscores(text)) for text in texts]
    if "'" not in folded and '"' not in folded:
        return [text.split() for text in texts]
    return [[word for piece in text.split() for word in _in_piece(piece)] for text in texts]


def spaced(folded: str, between: str = "", chars: Iterable[str] | None = None) -> str | None:
    """The text with spaces for all that stands between words, marks left in; None where only the pattern can tell."""
    if folded.isascii():
        return folded.translate(_ASCII_GAPS | {ord(between): between} if between else _ASCII_GAPS)
    for char in set(folded) if chars is None else chars:
        if char in _VOWEL_SIGNS_SET:
            return None
        if not (char.isalnum() or char.isspace() or char in "'\""):
            folded = folded.replace(char, " ")
    return folded


def _in_piece(piece: str) -> list[str]:
    return _WORD.findall(piece) if "'" in piece or '"' in piece else [piece]


def words(folded: Folded) -> Iterator[Word]:
    for match in _WORD.finditer(_without_underscores(folded.text)):
        yield Word(match.start(), match.end(), read(match.group()))


def tokens(text: str) -> list[Token]:
    """The words of a text in order, with code point offsets into it."""
    folded = fold_mapped(text)
    return [
        Token(*folded.span(word.start, word.end), word.reading.term, word.reading.stems)
        for word in words(folded)
    ]


def _without_underscores(folded: str) -> str:
    """The same length of text, with what `\\w` would wrongly take for a letter gone."""
    return folded.replace("_", " ")
