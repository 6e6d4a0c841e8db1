"""Folds away the differences of spelling that a reader looks past, so that one form finds the others.

Every code point folds by itself, whatever stands beside it. That keeps `fold` to one `str.translate`, makes
folding twice the same as folding once, and makes the way back to the original exact.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_MARKS_DROPPED = (
    (0x0300, 0x036F),  # Latin, Greek and Cyrillic diacritics
    (0x0483, 0x0489),
    (0x0591, 0x05BD),  # Hebrew cantillation and niqqud, up to meteg
    (0x05BF, 0x05BF),
    (0x05C1, 0x05C2),
    (0x05C4, 0x05C5),
    (0x05C7, 0x05C7),
    (0x0610, 0x061A),  # Arabic honorifics and small letters above
    (0x064B, 0x065F),  # harakat, hamza and madda above
    (0x0670, 0x0670),
    (0x06D6, 0x06DC),  # Quranic marks
    (0x06DF, 0x06E8),
    (0x06EA, 0x06ED),
    (0x0711, 0x0711),
    (0x0730, 0x074A),
    (0x0898, 0x089F),
    (0x08CA, 0x08FF),
    (0x17B4, 0x17B5),  # Khmer and Mongolian signs that show as nothing
    (0x180B, 0x180F),
    (0x1AB0, 0x1AFF),
    (0x1DC0, 0x1DFF),
    (0x20D0, 0x20FF),
    (0xFB1E, 0xFB1E),
    (0xFE00, 0xFE0F),
    (0xFE20, 0xFE2F),
    (0xE0100, 0xE01EF),
)
# Tatweel, the high hamza that follows a carrier, and the fillers that show as nothing.
_OTHERS_DROPPED = frozenset("\u0640\u0674\u115f\u1160\u2065\u3164\uffa0")

_LETTERS = {
    # Arabic: what one writer tells apart and the next does not.
    "ٱ": "ا", "ٲ": "ا", "ٳ": "ا", "ٵ": "ا",
    "ى": "ي", "ی": "ي", "ې": "ي", "ۍ": "ي", "ے": "ي", "ێ": "ي",
    "ة": "ه", "ہ": "ه", "ھ": "ه", "ە": "ه", "ۃ": "ه",
    "ک": "ك", "ڪ": "ك", "گ": "ك", "ݣ": "ك", "ڭ": "ك",
    "پ": "ب", "چ": "ج", "ڤ": "ف", "ڨ": "ق", "ژ": "ز",
    # Hebrew finals and the Yiddish digraphs.
    "ך": "כ", "ם": "מ", "ן": "נ", "ף": "פ", "ץ": "צ",
    "װ": "וו", "ױ": "וי", "ײ": "יי",
    # Latin letters that Unicode does not decompose.
    "ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "æ": "ae", "œ": "oe", "þ": "th",
}  # fmt: skip
_SIGNS = {
    **dict.fromkeys("‘’‚‛′`´ʹʻʼʽʾʿˈˊˋ׳՚ꞌ＇", "'"),
    **dict.fromkeys("“”„‟″ʺ˝״＂", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u05be\ufe58\ufe63\uff0d", "-"),
    "٫": ".",
    "٬": ",",
    "،": ",",
    "؛": ";",
    "؟": "?",
}


def _is_dropped(char: str) -> bool:
    if char in _OTHERS_DROPPED:
        return True
    category = unicodedata.category(char)
    if category == "Cf":
        return True
    if category == "Cc":
        return not char.isspace()
    return category in ("Mn", "Me") and any(low <= ord(char) <= high for low, high in _MARKS_DROPPED)


def _fold_char(char: str) -> str:
    if _is_dropped(char):
        return ""
    if char in _SIGNS:
        return _SIGNS[char]
    if char in _LETTERS:
        return _LETTERS[char]
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    decomposed = unicodedata.normalize("NFKD", char)
    if len(decomposed) > 1 and decomposed[0] == " " and "\ufb50" <= char <= "\ufeff":
        # An isolated vowel mark among the Arabic presentation forms carries a space that no writer typed.
        decomposed = decomposed.lstrip(" ")
    folded = decomposed.casefold()
    return char if folded == char else "".join(map(_fold_char, folded))


class _Foldings(dict[int, str]):
    """What each code point folds to, worked out when first met."""

    def __missing__(self, point: int) -> str:
        self[point] = folded = _fold_char(chr(point))
        return folded


_FOLDINGS = _Foldings()
_ASCII = {point: _fold_char(chr(point)) for point in range(128)}


@dataclass(frozen=True, slots=True)
class Folded:
    """Folded text with its way back: its character `i` came from `[starts[i]:ends[i]]` of the original."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The place in the original of `text[start:end]`, which must not be empty."""
        return self.starts[start], self.ends[end - 1]


def fold(text: str) -> str:
    """The form in which texts are compared. Folding it again changes nothing."""
    return text.translate(_ASCII) if text.isascii() else fold_known(text, set(text))


def fold_known(text: str, chars: Iterable[str]) -> str:
    """`fold` of a text whose different characters are known already."""
    # A text holds few different characters: replacing those that fold is several times quicker than `translate`.
    # The order does not matter, as what a character folds to folds to itself.
    for char in chars:
        folded = _FOLDINGS[ord(char)]
        if folded != char:
            text = text.replace(char, folded)
    return text


def fold_mapped(text: str) -> Folded:
    """`fold(text)` with the place each character came from; a mark that is dropped goes with its letter."""
    folded = fold(text)
    if text.isascii() and len(folded) == len(text):
        return Folded(folded, range(len(text)), range(1, len(text) + 1))
    starts: list[int] = []
    ends: list[int] = []
    for place, char in enumerate(text):
        count = len(_FOLDINGS[ord(char)])
        if count == 1:
            starts.append(place)
            ends.append(place + 1)
        elif count:
            starts += [place] * count
            ends += [place + 1] * count
        elif ends and _clings(char):
            ends[-1] = place + 1
    return Folded(folded, starts, ends)


def _clings(char: str) -> bool:
    return char == "\u0640" or unicodedata.category(char) in ("Mn", "Me")
