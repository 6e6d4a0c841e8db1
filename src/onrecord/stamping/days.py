"""Every day with entries, and what outside authorities say of it, or that nobody was asked yet.

A stamp's own entry is not counted: it says when the others stood, and would itself never be covered.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from onrecord.record.canonical import decode
from onrecord.record.ids import log_of
from onrecord.stamping.covering import Judged, Stamp, judge, stamps_of
from onrecord.stamping.histories import History, histories
from onrecord.store.record_store import RecordStore
from onrecord.store.schema import entry_number, split_number

_CLOCK = "SELECT bytes FROM body WHERE entry >= ? AND entry <= ? ORDER BY entry DESC LIMIT 1"
_LAST_OTHER = (
    "SELECT head.entry FROM head WHERE head.entry >= ? AND head.entry < ? AND NOT EXISTS"
    " (SELECT 1 FROM version WHERE version.entry = head.entry AND version.kind = 'stamp')"
    " ORDER BY head.entry DESC LIMIT 1"
)
_STAMPS = "SELECT count(*) FROM version WHERE kind = 'stamp' AND entry >= ? AND entry < ?"


@dataclass(slots=True)
class End:
    """The last entry of a day in one row of the table `log`, and the histories that it is part of."""

    seq: int
    histories: list[History]

    def covered_by(self, stamp: Stamp) -> bool:
        return any(history.held_in(stamp.listing, self.seq) for history in self.histories)


@dataclass(slots=True)
class Day:
    """A day's entries: how many, and by row the last that a token has to cover."""

    day: dt.date
    entries: int = 0
    ends: dict[int, End] = field(default_factory=dict)

    def covered_by(self, stamp: Stamp) -> bool:
        return all(end.covered_by(stamp) for end in self.ends.values())


def days(store: RecordStore, roots: Sequence[bytes] = ()) -> list[dict[str, Any]]:
    """`{"day", "entries", "stamped", "by": [{"stamp", "authority", "time", "root", "root_name"}], "blocks", "problems"}`
    for each day in the record's zone, the first day first."""
    stamps = [judge(stamp, roots) for stamp in sorted(stamps_of(store), key=_extent)]
    return [_told(day, [one for one in stamps if day.covered_by(one.stamp)]) for day in _days(store)]


def _extent(stamp: Stamp) -> int:
    return sum(one.size for one in stamp.listing.logs)


def _told(day: Day, stamps: Sequence[Judged]) -> dict[str, Any]:
    by = [
        {
            "stamp": one.stamp.entry,
            "authority": str(kept["authority"]),
            "time": said.time,
            "root": said.root,
            "root_name": said.root_name,
        }
        for one in stamps
        for kept, said in one.tokens
    ]
    blocks = [
        {
            "stamp": one.stamp.entry,
            "calendar": str(kept["calendar"]),
            "height": where.height,
            "merkle_root": where.merkle_root,
        }
        for one in stamps
        for kept, leads in one.calendars
        for where in leads
    ]
    problems = [
        {"stamp": one.stamp.entry, "authority": who, "why": why} for one in stamps for who, why in one.bad
    ]
    return {
        "day": day.day.isoformat(),
        "entries": day.entries,
        "stamped": bool(by),
        "by": sorted(by, key=lambda row: str(row["time"])),
        "blocks": blocks,
        "problems": problems,
    }


def _days(store: RecordStore) -> list[Day]:
    found: dict[dt.date, Day] = {}
    connection, zone = store.db.connection, ZoneInfo(store.zone)
    for log in sorted({log_of(name) for name in store.db.log_numbers()}):
        for history in histories(connection, log):
            for day, first, beyond in _runs(history, zone):
                _count(connection, found.setdefault(day, Day(day)), history, first, beyond)
    return [found[day] for day in sorted(found) if found[day].ends]


def _count(connection: sqlite3.Connection, day: Day, history: History, first: int, beyond: int) -> None:
    """Add a history's entries of one day. What branches share is counted once."""
    for row in history.chain.rows:
        low, high = max(first, row.start), min(beyond, row.end)
        if row.number in day.ends:
            day.ends[row.number].histories.append(history)
        elif low < high:
            bounds = entry_number(row.number, low), entry_number(row.number, high)
            last = connection.execute(_LAST_OTHER, bounds).fetchone()
            if last:
                day.ends[row.number] = End(split_number(last[0])[1], [history])
                (stamps,) = connection.execute(_STAMPS, bounds).fetchone()
                day.entries += high - low - stamps


def _runs(history: History, zone: ZoneInfo) -> Iterator[tuple[dt.date, int, int]]:
    """The days of a history, each with its first place and the first beyond: clocks never go back in a log."""
    at = 0
    while at < history.size:
        day = _date(_clock(history, at), zone)
        end = int(dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), zone).timestamp() * 1000)
        low, high = at + 1, history.size
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if _clock(history, middle) < end else (low, middle)
        yield day, at, low
        at = low


def _clock(history: History, seq: int) -> int:
    """What the writer's clock said at an entry, or at the last before it whose body is here."""
    for row in reversed(history.chain.rows):
        if row.start <= seq:
            bounds = entry_number(row.number, row.start), entry_number(row.number, min(seq, row.end - 1))
            found = history.chain.connection.execute(_CLOCK, bounds).fetchone()
            if found:
                return int(decode(found[0])["clock"])
    return 0


def _date(clock: int, zone: ZoneInfo) -> dt.date:
    return dt.datetime.fromtimestamp(clock / 1000, zone).date()
