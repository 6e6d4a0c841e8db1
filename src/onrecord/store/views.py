"""The fold: views made from bodies. The same code runs in the writing transaction and when views are made again.

A version is a head version until some version that names it in `supersedes` is received, in whatever order
the two arrive.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping
from typing import Any

from onrecord.record.ids import device_of, entry_name, split_entry
from onrecord.store.schema import entry_number, split_number

_MAY_BE_ID = re.compile(r"[a-z2-7]{16}")

_INSERT_VERSION = "INSERT INTO version (entry, thing, kind, since, until) VALUES (?, ?, ?, ?, ?)"
_INSERT_LINK = "INSERT OR IGNORE INTO link (target, entry, field) VALUES (?, ?, ?)"
_INSERT_SLUG = "INSERT OR IGNORE INTO slug (slug, device, thing) VALUES (?, ?, ?)"
_INSERT_HELD = "INSERT OR IGNORE INTO held (sha256, item) VALUES (?, ?)"
_CLOSE_VERSION = "UPDATE version SET until = min(?1, coalesce(until, ?1)) WHERE entry = ?2"
_AWAIT = "INSERT INTO awaited (name, at) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET at = min(at, ?2)"
_MET = "DELETE FROM awaited WHERE name = ?"


class Fold:
    """Takes bodies one by one and writes their views in batches."""

    def __init__(self, connection: sqlite3.Connection, numbers: Mapping[str, int]) -> None:
        self._connection = connection
        self._numbers = numbers
        self._versions: list[tuple[int, str, str, int, int | None]] = []
        self._links: list[tuple[str, int, str]] = []
        self._slugs: list[tuple[str, str, str]] = []
        self._held: list[tuple[str, str]] = []
        self._closed: dict[str, int] = {}
        self._awaited: dict[str, int] = dict(connection.execute("SELECT name, at FROM awaited"))
        self._met: list[tuple[str]] = []

    def take(self, entry: int, log: str, body: Mapping[str, Any], received: int) -> None:
        thing = body["thing"]
        closed = self._arrived(entry_name(log, split_number(entry)[1])) if self._awaited else None
        self._versions.append((entry, thing, body["kind"], received, closed))
        links = self._links
        for field, value in body["fields"].items():
            if isinstance(value, str):
                if len(value) == 16 and _MAY_BE_ID.fullmatch(value):
                    links.append((value, entry, field))
            elif isinstance(value, dict | list):
                _collect(value, entry, field, links)
        if body["kind"] == "item":
            self._held.append((body["fields"]["sha256"], thing))
        slug = body.get("slug")
        if slug is not None:
            self._slugs.append((slug, device_of(log), thing))
        for name in body.get("supersedes", ()):
            self._close(name, received)

    def _arrived(self, name: str) -> int | None:
        """When an entry that arrives now was superseded already, if it was."""
        closed = self._awaited.pop(name, None)
        if closed is not None:
            self._met.append((name,))
        return closed

    def _close(self, name: str, received: int) -> None:
        self._closed[name] = min(received, self._closed.get(name, received))

    def flush(self) -> None:
        run = self._connection.executemany
        run(_INSERT_VERSION, self._versions)
        run(_INSERT_LINK, self._links)
        if self._slugs:
            run(_INSERT_SLUG, self._slugs)
        if self._held:
            run(_INSERT_HELD, self._held)
        if self._met:
            run(_MET, self._met)
        for name, at in self._closed.items():
            self._close_one(name, at)
        self._versions, self._links, self._slugs, self._held, self._met = [], [], [], [], []
        self._closed = {}

    def _close_one(self, name: str, at: int) -> None:
        """Mark a version as superseded, or remember that it is, for when it arrives."""
        log, seq = split_entry(name)
        number = self._numbers.get(log)
        if number is not None:
            marked = self._connection.execute(_CLOSE_VERSION, (at, entry_number(number, seq)))
            if marked.rowcount:
                return
        self._connection.execute(_AWAIT, (name, at))
        self._awaited[name] = min(at, self._awaited.get(name, at))


def _collect(value: Any, entry: int, field: str, links: list[tuple[str, int, str]]) -> None:
    if isinstance(value, str):
        if len(value) == 16 and _MAY_BE_ID.fullmatch(value):
            links.append((value, entry, field))
    elif isinstance(value, dict):
        for inner in value.values():
            _collect(inner, entry, field, links)
    elif isinstance(value, list):
        for inner in value:
            _collect(inner, entry, field, links)
