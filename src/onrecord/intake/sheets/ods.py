"""OpenDocument sheets: what each cell shows, as the file itself words it, and the value it keeps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from onrecord.intake.documents.odt import opened
from onrecord.intake.documents.open_part import qualified
from onrecord.intake.office_properties import open_properties
from onrecord.intake.package import Element, Package, PackageBroken, as_noted, drop_before
from onrecord.intake.reading import Member, Reading, Skipped, Source
from onrecord.intake.sheets.cells import letters_of
from onrecord.intake.sheets.rows import MOST_ROWS, Rows

ENGINE, VERSION = "onrecord ods", "1"
MOST_COLUMNS, MOST_SHEETS = 16_384, 1_000
_MEMBERS = ("Pictures/", "media/", "ObjectReplacements/", "Thumbnails/")
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_TAGS = (f"{_STYLE}table-properties", f"{_TABLE}table", f"{_TABLE}table-row")
# A value of one of these kinds is kept apart from the words that show it.
_KEPT = {"float": "value", "percentage": "value", "currency": "value", "date": "date-value"}
_KEPT |= {"time": "time-value", "boolean": "boolean-value", "string": "string-value"}


@dataclass(slots=True)
class _Book:
    rows: Rows = field(default_factory=Rows)
    notes: list[str] = field(default_factory=list)
    hiding: set[str] = field(default_factory=set)
    sheets: int = 0
    number: int = 0
    remarks: list[tuple[str, str, str, str]] = field(default_factory=list)


def read(source: Source) -> Iterator[Member | Skipped | Reading]:
    try:
        package = opened(source)
    except PackageBroken as wrong:
        yield Reading(None, ENGINE, VERSION, why_none=str(wrong))
        return
    yield from package.members([name for name in package.names if name.startswith(_MEMBERS)])
    yield _read_sheets(package)


def _read_sheets(package: Package) -> Reading:
    book = _Book(notes=list(package.notes))
    try:
        _read_content(package, book)
    except PackageBroken as wrong:
        book.notes.append(f"its sheets cannot be read to the end: {wrong}")
    _end_sheet(book)
    rows = book.rows
    if rows.full:
        book.notes.append(
            f"it is too large: sheet “{as_noted(rows.sheet or '')}” is not read to its end, nor what follows it"
        )
    why = (
        None
        if rows.segments
        else book.notes[0]
        if book.notes
        else "its sheets have no cell with anything in it"
    )
    found = open_properties(package, "ODS")
    layer = rows.text or None
    return Reading(
        layer, ENGINE, VERSION, {}, rows.segments, None, tuple(book.notes), why, observations=found
    )


def _read_content(package: Package, book: _Book) -> None:
    for event, element in package.events("content.xml", *_TAGS, both=True):
        name = qualified(element.tag)
        if name == "table:table" and event == "start":
            _begin_sheet(book, element)
        elif name == "table:table-row" and event == "end":
            _read_row(book, element)
            element.clear()
            drop_before(element)
        elif name == "style:table-properties" and element.get(f"{_TABLE}display") == "false":
            parent = element.getparent()
            if parent is not None and len(book.hiding) < 10_000:
                book.hiding.add(parent.get(f"{_STYLE}name", ""))
        if book.rows.full or book.sheets > MOST_SHEETS:
            return


def _begin_sheet(book: _Book, element: Element) -> None:
    _end_sheet(book)
    book.sheets += 1
    book.number = 0
    name = element.get(f"{_TABLE}name", "")
    book.rows.begin(name)
    if element.get(f"{_TABLE}style-name") in book.hiding:
        book.notes.append(f"sheet “{as_noted(name)}” is hidden in the file")
    if book.sheets > MOST_SHEETS:
        book.notes.append(f"it has more than {MOST_SHEETS:,} sheets: the rest is not read")


def _end_sheet(book: _Book) -> None:
    for cell, by, time, words in book.remarks:
        stated = {"cell": cell, "by": by, "time": time}
        book.rows.remark(
            "comment", words, "comment", {name: value for name, value in stated.items() if value}
        )
    book.remarks = []


def _read_row(book: _Book, element: Element) -> None:
    """A row that stands for many alike is given as many times, an empty one not at all."""
    times = _count(element, "number-rows-repeated", MOST_ROWS)
    cells: list[str] = []
    raw: dict[str, str] = {}
    formulas: dict[str, str] = {}
    for cell in element:
        if qualified(cell.tag) in ("table:table-cell", "table:covered-table-cell"):
            _read_cell(book, cell, cells, raw, formulas)
    hidden = element.get(f"{_TABLE}visibility") in ("collapse", "filter")
    for row in range(book.number + 1, book.number + times + 1) if any(cells) else ():
        if book.rows.full or row > MOST_ROWS:
            break
        book.rows.add(row, cells, raw, formulas=formulas, hidden=hidden)
    book.number += times


def _read_cell(
    book: _Book, cell: Element, cells: list[str], raw: dict[str, str], formulas: dict[str, str]
) -> None:
    words = "\n".join(_words(part) for part in cell.iterchildren(f"{_TEXT}p"))
    kind = cell.get(f"{_OFFICE}value-type", "")
    kept = cell.get(f"{_OFFICE}{_KEPT[kind]}") if kind in _KEPT else None
    formula = cell.get(f"{_TABLE}formula")
    words = words or kept or ""
    first = len(cells)
    times = min(_count(cell, "number-columns-repeated", MOST_COLUMNS), MOST_COLUMNS - first)
    for place in range(first, first + times) if words or formula else ():
        if kept is not None and kept != words:
            raw[letters_of(place)] = kept
        if formula:
            formulas[letters_of(place)] = formula
    cells += [words] * times
    for remark in cell.iterchildren(f"{_OFFICE}annotation"):
        if len(book.remarks) < 50_000:
            book.remarks.append((f"{letters_of(first)}{book.number + 1}", *_remark(remark)))


def _remark(element: Element) -> tuple[str, str, str]:
    told = {"dc:creator": "", "dc:date": ""}
    words = []
    for child in element:
        name = qualified(child.tag)
        if name in told:
            told[name] = (child.text or "")[:500]
        elif name == "text:p":
            words.append(_words(child))
    return told["dc:creator"], told["dc:date"], "\n".join(words)


def _words(element: Element) -> str:
    """The words of a paragraph, with what stands for white space in it."""
    parts: list[str] = []
    for event, inner in etree.iterwalk(element, events=("start", "end")):
        if event == "end":
            parts.append(inner.tail or "" if inner is not element else "")
            continue
        name = qualified(inner.tag)
        if name == "text:s":
            parts.append(" " * _count(inner, "c", 1_000, _TEXT))
        elif name in ("text:tab", "text:line-break"):
            parts.append("\t" if name == "text:tab" else "\n")
        parts.append(inner.text or "")
    return "".join(parts)


def _count(element: Element, name: str, most: int, space: str = _TABLE) -> int:
    text = element.get(f"{space}{name}", "1")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 1
    return min(max(1, number), most)
