"""From letters where the eye finds them to the order in which they are read, for lines with Arabic or Hebrew in them.

A page says where each letter stands, never in which order it is read. This goes the way of the Unicode Bidirectional Algorithm
(UAX #9) back: right-to-left lines are read from the right, and words and numbers from left to right inside them stay so.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

_STRONG_RIGHT, _MARK = ("R", "AL"), "NSM"
_GAP = 0.09
_NEAR, _MOST_SIGNS = 3, 8
_MIRRORED = dict(zip("()[]{}<>«»‹›≤≥⟨⟩", ")(][}{><»«›‹≥≤⟩⟨", strict=True))
_OPENING, _CLOSING = "([{«‹⟨", ")]}»›⟩"
_BRACKETS = frozenset(_OPENING + _CLOSING)
_TO_OPEN = dict(zip(_CLOSING, _OPENING, strict=True))
_TO_CLOSE = dict(zip(_OPENING, _CLOSING, strict=True))
_OPENS = re.compile(rf"(?:(?<=\s)|^)[{re.escape(_CLOSING)}](?=\w)")
_CLOSES = re.compile(rf"(?<=[\w.!?؟])[{re.escape(_OPENING)}](?=[\s.,،;؛:]|$)")
_ALEFS = "\u0627\u0622\u0623\u0625\u0671"
_LAM, _HEH = "\u0644", "\u0647"
_PRESENTED = re.compile("[\ufb50-\ufdff\ufe70-\ufefc]")


class Letter(NamedTuple):
    """A character, or a run of one script in the order of reading, where it begins on the line, and what it takes up there.

    There are very many, so it is a tuple.
    """

    text: str
    origin: float
    left: float
    right: float
    height: float


def in_reading_order(lines: Sequence[Sequence[Letter]]) -> list[str]:
    """The lines of one page, each in the order in which it is read.

    What is in doubt in a line, its main direction and whether its brackets are kept as seen or as meant, is settled by the page.
    """
    seen = [_seen(line) for line in lines]
    parts = [part for line in seen for part in line]
    right, strong = (sum(len(part) for part in parts if is_so(part[0])) for is_so in (_is_right, _is_strong))
    mostly_right = 2 * right >= strong
    read_so = ["".join(_read(line, mostly_right, mirror=True)) for line in seen]
    if not _BRACKETS.isdisjoint(parts):
        as_meant = ["".join(_read(line, mostly_right, mirror=False)) for line in seen]
        read_so = as_meant if sum(map(_pairs, as_meant)) > sum(map(_pairs, read_so)) else read_so
    return [_with_fitting_brackets(plain(line)) for line in read_so]


def plain(text: str) -> str:
    """Letters that are kept as the shape they have in a word become ordinary letters."""
    return _PRESENTED.sub(lambda shape: unicodedata.normalize("NFKC", shape[0]).strip(), text)


def _seen(line: Sequence[Letter]) -> list[str]:
    """The glyphs from left to right, each with its marks, and a space wherever there is room for one."""
    glyphs = [glyph for glyph in _glyphs(line) if glyph.text != " " or glyph.right > glyph.left]
    bases = sorted((one for one in glyphs if not _is_mark(one.text[0])), key=_middle)
    texts = [base.text for base in bases]
    if len(bases) < len(glyphs):
        texts = _with_marks(bases, [one for one in glyphs if _is_mark(one.text[0])])
    room = _GAP * max((one.height for one in bases), default=0.0)
    shown: list[str] = []
    beyond = None
    for base, text in zip(bases, texts, strict=True):
        if text.isspace():
            text = " "
        elif beyond is not None and base.left - beyond > room and shown and shown[-1] != " ":
            shown.append(" ")
        if text != " " or (shown and shown[-1] != " "):
            shown.append(text)
        beyond = base.right
    if shown and shown[-1] == " ":
        shown.pop()
    return shown


def _middle(letter: Letter) -> float:
    return letter.left + letter.right


def _glyphs(line: Sequence[Letter]) -> list[Letter]:
    """Characters that begin at one place share a glyph (a ligature, or a letter with its marks): they are one."""
    groups: list[list[Letter]] = []
    for letter in line:
        if groups and abs(groups[-1][0].origin - letter.origin) < 0.01 and _one_glyph(groups[-1][0], letter):
            groups[-1].append(letter)
        else:
            groups.append([letter])
    return [group[0] if len(group) == 1 else _together(group) for group in groups]


def _one_glyph(one: Letter, other: Letter) -> bool:
    wide = one.right > one.left and other.right > other.left
    return wide and " " not in (one.text, other.text)


def _together(group: list[Letter]) -> Letter:
    text = unicodedata.normalize("NFC", _joined("".join(one.text for one in group)))
    left, right = min(one.left for one in group), max(one.right for one in group)
    return Letter(text, group[0].origin, left, right, group[0].height)


def _joined(text: str) -> str:
    """PDFium gives the letters of a ligature in either order: only lam before alef or heh, and letters before marks, can be."""
    if len(text) < 2:
        return text
    if _is_mark(text[0]):
        return text[::-1] if not all(map(_is_mark, text)) else text
    if len(text) == 2 and text[0] in _ALEFS and text[1] == _LAM:
        return text[::-1]
    if text.startswith(_HEH) and set(text[1:]) <= {_LAM, *_ALEFS}:
        return text[::-1]
    return text


def _with_marks(bases: Sequence[Letter], marks: Sequence[Letter]) -> list[str]:
    """Each base with the marks that stand over or under it."""
    texts = [base.text for base in bases]
    letters = [number for number, base in enumerate(bases) if base.text.strip()]
    middles = [_middle(bases[number]) for number in letters]
    for mark in marks:
        at = bisect(middles, _middle(mark))
        near = letters[max(0, at - _NEAR) : at + _NEAR]
        if near:
            texts[min(near, key=lambda number: _distance(bases[number], _middle(mark) / 2))] += mark.text
    return [unicodedata.normalize("NFC", text) if len(text) > 1 else text for text in texts]


def _distance(base: Letter, middle: float) -> tuple[float, float]:
    outside = max(base.left - middle, middle - base.right, 0.0)
    return outside, abs((base.left + base.right) / 2 - middle)


def _read(seen: Sequence[str], mostly_right: bool, mirror: bool) -> Iterator[str]:
    """A line as seen, from left to right, in the order in which it is read."""
    if _begins_right(seen, mostly_right):
        yield from _from_the_right(seen, mirror)
        return
    at = 0
    while at < len(seen):
        start = next((n for n in range(at, len(seen)) if _is_right(seen[n][0])), len(seen))
        yield from seen[at:start]
        at = start
        for n in range(start, len(seen)):
            if _kind(seen[n][0]) == "L":
                break
            if _is_right(seen[n][0]):
                at = n + 1
        yield from _from_the_right(seen[start:at], mirror)


def _begins_right(seen: Sequence[str], mostly_right: bool) -> bool:
    strong = [part[0] for part in seen if _is_strong(part[0])]
    if not strong:
        return False
    first, last = _is_right(strong[0]), _is_right(strong[-1])
    if first and last:
        return True
    if not first and not last:
        return mostly_right and 2 * sum(map(_is_right, strong)) >= len(strong)
    return mostly_right


def _from_the_right(seen: Sequence[str], mirror: bool) -> Iterator[str]:
    """From right to left, but for what is read from left to right inside."""
    at = len(seen)
    while at > 0:
        if _is_right(seen[at - 1][0]):
            at -= 1
            yield seen[at]
            continue
        start = at
        while start > 0 and not _is_right(seen[start - 1][0]):
            start -= 1
        yield from _between(seen[start:at], mirror)
        at = start


def _between(seen: Sequence[str], mirror: bool) -> Iterator[str]:
    """What stands between right-to-left letters: words of another script with all between them, and numbers."""
    if len(seen) == 1 and seen[0] == " ":
        yield " "
        return
    kinds = [_kind(part[0]) for part in seen]
    if "L" in kinds:
        read_so = [n for n, kind in enumerate(kinds) if kind in ("L", "EN", "AN")]
        first, beyond = read_so[0], read_so[-1] + 1
        yield from _mirrored(reversed(seen[beyond:]), mirror)
        yield from seen[first:beyond]
        yield from _mirrored(reversed(seen[:first]), mirror)
        return
    at = len(seen)
    while at > 0:
        start = _start_of_number(kinds, at)
        if start < at:
            yield from seen[start:at]
            at = start
        else:
            at -= 1
            yield from _mirrored(seen[at : at + 1], mirror)


def _start_of_number(kinds: Sequence[str], beyond: int) -> int:
    """Where the number begins that ends before `beyond`; `beyond` itself where none does.

    One separator between two digits belongs to it, and signs such as % at its ends.
    """
    start = beyond
    while start > 0 and kinds[start - 1] == "ET" and beyond - start < _MOST_SIGNS:
        start -= 1
    if start == 0 or kinds[start - 1] not in ("EN", "AN"):
        return beyond
    while start > 0:
        if kinds[start - 1] in ("EN", "AN", "ET"):
            start -= 1
        elif start > 1 and kinds[start - 1] == "CS" and kinds[start - 2] in ("EN", "AN"):
            start -= 2
        else:
            break
    return start


def _mirrored(parts: Sequence[str] | Iterator[str], mirror: bool) -> Iterator[str]:
    return (_MIRRORED.get(part, part) if mirror else part for part in parts)


def _pairs(text: str) -> int:
    """How many brackets open before they close, less those that close first."""
    score, depth = 0, 0
    for char in text:
        if char in _OPENING:
            depth += 1
        elif char in _CLOSING:
            score += 1 if depth > 0 else -1
            depth = max(0, depth - 1)
    return score


def _with_fitting_brackets(text: str) -> str:
    """A bracket after a space and before a word opens, one after a word and before a space closes, whatever PDFium made of it."""
    return _CLOSES.sub(lambda found: _TO_CLOSE[found[0]], _OPENS.sub(lambda found: _TO_OPEN[found[0]], text))


@lru_cache(maxsize=4096)
def _kind(char: str) -> str:
    return unicodedata.bidirectional(char)


@lru_cache(maxsize=4096)
def _is_right(char: str) -> bool:
    return unicodedata.bidirectional(char) in _STRONG_RIGHT


@lru_cache(maxsize=4096)
def _is_strong(char: str) -> bool:
    return unicodedata.bidirectional(char) in ("L", *_STRONG_RIGHT)


@lru_cache(maxsize=4096)
def _is_mark(char: str) -> bool:
    return unicodedata.bidirectional(char) == _MARK
