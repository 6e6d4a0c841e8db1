"""Moments as a person reads them: in the record's own time zone."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from onrecord.store.record_store import RecordStore


def moment(store: RecordStore, milliseconds: int | None) -> str | None:
    """A moment in the record's own time zone, as ISO 8601 to the second."""
    if milliseconds is None:
        return None
    at = dt.datetime.fromtimestamp(milliseconds / 1000, ZoneInfo(store.zone))
    return at.isoformat(timespec="seconds")


def day_said(at: str | None) -> str:
    """The day of a moment in words, as "22 Nov 2026"."""
    if at is None:
        return "a day that is not known"
    day = dt.datetime.fromisoformat(at)
    return f"{day.day} {day:%b %Y}"
