"""Appending to this device's log: heads, bodies, checkpoints and views in one transaction."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from onrecord.record.canonical import decode
from onrecord.record.checkpoint import INTERVAL, Signer
from onrecord.record.entries import (
    GOVERNING_KINDS,
    SALT_BYTES,
    Draft,
    body_bytes,
    commitment,
    head_bytes,
)
from onrecord.record.ids import entry_name
from onrecord.record.merkle import Frontier
from onrecord.store.schema import entry_number, span, split_number
from onrecord.store.tiles import extend_tiles
from onrecord.store.views import Fold, govern

_DAY = 86_400_000
_BATCH = 1000


class Tail:
    """Where a log ends: its size, frontier and last clock, read inside the transaction that appends."""

    __slots__ = ("clock", "frontier", "number")

    def __init__(self, number: int, frontier: Frontier, clock: int) -> None:
        self.number = number
        self.frontier = frontier
        self.clock = clock

    @property
    def size(self) -> int:
        return self.frontier.size


def read_tail(connection: sqlite3.Connection, number: int) -> Tail:
    bounds = span(number)
    row = connection.execute(
        "SELECT entry, size, peaks FROM checkpoint WHERE entry >= ? AND entry < ? ORDER BY entry DESC LIMIT 1",
        bounds,
    ).fetchone()
    if row is None:
        return Tail(number, Frontier(), 0)
    entry, size, peaks = row
    query = "SELECT bytes FROM body WHERE entry BETWEEN ? AND ? ORDER BY entry DESC LIMIT 1"
    body = connection.execute(query, (bounds[0], entry)).fetchone()
    return Tail(number, Frontier.from_bytes(size, peaks), decode(body[0])["clock"] if body else 0)


class LogWriter:
    """Writes entries at the end of one log. Made inside a transaction and finished before its commit."""

    def __init__(
        self, connection: sqlite3.Connection, log: str, number: int, fold: Fold, signer: Signer, author: str
    ) -> None:
        self._connection = connection
        self.log = log
        self.signer = signer
        self.fold = fold
        self._author = author
        self._tail = read_tail(connection, number)
        self._began_at = self._tail.size
        self._heads: list[tuple[int, bytes]] = []
        self._bodies: list[tuple[int, bytes, bytes]] = []
        self._last_head = b""
        self._keep_days_last()

    @property
    def size(self) -> int:
        return self._tail.size

    @property
    def number(self) -> int:
        """The number of the log in this file."""
        return self._tail.number

    @property
    def person(self) -> str:
        """The id of the person who writes."""
        return self._author

    @property
    def last_entry(self) -> int:
        """The number of the entry written last."""
        return entry_number(self._tail.number, self._tail.size - 1)

    @property
    def clock(self) -> int:
        """When the entry written last says it was written."""
        return self._tail.clock

    @property
    def public(self) -> bytes:
        """The public key of this log."""
        return self.signer.public

    @property
    def last_head(self) -> bytes:
        """SHA-256 of the last head written here, or nothing yet."""
        return self._last_head

    def append(self, draft: Draft) -> str:
        """Write one entry; its name. Durable when the transaction commits."""
        tail = self._tail
        seq = tail.frontier.size
        clock = max(time.time_ns() // 1_000_000, tail.clock)
        body = body_bytes(draft, self._author, clock)
        salt = os.urandom(SALT_BYTES)
        commit = commitment(salt, body)
        head = head_bytes(self.log, seq, draft.kind, commit, draft.of)
        tail.clock = clock
        tail.frontier.append(sha256(b"\x00" + head).digest())
        entry = entry_number(tail.number, seq)
        self._heads.append((entry, head))
        self._bodies.append((entry, salt, body))
        if draft.of:
            self.fold.order(entry, draft.of)
        else:
            self.fold.take(entry, self.log, _stated(draft), clock)
            if draft.kind in GOVERNING_KINDS:
                govern(self._connection, entry, draft.kind)
        if (seq + 1) % INTERVAL == 0:
            self.checkpoint(keep=True)
        elif len(self._heads) >= _BATCH:
            self.flush()
        return entry_name(self.log, seq)

    def append_all(self, drafts: Iterable[Draft]) -> list[str]:
        return [self.append(draft) for draft in drafts]

    def checkpoint(self, keep: bool) -> bytes:
        """Sign the tree as it stands; the note. One that is not kept is replaced by the next."""
        self.flush()
        frontier = self._tail.frontier
        note = self.signer.note(frontier.size, frontier.root())
        last = entry_number(self._tail.number, frontier.size - 1)
        first = entry_number(self._tail.number, 0)
        run = self._connection.execute
        run("DELETE FROM checkpoint WHERE entry >= ? AND entry <= ? AND NOT kept", (first, last))
        run(
            "INSERT INTO checkpoint (entry, size, note, kept, peaks) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (entry) DO UPDATE SET kept = max(kept, excluded.kept)",
            (last, frontier.size, note, int(keep), frontier.to_bytes()),
        )
        return note

    def finish(self, keep: bool = False) -> None:
        """Cover everything written with a checkpoint. Nothing written means nothing done."""
        if self._tail.size > self._began_at or keep:
            self.checkpoint(keep)

    def flush(self) -> None:
        """Put what was appended into the tables, with its views. The transaction stays open."""
        if self._heads:
            self._last_head = sha256(self._heads[-1][1]).digest()
            run = self._connection.executemany
            run("INSERT INTO head (entry, bytes) VALUES (?, ?)", self._heads)
            run("INSERT INTO body (entry, salt, bytes) VALUES (?, ?, ?)", self._bodies)
            extend_tiles(
                self._connection,
                self._tail.number,
                self._tail.size - len(self._heads),
                self._tail.size,
            )
            self._heads, self._bodies = [], []
            self.fold.flush()

    def _keep_days_last(self) -> None:
        today = time.time_ns() // 1_000_000 // _DAY
        if self._tail.size and self._tail.clock // _DAY < today:
            last = entry_number(self._tail.number, self._tail.size - 1)
            self._connection.execute("UPDATE checkpoint SET kept = 1 WHERE entry = ?", (last,))


def _stated(draft: Draft) -> dict[str, Any]:
    stated: dict[str, Any] = {"thing": draft.thing, "kind": draft.kind, "fields": draft.fields}
    if draft.slug is not None:
        stated["slug"] = draft.slug
    if draft.supersedes:
        stated["supersedes"] = draft.supersedes
    return stated


__all__ = ["LogWriter", "Tail", "read_tail", "split_number"]
