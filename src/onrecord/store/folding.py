"""Folding stored entries into the views: a range that came in, or everything again."""

from __future__ import annotations

import re
import sqlite3
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from onrecord.record.canonical import decode, encode
from onrecord.record.entries import GOVERNING_KINDS
from onrecord.record.ids import entry_name, split_entry
from onrecord.record.membership import Membership
from onrecord.record.stating import LATEST
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
_OWN_MERGES = (
    "SELECT control.entry, body.bytes FROM control JOIN body ON body.entry = control.entry"
    " JOIN log ON log.number = control.entry >> 40 WHERE control.kind = 'merge' AND log.here"
    " AND instr(body.bytes, CAST('\"withheld\":' AS BLOB))"
)
_ORDERS_FOR = "SELECT ordered.entry, body.bytes FROM ordered JOIN body ON body.entry = ordered.entry WHERE ordered.name = ?"
_ONE = "SELECT head.bytes, body.bytes FROM head JOIN body ON body.entry = head.entry WHERE head.entry = ?"
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

    def fill(self, entries: Iterable[int], done: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
        """Fold entries whose bodies came later, but for those in a range that is `done`, or rests."""
        done = list(done)
        for entry in entries:
            if any(first <= entry < beyond for first, beyond in done):
                continue
            head, body = self._connection.execute(_ONE, (entry,)).fetchone()
            if not _OF.search(head):
                stated, log = decode(body), self._names[split_number(entry)[0]]
                self._fold.again(entry, log, stated, self._receipts.at(entry) or stated["clock"])
                yield entry, entry + 1

    def finish(self) -> bool:
        """Fold the versions whose bodies are not here, from what was said of them when these went.

        False where something else is said of one now than when it was folded: then all has to be made again.
        """
        self._fold.flush()
        gone = {*self._bodiless, *(entry for entry in map(self._number, self._ordered) if entry is not None)}
        agree = True
        for entry in sorted(gone):
            said = said_of(self._connection, self._receipts, entry, self._name(entry))
            if self._is_empty(entry):
                if said:
                    clock = self._receipts.at(entry) or said[0]["clock"]
                    self._fold.empty(entry, self._names[split_number(entry)[0]], said[0], clock)
            elif any(one != said[0] for one in said[1:]) and not self._has_body(entry):
                agree = False
        self._fold.flush()
        self._bodiless, self._ordered = [], []
        return agree

    def _has_body(self, entry: int) -> bool:
        return self._connection.execute("SELECT 1 FROM body WHERE entry = ?", (entry,)).fetchone() is not None

    def _name(self, entry: int) -> str:
        number, seq = split_number(entry)
        return entry_name(self._names[number], seq)

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
        received = connection.execute(_RECEIVED)
        self._rows = sorted((first, beyond, decode(merge)["clock"]) for first, beyond, merge in received)
        self._firsts = [first for first, _, _ in self._rows]
        self._withheld = self._left_out(connection)

    def _left_out(self, connection: sqlite3.Connection) -> dict[str, Mapping[str, Any]]:
        """What this device's own merges said of bodies that did not stay or come: the last word of each."""
        resolve = Branches(connection).resolve
        merges = [(decode(raw), by) for by, raw in connection.execute(_OWN_MERGES) if self.at(by) is None]
        merges.sort(key=lambda one: (one[0]["clock"], one[1]))
        return {
            resolve(stub["entry"], by): stub
            for merge, by in merges
            for stub in merge["fields"].get("withheld", ())
        }

    def at(self, entry: int) -> int | None:
        """When a merge brought this entry, in milliseconds, or None where it was written here."""
        if not self._rows:
            return None
        place = bisect_right(self._firsts, entry) - 1
        if place < 0:
            return None
        _, beyond, clock = self._rows[place]
        return clock if entry < beyond else None

    def said_of(self, name: str) -> dict[str, Any]:
        """The same without the entry's name: nothing, where nothing or no more than the name was said."""
        return {key: value for key, value in self._withheld.get(name, {}).items() if key != "entry"}

    def withheld(self, name: str) -> Mapping[str, Any] | None:
        """What was said of a body that was left out, by a travel copy or by whoever did not have it."""
        return self._withheld.get(name)


def said_of(
    connection: sqlite3.Connection, receipts: Receipts, entry: int, name: str
) -> list[dict[str, Any]]:
    """What is said of a version whose body is not here, by the orders of its erasure and by who left it out.

    First what a merge and an order agree on: some order may be meant for the entry of another branch.
    """
    rows = connection.execute(_ORDERS_FOR, (name,)).fetchall()
    orders = sorted((decode(raw) for _, raw in rows), key=lambda one: (_clock(one), encode(one)))
    said = [_claim(one, _clock(one)) for one in orders]
    stub = receipts.withheld(name)
    if stub and "thing" in stub:
        claim = _claim(stub, stub["clock"])
        said = [claim, *said] if claim in said or not said else [*said, claim]
    return said


def _clock(order: Mapping[str, Any]) -> int:
    """That of the erased body, as its order repeats it."""
    clock = order["fields"].get("clock")
    return clock if type(clock) is int and 0 <= clock < LATEST else int(order["clock"])


def _claim(said: Mapping[str, Any], clock: int) -> dict[str, Any]:
    return {
        "thing": said["thing"],
        "kind": said["kind"],
        "supersedes": list(said.get("supersedes", ())),
        "clock": clock,
    }


def changes_meaning(connection: sqlite3.Connection, filled: Iterable[int]) -> bool:
    """Whether bodies that came later say something that bears on other entries, or else than was said of them."""
    filled = list(filled)
    if not filled:
        return False
    receipts, names = Receipts(connection), dict(connection.execute("SELECT number, name FROM log"))
    forked = any("~" in name for name in names.values())
    for entry in filled:
        head, raw = connection.execute(_ONE, (entry,)).fetchone()
        number, seq = split_number(entry)
        body = decode(raw)
        said = said_of(connection, receipts, entry, entry_name(names[number], seq))
        if _OF.search(head) or (forked and body["kind"] in GOVERNING_KINDS):
            return True
        if any(one != _claim(body, body["clock"]) for one in said):
            return True
    return False


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
