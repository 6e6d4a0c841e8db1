"""Reads dates and times written in EDTF, levels 0 and 1 (ISO 8601-2:2019, Annex A), and nothing looser.

A text that is not EDTF is refused, never guessed. Two things are as we say here: a date-time may leave out
its seconds, and the days of a season are the widest that either hemisphere gives it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import NoReturn

from onrecord.record.calendar_days import DAY, MONTHS, day_number, day_of, days_in_month
from onrecord.record.errors import TimeInvalid
from onrecord.record.misdated import mend_for

OPEN = ".."
UNKNOWN = ""
AS_WRITTEN = "Keep the words in as_written."

_QUALIFIERS = {"?": (True, False), "~": (False, True), "%": (True, True), "": (False, False)}
_DATE = re.compile(
    r"(?P<year>-?[0-9]{4}|-?[0-9]{3}X|-?[0-9]{2}XX|Y-?[1-9][0-9]{4,14})"
    r"(?:-(?P<month>[0-9]{2}|XX)(?:-(?P<day>[0-9]{2}|XX))?)?"
)
_CLOCK = re.compile(
    r"(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))?"
    r"(?P<zone>Z|[+-][0-9]{2}(?::[0-9]{2})?)?"
)


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day as written. `second` is None where only minutes are given, `offset` (minutes) where no zone is."""

    hour: int
    minute: int
    second: int | None
    offset: int | None

    @property
    def span(self) -> tuple[int, int]:
        """First and last second of the day it may mean."""
        first = self.hour * 3600 + self.minute * 60 + (self.second or 0)
        return first, first + (59 if self.second is None else 0)


@dataclass(frozen=True, slots=True)
class Point:
    """One date or date-time. `month` and `day` are "XX" where they are unspecified, None where not written.

    `year` is as written ("199X", "-0043", "Y170000002"); `first` and `last` are the first and last second it
    may mean, counted on the proleptic Gregorian calendar from 1 January of year 1, by the clock as written.
    """

    text: str
    year: str
    month: str | None
    day: str | None
    clock: Clock | None
    uncertain: bool
    approximate: bool
    first: int
    last: int

    @property
    def offset(self) -> int | None:
        return self.clock.offset if self.clock else None

    @property
    def precise(self) -> bool:
        """True if it is one whole day or less, and nothing about it is qualified or unspecified."""
        return self.last // DAY == self.first // DAY and not (self.uncertain or self.approximate)

    @property
    def start(self) -> Point:
        return self

    @property
    def end(self) -> Point:
        return self


@dataclass(frozen=True, slots=True)
class Interval:
    """A range. An end is None where it is open (`..`) or unknown (empty); `text` tells which."""

    text: str
    start: Point | None
    end: Point | None

    @property
    def precise(self) -> bool:
        return bool(self.start and self.end and self.start.precise and self.end.precise)


EDTF = Point | Interval


def parse(text: str) -> EDTF:
    """Read an EDTF text. Raises `TimeInvalid`, with how to write it, for anything else."""
    if not isinstance(text, str):
        raise TimeInvalid("time", f"{text!r} is not text", f'Write it in quotes, such as "{text}".')
    if text.count("/") == 1 and not mend_for(text):
        return _interval(text)
    return parse_point(text)


def parse_point(text: str) -> Point:
    """Read one date or date-time. Raises `TimeInvalid`."""
    body, qualifier = (text[:-1], text[-1]) if text[-1:] in ("?", "~", "%") else (text, "")
    dated, has_clock, timed = body.partition("T")
    found = _DATE.fullmatch(dated)
    if not found or (has_clock and (qualifier or len(dated.lstrip("-")) != 10 or "X" in dated)):
        refuse(text, *_why_not(text))
    clock = _clock(text, timed) if has_clock else None
    year, month, day = found["year"], found["month"], found["day"]
    first, last = _days(text, year, month, day)
    opens, closes = clock.span if clock else (0, DAY - 1)
    uncertain, approximate = _QUALIFIERS[qualifier]
    return Point(
        text, year, month, day, clock, uncertain, approximate, first * DAY + opens, last * DAY + closes
    )


def later(a: Point, b: Point) -> bool:
    """Whether all of `a` is after all of `b`.

    Two clock times with a zone are compared as instants. Where only one has a zone, the days as written are
    compared, since nothing says what zone the other is in.
    """
    if a.offset is not None and b.offset is not None:
        return a.first - a.offset * 60 > b.last - b.offset * 60
    if a.offset is None and b.offset is None:
        return a.first > b.last
    return a.first // DAY > b.last // DAY


def first_day(point: Point | None) -> date | None:
    """The earliest day a point may mean, as written; None outside the years 1 to 9999."""
    return day_of(point.first // DAY) if point else None


def last_day(point: Point | None) -> date | None:
    """The latest day a point may mean, as written; None outside the years 1 to 9999."""
    return day_of(point.last // DAY) if point else None


def refuse(text: str, reason: str, mend: str) -> NoReturn:
    shown = text if len(text) <= 60 else text[:59] + "…"
    raise TimeInvalid("time", f"“{shown}” {reason}", mend)


def _interval(text: str) -> Interval:
    left, _, right = text.partition("/")
    start, end = (None if side in (OPEN, UNKNOWN) else parse_point(side) for side in (left, right))
    if start is None and end is None:
        refuse(text, "has no date at either end", 'Write {"none": "unknown"}, or leave the time out.')
    if start and end and later(start, end):
        refuse(text, "ends before it starts", f"Write the earlier date first. {AS_WRITTEN}")
    return Interval(text, start, end)


def _why_not(text: str) -> tuple[str, str]:
    return mend_for(text) or (
        "is not a date that can be read without guessing",
        f"Write it like 2019-05-14, 2019-05, 2019~ or 2019-05-14/2019-05-16. {AS_WRITTEN}",
    )


def _days(text: str, year: str, month: str | None, day: str | None) -> tuple[int, int]:
    """Day numbers of the first and last day that a date may mean."""
    if "X" in year or year.startswith("Y"):
        if month is not None:
            refuse(
                text, "has a month in a year that is not four digits", f"Write the year alone. {AS_WRITTEN}"
            )
        years = _years(year)
        return day_number(years[0], 1, 1), day_number(years[1], 12, 31)
    number = _plain_year(text, year)
    if month is None:
        return day_number(number, 1, 1), day_number(number, 12, 31)
    if month == "XX":
        if day not in (None, "XX"):
            refuse(
                text, "has a day in a month that is not given", f"Write {year}-XX-XX or {year}. {AS_WRITTEN}"
            )
        return day_number(number, 1, 1), day_number(number, 12, 31)
    if "21" <= month <= "24":
        return _season(text, number, month, day)
    return _in_month(text, number, int(month), day)


def _years(year: str) -> tuple[int, int]:
    digits = year.removeprefix("Y")
    low, high = int(digits.replace("X", "0")), int(digits.replace("X", "9"))
    return min(low, high), max(low, high)


def _plain_year(text: str, year: str) -> int:
    if year == "-0000":
        refuse(text, "has the year -0000, which does not exist", f"Write 0000 for 1 BC. {AS_WRITTEN}")
    return int(year)


def _season(text: str, year: int, season: str, day: str | None) -> tuple[int, int]:
    """The widest days: where the hemisphere is not said, and summer or winter may run over the new year."""
    if day is not None:
        refuse(text, "has a day in a season", f"Write the season alone, or the month. {AS_WRITTEN}")
    if season in ("21", "23"):
        return day_number(year, 3, 1), day_number(year, 12, 31)
    return day_number(year - 1, 12, 1), day_number(year + 1, 3, 31)


def _in_month(text: str, year: int, month: int, day: str | None) -> tuple[int, int]:
    if not 1 <= month <= MONTHS:
        refuse(
            text, f"has a month {month:02}", f"Months go from 01 to 12, seasons from 21 to 24. {AS_WRITTEN}"
        )
    length = days_in_month(year, month)
    if day in (None, "XX"):
        return day_number(year, month, 1), day_number(year, month, length)
    if not 1 <= int(str(day)) <= length:
        refuse(
            text,
            f"has a day {day}, and that month has {length} days",
            f"Look at the source again. {AS_WRITTEN}",
        )
    only = day_number(year, month, int(str(day)))
    return only, only


def _clock(text: str, written: str) -> Clock:
    found = _CLOCK.fullmatch(written)
    if not found:
        refuse(
            text,
            "has a time of day that cannot be read",
            f"Write it like 2019-05-14T07:15, 2019-05-14T07:15:00Z or 2019-05-14T07:15:00+03:00. {AS_WRITTEN}",
        )
    hour, minute = int(found["hour"]), int(found["minute"])
    second = int(found["second"]) if found["second"] else None
    if hour > 23 or minute > 59 or (second or 0) > 59:
        refuse(
            text,
            "has a time of day that no clock shows",
            f"Hours go to 23, minutes and seconds to 59. {AS_WRITTEN}",
        )
    return Clock(hour, minute, second, _offset(text, found["zone"]))


def _offset(text: str, zone: str | None) -> int | None:
    """Minutes east of UTC, or None where no zone is written."""
    if zone is None or zone == "Z":
        return None if zone is None else 0
    hours, minutes = int(zone[1:3]), int(zone[4:6] or 0)
    if hours > 14 or minutes > 59:
        refuse(text, f"has an offset {zone} that no zone has", f"Write it like +03:00 or Z. {AS_WRITTEN}")
    return (hours * 60 + minutes) * (-1 if zone[0] == "-" else 1)
