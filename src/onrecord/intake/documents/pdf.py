"""PDF: the text of every page, line by line, each line with its page and rectangle; files that are attached come out as members."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pypdfium2.raw as pdfium
from pypdfium2 import PdfDocument, PdfiumError
from pypdfium2.version import PDFIUM_INFO

from onrecord.intake.documents.pdf_attached import attached_to, attachments
from onrecord.intake.documents.pdf_extra import extras_of
from onrecord.intake.documents.pdf_facts import facts_of, title_of
from onrecord.intake.documents.pdf_layer import LayerText
from onrecord.intake.documents.pdf_line import lines_of
from onrecord.intake.documents.pdf_place import Shown
from onrecord.intake.reading import Member, Reading, Skipped, Source

ENGINE, VERSION = "onrecord PDF with PDFium", f"1 with {PDFIUM_INFO.build}"
PARAMETERS = {
    "region": "points from the top left of the page as shown",
    "right to left": "in the order of reading, from where the letters stand",
    "presentation forms": "as ordinary letters",
}
MOST_PAGES, MOST_CHARACTERS, MOST_ON_A_PAGE = 5_000, 20_000_000, 1_000_000
_WHOLE_IN_MEMORY = 256 * 1024**2
_PICTURES_SEEN = 200
_FEW = 20


def read(source: Source) -> Iterator[Member | Skipped | Reading]:
    """Members that are attached to the document, then its text. A locked or broken document has none, and it is said why."""
    try:
        content = source.file.read() if source.size <= _WHOLE_IN_MEMORY else source.file
        document = PdfDocument(content, password=source.password)
    except PdfiumError as wrong:
        yield Reading(None, ENGINE, VERSION, PARAMETERS, why_none=_why_closed(wrong, source))
        return
    try:
        yield from attachments(document)
        yield from _pages_and_reading(document)
    finally:
        document.close()


def _why_closed(wrong: PdfiumError, source: Source) -> str:
    if wrong.err_code == pdfium.FPDF_ERR_PASSWORD:
        locked = "it is locked with a password"
        return f"{locked}, and the one given does not open it" if source.password else locked
    if wrong.err_code == pdfium.FPDF_ERR_SECURITY:
        return "it is locked in a way that this reader cannot open"
    return "it is broken, and cannot be read as a PDF"


@dataclass(slots=True)
class _Pages:
    """What was met on the pages so far."""

    layer: LayerText = field(default_factory=LayerText)
    pictures: list[int] = field(default_factory=list)
    broken: list[int] = field(default_factory=list)
    unsure: list[int] = field(default_factory=list)
    cut: list[int] = field(default_factory=list)
    empty: int = 0
    read: int = 0


def _pages_and_reading(document: PdfDocument) -> Iterator[Member | Skipped | Reading]:
    number = len(document)
    if document.get_formtype() != pdfium.FORMTYPE_NONE:
        document.init_forms()
    pages = _Pages()
    while pages.read < min(number, MOST_PAGES) and pages.layer.length < MOST_CHARACTERS:
        yield from _read_page(document, pages.read, pages)
        pages.read += 1
    yield _reading(document, pages, number)


def _reading(document: PdfDocument, pages: _Pages, number: int) -> Reading:
    text, segments = pages.layer.finished()
    facts = facts_of(document, number)
    notes = (*_notes(pages, number), *_form_note(document))
    why = None if text else _why_none(pages)
    return Reading(
        text or None, ENGINE, VERSION, PARAMETERS, segments, None, notes, why, title_of(facts), facts
    )


def _read_page(document: PdfDocument, at: int, pages: _Pages) -> Iterator[Member | Skipped]:
    with _page(document, at) as page:
        if page is None:
            pages.broken.append(at + 1)
            return
        shown = Shown.of(page)
        words = _read_words(page, at + 1, shown, pages)
        if words < _FEW and _has_picture(page):
            pages.pictures.append(at + 1)
        elif not words:
            pages.empty += 1
        if pdfium.FPDFPage_GetAnnotCount(page) > 0:
            pages.layer.add_extras(at + 1, extras_of(document, page), shown)
            yield from attached_to(page, at + 1)


def _read_words(page: pdfium.FPDF_PAGE, number: int, shown: Shown, pages: _Pages) -> int:
    """Read a page's lines; how many letters they have."""
    with _text_of(page) as page_text:
        if page_text is None:
            return 0
        lines = lines_of(page_text, MOST_ON_A_PAGE)
        if pages.layer.add_page(number, lines, shown):
            pages.unsure.append(number)
        if pdfium.FPDFText_CountChars(page_text) > MOST_ON_A_PAGE:
            pages.cut.append(number)
        return sum(len(line.text) for line in lines)


@contextmanager
def _page(document: PdfDocument, at: int) -> Iterator[pdfium.FPDF_PAGE | None]:
    page = pdfium.FPDF_LoadPage(document.raw, at)
    try:
        yield page or None
    finally:
        if page:
            pdfium.FPDF_ClosePage(page)


@contextmanager
def _text_of(page: pdfium.FPDF_PAGE) -> Iterator[pdfium.FPDF_TEXTPAGE | None]:
    page_text = pdfium.FPDFText_LoadPage(page)
    try:
        yield page_text or None
    finally:
        if page_text:
            pdfium.FPDFText_ClosePage(page_text)


def _has_picture(page: pdfium.FPDF_PAGE) -> bool:
    """Whether there is a picture among the first things on the page, or in a form that holds more of them."""
    kinds = (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_FORM)
    number = min(pdfium.FPDFPage_CountObjects(page), _PICTURES_SEEN)
    return any(
        pdfium.FPDFPageObj_GetType(pdfium.FPDFPage_GetObject(page, at)) in kinds for at in range(number)
    )


def _why_none(pages: _Pages) -> str:
    if pages.pictures:
        return "the pages are pictures without a text layer"
    return "its pages are damaged" if pages.broken and not pages.empty else "the pages hold no text"


def _notes(pages: _Pages, number: int) -> Iterator[str]:
    if pages.pictures:
        yield f"{_listed(pages.pictures)} no text layer; it may be a scan"
    if pages.broken:
        yield f"{_listed(pages.broken)} damage and cannot be read"
    if pages.unsure:
        yield f"{_listed(pages.unsure)} letters of which the file does not say what they are; words may be wrong"
    if pages.cut:
        yield f"{_listed(pages.cut)} more than {MOST_ON_A_PAGE:,} characters: the rest is not read"
    if pages.read < number:
        yield f"only the first {pages.read:,} of {number:,} pages are read"


def _form_note(document: PdfDocument) -> Iterator[str]:
    if document.get_formtype() in (pdfium.FORMTYPE_XFA_FULL, pdfium.FORMTYPE_XFA_FOREGROUND):
        yield "it is a form of the XFA kind: what is filled in there may be missing"


def _listed(numbers: list[int]) -> str:
    """`page 3 has`, or `pages 1 to 3, 7 have`."""
    if len(numbers) == 1:
        return f"page {numbers[0]} has"
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    told = [f"{first}" if first == last else f"{first} to {last}" for first, last in runs[:20]]
    more = f" and {len(runs) - 20} more places" if len(runs) > 20 else ""
    return f"pages {', '.join(told)}{more} have"
