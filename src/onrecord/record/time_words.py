"""Stored times in plain English, for people: vagueness is said, never smoothed away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from onrecord.record.edtf import Clock, Point

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_SEASONS = {"21": "spring", "22": "summer", "23": "autumn", "24": "winter"}


def point_words(point: Point) -> str:
    """One date: "about March 2009", "14 May 2019 at 07:15"."""
    hedge = ("perhaps " if point.uncertain else "") + ("about " if point.approximate else "")
    return hedge + _date_words(point) + (f" at {_clock_words(point.clock)}" if point.clock else "")


def range_words(start: Point | None, end: Point | None, stated: Mapping[str, Any]) -> str:
    """A range with its flags: "12 September 1903 to 9 October 1903, on at least one day"."""
    precise = stated.get("precise")
    if start and end:
        return _whole_range(start, end, precise) + _flag_words(stated)
    if start:
        words = f"{_preposition(start)} or after {point_words(start)}"
        return (words if precise is False else f"from {point_words(start)} on") + _flag_words(stated)
    if end:
        words = f"{_preposition(end)} or before {point_words(end)}"
        return (f"until {point_words(end)}" if precise else words) + _flag_words(stated)
    return f"“{stated['as_written']}”" if stated.get("as_written") else "not stated"


def absence_words(stated: Mapping[str, Any]) -> str:
    said = f" (“{stated['as_written']}”)" if stated.get("as_written") else ""
    return f"{stated['none']}{said}"


def _whole_range(start: Point, end: Point, precise: Any) -> str:
    if start.text == end.text and start.precise:
        return point_words(start)
    words = point_words(start) if start.text == end.text else f"{point_words(start)} to {_second(start, end)}"
    if precise is None:
        return words
    if start.clock and _date_words(start) == _date_words(end):
        return words + (", throughout" if precise else ", at some time")
    return words + (", on every day" if precise else ", on at least one day")


def _second(start: Point, end: Point) -> str:
    """The end of a range; of one day, only its clock."""
    same_day = start.clock and end.clock and _date_words(start) == _date_words(end)
    return _clock_words(end.clock) if same_day and end.clock else point_words(end)


def _preposition(point: Point) -> str:
    """The end itself belongs to the range, so it is never only "before" or "after"."""
    if point.clock:
        return "at"
    return "on" if point.day and point.day.isdigit() else "in"


def _flag_words(stated: Mapping[str, Any]) -> str:
    said = {
        ("started", True): "it started then",
        ("started", False): "it may have started before",
        ("ended", True): "it ended then",
        ("ended", False): "it may have gone on",
    }
    return "".join(
        f"; {said[flag, stated[flag]]}" for flag in ("started", "ended") if stated.get(flag) is not None
    )


def _date_words(point: Point) -> str:
    year = _year_words(point.year)
    if point.month is None:
        return year
    if point.month == "XX":
        return f"{year}, {'day' if point.day else 'month'} not given"
    if point.month in _SEASONS:
        return f"{_SEASONS[point.month]} {year}"
    month = f"{_MONTHS[int(point.month) - 1]} {year}"
    if point.day == "XX":
        return f"{month}, day not given"
    return f"{int(point.day)} {month}" if point.day else month


def _year_words(year: str) -> str:
    digits = year.removeprefix("Y")
    if digits.startswith("-"):
        return _before_christ(digits.removeprefix("-"))
    if digits.endswith("XX"):
        return f"some year from {digits[:2]}00 to {digits[:2]}99"
    if digits.endswith("X"):
        return f"the {digits[:3]}0s"
    return str(int(digits)) if int(digits) else "1 BC"


def _before_christ(digits: str) -> str:
    """EDTF counts a year 0, so that -0043 is 44 BC."""
    if "X" not in digits:
        return f"{int(digits) + 1} BC"
    low, high = int(digits.replace("X", "0")) + 1, int(digits.replace("X", "9")) + 1
    return f"some year from {high} to {low} BC"


def _clock_words(clock: Clock) -> str:
    seconds = f":{clock.second:02}" if clock.second else ""
    return f"{clock.hour:02}:{clock.minute:02}{seconds}{_zone_words(clock.offset)}"


def _zone_words(offset: int | None) -> str:
    if offset is None:
        return ""
    hours, minutes = divmod(abs(offset), 60)
    return f" UTC{'-' if offset < 0 else '+'}{hours:02}:{minutes:02}" if offset else " UTC"
