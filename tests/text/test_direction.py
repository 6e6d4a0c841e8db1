from __future__ import annotations

import pytest

from onrecord.text.direction import direction, script


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The gate", "ltr"),
        ("الباب", "rtl"),
        ("השער", "rtl"),
        ("12: «الباب» is Arabic", "rtl"),
        ("(3) gate השער", "ltr"),
        ("\u2068gate\u2069 השער", "rtl"),
        ("1234 ...", "ltr"),
        ("", "ltr"),
    ],
)
def test_the_first_strong_letter_gives_the_direction(text: str, expected: str) -> None:
    assert direction(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Café ﬁne", "latin"),
        ("قال OK للصحفي", "arabic"),
        ("ﺳﻼﻡ", "arabic"),
        ("הוא אמר OK", "hebrew"),
        ("ворота", "other"),
        ("2009-05-03", "other"),
        ("", "other"),
    ],
)
def test_the_script_is_that_of_most_letters(text: str, expected: str) -> None:
    assert script(text) == expected


def test_arabic_with_vowel_marks_is_arabic_and_hebrew_with_points_is_hebrew() -> None:
    assert script("رأيتُ الجدارَ") == "arabic"
    assert script("שָׁלוֹם לָכֶם") == "hebrew"
