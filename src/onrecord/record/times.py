"""Stored times: an EDTF text, a range with flags, or a stated absence. What they hold is never guessed at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from onrecord.record.edtf import (
    EDTF,
    OPEN,
    Interval,
    Point,
    first_day,
    last_day,
    later,
    parse,
    parse_point,
    refuse,
)
from onrecord.record.errors import TimeInvalid
from onrecord.record.time_words import absence_words, point_words, range_words

FLAGS = ("precise", "started", "ended")
FIELDS = ("from", "to", *FLAGS, "as_written")


@dataclass(frozen=True, slots=True)
class Span:
    """What a stored time says of its ends. An end is None where it is open, unknown or not stated."""

    start: Point | None
    end: Point | None


def span(time: Any) -> Span:
    """The ends of any stored time. Raises `TimeInvalid`."""
    if isinstance(time, str):
        read = parse(time)
        return Span(read.start, read.end)
    if not isinstance(time, Mapping):
        raise _not_a_time(time)
    if "none" in time:
        return Span(None, None)
    return Span(_end(time, "from"), _end(time, "to"))


def bounds(time: Any) -> tuple[date | None, date | None]:
    """Earliest and latest day, inclusive, of any stored time, as written, whatever its zone.

    None means open, unknown, not stated, or outside the years 1 to 9999. Raises `TimeInvalid`.
    """
    ends = span(time)
    return first_day(ends.start), last_day(ends.end)


def check_time(value: Any) -> None:
    """Raise `TimeInvalid`, with the mend, unless this can be stored as a time."""
    if isinstance(value, str):
        parse(value)
    elif not isinstance(value, Mapping):
        raise _not_a_time(value)
    elif "none" in value:
        _check_absence(value)
    else:
        _check_range(value)


def precise(time: Any) -> bool | None:
    """True if it holds on every day of its range, False if on at least one, None where nothing says."""
    if isinstance(time, Mapping):
        stated = time.get("precise")
        return stated if isinstance(stated, bool) else None
    read = parse(time)
    return True if isinstance(read, Point) and read.precise else None


def overlap(a: Any, b: Any) -> bool:
    """Whether two stored times can have a moment in common. An end nobody stated never keeps them apart.

    Times of day are compared too: 06:40 and 07:15 of one day do not overlap. Raises `TimeInvalid`.
    """
    one, other = span(a), span(b)
    return not (_after(one.start, other.end) or _after(other.start, one.end))


def display(time: Any) -> str:
    """A stored time in plain English, with its vagueness. Raises `TimeInvalid`."""
    if isinstance(time, str):
        read = parse(time)
        return point_words(read) if isinstance(read, Point) else range_words(read.start, read.end, {})
    if not isinstance(time, Mapping):
        raise _not_a_time(time)
    if "none" in time:
        return absence_words(time)
    return range_words(_end(time, "from"), _end(time, "to"), time)


def _after(start: Point | None, end: Point | None) -> bool:
    return start is not None and end is not None and later(start, end)


def _end(time: Mapping[str, Any], name: str) -> Point | None:
    stated = time.get(name)
    if stated is None or stated == OPEN or isinstance(stated, Mapping):
        return None
    if not isinstance(stated, str):
        raise TimeInvalid("time", f"{name} is {stated!r}, which is not text", f'Write "{stated}" in quotes.')
    if "/" in stated and isinstance(_read_interval(stated), Interval):
        refuse(stated, f"is a range, and {name} is one end", "Write its two dates in from and to.")
    return parse_point(stated)


def _read_interval(text: str) -> EDTF | None:
    try:
        return parse(text)
    except TimeInvalid:
        return None


def _check_absence(value: Mapping[str, Any]) -> None:
    said = value["none"]
    if not isinstance(said, str) or not said.strip():
        raise TimeInvalid("time", "none does not say why there is no time", 'Write {"none": "not asked"}.')
    extra = sorted(set(map(str, value)) - {"none", "as_written"})
    if extra:
        mend = f"Leave out none, or {' and '.join(extra)}."
        raise TimeInvalid("time", f"it says there is none ({said}), and also {', '.join(extra)}", mend)
    _check_as_written(value)


def _check_range(value: Mapping[str, Any]) -> None:
    unknown = sorted(set(map(str, value)) - set(FIELDS))
    if unknown:
        raise TimeInvalid("time", f"it has no field {unknown[0]}", f"A time has {', '.join(FIELDS)}.")
    for flag in FLAGS:
        if not isinstance(value.get(flag), bool | None):
            raise TimeInvalid("time", f"{flag} is {value[flag]!r}", "Write true or false, or leave it out.")
    _check_as_written(value)
    for name in ("from", "to"):
        if isinstance(value.get(name), Mapping):
            _check_absence_alone(name, value[name])
    _check_ends(value)


def _check_ends(value: Mapping[str, Any]) -> None:
    start, end = _end(value, "from"), _end(value, "to")
    if start and end and later(start, end):
        mend = "Write the earlier date in from, and keep the words in as_written."
        raise TimeInvalid("time", f"it ends ({end.text}) before it starts ({start.text})", mend)
    if not any(value.get(name) for name in ("from", "to", "as_written")):
        raise TimeInvalid("time", "it has neither from, to nor as_written", 'Or write {"none": "unknown"}.')


def _check_absence_alone(name: str, stated: Mapping[str, Any]) -> None:
    if set(stated) != {"none"}:
        raise TimeInvalid("time", f"{name} is an object", 'Write a date, or {"none": "unknown"}.')
    _check_absence(stated)


def _check_as_written(value: Mapping[str, Any]) -> None:
    said = value.get("as_written")
    if said is not None and not isinstance(said, str):
        raise TimeInvalid(
            "time", f"as_written is {said!r}, which is not text", "Write the words as they stand."
        )


def _not_a_time(value: Any) -> TimeInvalid:
    mend = (
        f'Write it in quotes: "{value}".'
        if isinstance(value, int)
        else "Write EDTF text, such as 2019-05-14."
    )
    return TimeInvalid("time", f"{value!r} is not a time", mend)


__all__ = [
    "EDTF",
    "Interval",
    "Point",
    "Span",
    "bounds",
    "check_time",
    "display",
    "overlap",
    "parse",
    "precise",
    "span",
]
