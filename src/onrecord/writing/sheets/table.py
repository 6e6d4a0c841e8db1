"""The sheet that a mapping is about: its headers, which column is meant by a name, and its rows of cells."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from onrecord.intake.sheets.cells import Cell, cells_of, letters_of, place_of
from onrecord.record.errors import SheetInvalid
from onrecord.writing.sheets.mapping import SheetMap

Segments = Sequence[Mapping[str, Any]]
_NAMED = 12


@dataclass(frozen=True, slots=True)
class Row:
    """A row by its number in the sheet, with its cells from the first column on; those with nothing at its end are left out."""

    number: int
    cells: tuple[Cell, ...]

    def cell(self, place: int) -> Cell | None:
        return self.cells[place] if place < len(self.cells) else None


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet. `number` counts the sheets of the file that hold something; `places` are the columns a mapping names."""

    name: str | None
    number: int
    width: int | None
    places: Mapping[str, int]
    rows: tuple[Row, ...]

    def address(self, row: int, place: int) -> str:
        """A cell as a passage names it: B7, or Visits!B7 where the file has sheets."""
        cell = f"{letters_of(place)}{row}"
        return cell if self.name is None else f"{self.name}!{cell}"


def table_of(text: str, segments: Segments, mapping: SheetMap, file: str) -> Table:
    """The sheet a mapping means. Raises `SheetInvalid` where it is not there, or is not as the mapping says."""
    rows = [part for part in segments if part.get("kind") == "row" and "row" in part]
    if not rows:
        raise SheetInvalid(
            file, "it holds no rows of cells", "Name a CSV, TSV or XLSX file, or such an item."
        )
    sheets = list(dict.fromkeys(part.get("sheet") for part in rows))
    name = _chosen(sheets, mapping.sheet, file)
    told = file if name is None else f"{file}, sheet “{name}”"
    own = [part for part in rows if part.get("sheet") == name]
    headers = _headers(text, own, mapping.header, told)
    places = {column: _place(column, headers, told) for column in mapping.columns}
    found = tuple(_rows(text, own, mapping))
    if not found:
        raise SheetInvalid(
            told,
            f"it has no row from row {mapping.first} on",
            "Look at “header”, “first” and “last” in the mapping.",
        )
    width = len(headers) if mapping.header is not None and not mapping.leaves_wider else None
    return Table(name, sheets.index(name) + 1, width, places, found)


def _chosen(sheets: list[Any], wanted: str | None, file: str) -> str | None:
    if wanted is None:
        if len(sheets) == 1:
            return None if sheets[0] is None else str(sheets[0])
        named = ", ".join(f"“{name}”" for name in sheets[:_NAMED])
        raise SheetInvalid(file, f"it has {len(sheets)} sheets ({named})", 'Say which: "sheet": "…".')
    if wanted in sheets:
        return wanted
    if sheets == [None]:
        return None
    raise SheetInvalid(file, f"it has no sheet “{wanted}” with anything in it", _nearest(wanted, sheets))


def _headers(text: str, rows: Segments, header: int | None, told: str) -> list[str]:
    if header is None:
        return []
    found = next((part for part in rows if part["row"] == header), None)
    if found is None:
        first = rows[0]["row"]
        raise SheetInvalid(
            told,
            f"row {header}, where its headers should stand, is empty",
            f'It begins on row {first}: "header": {first}.',
        )
    return [" ".join(cell.shown.split()) for cell in cells_of(text, found)]


def _place(column: str, headers: list[str], told: str) -> int:
    wanted = " ".join(column.split())
    places = [place for place, header in enumerate(headers) if header == wanted]
    if len(places) > 1:
        letters = " and ".join(map(letters_of, places))
        raise SheetInvalid(
            told, f"the columns {letters} are both headed “{column}”", "Name them by their letters."
        )
    if places:
        return places[0]
    if column.isupper() and (place := place_of(column)) >= 0:
        return place
    if not headers:
        raise SheetInvalid(
            told, f"{column!r} is not the letter of a column", 'Without "header", columns are A, B, C …'
        )
    raise SheetInvalid(
        told, f"no column is headed “{column}”", _nearest(column, [one for one in headers if one])
    )


def _nearest(wanted: str, known: list[Any]) -> str:
    near = difflib.get_close_matches(wanted, [str(one) for one in known], 1)
    named = ", ".join(f"“{one}”" for one in known[:_NAMED])
    more = " …" if len(known) > _NAMED else ""
    return f"{f'Did you mean “{near[0]}”? ' if near else ''}There are: {named}{more}."


def _rows(text: str, rows: Segments, mapping: SheetMap) -> Iterator[Row]:
    for part in rows:
        number = part["row"]
        if number >= mapping.first and (mapping.last is None or number <= mapping.last):
            yield Row(number, tuple(cells_of(text, part)))


__all__ = ["Row", "Table", "table_of"]
