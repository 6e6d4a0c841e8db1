"""Numbers and times as ranges, for telling whether two of them can both be so."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from onrecord.record.edtf import Point, later
from onrecord.record.errors import TimeInvalid
from onrecord.record.times import span

LEAST, GREATEST = Decimal("-Infinity"), Decimal("Infinity")

_DECIMAL = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")

Line = tuple[Decimal, Decimal]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number that may be anything from `low` to `high`."""

    low: Decimal
    high: Decimal

    @property
    def line(self) -> Line:
        return self.low, self.high

    def meets(self, other: Quantity) -> bool:
        return self.low <= other.high and other.low <= self.high


@dataclass(frozen=True, slots=True)
class Period:
    """A time from `start` to `end`; None where that end is open or unknown. The same however it is written."""

    key: tuple[object, object]
    start: Point | None = field(compare=False)
    end: Point | None = field(compare=False)

    @property
    def line(self) -> Line | None:
        """First and last second, by the clock as written; None where a zone makes that no line to compare on."""
        if any(point is not None and point.offset is not None for point in (self.start, self.end)):
            return None
        return self.seconds

    @property
    def seconds(self) -> Line:
        first = Decimal(self.start.first) if self.start else LEAST
        return first, Decimal(self.end.last) if self.end else GREATEST

    def before(self, other: Period) -> bool:
        """Whether all of it is before all of the other."""
        return self.end is not None and other.start is not None and later(other.start, self.end)

    def meets(self, other: Period) -> bool:
        return not (self.before(other) or other.before(self))


def quantity(said: Any, low: Any = None, high: Any = None) -> Quantity | None:
    """A number with its limits; a limit alone leaves the other end open. None for what is no number."""
    number, least, greatest = _decimal(said), _decimal(low), _decimal(high)
    if number is None and least is None and greatest is None:
        return None
    least = least if least is not None else number
    greatest = greatest if greatest is not None else number
    return Quantity(LEAST if least is None else least, GREATEST if greatest is None else greatest)


def period(time: Any) -> Period | None:
    """What a stored time covers; None for what is no time, and for one that says nothing of either end."""
    try:
        ends = span(time)
    except TimeInvalid:
        return None
    if ends.start is None and ends.end is None:
        return None
    return Period((_place(ends.start, 0), _place(ends.end, 1)), ends.start, ends.end)


def _place(point: Point | None, end: int) -> object:
    if point is None:
        return None
    seconds = (point.first, point.last)[end]
    return ("as written", seconds) if point.offset is None else ("instant", seconds - point.offset * 60)


def _decimal(stored: Any) -> Decimal | None:
    if isinstance(stored, bool) or not isinstance(stored, int | str):
        return None
    return Decimal(stored) if isinstance(stored, int) or _DECIMAL.fullmatch(stored) else None


def is_time_like(stored: Any) -> bool:
    """Whether a value has the form of a time: an object that is no reference, or text that begins with a digit."""
    if isinstance(stored, Mapping):
        return "ref" not in stored and "none" not in stored
    return isinstance(stored, str) and stored[:1].isdigit()
