"""Files that are attached to a PDF, to the document or to a place on a page."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any

import pypdfium2.raw as pdfium
from pypdfium2 import PdfDocument

from onrecord.intake.documents.pdf_line import clean
from onrecord.intake.reading import Member, Skipped

MOST, LARGEST = 1_000, 256 * 1024**2
_CHUNK = 256 * 1024


def attachments(document: PdfDocument) -> Iterator[Member | Skipped]:
    """The files that are attached to the document as a whole, in order."""
    number = pdfium.FPDFDoc_GetAttachmentCount(document.raw)
    for at in range(min(number, MOST)):
        attached = pdfium.FPDFDoc_GetAttachment(document.raw, at)
        if attached:
            yield _member(attached, f"attachment {at + 1}")
    if number > MOST:
        yield Skipped("attachments", f"there are {number:,}: only the first {MOST:,} are taken out")


def attached_to(page: pdfium.FPDF_PAGE, number: int) -> Iterator[Member | Skipped]:
    """The files that hang at places on one page."""
    for at in range(min(pdfium.FPDFPage_GetAnnotCount(page), MOST)):
        yield from _of_annotation(page, at, f"page {number}, attachment {at + 1}")


def _of_annotation(page: pdfium.FPDF_PAGE, at: int, otherwise: str) -> Iterator[Member | Skipped]:
    found = pdfium.FPDFPage_GetAnnot(page, at)
    if not found:
        return
    try:
        attached = pdfium.FPDFAnnot_GetFileAttachment(found)
        if attached:
            yield _member(attached, otherwise)
    finally:
        pdfium.FPDFPage_CloseAnnot(found)


def _member(attached: Any, otherwise: str) -> Member | Skipped:
    name = _name(attached) or otherwise
    size = ctypes.c_ulong()
    if not pdfium.FPDFAttachment_GetFile(attached, None, 0, ctypes.byref(size)):
        return Skipped(name, "it holds nothing, or cannot be read")
    if size.value > LARGEST:
        return Skipped(name, f"it has {size.value:,} bytes, more than is taken out of a PDF")
    return Member(name, _chunks(attached, size.value))


def _name(attached: Any) -> str:
    size = pdfium.FPDFAttachment_GetName(attached, None, 0)
    units = (ctypes.c_ushort * (size // 2 + 1))()
    pdfium.FPDFAttachment_GetName(attached, units, size)
    return clean(bytes(memoryview(units).cast("B")[: max(0, size - 2)]).decode("utf-16-le", "surrogatepass"))


def _chunks(attached: Any, size: int) -> Iterator[bytes]:
    held = ctypes.create_string_buffer(max(1, size))
    written = ctypes.c_ulong()
    if pdfium.FPDFAttachment_GetFile(attached, held, size, ctypes.byref(written)):
        whole = memoryview(held)[: min(size, written.value)]
        for at in range(0, len(whole), _CHUNK):
            yield bytes(whole[at : at + _CHUNK])
