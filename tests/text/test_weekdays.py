from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.text.weekdays import weekday_claims

THIRD_OF_MAY = date(2009, 5, 3)


@pytest.mark.parametrize(
    "exact",
    [
        "Tuesday 3 May 2009",
        "Tuesday, 3 May 2009",
        "Tuesday, May 3rd, 2009",
        "TUESDAY, MAY 3, 2009",
        "Tues. the 3rd of May, 2009",
        "Tuesday 2009-05-03",
        "Tuesday evening, 3 May 2009",
        "3 May 2009 (Tuesday)",
        "3 May 2009, a Tuesday",
        "Tuesday\n3 May 2009",
        "الثلاثاء 3 أيار 2009",
        "يوم الثلاثاء، ٣ أيار ٢٠٠٩",
        "يوم الثلاثاء الموافق 3 أيار/مايو 2009",
        "الثلاثاء ۳ مايو ۲۰۰۹",
        "الثلاثاء 3 من أيار (مايو) 2009",
        "الثُّلاثاء 3 ماي 2009",
        "יום שלישי, 3 במאי 2009",
        "יום שלישי ה־3 במאי 2009",
        "יום ג׳, 3 במאי 2009",
        "יום שלישי 3 מאי 2009",
        "3 במאי 2009 (יום שלישי)",
    ],
)
def test_a_weekday_beside_a_full_date_is_a_claim(exact: str) -> None:
    text = f"… {exact}."
    [claim] = weekday_claims(text)
    assert (claim.weekday, claim.date, claim.exact) == (1, THIRD_OF_MAY, exact)
    assert text[claim.start : claim.end] == exact


@pytest.mark.parametrize(
    ("text", "weekday", "day"),
    [
        ("Sunday 13/05/2009", 6, date(2009, 5, 13)),
        ("Friday 05.05.2009", 4, date(2009, 5, 5)),
        ("בשבת, 16.5.2009", 5, date(2009, 5, 16)),
        ("الأحد 3 تشرين الثاني 2009", 6, date(2009, 11, 3)),
        ("الاثنين 3 تشرين الأول 2009", 0, date(2009, 10, 3)),
        ("الجمعة 3 كانون الثاني 2009", 4, date(2009, 1, 3)),
        ("الخميس 9 نيسان 2009", 3, date(2009, 4, 9)),
        ("الخميس 9 أبريل 2009", 3, date(2009, 4, 9)),
        ("יום ראשון, 1 באוגוסט 2010", 6, date(2010, 8, 1)),
        ("Mon. 1 Sept. 2008", 0, date(2008, 9, 1)),
    ],
)
def test_days_and_months_go_by_all_their_names(text: str, weekday: int, day: date) -> None:
    [claim] = weekday_claims(text)
    assert (claim.weekday, claim.date) == (weekday, day)


@pytest.mark.parametrize(
    "text",
    [
        "Sunday 03/05/2009",
        "Sunday 3.5.2009",
        "Sunday 5/13/2009",
        "Tuesday 31 April 2009",
        "Tuesday 29 February 2009",
        "Tuesday 3 May",
        "Tuesday 3 May 09",
        "Tuesday. 3 May 2009",
        "Tuesday\n\n3 May 2009",
        "Tuesday 3-5 May 2009",
        "the week after Tuesday and 3 May 2009",
        "the court sat 3 May 2009",
        "in the Sun, 3 May 2009",
        "Tuesday 3 May 1499",
        "الأحد 3 أيار/يونيو 2009",
        "ليلة الجمعة 3 أيار 2009",
        "ערב שבת, 3 במאי 2009",
        "שלישי 3 במאי 2009",
        "Tuesday 3 May 20091",
    ],
)
def test_what_is_not_certain_is_not_read(text: str) -> None:
    assert weekday_claims(text) == []


def test_claims_stand_in_the_order_of_the_text() -> None:
    text = "الأحد 3 أيار 2009, then Monday 4 May 2009, then יום שלישי, 5 במאי 2009"
    assert [claim.weekday for claim in weekday_claims(text)] == [6, 0, 1]


@given(st.text(), st.dates(min_value=date(1583, 1, 1)), st.text())
def test_a_right_weekday_is_read_right_in_any_text(before: str, day: date, after: str) -> None:
    exact = f"{day:%A} {day.day} {day:%B} {day.year:04}"
    text = f"{before}\n\n{exact}\n\n{after}"
    claim = next(claim for claim in weekday_claims(text) if claim.exact == exact)
    assert (claim.weekday, claim.date) == (day.weekday(), day)
