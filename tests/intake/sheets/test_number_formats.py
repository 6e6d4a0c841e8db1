"""A number shows as its cell's format says; what a format says that is not understood is never guessed."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.intake.sheets.number_formats import BUILT_IN, general, number_format


def shown(code: str, raw: str, from_1904: bool = False) -> str | None:
    made = number_format(code)
    return made.shown(raw, from_1904) if made else None


@pytest.mark.parametrize(
    ("code", "raw", "expected"),
    [
        ("General", "43599", "43599"),
        ("General", "0.30000000000000004", "0.3"),
        ("General", "972501234567", "972501234567"),
        ("General", "1.0E-2", "0.01"),
        ("General", "1E+25", "1E+25"),
        ("General", "-0", "0"),
        ("0", "2.5", "3"),
        ("0.00", "2.6749999999999998", "2.68"),
        ("0.00", "-0.001", "0.00"),
        ("0.###", "1.5", "1.5"),
        ("00000", "42", "00042"),
        ("#,##0", "1234567.5", "1,234,568"),
        ("#,##0.00", "-1234.5", "-1,234.50"),
        ("0,", "123456", "123"),
        ("0%", "0.256", "26%"),
        ("0.0%", "0.256", "25.6%"),
        ("0.00E+00", "12345", "1.23E+04"),
        ("0.00E+00", "0.00012", "1.20E-04"),
        ("#,##0.00_);[Red](#,##0.00)", "-3", "(3.00)"),
        ('0;-0;"none"', "0", "none"),
        ('#,##0 "₪"', "1250", "1,250 ₪"),
        ("[$₪-40D] #,##0.00", "1234.5", "₪ 1,234.50"),
        ("@", "12", "12"),
    ],
)
def test_numbers_show_by_their_format(code: str, raw: str, expected: str) -> None:
    assert shown(code, raw) == expected


@pytest.mark.parametrize(
    ("code", "raw", "expected"),
    [
        ("d/m/yyyy", "43599", "14/5/2019"),
        ("dd/mm/yyyy hh:mm", "43599.75", "14/05/2019 18:00"),
        ("yyyy-mm-dd hh:mm:ss", "39886.264305555555", "2009-03-14 06:20:36"),
        ("dddd d mmmm yy", "43599", "Tuesday 14 May 19"),
        ("h:mm AM/PM", "0.5", "12:00 PM"),
        ("h:mm AM/PM", "0.0208333333333333", "12:30 AM"),
        ("[h]:mm", "1.5", "36:00"),
        ("[m]", "1.5", "2160"),
        ("mm:ss.0", "0.0001234", "00:10.7"),
        ("m/d", "43599", "5/14"),
        ("h:m", "0.25", "6:0"),
        ("hh:mm:ss", "0.99999999", "00:00:00"),
        ("d/m/yyyy", "1", "1/1/1900"),
        ("d/m/yyyy", "59", "28/2/1900"),
        ("d/m/yyyy", "60", "29/2/1900"),
        ("d/m/yyyy", "61", "1/3/1900"),
    ],
)
def test_days_and_times_show_by_their_format(code: str, raw: str, expected: str) -> None:
    assert shown(code, raw) == expected


def test_a_workbook_that_counts_from_1904_shows_other_days() -> None:
    assert shown("ddd d/m/yyyy", "0", from_1904=True) == "Fri 1/1/1904"
    assert shown("d/m/yyyy", "42137", from_1904=True) == shown("d/m/yyyy", "43599")


def test_a_date_in_the_systems_own_form_shows_the_year_first() -> None:
    assert shown(BUILT_IN[14], "39886") == "2009-03-14"
    assert shown("[$-F800]dddd, mmmm dd, yyyy", "39886") == "2009-03-14"


@pytest.mark.parametrize(
    ("code", "raw"),
    [
        ("# ?/?", "0.5"),
        ("[>100]0;0", "5"),
        ("[$-401]d mmm yy", "43599"),
        ("[$-2000401]0", "5"),
        ("[$-1170000]d/m/yyyy", "43599"),
        ("000-0000", "5551234"),
        ("ggge", "5"),
        ("d/m/yyyy", "-1"),
        ("d/m/yyyy", "2958466"),
        ("d/m/yyyy", "2958465.9999999999"),
        ("0", "1E400"),
        ("0", "NaN"),
        ("0", "١٢"),
        ("0", "1_000"),
        ("0", "9" * 500),
        ("0" * 300, "1"),
    ],
)
def test_what_is_not_understood_is_not_guessed(code: str, raw: str) -> None:
    assert shown(code, raw) is None


@given(st.integers(1, 2_900_000))
def test_days_after_february_1900_are_those_of_the_calendar(days: int) -> None:
    if days > 60:
        assert shown("yyyy-mm-dd", str(days)) == (date(1899, 12, 30) + timedelta(days)).isoformat()


@given(st.decimals(-(10**12), 10**12, places=2))
def test_two_places_say_the_same_number(number: Decimal) -> None:
    assert Decimal((shown("#,##0.00", str(number)) or "").replace(",", "")) == number


@given(st.integers(-(10**15) + 1, 10**15 - 1))
def test_whole_numbers_show_in_full(number: int) -> None:
    assert general(Decimal(number)) == str(number)


@given(st.text(st.sampled_from('0#?.,%E+-/ymdhsAPM[]$;"\\_*@ x9(=>'), max_size=12), st.floats().map(repr))
def test_no_format_raises_an_error(code: str, raw: str) -> None:
    assert shown(code, raw) is None or isinstance(shown(code, raw), str)
    assert shown(code, raw, from_1904=True) is None or "\0" not in str(shown(code, raw))
