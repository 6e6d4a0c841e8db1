"""Cells are found again in a layer by their row and column, with what they show and what the file keeps."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.intake.sheets.cells import Cell, cells_of, letters_of, place_of
from onrecord.intake.sheets.rows import Rows

CELLS = st.lists(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8), max_size=40
)


def test_a_cell_is_named_by_its_column_and_row() -> None:
    text = "السد\t\tהמעבר"
    segment = {"start": 0, "end": len(text), "kind": "row", "row": 7, "raw": {"C": "הֿמעבר"}}
    assert list(cells_of(text, segment)) == [
        Cell("A7", 0, 4, "السد", "السد"),
        Cell("B7", 5, 5, "", ""),
        Cell("C7", 6, 11, "המעבר", "הֿמעבר"),
    ]


def test_what_is_no_row_has_no_cells() -> None:
    assert not list(cells_of("said at the weir", {"start": 0, "end": 4, "kind": "comment", "row": 1}))


@pytest.mark.parametrize(
    ("place", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (16_383, "XFD")]
)
def test_columns_are_counted_in_letters(place: int, letters: str) -> None:
    assert letters_of(place) == letters
    assert place_of(letters) == place


@pytest.mark.parametrize("letters", ["", "1", "A1", "É", "ABCD"])
def test_other_letters_name_no_column(letters: str) -> None:
    assert place_of(letters) == -1


@given(st.lists(CELLS, max_size=6))
def test_every_cell_comes_back_as_it_was_added(table: list[list[str]]) -> None:
    rows = Rows()
    for number, cells in enumerate(table, 1):
        rows.add(number, cells)
    text = rows.text
    found = {cell.address: cell for part in rows.segments for cell in cells_of(text, part.as_json())}
    for number, cells in enumerate(table, 1):
        for place, cell in enumerate(cells):
            address = f"{letters_of(place)}{number}"
            assert (found[address].raw if address in found else "") == cell
    for cell in found.values():
        assert text[cell.start : cell.end] == cell.shown


def test_no_more_is_added_than_may_be_kept() -> None:
    rows = Rows(largest=20)
    for number in range(1, 9):
        rows.add(number, ["السد"])
    assert rows.full
    assert [part.about["row"] for part in rows.segments] == [1, 2]
