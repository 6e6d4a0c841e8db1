"""What a time may be written as, which days it may mean, and how it is said to people."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.record.calendar_days import day_number
from onrecord.record.errors import TimeInvalid
from onrecord.record.times import Interval, Point, bounds, check_time, display, overlap, parse, precise


def day(text: str) -> date:
    return date.fromisoformat(text)


def refusal(value: Any) -> TimeInvalid:
    with pytest.raises(TimeInvalid) as refused:
        check_time(value)
    return refused.value


READ = [
    ("2009", "2009-01-01", "2009-12-31"),
    ("2009-03", "2009-03-01", "2009-03-31"),
    ("2009-03-14", "2009-03-14", "2009-03-14"),
    ("2008-02", "2008-02-01", "2008-02-29"),
    ("1900-02", "1900-02-01", "1900-02-28"),
    ("2019-05-14T07:15:00Z", "2019-05-14", "2019-05-14"),
    ("2019-05-14T23:59:59-11:00", "2019-05-14", "2019-05-14"),
    ("2019-05-14T07:15:00+03", "2019-05-14", "2019-05-14"),
    ("2019-05-14T07:15", "2019-05-14", "2019-05-14"),
    ("2009-03~", "2009-03-01", "2009-03-31"),
    ("1984?", "1984-01-01", "1984-12-31"),
    ("2004-06-11%", "2004-06-11", "2004-06-11"),
    ("199X", "1990-01-01", "1999-12-31"),
    ("19XX", "1900-01-01", "1999-12-31"),
    ("199X?", "1990-01-01", "1999-12-31"),
    ("2004-XX", "2004-01-01", "2004-12-31"),
    ("1985-04-XX", "1985-04-01", "1985-04-30"),
    ("1985-XX-XX", "1985-01-01", "1985-12-31"),
    ("2001-21", "2001-03-01", "2001-12-31"),
    ("2001-24~", "2000-12-01", "2002-03-31"),
    ("1964/2008", "1964-01-01", "2008-12-31"),
    ("2004-02-01/2005", "2004-02-01", "2005-12-31"),
    ("1984~/2004-06?", "1984-01-01", "2004-06-30"),
    ("2019-05-14T06:30/2019-05-14T07:00", "2019-05-14", "2019-05-14"),
    ("1985-04-12/..", "1985-04-12", None),
    ("1985-04-12/", "1985-04-12", None),
    ("../1985-04", None, "1985-04-30"),
    ("/1985-04", None, "1985-04-30"),
    ("0001", "0001-01-01", "0001-12-31"),
    ("9999-12-31", "9999-12-31", "9999-12-31"),
    ("0000", None, None),
    ("-0043-03-15", None, None),
    ("-0044-02-29?", None, None),
    ("-01XX", None, None),
    ("Y170000002", None, None),
    ("Y-170000002~", None, None),
    ("9999-24", "9998-12-01", None),
]


@pytest.mark.parametrize(("text", "first", "last"), READ)
def test_a_text_is_read_as_the_days_it_may_mean(text: str, first: str | None, last: str | None) -> None:
    check_time(text)
    assert bounds(text) == (first and day(first), last and day(last))


MALFORMED = [
    "", " ", "2019 ", "yesterday", "May 2019", "14 May 2019", "2019-5", "2019-05-1", "19-05-14", "2019-13",
    "2019-00", "2019-05-32", "2019-05-00", "2019-02-29", "1900-02-29", "-0042-02-29", "-0000", "02019", "201",
    "XXXX", "1XXX", "X019", "19X9", "199X-04", "2004-XX-14", "2004-1X", "2004-04-1X", "2004-25", "2004-21-03",
    "2004?-06", "?2004", "2004~?", "2004??", "Y2004", "Y012345", "Y170000002-01", "Y17E7", "Y",
    "2019-05-14T", "2019-05-14T7:15", "2019-05-14T24:00:00", "2019-05-14T07:60", "2019-05-14T07:15:60",
    "2019-05T07:15", "2019-05-XXT07:15", "2019-05-14T07:15:00~", "2019-05-14 07:15", "2019-05-14T07:15:00.5",
    "2019-05-14T07:15+99:00", "20190514", "201905", "2005/2004", "2004-06/2004-05", "/", "../..", "../", "//",
    "2004/2005/2006", "[1667,1668]", "{1667..1668}", "1560..1570", "2019-05-14/05-16", "٢٠١٩-٠٥-١٤", "２０１９",
    "12/07/2010", "12-07-2010", "2010/07/12", "07/2010", "2010/07", "2019-05-14\n", "Y" + "9" * 6000,
]  # fmt: skip


@pytest.mark.parametrize("text", MALFORMED)
def test_a_malformed_text_is_refused_with_a_mend_and_never_guessed(text: str) -> None:
    refused = refusal(text)
    assert refused.reason
    assert refused.mend
    assert len(str(refused)) < 400


@pytest.mark.parametrize(
    ("text", "reason", "mend"),
    [
        (
            "12/07/2010",
            "“12/07/2010” can be read two ways",
            "Write 2010-07-12 or 2010-12-07, and keep the words in as_written.",
        ),
        (
            "25.12.2010",
            "“25.12.2010” is not written year first",
            "Write 2010-12-25, and keep the words in as_written.",
        ),
        ("7/7/2010", "“7/7/2010” is not written year first", "Write 2010-07-07"),
        ("31/31/2010", "“31/31/2010” is not a day of any calendar we read", "Look at the source again"),
        ("12/7/10", "“12/7/10” has a year of two digits", "Write all four digits"),
        (
            "2010/07/12",
            "“2010/07/12” is not written with two digits and hyphens",
            "If that is meant, write 2010-07-12",
        ),
        (
            "20100712",
            "“20100712” is not written with two digits and hyphens",
            "If that is meant, write 2010-07-12",
        ),
        ("2010-7", "“2010-7” is not written with two digits and hyphens", "If that is meant, write 2010-07"),
        ("201007", "“201007” can be read in several ways", "Write it like 2010-07"),
        ("07/2010", "“07/2010” is not written year first", "Write 2010-07"),
        (
            "٢٠١٩-٠٥-١٤",
            "“٢٠١٩-٠٥-١٤” is written in other digits than 0 to 9",
            "Write 2019-05-14",
        ),
        ("Unknown", "“Unknown” is not a date", 'If there is none, write {"none": "unknown"}.'),
        ("1984?~", "“1984?~” has two marks at its end", "For both uncertain and about, write 1984%"),
        ("2019-02-29", "“2019-02-29” has a day 29, and that month has 28 days", "Look at the source again."),
        ("2010-13", "“2010-13” has a month 13", "Months go from 01 to 12"),
        ("2005/2004", "“2005/2004” ends before it starts", "Write the earlier date first."),
        ("the day the clay was dug", "“the day the clay was dug” is not a date that can be", "Write it like"),
    ],
)
def test_a_refusal_says_what_is_wrong_and_how_to_write_it(text: str, reason: str, mend: str) -> None:
    refused = refusal(text)
    assert refused.reason.startswith(reason)
    assert refused.mend.startswith(mend)


@pytest.mark.parametrize(
    ("time", "first", "last"),
    [
        ({"from": "1903-09-12", "to": "1903-10-09", "precise": False}, "1903-09-12", "1903-10-09"),
        ({"from": "1903-09"}, "1903-09-01", None),
        ({"to": "1903-09", "precise": False, "as_written": "a long time ago"}, None, "1903-09-30"),
        ({"from": "2009", "to": "..", "started": True, "ended": False}, "2009-01-01", None),
        ({"from": {"none": "not asked"}, "to": "2009"}, None, "2009-12-31"),
        ({"from": None, "to": "2009"}, None, "2009-12-31"),
        ({"as_written": "when the clay was dug"}, None, None),
        ({"none": "not asked"}, None, None),
        ({"none": "unknown", "as_written": "God knows"}, None, None),
    ],
)
def test_a_stored_time_keeps_its_bounds(time: Any, first: str | None, last: str | None) -> None:
    check_time(time)
    assert bounds(time) == (first and day(first), last and day(last))


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (2019, 'Write it in quotes: "2019".'),
        (None, "is not a time"),
        (True, "is not a time"),
        (["2019"], "is not a time"),
        ({}, "neither from, to nor as_written"),
        ({"precise": True}, "neither from, to nor as_written"),
        ({"form": "2019"}, "no field form"),
        ({"from": 2019}, 'Write "2019" in quotes.'),
        ({"from": "2019/2020"}, "is a range"),
        ({"from": "12/07/2010"}, "can be read two ways"),
        ({"from": "2020", "to": "2019"}, "ends (2019) before it starts (2020)"),
        ({"from": "2019", "precise": "yes"}, "precise is 'yes'"),
        ({"from": "2019", "as_written": 2019}, "as_written is 2019"),
        ({"from": {"none": ""}}, "does not say why"),
        ({"from": {"from": "2019"}}, "from is an object"),
        ({"none": ""}, "does not say why"),
        ({"none": "not asked", "from": "2019"}, "and also from"),
    ],
)
def test_a_stored_time_that_says_nothing_clear_is_refused(value: Any, says: str) -> None:
    assert says in str(refusal(value))


def test_a_reading_keeps_its_marks() -> None:
    read = parse("2009-03%")
    assert isinstance(read, Point)
    assert (read.uncertain, read.approximate, read.precise) == (True, True, False)
    between = parse("2009?/2010~")
    assert isinstance(between, Interval)
    assert between.start and between.start.uncertain
    assert between.end and between.end.approximate


def test_precise_is_stated_or_plain_and_otherwise_not_said() -> None:
    assert precise({"from": "2009", "to": "2010", "precise": False}) is False
    assert precise({"from": "2009", "to": "2010"}) is None
    assert precise("2009-03-14") is True
    assert precise("2009-03-14~") is None
    assert precise("2009") is None


@pytest.mark.parametrize(
    ("a", "b", "meet"),
    [
        ("2019", "2019-05-14", True),
        ("2019-05-13", "2019-05-14", False),
        ("2019-05-14T06:40", "2019-05-14T07:15", False),
        ("2019-05-14T06:40", "2019-05-14", True),
        ("2019-05-14T06:40", "2019-05-14T06:40:30", True),
        ("2019-05-14T23:30:00-02:00", "2019-05-15T04:30:00+03:00", True),
        ("2019-05-14T23:30:00Z", "2019-05-14T23:30:00+03:00", False),
        ("2019-05-14T23:30:00Z", "2019-05-14T07:00", True),
        ({"from": "1903-09-12", "to": "1903-10-09"}, "1903-10", True),
        ({"to": "1903-09"}, "1903-10/..", False),
        ({"none": "not asked"}, "2019", True),
        ({"as_written": "long ago"}, "2019", True),
        ("-0043", "-0042", False),
        ("Y170000002", "2019", False),
    ],
)
def test_two_times_overlap_unless_what_is_stated_keeps_them_apart(a: Any, b: Any, meet: bool) -> None:
    assert overlap(a, b) is meet
    assert overlap(b, a) is meet


@pytest.mark.parametrize(
    ("time", "words"),
    [
        ("2009-03~", "about March 2009"),
        ("2009?", "perhaps 2009"),
        ("2009%", "perhaps about 2009"),
        ("2019-05-14", "14 May 2019"),
        ("2019-05-14T07:15", "14 May 2019 at 07:15"),
        ("2019-05-14T07:15:30Z", "14 May 2019 at 07:15:30 UTC"),
        ("2019-05-14T07:15:00-03:30", "14 May 2019 at 07:15 UTC-03:30"),
        ("199X", "the 1990s"),
        ("19XX", "some year from 1900 to 1999"),
        ("2004-XX", "2004, month not given"),
        ("1985-04-XX", "April 1985, day not given"),
        ("1985-XX-XX", "1985, day not given"),
        ("2001-21", "spring 2001"),
        ("-0043", "44 BC"),
        ("-01XX", "some year from 200 to 101 BC"),
        ("0000", "1 BC"),
        ("Y170000002", "170000002"),
        ("1964/2008", "1964 to 2008"),
        ("1964/..", "from 1964 on"),
        ("../1903-09", "in or before September 1903"),
        ({"to": "1903-09", "precise": False}, "in or before September 1903"),
        ({"to": "1903-09-12", "precise": False}, "on or before 12 September 1903"),
        ({"from": "2009", "precise": True}, "from 2009 on"),
        ({"from": "2009", "precise": False}, "in or after 2009"),
        (
            {"from": "1903-09-12", "to": "1903-10-09", "precise": False},
            "12 September 1903 to 9 October 1903, on at least one day",
        ),
        ({"from": "2009", "to": "2010", "precise": True}, "2009 to 2010, on every day"),
        ({"from": "2009", "to": "2010", "started": True}, "2009 to 2010; it started then"),
        ({"from": "2019-05-14", "to": "2019-05-14", "precise": True}, "14 May 2019"),
        ({"as_written": "when the clay was dug"}, "“when the clay was dug”"),
        ({"none": "not asked"}, "not asked"),
        ({"none": "refused", "as_written": "ask God"}, "refused (“ask God”)"),
    ],
)
def test_a_time_is_said_in_plain_words_with_its_vagueness(time: Any, words: str) -> None:
    check_time(time)
    assert display(time) == words


EXACT = st.dates().map(date.isoformat)
VAGUE = st.dates().flatmap(
    lambda on: st.sampled_from(
        [
            on.isoformat()[:4],
            on.isoformat()[:7],
            f"{on.isoformat()[:3]}X",
            f"{on.isoformat()[:2]}XX",
            f"{on.isoformat()[:8]}XX",
            f"{on.isoformat()[:5]}XX-XX",
            f"{on.isoformat()}~",
        ]
    ).map(lambda text: (text, on))
)
ENDS = st.one_of(EXACT, VAGUE.map(lambda pair: pair[0]), st.sampled_from(["..", ""]))
LIKELY = st.text(alphabet="0123456789-/.XYTZ?~%+: ", max_size=24)


@given(st.dates())
def test_every_day_of_the_calendar_is_read_as_itself(on: date) -> None:
    assert bounds(on.isoformat()) == (on, on)
    assert day_number(on.year, on.month, on.day) == on.toordinal()


@given(st.integers(0, 9999), st.integers(0, 99), st.integers(0, 99))
def test_only_days_that_exist_are_read(year: int, month: int, number: int) -> None:
    text = f"{year:04}-{month:02}-{number:02}"
    try:
        on = date(year, month, number)
    except ValueError:
        if year > 0:
            refusal(text)
    else:
        assert bounds(text) == (on, on)


@given(VAGUE)
def test_a_vague_date_always_includes_the_day_it_was_made_from(vague: tuple[str, date]) -> None:
    first, last = bounds(vague[0])
    assert (first or date.min) <= vague[1] <= (last or date.max)


@given(st.one_of(st.text(max_size=30), LIKELY, st.tuples(ENDS, ENDS).map("/".join)))
def test_any_text_is_read_in_order_or_refused(text: str) -> None:
    try:
        first, last = bounds(text)
    except TimeInvalid as refused:
        assert refused.reason
        assert refused.mend
    else:
        assert (first or date.min) <= (last or date.max)
        assert parse(text).text == text
        assert display(text)
        assert overlap(text, text)


@given(EXACT, EXACT, st.integers(0, 400), st.integers(0, 400))
def test_ranges_overlap_as_their_days_do(a: str, b: str, long: int, short: int) -> None:
    starts = [date.fromisoformat(text) for text in (a, b)]
    last = date.max.toordinal()
    lengths = zip(starts, (long, short), strict=True)
    ends = [date.fromordinal(min(start.toordinal() + length, last)) for start, length in lengths]
    times = [{"from": str(s), "to": str(e)} for s, e in zip(starts, ends, strict=True)]
    assert overlap(*times) is (starts[0] <= ends[1] and starts[1] <= ends[0])


@given(st.datetimes())
def test_a_clock_time_meets_its_own_day_and_no_other(moment: datetime) -> None:
    text = moment.replace(microsecond=0).isoformat()
    assert overlap(text, text[:10])
    if moment.date() > date.min:
        assert not overlap(text, (moment.date() - timedelta(days=1)).isoformat())
