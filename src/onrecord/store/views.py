"""The fold: views made from bodies. The same code runs in the writing transaction and when views are made again.

A version is a head version until some version that names it in `supersedes` is received, in whatever order
the two arrive.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping
from typing import Any

from onrecord.record.ids import device_of, split_entry
from onrecord.store.schema import entry_number

_MAY_BE_ID = re.compile(r"[a-z2-7]{16}")

_INSERT_VERSION = "INSERT INTO version (entry, thing, kind, since, until) VALUES (?, ?, ?, ?, ?)"
_INSERT_LINK = "INSERT OR IGNORE INTO link (target, entry, field) VALUES (?, ?, ?)"
_INSERT_SLUG = "INSERT OR IGNORE INTO slug (slug, device, thing) VALUES (?, ?, ?)"
_INSERT_HELD = "INSERT OR IGNORE INTO held (sha256, item) VALUES (?, ?)"
_CLOSE_VERSION = "UPDATE version SET until = min(?, coalesce(until, ?)) WHERE entry = ?"


class Fold:
    """Takes bodies one by one and writes their views in batches."""

    def __init__(self, connection: sqlite3.Connection, numbers: Mapping[str, int]) -> None:
        self._connection = connection
        self._numbers = numbers
        self._versions: list[tuple[int, str, str, int, int | None]] = []
        self._links: list[tuple[str, int, str]] = []
        self._slugs: list[tuple[str, str, str]] = []
        self._held: list[tuple[str, str]] = []
        self._closed: dict[int, int] = {}
        self._closed_before: dict[int, int] = {}

    def take(self, entry: int, log: str, body: Mapping[str, Any], received: int) -> None:
        thing = body["thing"]
        self._versions.append((entry, thing, body["kind"], received, self._closed_before.get(entry)))
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

    def _close(self, name: str, received: int) -> None:
        log, seq = split_entry(name)
        number = self._numbers.get(log)
        if number is not None:
            closed = entry_number(number, seq)
            self._closed[closed] = min(received, self._closed.get(closed, received))

    def flush(self) -> None:
        run = self._connection.executemany
        run(_INSERT_VERSION, self._versions)
        run(_INSERT_LINK, self._links)
        if self._slugs:
            run(_INSERT_SLUG, self._slugs)
        if self._held:
            run(_INSERT_HELD, self._held)
        if self._closed:
            run(_CLOSE_VERSION, [(at, at, entry) for entry, at in self._closed.items()])
            self._closed_before |= self._closed
        self._versions, self._links, self._slugs, self._held, self._closed = [], [], [], [], {}


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
