"""Text in columns of terminal cells."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from onrecord.cli.terminal.clean import clean_line
from onrecord.cli.terminal.columns import cells, cut, noted, set_in, side_by_side, wrapped

TEXT = st.text(st.sampled_from("ab cde سُدّتالقناة שַׁערקר 漢字 0123 .,-“”")).map(clean_line)


def test_lines_break_between_words() -> None:
    assert wrapped("the gate was shut", 9) == ["the gate", "was shut"]


def test_a_word_longer_than_the_line_is_broken_inside() -> None:
    assert wrapped("abcdefgh ij", 3) == ["abc", "def", "gh", "ij"]


def test_vowel_marks_take_no_room_and_wide_characters_take_two() -> None:
    assert cells("سُدّت") == 3
    assert cells("漢字") == 4


def test_right_to_left_text_stands_at_the_right_edge() -> None:
    (line,) = set_in("السوق", 10)
    assert line == "     \u2067السوق\u2069"


def test_left_to_right_text_stands_at_the_left_edge() -> None:
    assert set_in("gate", 10, indent=2) == ["  gate    "]


@given(TEXT, st.integers(4, 40))
def test_every_line_fills_its_column_exactly(text: str, width: int) -> None:
    for line in (*set_in(text, width), *noted(text, width, 2)):
        assert cells(line) == width


@given(TEXT, st.integers(2, 30))
def test_wrapping_loses_no_letter(text: str, width: int) -> None:
    assert "".join("".join(wrapped(text, width)).split()) == "".join(text.split())


@given(TEXT, st.integers(2, 30))
def test_a_cut_text_fits(text: str, width: int) -> None:
    assert cells(cut(text, width)) <= width


def test_two_right_to_left_columns_cannot_change_places() -> None:
    (row,) = side_by_side([set_in("يمين", 6), set_in("שמאל", 6)], 6)
    assert "\u200e │ \u200e" in row
    assert row.index("يمين") < row.index("שמאל")


def test_a_shorter_column_is_filled_up() -> None:
    assert list(side_by_side([["a ", "b "], ["c "]], 2)) == ["a  │ c", "b  │"]
