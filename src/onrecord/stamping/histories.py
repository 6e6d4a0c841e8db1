"""A log's tree at any of its sizes: its root, the path of an entry, and the checkpoint that was kept there.

Where a log was signed twice, each branch is a history of its own.
"""

from __future__ import annotations

import base64
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field

from onrecord.record.ids import log_of, split_entry
from onrecord.record.listing import Listed, Listing
from onrecord.record.merkle import Tree
from onrecord.store.branches import Chain, Row, chains
from onrecord.store.schema import entry_number, span, split_number
from onrecord.store.tiles import audit_path, root_of

_LAST = "SELECT size, note FROM checkpoint WHERE entry >= ? AND entry < ? ORDER BY entry DESC LIMIT 1"
_ROWS = "SELECT number, name FROM log WHERE name = ? OR name GLOB ?"
_END = "SELECT entry FROM head WHERE entry >= ? AND entry < ? ORDER BY entry DESC LIMIT 1"
_AT = "SELECT note FROM checkpoint WHERE entry = ?"


@dataclass(slots=True)
class History:
    """One history of a log. One row of the table `log`, but for branches."""

    chain: Chain
    _roots: dict[int, bytes] = field(default_factory=dict)

    @property
    def log(self) -> str:
        return log_of(self.chain.tip.name)

    @property
    def size(self) -> int:
        return self.chain.size

    def root(self, size: int) -> bytes:
        if size not in self._roots:
            self._roots[size] = self._find_root(size)
        return self._roots[size]

    def _find_root(self, size: int) -> bytes:
        note = self.note(size)
        if note is not None:
            return _root_in(note)
        if len(self.chain.rows) == 1:
            return root_of(self.chain.connection, self.chain.tip.number, 0, size)
        return self.chain.frontier(size).root()

    def path(self, seq: int, size: int) -> list[bytes]:
        """The inclusion proof of an entry in the tree over the first `size`."""
        if len(self.chain.rows) == 1:
            return audit_path(self.chain.connection, self.chain.tip.number, seq, size)
        return Tree(self.chain.leaves[:size]).path(seq)

    def note(self, size: int) -> bytes | None:
        """The checkpoint over the first `size` entries, if it was kept."""
        number = entry_number(self.chain.row_of(size - 1).number, size - 1)
        row = self.chain.connection.execute(_AT, (number,)).fetchone()
        return bytes(row[0]) if row else None

    def last_size(self) -> int:
        """How many entries its last checkpoint covers."""
        found = (self.chain.connection.execute(_LAST, span(row.number)).fetchone() for row in self.chain.rows)
        return max((int(row[0]) for row in found if row), default=0)

    def held_in(self, listing: Listing, beyond: int = 0) -> Listed | None:
        """The furthest that a listing states of this history, if that is more than `beyond` of its entries."""
        stated = [
            one for one in listing.logs if log_of(one.log) == self.log and beyond < one.size <= self.size
        ]
        for one in sorted(stated, key=lambda one: -one.size):
            if one.root == self.root(one.size):
                return one
        return None


def histories(connection: sqlite3.Connection, log: str) -> list[History]:
    """Every history of a log that is held here."""
    rows = connection.execute(_ROWS, (log, f"{log}~*")).fetchall()
    if len(rows) > 1:
        return [History(chain) for chain in chains(connection, log) if chain.size]
    return [History(chain) for row in rows if (chain := _only(connection, *row)).size]


def _only(connection: sqlite3.Connection, number: int, name: str) -> Chain:
    """A log that was not signed twice, found by its last head alone: it may be long."""
    row = connection.execute(_END, span(number)).fetchone()
    return Chain(connection, (Row(number, name, 0, split_number(row[0])[1] + 1 if row else 0),))


def histories_with(connection: sqlite3.Connection, entry: str) -> Iterator[History]:
    """The histories that an entry is part of: one, unless it stands before a fork."""
    row, seq = split_entry(entry)
    for history in histories(connection, log_of(row)):
        if seq < history.size and history.chain.row_of(seq).name == row:
            yield history


def listing_of(connection: sqlite3.Connection, record: str) -> Listing:
    """Every log and branch up to its last checkpoint, as held now."""
    held = []
    for name, number in connection.execute("SELECT name, number FROM log").fetchall():
        found = connection.execute(_LAST, span(number)).fetchone()
        if found:
            held.append(Listed(name, found[0], _root_in(found[1])))
    return Listing.of(record, held)


def _root_in(note: bytes) -> bytes:
    """The root that a checkpoint of ours states; its signature was checked when it came in."""
    return base64.b64decode(note.split(b"\n", 3)[2])
