"""Roots of parts of a log's tree, so that the proof of one entry among millions reads a few hundred rows.

A tile is the root of a perfect subtree over 2^8 or 2^16 leaves. Tiles are made from the heads and can be made again.
"""

from __future__ import annotations

import sqlite3

from onrecord.record.merkle import EMPTY_ROOT, leaf_hash, node_hash
from onrecord.store.schema import entry_number

LOW, HIGH = 8, 16
_HEADS = "SELECT bytes FROM head WHERE entry >= ? AND entry < ? ORDER BY entry"
_TILES = "SELECT hash FROM tile WHERE log = ? AND level = ? AND at >= ? AND at < ? ORDER BY at"
_KEEP = "INSERT OR REPLACE INTO tile (log, level, at, hash) VALUES (?, ?, ?, ?)"


def extend_tiles(connection: sqlite3.Connection, log: int, before: int, after: int) -> None:
    """Make the tiles that a log's growth from `before` to `after` heads completed."""
    for at in range(before >> LOW, after >> LOW):
        connection.execute(_KEEP, (log, LOW, at, _fold(_leaves(connection, log, at << LOW, (at + 1) << LOW))))
    for at in range(before >> HIGH, after >> HIGH):
        width = HIGH - LOW
        low = _tiles(connection, log, LOW, at << width, (at + 1) << width)
        connection.execute(_KEEP, (log, HIGH, at, _fold(low)))


def root_of(connection: sqlite3.Connection, log: int, first: int, beyond: int) -> bytes:
    """The root of the tree over some of a log's leaves (RFC 6962 section 2.1). `first` has to be aligned with it."""
    count = beyond - first
    if count == 0:
        return EMPTY_ROOT
    level = count.bit_length() - 1
    if count != 1 << level:
        half = 1 << level
        left = root_of(connection, log, first, first + half)
        return node_hash(left, root_of(connection, log, first + half, beyond))
    return _perfect(connection, log, level, first)


def audit_path(connection: sqlite3.Connection, log: int, seq: int, size: int) -> list[bytes]:
    """The audit path of a leaf in the tree over the first `size` leaves, from the leaf up."""
    first, beyond, path = 0, size, []
    while beyond - first > 1:
        middle = first + (1 << ((beyond - first - 1).bit_length() - 1))
        if seq < middle:
            path.append(root_of(connection, log, middle, beyond))
            beyond = middle
        else:
            path.append(root_of(connection, log, first, middle))
            first = middle
    return path[::-1]


def _perfect(connection: sqlite3.Connection, log: int, level: int, first: int) -> bytes:
    """The root of a perfect subtree, from the highest tiles that are there."""
    beyond = first + (1 << level)
    for kept in (HIGH, LOW):
        if level >= kept:
            count = 1 << (level - kept)
            tiles = _tiles(connection, log, kept, first >> kept, beyond >> kept)
            if len(tiles) == count:
                return _fold(tiles)
    return _fold(_leaves(connection, log, first, beyond))


def _tiles(connection: sqlite3.Connection, log: int, level: int, first: int, beyond: int) -> list[bytes]:
    return [bytes(hash) for (hash,) in connection.execute(_TILES, (log, level, first, beyond))]


def _leaves(connection: sqlite3.Connection, log: int, first: int, beyond: int) -> list[bytes]:
    bounds = entry_number(log, first), entry_number(log, beyond)
    return [leaf_hash(head) for (head,) in connection.execute(_HEADS, bounds)]


def _fold(level: list[bytes]) -> bytes:
    """The root over a power of two of nodes."""
    while len(level) > 1:
        level = [node_hash(level[at], level[at + 1]) for at in range(0, len(level), 2)]
    return level[0]
