"""The fold: views made from bodies. The same code runs in the writing transaction and when views are made again.

A version is a head version until some version that names it in `supersedes` is received, in whatever order
the two arrive. A version whose body was erased or withheld stays, empty, so that no older one comes back.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Mapping
from typing import Any

from onrecord.record.entries import GOVERNING_KINDS
from onrecord.record.ids import device_of, entry_name, split_entry
from onrecord.store.schema import entry_number, split_number

_MAY_BE_ID = re.compile(r"[a-z2-7]{16}")

_INSERT_VERSION = "INSERT INTO version (entry, thing, kind, since, until) VALUES (?, ?, ?, ?, ?)"
_INSERT_LINK = "INSERT OR IGNORE INTO link (target, entry, field) VALUES (?, ?, ?)"
_INSERT_SLUG = "INSERT OR IGNORE INTO slug (slug, device, thing) VALUES (?, ?, ?)"
_INSERT_HELD = "INSERT OR IGNORE INTO held (sha256, item) VALUES (?, ?)"
_INSERT_CONTROL = "INSERT OR IGNORE INTO control (entry, kind) VALUES (?, ?)"
_INSERT_ORDER = "INSERT OR IGNORE INTO ordered (name, entry) VALUES (?, ?)"
_CLOSE_VERSION = (
    "UPDATE version SET until = min(?1, coalesce(until, ?1)) WHERE entry = ?2 AND thing = ?3 AND kind = ?4"
)
_AWAIT = "INSERT INTO awaited (name, at) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET at = min(at, ?2)"
_MET = "DELETE FROM awaited WHERE name = ?"

Resolve = Callable[[str, int], str]


def as_named(name: str, citing: int) -> str:
    """A name means the entry that it names, where no log was signed twice."""
    return name


class Fold:
    """Takes bodies one by one and writes their views in batches.

    `resolve` says, of a name and the number of the entry that uses it, which entry's name is meant.
    """

    def __init__(
        self, connection: sqlite3.Connection, numbers: Mapping[str, int], resolve: Resolve = as_named
    ) -> None:
        self._connection = connection
        self._numbers = numbers
        self.resolve = resolve
        self._versions: list[tuple[int, str, str, int, int | None]] = []
        self._links: list[tuple[str, int, str]] = []
        self._slugs: list[tuple[str, str, str]] = []
        self._held: list[tuple[str, str]] = []
        self._orders: list[tuple[str, int]] = []
        self._closed: dict[tuple[str, str, str], int] = {}
        self._awaited: dict[str, int] = dict(connection.execute("SELECT name, at FROM awaited"))
        self._met: list[tuple[str]] = []

    def take(self, entry: int, log: str, body: Mapping[str, Any], received: int) -> None:
        """One version, with everything that its fields link to."""
        thing = body["thing"]
        self._version(entry, log, thing, body["kind"], received)
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
        self._close_all(body, entry, received)

    def empty(self, entry: int, log: str, stated: Mapping[str, Any], received: int) -> None:
        """A version whose body is not here: what is `stated` of it elsewhere is its kind, thing and supersedes."""
        self._version(entry, log, stated["thing"], stated["kind"], received)
        self._close_all(stated, entry, received)

    def again(self, entry: int, log: str, body: Mapping[str, Any], received: int) -> None:
        """A version that was empty, now that its body is here."""
        row = self._connection.execute("SELECT until FROM version WHERE entry = ?", (entry,)).fetchone()
        self._connection.execute("DELETE FROM version WHERE entry = ?", (entry,))
        self.take(entry, log, body, received)
        if row and row[0] is not None:
            self._close((entry_name(log, split_number(entry)[1]), body["thing"], body["kind"]), row[0])

    def order(self, entry: int, of: str) -> None:
        """An order of erasure that stands."""
        self._orders.append((self.resolve(of, entry), entry))

    def _version(self, entry: int, log: str, thing: str, kind: str, received: int) -> None:
        name = entry_name(log, split_number(entry)[1])
        closed = self._arrived(_awaiting(name, thing, kind)) if self._awaited else None
        self._versions.append((entry, thing, kind, received, closed))

    def _close_all(self, stated: Mapping[str, Any], citing: int, received: int) -> None:
        """A version supersedes versions of the same thing and kind, and no others, whatever it names."""
        for name in stated.get("supersedes", ()):
            self._close((self.resolve(name, citing), stated["thing"], stated["kind"]), received)

    def _arrived(self, name: str) -> int | None:
        """When an entry that arrives now was superseded already, if it was."""
        closed = self._awaited.pop(name, None)
        if closed is not None:
            self._met.append((name,))
        return closed

    def _close(self, version: tuple[str, str, str], received: int) -> None:
        self._closed[version] = min(received, self._closed.get(version, received))

    def flush(self) -> None:
        run = self._connection.executemany
        run(_INSERT_VERSION, self._versions)
        run(_INSERT_LINK, self._links)
        if self._slugs:
            run(_INSERT_SLUG, self._slugs)
        if self._held:
            run(_INSERT_HELD, self._held)
        if self._orders:
            run(_INSERT_ORDER, self._orders)
        if self._met:
            run(_MET, self._met)
        for version, at in self._closed.items():
            self._close_one(*version, at)
        self._versions, self._links, self._slugs, self._held, self._met = [], [], [], [], []
        self._closed, self._orders = {}, []

    def _close_one(self, name: str, thing: str, kind: str, at: int) -> None:
        """Mark a version as superseded, or remember that it is, for when it arrives."""
        log, seq = split_entry(name)
        number = self._numbers.get(log)
        if number is not None:
            marked = self._connection.execute(_CLOSE_VERSION, (at, entry_number(number, seq), thing, kind))
            if marked.rowcount:
                return
        awaited = _awaiting(name, thing, kind)
        self._connection.execute(_AWAIT, (awaited, at))
        self._awaited[awaited] = min(at, self._awaited.get(awaited, at))


def _awaiting(name: str, thing: str, kind: str) -> str:
    """What the view `awaited` calls a version that is superseded and not here yet."""
    return f"{name} {thing} {kind}"


def govern(connection: sqlite3.Connection, entry: int, kind: str) -> None:
    """Remember an entry that says who writes or who saw what, whether it stands or not."""
    if kind in GOVERNING_KINDS:
        connection.execute(_INSERT_CONTROL, (entry, kind))


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
