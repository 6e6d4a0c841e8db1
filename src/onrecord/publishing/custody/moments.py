"""Dates and times in the report's language: clock times in words and to the second, stated times with their vagueness."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from onrecord.publishing.page.messages import Messages
from onrecord.record.errors import TimeInvalid
from onrecord.record.fields import is_absence
from onrecord.record.times import display


def day(date: dt.date, words: Messages) -> str:
    return words.plain("day", day=date.day, month=words.plain(f"month.{date.month}"), year=date.year)


def moment(milliseconds: int, zone: str, words: Messages) -> str:
    """A clock time: the day in words, the time to the second, and how far its zone is from UTC."""
    return _moment(dt.datetime.fromtimestamp(milliseconds / 1000, ZoneInfo(zone)), words)


def authority_time(text: str, words: Messages) -> str:
    """A time in UTC as a token gives it; as it stands where it cannot be read."""
    try:
        return _moment(dt.datetime.fromisoformat(text).astimezone(dt.UTC), words)
    except ValueError:
        return text


def stated(value: Any, words: Messages) -> str | None:
    """A stored time, with the words it was given in. None where nothing is stated."""
    if value is None:
        return None
    if is_absence(value):
        return words.word("none", str(value["none"]))
    said = _display(value) if words.language == "en" else _digits(value, words)
    written = value.get("as_written") if isinstance(value, Mapping) else None
    return f"{said} (“{written}”)" if written and f"“{written}”" != said else said


def _moment(when: dt.datetime, words: Messages) -> str:
    zone = "UTC" if when.utcoffset() == dt.timedelta() else f"UTC{_offset(when)}"
    return words.plain("moment", day=day(when.date(), words), time=when.strftime("%H:%M:%S"), zone=zone)


def _offset(when: dt.datetime) -> str:
    digits = when.strftime("%z")
    return f"{digits[:3]}:{digits[3:5]}"


def _display(value: Any) -> str:
    try:
        return display(value)
    except TimeInvalid:
        return str(value)


def _digits(value: Any, words: Messages) -> str:
    """A day in words, and any other time in digits: for languages in which the program does not word vague dates."""
    if isinstance(value, str):
        try:
            return day(dt.datetime.strptime(value, "%Y-%m-%d").date(), words)
        except ValueError:
            return value.replace("T", " ")
    ends = [str(value.get(name) or "…").replace("T", " ") for name in ("from", "to")]
    return ends[0] if ends[0] == ends[1] else " – ".join(ends)
