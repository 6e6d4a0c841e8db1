"""What an erasure took out of the record and still has to take off the disk: noted with the orders, crossed off after."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

PAGES = "record.db"
"""Noted by every erasure: the pages of the database, which are overwritten last."""
KEYS = "keys"
"""Noted once the orders are confirmed: the keys of this laptop that opened what was sent to it before."""


def note(connection: sqlite3.Connection, paths: Iterable[str]) -> None:
    connection.executemany("INSERT OR IGNORE INTO leaving VALUES (?)", [(path,) for path in paths])


def leaving(connection: sqlite3.Connection) -> list[str]:
    """Files, relative to the record's folder. None where nothing was cut off."""
    return [path for (path,) in connection.execute("SELECT path FROM leaving")]


def forget(connection: sqlite3.Connection, paths: Iterable[str]) -> None:
    for path in paths:
        connection.execute("DELETE FROM leaving WHERE path = ?", (path,))
