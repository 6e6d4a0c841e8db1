"""Excel workbooks: what each cell shows, by its format, and what the file keeps for it. Formulas are stated, never reckoned."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from onrecord.intake.office_properties import office_properties
from onrecord.intake.package import Element, Package, PackageBroken, as_noted, local
from onrecord.intake.reading import Member, Reading, Skipped, Source
from onrecord.intake.sheets.cells import letters_of, place_of
from onrecord.intake.sheets.number_formats import GENERAL
from onrecord.intake.sheets.rows import MOST_ROWS, Rows
from onrecord.intake.sheets.sheet_comments import add_comments
from onrecord.intake.sheets.workbook import Sheet, Workbook, forget, rich_text, unescaped, workbook_of

ENGINE, VERSION = "onrecord xlsx", "1"
MOST_COLUMNS, MOST_CELLS = 16_384, 1_500_000
_MEMBERS = ("xl/media/", "xl/embeddings/", "xl/activeX/", "xl/vbaProject.bin", "docProps/thumbnail")
_REMEMBERED = 200_000


@dataclass(slots=True)
class _Told:
    """What is met while a sheet is read and belongs in its notes."""

    hidden_rows: int = 0
    hidden_columns: list[str] = field(default_factory=list)
    merged: int = 0
    no_result: int = 0
    out_of_bounds: int = 0


@dataclass(slots=True)
class _Book:
    """A workbook being read. `seen` remembers what a number shows in a style, as the same dates stand in many rows."""

    package: Package
    workbook: Workbook
    rows: Rows = field(default_factory=Rows)
    notes: list[str] = field(default_factory=list)
    not_understood: set[str] = field(default_factory=set)
    shows_nothing: int = 0
    system_dates: bool = False
    cells: int = 0
    seen: dict[tuple[str, str], str] = field(default_factory=dict)
    general: dict[str, bool] = field(default_factory=dict)


def read(source: Source) -> Iterator[Member | Skipped | Reading]:
    try:
        package = Package(source)
        workbook = workbook_of(package)
    except PackageBroken as wrong:
        yield Reading(None, ENGINE, VERSION, why_none=str(wrong))
        return
    yield from package.members([name for name in package.names if name.startswith(_MEMBERS)])
    yield _read_sheets(_Book(package, workbook))


def _read_sheets(book: _Book) -> Reading:
    workbook, rows = book.workbook, book.rows
    for sheet in workbook.sheets:
        if rows.full or book.cells > MOST_CELLS:
            book.notes.append(
                f"it is too large: sheet “{as_noted(sheet.name)}” and those after it are not read"
            )
            break
        _read_sheet(book, sheet)
    notes = (*book.package.notes, *workbook.notes, *book.notes, *_format_notes(book))
    why = None if rows.segments else "its sheets have no cell with anything in it"
    parameters = {"calendar": "from 1904" if workbook.from_1904 else "from 1900"}
    found = office_properties(book.package, "XLSX")
    layer = rows.text or None
    return Reading(layer, ENGINE, VERSION, parameters, rows.segments, None, notes, why, None, found)


def _read_sheet(book: _Book, sheet: Sheet) -> None:
    book.rows.begin(sheet.name)
    told = _Told()
    try:
        _read_rows(book, sheet, told)
    except PackageBroken as wrong:
        book.notes.append(f"sheet “{as_noted(sheet.name)}” cannot be read to its end: {wrong}")
    book.notes += _sheet_notes(sheet, told)
    add_comments(book.package, sheet, book.rows, book.notes)


def _read_rows(book: _Book, sheet: Sheet, told: _Told) -> None:
    number = 0
    for _, element in book.package.events(sheet.part, "{*}row", "{*}col", "{*}mergeCell"):
        name = local(element.tag)
        if name == "col":
            _note_column(element, told)
        elif name == "mergeCell":
            told.merged += 1
        else:
            number = _whole(element.get("r"), number + 1)
            if number > MOST_ROWS:
                told.out_of_bounds += 1
            else:
                _read_row(book, element, number, told)
        forget(element)
        if book.rows.full or book.cells > MOST_CELLS:
            book.notes.append(
                f"sheet “{as_noted(sheet.name)}” is too large: what comes after row {number:,} is not read"
            )
            break


def _read_row(book: _Book, element: Element, number: int, told: _Told) -> None:
    cells: list[str] = []
    raw: dict[str, str] = {}
    formulas: dict[str, str] = {}
    hidden = element.get("hidden") in ("1", "true")
    told.hidden_rows += hidden
    for cell in element:
        address = cell.get("r")
        place = place_of(address.rstrip("0123456789")) if address else len(cells)
        if not len(cells) <= place < MOST_COLUMNS:
            told.out_of_bounds += 1
            continue
        kept, formula = _kept(book.workbook, cell)
        shown = _shown(book, cell, kept)
        cells += [""] * (place - len(cells))
        cells.append(shown)
        if shown != kept:
            raw[letters_of(place)] = kept
        if formula is not None:
            formulas[letters_of(place)] = formula
            told.no_result += not kept
    book.cells += len(element)
    book.rows.add(number, cells, raw, formulas=formulas, hidden=hidden)


def _kept(workbook: Workbook, cell: Element) -> tuple[str, str | None]:
    """The value a cell keeps, a shared string as its words, and its formula."""
    value, formula = "", None
    kind = cell.get("t")
    for child in cell:
        name = local(child.tag)
        if name == "v":
            value = child.text or ""
        elif name == "f":
            formula = _formula(child)
        elif name == "is":
            value = rich_text(child)
    if kind == "s":
        place = _whole(value, -1)
        value = workbook.strings[place] if 0 <= place < len(workbook.strings) else ""
    elif kind == "str":
        value = unescaped(value)
    return value, formula


def _formula(element: Element) -> str:
    """As written; of a formula that several cells share, only the first of them has the words."""
    if element.text:
        return "=" + unescaped(element.text)
    return f"shared formula {element.get('si', '')}".strip() if element.get("t") == "shared" else "="


def _shown(book: _Book, cell: Element, kept: str) -> str:
    kind = cell.get("t", "n")
    if not kept or kind in ("s", "str", "inlineStr", "e", "d"):
        return kept
    if kind == "b":
        return {"1": "TRUE", "0": "FALSE"}.get(kept, kept)
    style = cell.get("s", "0")
    if len(kept) < 15 and kept.isdecimal() and kept[0] in "123456789" and _is_general(book, style):
        return kept
    known = book.seen.get((style, kept))
    if known is None:
        known = _as_formatted(book, _whole(style, 0), kept)
        if len(book.seen) < _REMEMBERED:
            book.seen[style, kept] = known
    return known


def _is_general(book: _Book, style: str) -> bool:
    if style not in book.general:
        book.general[style] = book.workbook.format_of(_whole(style, 0))[0] == GENERAL
    return book.general[style]


def _as_formatted(book: _Book, style: int, kept: str) -> str:
    code, form = book.workbook.format_of(style)
    shown = form.shown(kept, book.workbook.from_1904) if form else None
    if shown is None:
        book.not_understood.add(code)
        return kept
    if not shown:
        book.shows_nothing += 1
        return kept
    book.system_dates = book.system_dates or "yyyy\\-mm\\-dd" in code or "F800" in code
    return shown


def _note_column(element: Element, told: _Told) -> None:
    if element.get("hidden") in ("1", "true"):
        first, last = _whole(element.get("min"), 0), _whole(element.get("max"), 0)
        if 1 <= first <= last <= MOST_COLUMNS and len(told.hidden_columns) < 50:
            ends = (letters_of(first - 1), letters_of(last - 1))
            told.hidden_columns.append(ends[0] if first == last else f"{ends[0]} to {ends[1]}")


def _sheet_notes(sheet: Sheet, told: _Told) -> list[str]:
    name = f"sheet “{as_noted(sheet.name)}”"
    notes = [f"{name} is hidden in the file"] if sheet.hidden else []
    if told.hidden_rows:
        notes.append(f"{name}: {_counted(told.hidden_rows, 'row is', 'rows are')} hidden in the file")
    if told.hidden_columns:
        notes.append(f"{name}: hidden columns: {', '.join(told.hidden_columns)}")
    if told.merged:
        areas = _counted(told.merged, "area of merged cells", "areas of merged cells")
        notes.append(f"{name} has {areas}; what it holds stands in its first cell")
    if told.no_result:
        notes.append(f"{name}: {_counted(told.no_result, 'formula has', 'formulas have')} no kept result")
    if told.out_of_bounds:
        notes.append(
            f"{name}: {_counted(told.out_of_bounds, 'place is', 'places are')} not where a sheet can have any"
        )
    return notes


def _format_notes(book: _Book) -> Iterator[str]:
    if book.not_understood:
        codes = sorted(code[:40] for code in book.not_understood if code != "[!]")[:5]
        named = f" ({', '.join(codes)})" if codes else ""
        yield f"numbers in formats that are not understood here{named} stand as they are kept"
    if book.shows_nothing:
        cells = _counted(book.shows_nothing, "number", "numbers")
        yield f"shown as kept, though the format of the cell hides it: {cells}"
    if book.system_dates:
        yield "dates in each system's own short form are shown as year-month-day"


def _counted(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def _whole(text: str | None, otherwise: int) -> int:
    """A whole number as written in an attribute, or what stands for one that is missing or wrong."""
    return int(text) if text and len(text) < 10 and text.isascii() and text.isdigit() else otherwise
