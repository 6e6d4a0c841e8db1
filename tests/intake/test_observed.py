"""Observations are short texts that can be kept, and numbers in them are exact."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from onrecord.intake.observed import LONGEST_VALUE, MOST, bounded, decimal_text, observation


@given(st.text(max_size=40), st.text())
def test_any_text_can_be_kept(name: str, value: str) -> None:
    made = observation("EXIF", name, value)
    (made.name + made.value).encode("utf-8")
    assert "\0" not in made.name + made.value


def test_a_long_text_is_cut_where_that_is_seen() -> None:
    assert observation("EXIF", "Make", "س" * (LONGEST_VALUE + 1)).value == "س" * LONGEST_VALUE + "…"
    assert observation("EXIF", "Make", "س" * LONGEST_VALUE).value == "س" * LONGEST_VALUE


def test_lone_surrogates_and_zeros_do_not_come_through() -> None:
    assert observation("EXIF", "Make", "שער\ud800\0\x07 ").value == "שער? "


def test_what_is_more_than_the_most_is_said() -> None:
    many = [observation("PNG", str(number), "x") for number in range(MOST + 1)]
    kept, notes = bounded(many)
    assert (len(kept), len(notes)) == (MOST, 1)
    assert bounded(many[:MOST]) == (tuple(many[:MOST]), ())


@given(st.integers(-(10**12), 10**12), st.integers(-(10**6), 10**6).filter(bool))
def test_a_fraction_is_the_nearest_decimal(number: int, over: int) -> None:
    text = decimal_text(number, over)
    assert abs(Fraction(Decimal(text)) - Fraction(number, over)) <= Fraction(1, 2 * 10**7)
    assert text == "0" or not text.endswith(".")
    assert "e" not in text.lower() and text != "-0"
