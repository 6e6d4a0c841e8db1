"""Folding stored entries into the views: a range that came in, or everything again."""

from __future__ import annotations

import re
import sqlite3
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from onrecord.record.canonical import decode
from onrecord.record.ids import split_entry
from onrecord.record.membership import Membership
from onrecord.store.branches import Branches
from onrecord.store.schema import VIEW_TABLES, entry_number, span, split_number
from onrecord.store.standing import Range, judge, resting
from onrecord.store.views import Fold, govern

Progress = Callable[[int, int | None, str], None]
_OF = re.compile(rb'"of":"([^"]+)"')
_ENTRIES = (
    "SELECT head.entry, head.bytes, body.bytes FROM head LEFT JOIN body ON body.entry = head.entry"
    " WHERE head.entry >= ? AND head.entry < ? ORDER BY head.entry"
)
_CONTROL = (
    "SELECT head.entry, head.bytes, body.bytes FROM head JOIN body ON body.entry = head.entry"
    ' WHERE substr(head.bytes, 1, 18) = CAST(\'{"class":"control"\' AS BLOB)'
)
_RECEIVED = (
    "SELECT received.first, received.beyond, body.bytes FROM received JOIN body ON body.entry = received.by"
)
_ORDER_FOR = (
    "SELECT body.bytes FROM ordered JOIN body ON body.entry = ordered.entry WHERE ordered.name = ? LIMIT 1"
)
_BATCH = 5000


class Folding:
    """Puts stored entries into the views, each with the time at which this device received it."""

    def __init__(self, connection: sqlite3.Connection, fold: Fold) -> None:
        self._connection = connection
        self._fold = fold
        self._names = dict(connection.execute("SELECT number, name FROM log"))
        self._numbers = {name: number for number, name in self._names.items()}
        self._receipts = Receipts(connection)
        self._bodiless: list[int] = []
        self._ordered: list[str] = []

    def take(self, first: int, beyond: int, progress: Progress | None = None) -> None:
        """Fold every entry of a range that lies in one log."""
        log = self._names[split_number(first)[0]]
        cursor = self._connection.cursor().execute(_ENTRIES, (first, beyond))
        done = 0
        while batch := cursor.fetchmany(_BATCH):
            for entry, head, body in batch:
                self._take_one(entry, log, head, body)
            self._fold.flush()
            done += len(batch)
            if progress:
                progress(done, None, "making the views again")

    def _take_one(self, entry: int, log: str, head: bytes, body: bytes | None) -> None:
        of = _OF.search(head)
        if of:
            name = of.group(1).decode()
            self._fold.order(entry, name)
            self._ordered.append(self._fold.resolve(name, entry))
        elif body is None:
            self._bodiless.append(entry)
        else:
            stated = decode(body)
            self._fold.take(entry, log, stated, self._receipts.at(entry) or stated["clock"])

    def finish(self) -> None:
        """Fold the versions whose bodies are not here, from what was said of them when these went."""
        self._fold.flush()
        gone = {*self._bodiless, *(entry for entry in map(self._number, self._ordered) if entry is not None)}
        for entry in sorted(gone):
            if self._is_empty(entry):
                self._empty(entry)
        self._fold.flush()
        self._bodiless, self._ordered = [], []

    def _empty(self, entry: int) -> None:
        number, seq = split_number(entry)
        log = self._names[number]
        row = self._connection.execute(_ORDER_FOR, (f"{log}/{seq}",)).fetchone()
        if row:
            order = decode(row[0])
            clock = self._receipts.at(entry) or int(order["fields"].get("clock", order["clock"]))
            return self._fold.empty(entry, log, order, clock)
        stub = self._receipts.withheld(f"{log}/{seq}")
        if stub:
            self._fold.empty(entry, log, stub, self._receipts.at(entry) or int(stub["clock"]))
        return None

    def _is_empty(self, entry: int) -> bool:
        """Whether an entry stands here without a body and is in no view yet."""
        query = (
            "SELECT EXISTS (SELECT 1 FROM head WHERE entry = ?1) AND NOT EXISTS (SELECT 1 FROM body WHERE entry = ?1)"
            " AND NOT EXISTS (SELECT 1 FROM version WHERE entry = ?1)"
            " AND NOT EXISTS (SELECT 1 FROM resting WHERE first <= ?1 AND beyond > ?1)"
        )
        return bool(self._connection.execute(query, (entry,)).fetchone()[0])

    def _number(self, name: str) -> int | None:
        log, seq = split_entry(name)
        number = self._numbers.get(log)
        return None if number is None else entry_number(number, seq)


class Receipts:
    """When entries came in with a merge, and which bodies were withheld from it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        rows = [(first, beyond, decode(by)) for first, beyond, by in connection.execute(_RECEIVED)]
        self._rows = sorted((first, beyond, int(by["clock"])) for first, beyond, by in rows)
        self._firsts = [first for first, _, _ in self._rows]
        stubs = (stub for _, _, by in rows for stub in by["fields"].get("withheld", ()))
        self._withheld: dict[str, Mapping[str, Any]] = {stub["entry"]: stub for stub in stubs}

    def at(self, entry: int) -> int | None:
        """When a merge brought this entry, in milliseconds, or None where it was written here."""
        if not self._rows:
            return None
        place = bisect_right(self._firsts, entry) - 1
        if place < 0:
            return None
        _, beyond, clock = self._rows[place]
        return clock if entry < beyond else None

    def withheld(self, name: str) -> Mapping[str, Any] | None:
        """What was said of a body that a travel copy left out."""
        return self._withheld.get(name)


def fold_all(
    connection: sqlite3.Connection, record: str, keys: Mapping[str, str], progress: Progress | None = None
) -> Membership:
    """Make every view from the log, into tables that are empty."""
    for entry, head, body in connection.execute(_CONTROL).fetchall():
        if not _OF.search(head):
            govern(connection, entry, decode(body)["kind"])
    judged = judge(connection, record, keys)
    rest = list(resting(connection, judged))
    connection.executemany("INSERT INTO resting (first, beyond, why) VALUES (?, ?, ?)", rest)
    numbers = dict(connection.execute("SELECT name, number FROM log"))
    folding = Folding(connection, Fold(connection, numbers, Branches(connection).resolve))
    for number in sorted(numbers.values()):
        for first, beyond in without(span(number), rest):
            folding.take(first, beyond, progress)
    folding.finish()
    return judged


def clear_views(connection: sqlite3.Connection) -> None:
    for table in VIEW_TABLES:
        connection.execute(f"DELETE FROM {table}")  # noqa: S608 - ours


def without(whole: tuple[int, int], holes: Iterable[Range]) -> Iterator[tuple[int, int]]:
    """The parts of a range that no hole covers."""
    at, end = whole
    for first, beyond, _ in sorted(holes):
        if first >= end or beyond <= at:
            continue
        if at < first:
            yield at, first
        at = max(at, beyond)
    if at < end:
        yield at, end
