"""What stands on a page of a PDF without being printed on it: notes that somebody put there, and what is filled in a form."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as pdfium
from pypdfium2 import PdfDocument

from onrecord.intake.documents.pdf_line import clean
from onrecord.intake.documents.pdf_place import Box

MOST_ON_A_PAGE, LONGEST_UNITS = 2_000, 100_000
_NOT_WORDS = (pdfium.FPDF_ANNOT_LINK, pdfium.FPDF_ANNOT_POPUP, pdfium.FPDF_ANNOT_FILEATTACHMENT)


@dataclass(frozen=True, slots=True)
class Extra:
    """`kind` is "note" or "field"; a field's text has its name before it, where it has one."""

    text: str
    kind: str
    box: Box | None


def extras_of(document: PdfDocument, page: pdfium.FPDF_PAGE) -> list[Extra]:
    number = min(pdfium.FPDFPage_GetAnnotCount(page), MOST_ON_A_PAGE)
    return [extra for at in range(number) for extra in _extra(document, page, at)]


def _extra(document: PdfDocument, page: pdfium.FPDF_PAGE, at: int) -> Iterator[Extra]:
    found = pdfium.FPDFPage_GetAnnot(page, at)
    if not found:
        return
    try:
        kind = pdfium.FPDFAnnot_GetSubtype(found)
        if kind == pdfium.FPDF_ANNOT_WIDGET:
            text = _field(document, found)
            if text:
                yield Extra(text, "field", _box(found))
        elif kind not in _NOT_WORDS:
            text = _words(pdfium.FPDFAnnot_GetStringValue, found, b"Contents")
            if text:
                yield Extra(text, "note", _box(found))
    finally:
        pdfium.FPDFPage_CloseAnnot(found)


def _field(document: PdfDocument, found: Any) -> str:
    """What is filled in, after the field's name. Buttons that do something hold nothing."""
    form = document.formenv
    if form is None:
        return _words(pdfium.FPDFAnnot_GetStringValue, found, b"V")
    kind = pdfium.FPDFAnnot_GetFormFieldType(form.raw, found)
    if kind == pdfium.FPDF_FORMFIELD_PUSHBUTTON:
        return ""
    value = _words(pdfium.FPDFAnnot_GetFormFieldValue, form.raw, found)
    if kind in (pdfium.FPDF_FORMFIELD_CHECKBOX, pdfium.FPDF_FORMFIELD_RADIOBUTTON):
        value = "yes" if pdfium.FPDFAnnot_IsChecked(form.raw, found) else ""
    name = _words(pdfium.FPDFAnnot_GetFormFieldName, form.raw, found)
    return f"{name}: {value}" if name and value else value


def _words(ask: Any, *about: Any) -> str:
    """A text that PDFium gives in two steps: how long it is, then what it is."""
    size = min(ask(*about, None, 0), 2 * LONGEST_UNITS)
    if size <= 2:
        return ""
    units = (ctypes.c_ushort * (size // 2 + 1))()
    ask(*about, units, size)
    text = bytes(memoryview(units).cast("B")[: size - 2]).decode("utf-16-le", "surrogatepass")
    lines = (clean(line) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    return "\n".join(line for line in lines if line).strip()


def _box(found: Any) -> Box | None:
    rectangle = pdfium.FS_RECTF()
    if not pdfium.FPDFAnnot_GetRect(found, ctypes.byref(rectangle)):
        return None
    return rectangle.left, rectangle.bottom, rectangle.right, rectangle.top
