"""Cells are read by the form that the mapping says. What can be meant in two ways is refused, never guessed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.intake.sheets.cells import Cell
from onrecord.record.errors import FieldInvalid
from onrecord.writing.sheets.column import column
from onrecord.writing.sheets.values import Said, Values


def read(shown: str, said: dict[str, Any], kept: str | None = None) -> Said:
    cell = Cell("B7", 0, len(shown), shown, shown if kept is None else kept)
    return Values("from 1900").said(column("Dead", said, "columns.Dead", {}), cell)


def wrong(shown: str, said: dict[str, Any], kept: str | None = None) -> str:
    with pytest.raises(FieldInvalid) as error:
        read(shown, said, kept)
    assert error.value.thing == "B7" and shown.strip() in error.value.reason
    return str(error.value)


@pytest.mark.parametrize(
    ("shown", "form", "value"),
    [
        ("12", None, 12),
        (" 12 ", None, 12),
        ("-3", None, -3),
        ("0.125", None, "0.125"),
        ("1234.5", None, "1234.5"),
        ("١٢", None, 12),
        ("۱۲", None, 12),
        ("١٬٢٣٤٫٥", None, "1234.5"),
        ("\u200f١٢", None, 12),
        ("1,234", "1,234.5", 1234),
        ("1.234", "1.234,5", 1234),
        ("1.234", "1234.5", "1.234"),
        ("1 234,50", "1 234,5", "1234.50"),
        ("1'234", "1'234.5", 1234),
        ("1234,5", ["1234,5", "1 234,5"], "1234.5"),
    ],
)
def test_a_number_is_read_in_its_form(shown: str, form: Any, value: Any) -> None:
    found = read(shown, {"as": "number"} | ({"form": form} if form else {}))
    assert (found.value, found.written) == (value, shown.strip())


@pytest.mark.parametrize(
    ("shown", "form", "mend"),
    [
        ("1,234", None, '"form"'),
        ("1.234", None, '"form"'),
        ("1 234", None, '"form"'),
        ("1٢", None, "mixes digits"),
        ("about 3", None, '"values"'),
        ("12%", None, '"form"'),
        ("1,23", "1,234.5", "form 1,234.5"),
        ("12,345", ["1,234.5", "1234,5"], "form 1,234.5 or 1234,5"),
    ],
)
def test_a_number_that_can_be_meant_two_ways_is_not_read(shown: str, form: Any, mend: str) -> None:
    assert mend in wrong(shown, {"as": "number"} | ({"form": form} if form else {}))


def test_what_an_office_file_keeps_settles_marks_but_not_rounding() -> None:
    assert read("1,234", {"as": "number"}, "1234").value == 1234
    for shown, kept in (("3", "2.7"), ("12%", "0.12")):
        assert '"take"' in wrong(shown, {"as": "number"}, kept)
        assert read(shown, {"as": "number", "take": "kept"}, kept).value == kept
    assert read("3", {"as": "number", "take": "shown"}, "2.7").value == 3


@pytest.mark.parametrize(
    ("shown", "said", "day"),
    [
        ("03/04/2019", {"form": "day/month/year"}, "2019-04-03"),
        ("03/04/2019", {"form": "month/day/year"}, "2019-03-04"),
        ("٣/٤/٢٠١٩", {"form": "day/month/year"}, "2019-04-03"),
        ("3.4.19", {"form": "day.month.year", "century": 20}, "2019-04-03"),
        ("3 أيار 2019", {"form": "day monthname year", "months": {"أيار": 5}}, "2019-05-03"),
        ("03/04/2019 7:15", {"form": "day/month/year hour:minute"}, "2019-04-03T07:15"),
        ("04/2019", {"form": ["day/month/year", "month/year"]}, "2019-04"),
    ],
)
def test_a_date_is_read_in_its_form_and_kept_as_written(shown: str, said: dict[str, Any], day: str) -> None:
    found = read(shown, {"as": "date"} | said).value
    assert (found["from"], found["to"], found["as_written"]) == (day, day, shown)


def test_a_date_that_is_written_as_we_keep_it_needs_no_form() -> None:
    for shown in ("2019-05-14", "2019-05", "2019~", "2019-05-14/2019-05-16"):
        assert read(shown, {"as": "date"}).value == shown
    assert read("٢٠١٩-٠٥-١٤", {"as": "date"}).value["from"] == "2019-05-14"


@pytest.mark.parametrize(
    ("shown", "said", "mend"),
    [
        ("03/04/2019", {}, "day/month/year"),
        ("03/04/19", {"form": "day/month/year"}, "The mapping says day/month/year"),
        ("31/02/2019", {"form": "day/month/year"}, "Look at the sheet again"),
        ("in spring", {}, "day/month/year"),
        ("03/04/2019", {"form": ["day/month/year", "month/day/year"]}, "Leave one form"),
    ],
)
def test_a_date_is_never_guessed(shown: str, said: dict[str, Any], mend: str) -> None:
    assert mend in wrong(shown, {"as": "date"} | said)


def test_a_date_of_an_office_file_is_what_it_keeps_where_what_it_shows_agrees() -> None:
    assert read("03/04/2019", {"as": "date"}, "43558").value["from"] == "2019-04-03"
    assert read("3-Apr-19", {"as": "date"}, "43558").value["from"] == "2019-04-03"
    assert "form" in wrong("03/04/2019", {"as": "date"}, "43500")
    said = {"as": "date", "form": "month/day/year"}
    assert "the file keeps 2019-04-03" in wrong("03/04/2019", said, "43558")
    assert read("03/04/2019", said | {"take": "kept"}, "43558").value["from"] == "2019-04-03"


def test_words_stand_for_values_and_for_absences() -> None:
    said = {"values": {"M": "male"}, "absences": {"n/a": "not applicable"}}
    assert read("M", said) == Said("male", "M")
    assert read("n/a", said) == Said({"none": "not applicable"}, "n/a")
    assert "Did the sheet mean 'male'?" in wrong("mael", {"values": {"male": "M"}})
    assert "values" in wrong("X", said)
    assert read("X", said | {"others": "keep"}) == Said("X")


@given(st.integers(-(10**15), 10**15))
def test_grouped_digits_read_back_as_the_number_they_group(number: int) -> None:
    assert read(f"{number:,}", {"as": "number", "form": "1,234.5"}).value == number
    assert read(str(number), {"as": "number"}).value == number


@given(st.dates())
def test_every_day_is_read_back_from_its_form(day: Any) -> None:
    shown = f"{day.day:02}/{day.month:02}/{day.year:04}"
    assert read(shown, {"as": "date", "form": "day/month/year"}).value["from"] == day.isoformat()
