"""Sheets as plain text: every value is as written, and how the cells were told apart is said."""

from __future__ import annotations

import csv as standard
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.intake.reading import Reading
from onrecord.intake.sheets import csv
from onrecord.intake.sheets.cells import cells_of
from tests.intake.office import assert_sound, reading

TABLE = [["name", "place", "day"], ["ريم", "السد", "١٤/٣"], ["נועה", "המעבר", "14/3"]]


def cells(read: Reading) -> list[list[str]]:
    text = read.layer_text or ""
    return [[cell.raw for cell in cells_of(text, part.as_json())] for part in read.segments]


@pytest.mark.parametrize(("name", "sign"), csv.DELIMITERS.items())
def test_what_parts_the_cells_is_found_and_said(name: str, sign: str) -> None:
    read = reading(csv, "\n".join(sign.join(row) for row in TABLE).encode())
    assert cells(read) == TABLE
    assert read.parameters == {"encoding": "utf-8", "delimiter": name}
    assert read.notes == (f"the file does not say what parts its cells; by its rows it is a {name}",)


def test_two_signs_that_part_the_rows_alike_are_both_named() -> None:
    read = reading(csv, b"a,b;c\nd,e;f\n")
    assert read.notes[0].endswith("also fit")


def test_a_sign_that_a_person_chose_wins() -> None:
    read = reading(csv, b"a,b;c\nd,e;f\n", pieces={"delimiter": "semicolon"})
    assert cells(read) == [["a,b", "c"], ["d,e", "f"]]
    assert not read.notes


def test_a_first_line_that_names_the_sign_is_obeyed_and_is_no_row() -> None:
    read = reading(csv, b"sep=;\r\na,1;b\r\n")
    assert cells(read) == [["a,1", "b"]]
    assert read.segments[0].about["row"] == 2
    assert "semicolon" in read.notes[0]


def test_lines_without_any_sign_are_one_cell_each() -> None:
    read = reading(csv, "السد\nהמעבר\n".encode())
    assert cells(read) == [["السد"], ["המעבר"]]
    assert read.parameters["delimiter"] == "none"
    assert "each line is one cell" in read.notes[0]


def test_a_cell_between_quotation_marks_keeps_its_line_ends_and_shows_spaces() -> None:
    read = reading(csv, b'a,b\r\n"said:\r\n""the\tweir""",x\r\n')
    assert read.layer_text == 'a\tb\nsaid: "the weir"\tx'
    assert read.segments[1].about == {"row": 2, "raw": {"A": 'said:\r\n"the\tweir"'}}


@pytest.mark.parametrize("written", ['צה"ל', '"א" בלבד', '"open', 'a"b"', '""x'])
def test_a_quotation_mark_that_wraps_no_cell_is_a_character(written: str) -> None:
    assert cells(reading(csv, f"a,b,c\n1,{written},3\n4,5,6\n".encode())) == [
        ["a", "b", "c"],
        ["1", written, "3"],
        ["4", "5", "6"],
    ]


def test_rows_are_numbered_as_sheets_show_them_and_empty_ones_are_left_out() -> None:
    read = reading(csv, b"a,b\n\n,,\nc,,\n")
    assert [part.about["row"] for part in read.segments] == [1, 4]
    assert read.layer_text == "a\tb\nc"


def test_ragged_rows_are_read_and_noted() -> None:
    read = reading(csv, b"a,b,c\n1,2,3\n1,2,3,4\n1,2\n")
    assert cells(read)[2] == ["1", "2", "3", "4"]
    assert read.notes[-1] == "most rows have 3 cells; 2 rows have another number of them"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "windows-1256"])
def test_encodings_give_the_same_cells(encoding: str) -> None:
    words = "قال الشاهد إن الجنود وصلوا إلى القرية في الصباح"
    read = reading(csv, f"الاسم,القول\nريم,{words}\n".encode(encoding))
    assert cells(read) == [["الاسم", "القول"], ["ريم", words]]


def test_an_encoding_that_a_person_chose_wins() -> None:
    read = reading(csv, "המעבר,1\n".encode("windows-1255"), encoding="windows-1255")
    assert cells(read) == [["המעבר", "1"]]


def test_a_zero_character_does_not_reach_the_layer() -> None:
    read = reading(csv, "a,b\0\n".encode("utf-16"))
    assert read.layer_text == "a\tb\ufffd"
    assert any("zero character" in note for note in read.notes)


@pytest.mark.parametrize("content", [b"", b"\n\n", b",,,\n,,,", b"\xef\xbb\xbf"])
def test_a_sheet_without_words_says_so(content: bytes) -> None:
    assert reading(csv, content).why_none == "it has no cell with anything in it"


def test_more_than_a_layer_may_hold_is_left_out_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv, "LARGEST_TEXT_BYTES", 12)
    read = reading(csv, b"a,b\nc,d\ne,f\ng,h\n")
    assert cells(read) == [["a", "b"], ["c", "d"], ["e", "f"]]
    assert "the rest is not read" in " ".join(read.notes)


FIELD = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff"), max_size=6)


@given(st.lists(st.lists(FIELD, min_size=2, max_size=4), min_size=1, max_size=5))
def test_what_another_program_writes_comes_back_exactly(table: list[list[str]]) -> None:
    written = io.StringIO(newline="")
    standard.writer(written, quoting=standard.QUOTE_ALL).writerows(table)
    read = reading(csv, written.getvalue().encode(), pieces={"delimiter": "comma"})
    assert_sound(read)
    kept = [row for row in table if any(row)]
    assert [(one + [""] * 4)[:4] for one in cells(read)] == [(row + [""] * 4)[:4] for row in kept]


@given(st.binary(max_size=300))
def test_any_bytes_are_read_to_some_end(content: bytes) -> None:
    assert_sound(reading(csv, content))


@given(st.text(st.sampled_from('",;\n\r\ta'), max_size=60))
def test_any_quoting_is_read_to_some_end(text: str) -> None:
    assert_sound(reading(csv, text.encode()))
