"""Logs that were signed twice: where each branch's entries stand, and which of them a name means.

A laptop restored whole from a backup, keys and all, goes on with the same key at an earlier place. What it then signs
and what others had of it are two branches. The log's own row keeps what they share; each branch has a row of its own.
"""

from __future__ import annotations

import base64
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from onrecord.record.canonical import decode
from onrecord.record.ids import branch_name, device_of, entry_name, incarnation_of, log_of, split_entry
from onrecord.record.merkle import Frontier, leaf_hash
from onrecord.store.schema import SHIFT, entry_number, extent, span, split_number

_ROWS = "SELECT number, name, parent FROM log ORDER BY number"
_HEADS = "SELECT bytes FROM head WHERE entry >= ? AND entry < ? ORDER BY entry"
_CLOCK_BEFORE = "SELECT bytes FROM body WHERE entry >= ? AND entry < ? ORDER BY entry DESC LIMIT 1"
_CLOCK_AFTER = "SELECT bytes FROM body WHERE entry >= ? AND entry < ? ORDER BY entry LIMIT 1"
_LAST_CLOCK = 2**53
_MERGES = (
    "SELECT body.bytes FROM control JOIN body ON body.entry = control.entry"
    " WHERE control.kind = 'merge' AND control.entry >= ? AND control.entry <= ? ORDER BY control.entry DESC"
)
_DEVICE = (
    "SELECT body.bytes FROM control JOIN body ON body.entry = control.entry"
    " WHERE control.kind = 'device' AND control.entry >= ? AND control.entry < ? ORDER BY control.entry LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table `log`, and which of the log's places it holds: `start` up to but not including `end`."""

    number: int
    name: str
    start: int
    end: int


@dataclass(frozen=True)
class Chain:
    """One history of a log from its beginning to a tip: its rows in order."""

    connection: sqlite3.Connection
    rows: tuple[Row, ...]

    @property
    def tip(self) -> Row:
        return self.rows[-1]

    @property
    def size(self) -> int:
        return self.tip.end

    def row_of(self, seq: int) -> Row:
        return next(row for row in self.rows if seq < row.end)

    def heads(self, first: int, beyond: int) -> list[bytes]:
        """The heads at some of its places."""
        found: list[bytes] = []
        for row in self.rows:
            low, high = max(first, row.start), min(beyond, row.end)
            if low < high:
                bounds = entry_number(row.number, low), entry_number(row.number, high)
                found += [bytes(head) for (head,) in self.connection.execute(_HEADS, bounds)]
        return found

    def clock(self, seq: int) -> int:
        """That of the last body before a place, or 0."""
        for row in reversed(self.rows):
            bounds = entry_number(row.number, 0), entry_number(row.number, min(row.end, seq))
            found = self.connection.execute(_CLOCK_BEFORE, bounds).fetchone()
            if found:
                return int(decode(found[0])["clock"])
        return 0

    def next_clock(self, seq: int) -> int:
        """That of the first body after a place, in whichever branch it is least."""
        clocks = [_LAST_CLOCK]
        for chain in chains(self.connection, log_of(self.tip.name)):
            if chain.row_of_or_none(seq) != self.row_of_or_none(seq):
                continue
            for row in chain.rows:
                bounds = entry_number(row.number, max(row.start, seq + 1)), entry_number(row.number + 1, 0)
                found = self.connection.execute(_CLOCK_AFTER, bounds).fetchone()
                if found:
                    clocks.append(int(decode(found[0])["clock"]))
                    break
        return min(clocks)

    def row_of_or_none(self, seq: int) -> Row | None:
        return self.row_of(seq) if seq < self.size else None

    @cached_property
    def leaves(self) -> list[bytes]:
        return [leaf_hash(head) for head in self.heads(0, self.size)]

    def frontier(self, size: int) -> Frontier:
        """The tree over the first `size` leaves, ready to grow."""
        frontier = Frontier()
        for leaf in self.leaves[:size]:
            frontier.append(leaf)
        return frontier


def chains(connection: sqlite3.Connection, log: str) -> list[Chain]:
    """Every history of a log that is held: one, unless it was signed twice; none where nothing is held of it."""
    rows, parents = {}, {}
    for number, name, parent in connection.execute(_ROWS).fetchall():
        if log_of(name) == log:
            rows[number] = _row(connection, number, name)
            parents[number] = parent
    tips = rows.keys() - {parent for parent in parents.values() if parent is not None}
    return [Chain(connection, _path(rows, parents, tip)) for tip in sorted(tips)]


def _row(connection: sqlite3.Connection, number: int, name: str) -> Row:
    ends = extent(connection, number)
    if ends is None:
        return Row(number, name, 0, 0)
    return Row(number, name, split_number(ends[0])[1], split_number(ends[1])[1] + 1)


def _path(rows: dict[int, Row], parents: dict[int, int | None], tip: int) -> tuple[Row, ...]:
    path, at = [], tip
    while at is not None:
        path.append(rows[at])
        at = parents[at]  # type: ignore[assignment]
    return tuple(reversed(path))


class Branches:
    """Which entry a name means, where a log was signed twice: the one in the branch that the writer had seen."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        query = "SELECT DISTINCT name FROM log WHERE parent IS NOT NULL"
        self.forked = {log_of(name) for (name,) in connection.execute(query)}
        self._chains = {log: chains(connection, log) for log in self.forked}
        self._names: dict[int, str] = {}
        self._parents: dict[int, int | None] = {}

    def resolve(self, name: str, citing: int) -> str:
        log, seq = split_entry(name)
        if log not in self.forked:
            return name
        shared = self._chains[log][0].rows[0]
        if seq < shared.end:
            return name
        for seen in self._seen(log, seq, citing):
            held = {one.row_of(seq).name for one in seen if seq < one.size}
            if len(held) == 1:
                return entry_name(held.pop(), seq)
        return name

    def _seen(self, log: str, seq: int, citing: int) -> Iterator[list[Chain]]:
        """The histories of a log that the writer of an entry can have meant: as sure as can be first."""
        rows = self._line(citing >> SHIFT)
        writer = self._names[rows[0]]
        if log_of(writer) == log:
            yield [one for one in self._chains[log] if any(row.number == rows[0] for row in one.rows)]
            return
        if device_of(writer) == device_of(log) and incarnation_of(writer) > incarnation_of(log):
            yield self._left_off(rows[-1], log)
        yield self._merged(rows, log, seq, citing)

    def _line(self, number: int) -> list[int]:
        """A row's number, and those of the rows that it goes on from, back to its log's beginning."""
        line, at = [], self._numbered(number)
        while at is not None:
            line.append(at)
            at = self._parents.get(at)
        return line

    def _numbered(self, number: int) -> int | None:
        if number not in self._names:
            rows = self._connection.execute("SELECT number, name, parent FROM log").fetchall()
            self._names = {one: name for one, name, _ in rows}
            self._parents = {one: parent for one, _, parent in rows}
        return number

    def _left_off(self, number: int, log: str) -> list[Chain]:
        """The branch from which a later incarnation of the same device went on."""
        row = self._connection.execute(_DEVICE, span(number)).fetchone()
        fields = decode(row[0])["fields"] if row else {}
        after, leaf = fields.get("after"), fields.get("after_leaf")
        try:
            before, seq = split_entry(str(after))
        except ValueError:
            return []
        fits = (one for one in self._chains[log] if seq < one.size and one.leaves[seq].hex() == leaf)
        return list(fits) if log_of(before) == log else []

    def _merged(self, rows: list[int], log: str, seq: int, citing: int) -> list[Chain]:
        """The branch that the writer of an entry had merged last before it."""
        for number in rows:
            last = citing if number == rows[0] else entry_number(number + 1, 0) - 1
            bounds = entry_number(number, 0), last
            for (body,) in self._connection.execute(_MERGES, bounds):
                for head in decode(body)["fields"].get("heads", ()):
                    if log_of(head["log"]) == log and head["size"] > seq:
                        return self._with_root(log, head)
        return []

    def _with_root(self, log: str, head: dict[str, Any]) -> list[Chain]:
        root = base64.b64decode(head["root"])
        sized = (one for one in self._chains[log] if one.size >= head["size"])
        return [one for one in sized if one.frontier(head["size"]).root() == root]


@dataclass(frozen=True, slots=True)
class Moved:
    """Entries that got other numbers: from `first` up to but not including `beyond`, each `by` so many more."""

    first: int = 0
    beyond: int = 0
    by: int = 0

    def number(self, entry: int) -> int:
        """An entry's number as it is after the move."""
        return entry + self.by if self.first <= entry < self.beyond else entry

    def applied(self, one: tuple[int, int]) -> Iterator[tuple[int, int]]:
        """A range of numbers as it stands after the move: in one piece or two."""
        low, high = max(one[0], self.first), min(one[1], self.beyond)
        if low >= high:
            yield one
            return
        if one[0] < low:
            yield one[0], low
        yield low + self.by, high + self.by


def split(connection: sqlite3.Connection, chain: Chain, at: int, leaf: bytes) -> tuple[int, Moved]:
    """Make room for a branch that differs from `chain` from place `at` on; the number of its new, empty row.

    What stood there before moves to a branch of its own. `leaf` is the leaf hash of the new branch's first entry.
    """
    log, moved = log_of(chain.tip.name), Moved()
    row = chain.row_of(at) if at < chain.size else chain.tip
    if row.start < at < row.end:
        moved = _move_tail(connection, chain, row, at, branch_name(log, chain.leaves[at]))
        parent: int | None = row.number
    elif row.start == at:
        parent = chain.rows[chain.rows.index(row) - 1].number
    else:
        parent = row.number
    return _add(connection, branch_name(log, leaf), parent), moved


def _add(connection: sqlite3.Connection, name: str, parent: int | None) -> int:
    query = "INSERT INTO log (name, here, parent) VALUES (?, 0, ?) RETURNING number"
    (number,) = connection.execute(query, (name, parent)).fetchone()
    return int(number)


def _move_tail(connection: sqlite3.Connection, chain: Chain, row: Row, at: int, name: str) -> Moved:
    tail = _add(connection, name, row.number)
    run = connection.execute
    run("UPDATE log SET parent = ? WHERE parent = ? AND number != ?", (tail, row.number, tail))
    run("UPDATE log SET here = (SELECT here FROM log WHERE number = ?) WHERE number = ?", (row.number, tail))
    first, beyond, by = (
        entry_number(row.number, at),
        entry_number(row.number + 1, 0),
        (tail - row.number) << SHIFT,
    )
    for table in ("head", "body", "checkpoint", "control"):
        query = f"UPDATE {table} SET entry = entry + ? WHERE entry >= ? AND entry < ?"  # noqa: S608 - ours
        run(query, (by, first, beyond))
    run("UPDATE paragraph SET entry = entry + ? WHERE entry >= ? AND entry < ?", (by, first, beyond))
    run("UPDATE received SET by = by + ? WHERE by >= ? AND by < ?", (by, first, beyond))
    _move_received(connection, first, beyond, by)
    run("DELETE FROM tile WHERE log = ?", (row.number,))
    return Moved(first, beyond, by)


def _move_received(connection: sqlite3.Connection, first: int, beyond: int, by: int) -> None:
    query = "SELECT first, beyond, by FROM received WHERE beyond > ? AND first < ?"
    for start, end, merge in connection.execute(query, (first, beyond)).fetchall():
        connection.execute("DELETE FROM received WHERE first = ?", (start,))
        for part in Moved(first, beyond, by).applied((start, end)):
            connection.execute("INSERT INTO received VALUES (?, ?, ?)", (*part, merge))
