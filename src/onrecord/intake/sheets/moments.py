"""Days and times as sheets count them: in days since 1900, with a day that never was, or since 1904."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_WEEKDAYS = ("Saturday", "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
_LAST_DAY = 2_958_465
_FROM_1900, _FROM_1904 = date(1899, 12, 30), date(1904, 1, 1)
_TO_1904 = 1_462
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Moment:
    """A day and a time of day. `fraction` has the digits of a second that were asked for; `days` counts from the beginning."""

    year: int
    month: int
    day: int
    weekday: str
    days: int
    seconds: int
    fraction: str

    @property
    def hour(self) -> int:
        return self.seconds // 3600

    @property
    def minute(self) -> int:
        return self.seconds // 60 % 60

    @property
    def second(self) -> int:
        return self.seconds % 60

    def elapsed(self, unit: str) -> int:
        """Whole hours, minutes or seconds since the beginning, for `[h]`, `[m]` and `[s]`."""
        return (self.days * _DAY + self.seconds) // {"h": 3600, "m": 60, "s": 1}[unit]


def moment_of(number: Decimal, digits: int, from_1904: bool) -> Moment | None:
    """What a sheet takes a number for, rounded to a second or to `digits` of one; None for numbers that are no day there.

    Counted from 1900, day 60 is 29 February 1900, which never was, and days before it fall a day later than the calendar.
    """
    if not 0 <= number < _LAST_DAY + 1:
        return None
    unit = 10**digits
    ticks = int((number * _DAY * unit).to_integral_value(ROUND_HALF_UP))
    days, rest = divmod(ticks, _DAY * unit)
    if days > (_LAST_DAY - _TO_1904 if from_1904 else _LAST_DAY):
        return None
    seconds, fraction = divmod(rest, unit)
    year, month, day = _day(days, from_1904)
    weekday = _WEEKDAYS[(days + (6 if from_1904 else 0)) % 7]
    return Moment(
        year, month, day, weekday, days, seconds, str(fraction).rjust(digits, "0") if digits else ""
    )


def _day(days: int, from_1904: bool) -> tuple[int, int, int]:
    if from_1904:
        found = _FROM_1904 + timedelta(days)
    elif days == 0:
        return 1900, 1, 0
    elif days == 60:
        return 1900, 2, 29
    else:
        found = _FROM_1900 + timedelta(days + (1 if days < 60 else 0))
    return found.year, found.month, found.day
