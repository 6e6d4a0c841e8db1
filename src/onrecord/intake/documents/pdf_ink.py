"""Lines of a page whose letters are drawn shapes, so that PDFium knows of each only the ink, and not the line it stands on.

Browsers print a font so where they may not embed it. PDFium then takes a line apart at every low letter, or puts several lines
together. Here the lines are found again from where the letters rest: most rest on the lines, and the others stand near one.
"""

from __future__ import annotations

import ctypes
from bisect import bisect
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import pypdfium2.raw as pdfium

from onrecord.intake.documents.pdf_order import Letter
from onrecord.intake.documents.pdf_place import Box, around

_SAMPLE, _CHANGES = 120, 0.3
_FEW, _RAISED = 3, 0.5
_COLUMN = 1.0
# Between the ink of two letters of a word there is more room than between letters: a word ends where there is this much of it.
_WORD, _GAP = 0.17, 0.09
_RIGHT_TO_LEFT = range(0x590, 0x900)

_unicode, _loose_box = pdfium.FPDFText_GetUnicode, pdfium.FPDFText_GetLooseCharBox
_origin, _generated = pdfium.FPDFText_GetCharOrigin, pdfium.FPDFText_IsGenerated
_size = pdfium.FPDFText_GetFontSize
_X, _Y = ctypes.c_double(), ctypes.c_double()
_X_HERE, _Y_HERE = ctypes.byref(_X), ctypes.byref(_Y)
_LOOSE = pdfium.FS_RECTF()
_LOOSE_HERE = ctypes.byref(_LOOSE)


class _Shape(NamedTuple):
    text: str
    x: float
    y: float
    size: float
    box: Box


def is_drawn(page_text: pdfium.FPDF_TEXTPAGE, count: int) -> bool:
    """Whether the right-to-left letters of a page are known by their ink: their heights change from one to the next."""
    heights: list[float] = []
    for at in range(count):
        if _unicode(page_text, at) in _RIGHT_TO_LEFT:
            _loose_box(page_text, at, _LOOSE_HERE)
            heights.append(round(_LOOSE.top - _LOOSE.bottom, 1))
            if len(heights) == _SAMPLE:
                break
    changes = sum(one != other for one, other in pairwise(heights))
    return len(heights) > _FEW and changes > _CHANGES * len(heights)


def drawn_lines(page_text: pdfium.FPDF_TEXTPAGE, count: int) -> Iterator[tuple[list[Letter], Box | None]]:
    """The letters of each line, from the top down, and the rectangle around them."""
    shapes = list(_shapes(page_text, count))
    for line in _by_line(shapes):
        for part in _apart(line):
            # What shares a glyph begins at one place, and stands together then.
            part.sort(key=lambda one: round(one.x, 2))
            sharing = Counter(round(one.x, 2) for one in part)
            letters = [_letter(one, shares=sharing[round(one.x, 2)] > 1) for one in part]
            yield letters, around(one.box for one in part if one.text != " ")


def _shapes(page_text: pdfium.FPDF_TEXTPAGE, count: int) -> Iterator[_Shape]:
    """The characters of the page, and the spaces that PDFium found among those read from the left, where it does so well."""
    from_the_right = False
    for at in range(count):
        code = _unicode(page_text, at)
        if code < 32 or code == 0xFFFE or 0xD800 <= code < 0xE000 or code > 0x10FFFF:
            continue
        if _generated(page_text, at) and (from_the_right or code != 32):
            continue
        from_the_right = code in _RIGHT_TO_LEFT
        _origin(page_text, at, _X_HERE, _Y_HERE)
        _loose_box(page_text, at, _LOOSE_HERE)
        box = (_LOOSE.left, _LOOSE.bottom, _LOOSE.right, _LOOSE.top)
        text = " " if chr(code).isspace() else chr(code)
        yield _Shape(text, _X.value, _Y.value, _size(page_text, at), box)


def _by_line(shapes: Sequence[_Shape]) -> Iterator[list[_Shape]]:
    """Each shape on the line nearest to it, as a letter with its mark is drawn higher or lower."""
    levels = _levels(shapes)
    lines: dict[float, list[_Shape]] = {}
    for shape in shapes:
        at = bisect(levels, shape.y)
        near = min(levels[max(0, at - 1) : at + 1], key=lambda level: abs(level - shape.y))
        lines.setdefault(near, []).append(shape)
    for level in sorted(lines, reverse=True):
        letters = [one for one in lines[level] if one.text != " "]
        spaces = _spaces(lines[level], letters)
        if letters:
            yield [one for one in lines[level] if one.text != " " or one in spaces]


def _spaces(line: Sequence[_Shape], letters: Sequence[_Shape]) -> set[_Shape]:
    """The spaces that stand by themselves. One at the very beginning of a letter was put there by PDFium."""
    begin = {round(one.x, 1) for one in letters}
    return {one for one in line if one.text == " " and round(one.x, 1) not in begin}


def _levels(shapes: Sequence[_Shape]) -> list[float]:
    """Where lines are: the heights at which most letters rest. What rests a little above or below belongs to that line."""
    resting: Counter[float] = Counter()
    sizes: dict[float, float] = {}
    for one in shapes:
        if one.text != " ":
            level = round(one.y, 1)
            resting[level] += 1
            sizes[level] = max(one.size, sizes.get(level, 0.0))
    found: list[float] = []
    for level, _ in sorted(resting.items(), key=lambda one: (-one[1], -one[0])):
        at = bisect(found, level)
        if all(abs(level - other) > _RAISED * sizes[other] for other in found[max(0, at - 1) : at + 1]):
            found.insert(at, level)
    return found or [0.0]


def _apart(line: Sequence[_Shape]) -> Iterator[list[_Shape]]:
    """A line's parts where it is interrupted by more than a space, as between columns; the rightmost first."""
    wide = _COLUMN * max(one.size for one in line)
    cuts: list[float] = []
    beyond: float | None = None
    for one in sorted(line, key=lambda one: one.box[0]):
        if one.text == " ":
            continue
        if beyond is not None and one.box[0] - beyond > wide:
            cuts.append((beyond + one.box[0]) / 2)
        beyond = max(one.box[2], beyond or one.box[2])
    parts: list[list[_Shape]] = [[] for _ in range(len(cuts) + 1)]
    for one in line:
        parts[bisect(cuts, (one.box[0] + one.box[2]) / 2)].append(one)
    return (part for part in reversed(parts) if any(one.text != " " for one in part))


def _letter(shape: _Shape, shares: bool) -> Letter:
    """With a height that lets a space stand where a word ends. A glyph that is shared begins where it is put down."""
    left, _, right, _ = shape.box
    left = min(left, shape.x) if shares else left
    right = max(right, left + 0.01) if shape.text == " " else right
    return Letter(shape.text, shape.x, left, right, shape.size * _WORD / _GAP)
