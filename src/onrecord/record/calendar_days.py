"""Days of the proleptic Gregorian calendar as numbers, for any year: `datetime` knows only 1 to 9999."""

from __future__ import annotations

from datetime import date

DAY = 86_400
_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
MONTHS = len(_LENGTHS)


def days_in_month(year: int, month: int) -> int:
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return _LENGTHS[month - 1] + (month == 2 and leap)


def day_number(year: int, month: int, day: int) -> int:
    """Days since 31 December of the year before year 1: `date.toordinal()`, for any year."""
    before = year - 1
    leap_days = before // 4 - before // 100 + before // 400
    return before * 365 + leap_days + sum(days_in_month(year, m) for m in range(1, month)) + day


def day_of(number: int) -> date | None:
    """The date with this number, or None outside the years 1 to 9999."""
    return date.fromordinal(number) if 1 <= number <= date.max.toordinal() else None
