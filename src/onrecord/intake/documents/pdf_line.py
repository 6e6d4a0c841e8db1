"""The lines of a PDF's page: their words as a reader of the page reads them, and the rectangle each stands in.

The words come from PDFium in one piece. Its order is right from left to right; lines with Arabic or Hebrew in them are put
together again from where each letter stands, as files keep those in the order of the eye, of the tongue, or neither.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from typing import NamedTuple

import pypdfium2.raw as pdfium

from onrecord.intake.documents.pdf_ink import drawn_lines, is_drawn
from onrecord.intake.documents.pdf_order import Letter, in_reading_order
from onrecord.intake.documents.pdf_place import Box, around

_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_NOT_PLAIN = re.compile("[^ -~\u00ab\u00bb\u05d0-\u05ea\u060c\u061b\u061f\u0621-\u063a\u0641-\u064a]")
_TOKEN = re.compile("[\u05d0-\u05ea]+|[\u0621-\u063a\u0641-\u064a]+|[A-Za-z]+|[0-9]+|.")
_TURNED_LIGATURE = "\u0647\u0644"
_LINE_END = re.compile("[\x02\ufffe](?:\r?\n)?|\r?\n")
_HYPHENS = ("\x02", "\ufffe")
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u061c\u2028-\u202e\u2066-\u2069\ufeff]")
_LONE = re.compile("[\ud800-\udfff]")

_count_chars, _get_text = pdfium.FPDFText_CountChars, pdfium.FPDFText_GetText
_count_rects, _get_rect = pdfium.FPDFText_CountRects, pdfium.FPDFText_GetRect
_unicode, _loose_box = pdfium.FPDFText_GetUnicode, pdfium.FPDFText_GetLooseCharBox
_origin = pdfium.FPDFText_GetCharOrigin
_char_at = pdfium.FPDFText_GetCharIndexFromTextIndex
_LEFT, _TOP, _RIGHT, _BOTTOM = (ctypes.c_double() for _ in range(4))
_SIDES = tuple(map(ctypes.byref, (_LEFT, _TOP, _RIGHT, _BOTTOM)))
_LOOSE = pdfium.FS_RECTF()
_LOOSE_HERE = ctypes.byref(_LOOSE)


_Row = tuple[str, Box | None, list[tuple[int, int]]]


class Line(NamedTuple):
    """A line's words, and the rectangle around them as left, bottom, right and top in the page's own measure.

    There are very many, so it is a tuple.
    """

    text: str
    box: Box | None


def lines_of(page_text: pdfium.FPDF_TEXTPAGE, most: int) -> list[Line]:
    """The lines of a page that have words, in PDFium's order; of at most so many characters."""
    count = min(_count_chars(page_text), most)
    if count <= 0:
        return []
    text = _whole_text(page_text, count)
    runs = _runs(page_text, text, count)
    if not _RIGHT_TO_LEFT.search(text):
        return _with_boxes(page_text, list(runs), count)
    if is_drawn(page_text, count):
        return _from_shapes(page_text, count)
    return _right_to_left(page_text, list(runs), len(text) == count)


def _from_shapes(page_text: pdfium.FPDF_TEXTPAGE, count: int) -> list[Line]:
    found = list(drawn_lines(page_text, count))
    read_so = map(clean, in_reading_order([letters for letters, _ in found]))
    return [Line(words, box) for words, (_, box) in zip(read_so, found, strict=True) if words]


def _whole_text(page_text: pdfium.FPDF_TEXTPAGE, count: int) -> str:
    buffer = (ctypes.c_ushort * (2 * count + 2))()
    written = _get_text(page_text, 0, count, buffer)
    return bytes(memoryview(buffer).cast("B")[: 2 * max(0, written - 1)]).decode("utf-16-le", "surrogatepass")


def _runs(page_text: pdfium.FPDF_TEXTPAGE, text: str, count: int) -> Iterator[tuple[str, int, int]]:
    """(words, first character, number of characters) of each line. PDFium leaves out the break after a divided word."""
    exact = len(text) == count
    if exact and not any(hyphen in text for hyphen in _HYPHENS):
        yield from _whole_runs(text)
        return
    start = 0
    for end in [*_LINE_END.finditer(text), None]:
        stop = end.start() if end else len(text)
        divided = end is not None and end[0][0] in _HYPHENS
        words = text[start:stop]
        if shown := words.strip():
            begin = start + len(words) - len(words.lstrip())
            last = begin + len(shown) + divided
            first = begin if exact else max(0, _char_at(page_text, _units(text, begin)))
            beyond = last if exact else _char_at(page_text, _units(text, last - 1)) + 1
            yield clean(shown) + ("-" if divided else ""), first, max(1, beyond - first)
        start = end.end() if end else stop


def _whole_runs(text: str) -> Iterator[tuple[str, int, int]]:
    """The same for a page without divided words, whose characters are counted as PDFium counts them."""
    start = 0
    as_it_is = text.isascii() and not _CONTROLS.search(text.replace("\r\n", ""))
    for words in text.split("\n"):
        if shown := words.strip():
            yield shown if as_it_is else clean(shown), start + len(words) - len(words.lstrip()), len(shown)
        start += len(words) + 1


def _units(text: str, at: int) -> int:
    return at + sum(char > "\uffff" for char in text[:at])


def clean(text: str) -> str:
    """Without what cannot be text: controls become spaces, half characters the mark for something lost."""
    if text.isascii() and text.isprintable():
        return text
    return _LONE.sub("\ufffd", _CONTROLS.sub(" ", text)).strip()


def _with_boxes(page_text: pdfium.FPDF_TEXTPAGE, runs: list[tuple[str, int, int]], count: int) -> list[Line]:
    """PDFium gives at least one rectangle for each line: where they are as many, all are asked for at once."""
    if _count_rects(page_text, 0, count) != len(runs):
        return [Line(words, _box(page_text, at, length)) for words, at, length in runs]
    return [Line(words, _rectangle(page_text, number)) for number, (words, _, _) in enumerate(runs)]


def _box(page_text: pdfium.FPDF_TEXTPAGE, first: int, length: int) -> Box | None:
    """Around all rectangles that PDFium gives for the characters."""
    number = _count_rects(page_text, first, length)
    if number == 1:
        _get_rect(page_text, 0, *_SIDES)
        return _LEFT.value, _BOTTOM.value, _RIGHT.value, _TOP.value
    return around(_rectangle(page_text, at) for at in range(number))


def _rectangle(page_text: pdfium.FPDF_TEXTPAGE, at: int) -> Box:
    _get_rect(page_text, at, *_SIDES)
    return _LEFT.value, _BOTTOM.value, _RIGHT.value, _TOP.value


def _right_to_left(
    page_text: pdfium.FPDF_TEXTPAGE, runs: list[tuple[str, int, int]], exact: bool
) -> list[Line]:
    """Lines of a page with right-to-left letters: those that have none stay as they are."""
    rows = _rows([(words, _box(page_text, at, length), [(at, length)]) for words, at, length in runs])
    text = {at: words if exact and len(words) == length else None for words, at, length in runs}
    turned = [number for number, row in enumerate(rows) if _RIGHT_TO_LEFT.search(row[0])]
    letters = [
        [one for part in rows[number][2] for one in _letters(page_text, text[part[0]], *part)]
        for number in turned
    ]
    ordered = dict(zip(turned, in_reading_order(letters), strict=True))
    found = []
    for number, (words, box, _) in enumerate(rows):
        shown = clean(ordered[number]) if number in ordered else words
        divided = number in ordered and words.endswith("-") and not shown.endswith("-")
        if shown:
            found.append(Line(shown + "-" * divided, box))
    return found


def _rows(lines: list[_Row]) -> list[_Row]:
    """Lines that PDFium took apart although they stand beside each other become one again."""
    together: list[list[_Row]] = []
    for line in lines:
        if together and _beside(together[-1][-1][1], line[1]):
            together[-1].append(line)
        else:
            together.append([line])
    return [row for beside in together for row in (_one_row(beside) if len(beside) > 1 else beside)]


def _one_row(beside: list[_Row]) -> list[_Row]:
    words = " ".join(words for words, _, _ in beside)
    if not _RIGHT_TO_LEFT.search(words):
        return beside
    box = around(box for _, box, _ in beside if box)
    return [(words, box, [part for _, _, parts in beside for part in parts])]


def _beside(one: Box | None, other: Box | None) -> bool:
    if one is None or other is None:
        return False
    height = max(one[3] - one[1], other[3] - other[1])
    middles = abs(one[1] + one[3] - other[1] - other[3]) / 2
    apart = max(one[0] - other[2], other[0] - one[2])
    return middles < height / 2 and -height < apart < height


def _letters(page_text: pdfium.FPDF_TEXTPAGE, words: str | None, first: int, length: int) -> list[Letter]:
    """Where the letters stand. Of plain words only the ends are asked for, as long as they run one way."""
    if words is None or _NOT_PLAIN.search(words):
        return _one_by_one(page_text, first, length)
    found: list[Letter] = []
    for token in _TOKEN.finditer(words):
        run, at = token[0], first + token.start()
        left, right, height = _stands(page_text, at)
        if len(run) == 1:
            found.append(Letter(run, left, left, right, height))
            continue
        middle, _, _ = _stands(page_text, at + len(run) // 2)
        last, beyond, _ = _stands(page_text, at + len(run) - 1)
        backwards = left > last
        steady = left > middle >= last if backwards else left < middle <= last
        if not steady or (backwards and _TURNED_LIGATURE in run):
            found += _one_by_one(page_text, at, len(run))
            continue
        read_so = run if backwards == bool(_RIGHT_TO_LEFT.match(run)) else run[::-1]
        found.append(Letter(read_so, min(left, last), min(left, last), max(right, beyond), height))
    return found


def _stands(page_text: pdfium.FPDF_TEXTPAGE, at: int) -> tuple[float, float, float]:
    _loose_box(page_text, at, _LOOSE_HERE)
    return _LOOSE.left, _LOOSE.right, _LOOSE.top - _LOOSE.bottom


def _one_by_one(page_text: pdfium.FPDF_TEXTPAGE, first: int, length: int) -> list[Letter]:
    found = []
    for at in range(first, first + length):
        code = _unicode(page_text, at)
        if code > 31 and code != 0xFFFE and not 0xD800 <= code < 0xE000 and code < 0x110000:
            left, right, height = _stands(page_text, at)
            _origin(page_text, at, *_SIDES[:2])
            found.append(Letter(chr(code), _LEFT.value, left, right, height))
    return found
