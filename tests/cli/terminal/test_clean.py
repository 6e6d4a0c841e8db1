"""Words from originals on a terminal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.cli.terminal.clean import balanced, clean, clean_line, guarded, isolated, runs_right_to_left


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("\x1b[2Jgone", "\\x1b[2Jgone"),
        ("bell\x07", "bell\\x07"),
        ("over\rwritten", "over\\x0dwritten"),
        ("c1 \x9b31m", "c1 \\x9b31m"),
        ("re\u202eversed", "re\\u202eversed"),
        ("\u2067caught\u2069", "\\u2067caught\\u2069"),
        ("half \ud83d", "half \\ud83d"),
        ("tag \U000e0041", "tag \\U000e0041"),
    ],
)
def test_what_could_command_a_terminal_is_shown_as_an_escape(written: str, shown: str) -> None:
    assert clean(written) == shown


@pytest.mark.parametrize("text", ["سُدّت القناة", "שֵׁרפה", "می‌خواهم", "क्‍ष", "two\nlines\tand a tab"])
def test_what_languages_need_stays(text: str) -> None:
    assert clean(text) == text


def test_on_one_line_runs_of_white_space_are_one_space() -> None:
    assert clean_line("a\n\n b\tc") == "a b c"


@given(st.text())
def test_no_text_gets_a_control_character_past_the_last_look(text: str) -> None:
    for shown in (clean(text), guarded(text.replace("\x1b", ""))):
        assert not any(ord(character) < 32 and character not in "\n\t" for character in shown)
        assert "\x1b" not in shown
        assert "\u202e" not in shown


def test_only_text_that_runs_the_other_way_is_isolated() -> None:
    assert isolated("the gate") == "the gate"
    assert isolated("السوق") == "\u2068السوق\u2069"


def test_the_first_letter_with_a_direction_decides() -> None:
    assert runs_right_to_left("«07:15» השער נסגר gate")
    assert not runs_right_to_left("07:15 the השער")
    assert not runs_right_to_left("07:15")


def test_an_isolated_name_broken_over_lines_is_isolated_on_both() -> None:
    assert list(balanced(["by \u2068بائعة", "الخضار\u2069, saw"])) == [
        "by \u2068بائعة\u2069",
        "\u2068الخضار\u2069, saw",
    ]
