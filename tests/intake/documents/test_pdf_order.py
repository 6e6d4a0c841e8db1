"""The order of reading, from where letters stand: whatever was written, the eye's order leads back to it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from onrecord.intake.documents.pdf_order import Letter, in_reading_order, plain

HEBREW, ARABIC = "אבגדהוזחטיכלמנסעפצקרשת", "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"


def stood(line: str) -> list[Letter]:
    """Letters side by side, each one wide; where there is a space there is only room."""
    places = ((letter, float(10 * at)) for at, letter in enumerate(line))
    return [Letter(letter, at, at, at + 10, 12.0) for letter, at in places if letter != " "]


def by_eye(words: list[str]) -> str:
    return " ".join(word if word[0] in "0123456789" else word[::-1] for word in reversed(words))


def right_to_left(letters: str) -> st.SearchStrategy[list[str]]:
    word = st.text(letters, min_size=1, max_size=6)
    number = st.text("0123456789", min_size=1, max_size=4)
    return st.builds(
        lambda first, between, last: [first, *between, last], word, st.lists(word | number, max_size=6), word
    )


@given(right_to_left(HEBREW) | right_to_left(ARABIC))
def test_words_and_numbers_come_back_in_the_order_in_which_they_were_written(words: list[str]) -> None:
    assert in_reading_order([stood(by_eye(words))]) == [" ".join(words)]


@given(right_to_left(HEBREW), st.randoms())
def test_in_which_order_the_file_keeps_the_letters_does_not_matter(words: list[str], chance: object) -> None:
    letters = stood(by_eye(words))
    shuffled = sorted(letters, key=lambda letter: hash((letter.left, str(chance))))
    assert in_reading_order([shuffled]) == in_reading_order([letters])


def test_times_dates_and_shares_stay_whole() -> None:
    for seen, written in (
        ("07:15 " + "בשעה"[::-1], "בשעה 07:15"),
        ("14/5/2019 " + "يوم"[::-1], "يوم 14/5/2019"),
        ("50% " + "רק"[::-1], "רק 50%"),
        ("2019-5-14 " + "يوم"[::-1], "يوم 14-5-2019"),
    ):
        assert in_reading_order([stood(seen)]) == [written]


def test_a_line_in_latin_letters_with_a_word_from_the_right_keeps_its_order() -> None:
    lines = ["The word " + "שער"[::-1] + " means gate", "and so it was said"]
    assert in_reading_order([stood(line) for line in lines])[0] == "The word שער means gate"


def test_marks_stay_with_the_letter_that_they_stand_on() -> None:
    letters = [
        Letter("מ", 10, 10, 20, 12.0),
        Letter("ש", 20, 20, 30, 12.0),
        Letter("\u05c1", 24, 24, 26, 12.0),
    ]
    assert in_reading_order([letters]) == ["ש\u05c1מ"]


def test_only_shapes_of_letters_are_made_ordinary() -> None:
    assert plain("ﻻ ﷲ ﬁ ½ é") == "لا الله ﬁ ½ é"
