"""hOCR: words that a program recognised in pictures of pages, as one text with the place of every line.

Places are in pixels of the picture that was read. How sure the program was is said in the notes, never left out of sight.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree, html

from onrecord.intake.encoding import decode
from onrecord.intake.reading import Reading, Segment, Source

ENGINE, VERSION = "onrecord hOCR", "1"
PARAMETERS = {"region": "pixels of the picture of the page"}
LARGEST = 256 * 1024**2
MOST_LINES, LONGEST_LINE = 200_000, 100_000
DOUBTFUL = 60
_LINES = {"ocr_line", "ocr_header", "ocr_caption", "ocr_textfloat", "ocrx_line"}
_BOX = re.compile(r"\bbbox\s+(-?\d{1,7})\s+(-?\d{1,7})\s+(-?\d{1,7})\s+(-?\d{1,7})\b", re.ASCII)
_PAGE = re.compile(r"\bppageno\s+(\d{1,7})\b", re.ASCII)
_SURENESS = re.compile(r"\bx_wconf\s+(\d{1,3})\b", re.ASCII)
_NOT_TEXT = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
WARM_UP = b"<html><body><div class='ocr_page'><span class='ocr_line'>a</span></div></body></html>"


@dataclass(slots=True)
class _Text:
    parts: list[str] = field(default_factory=list)
    segments: list[Segment] = field(default_factory=list)
    length: int = 0
    words: int = 0
    doubtful: int = 0

    def add(self, text: str, about: dict[str, Any], between: str) -> None:
        if self.parts:
            self.parts.append(between)
            self.length += len(between)
        self.parts.append(text)
        self.segments.append(Segment(self.length, self.length + len(text), "line", about=about))
        self.length += len(text)


def read(source: Source) -> Iterator[Reading]:
    """The recognised text, a line below the other, with empty lines between paragraphs and pages."""
    decoded = decode(source.file.read(LARGEST), chosen=source.encoding)
    page = _parsed(decoded.text or "")
    if page is None:
        yield Reading(None, ENGINE, VERSION, PARAMETERS, why_none="it cannot be read as a page")
        return
    found = _Text()
    for number, element in enumerate(_of_classes(page, {"ocr_page"}), 1):
        _add_page(found, element, number)
    text = "".join(found.parts)
    notes = (*decoded.notes, *_notes(found))
    why = None if text else "no words were recognised"
    yield Reading(
        text or None, ENGINE, VERSION, PARAMETERS, tuple(found.segments), decoded.encoding, notes, why
    )


def _parsed(text: str) -> Any:
    parser = html.HTMLParser(encoding="utf-8", no_network=True)
    try:
        return html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, ValueError):
        return None


def _add_page(found: _Text, page: Any, counted: int) -> None:
    """A page's lines. Its number is the one that it states (from 0), else its place among the pages."""
    stated = _PAGE.search(page.get("title", ""))
    number = int(stated[1]) + 1 if stated else counted
    before: Any = None
    for line in _of_classes(page, _LINES):
        if len(found.segments) >= MOST_LINES:
            return
        words = [_words_in(word, found) for word in _of_classes(line, {"ocrx_word"})]
        text = " ".join(word for word in words if word) or _plain(line.text_content())
        if text:
            paragraph = line.getparent()
            between = "\n" if paragraph is before else "\n\n"
            found.add(text[:LONGEST_LINE], _about(number, line.get("title", "")), between)
            before = paragraph


def _words_in(word: Any, found: _Text) -> str:
    text = _plain(word.text_content())
    sure = _SURENESS.search(word.get("title", ""))
    found.words += bool(text)
    found.doubtful += bool(text and sure and int(sure[1]) < DOUBTFUL)
    return text


def _plain(text: str) -> str:
    return " ".join(_NOT_TEXT.sub(" ", text).split())


def _about(page: int, title: str) -> dict[str, Any]:
    box = _BOX.search(title)
    if not box:
        return {"page": page}
    left, top, right, bottom = map(int, box.groups())
    return {"page": page, "region": [left, top, right - left, bottom - top]}


def _of_classes(element: Any, names: set[str]) -> Iterator[Any]:
    return (one for one in element.iter(etree.Element) if names & set((one.get("class") or "").split()))


def _notes(found: _Text) -> Iterator[str]:
    if found.words:
        yield f"a program recognised these words; it was unsure of {found.doubtful:,} of {found.words:,}"
    if len(found.segments) >= MOST_LINES:
        yield f"more than {MOST_LINES:,} lines: the rest is not read"
