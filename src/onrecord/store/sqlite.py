"""The store on SQLite: one connection, its transactions, and looking things up as they are or as they were known."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from onrecord.record.entries import version_of
from onrecord.record.errors import RecordUnreadable
from onrecord.record.ids import entry_name
from onrecord.record.things import Thing, Version
from onrecord.store.schema import SHIFT, create, split_number

_NOW = "version.until IS NULL"
_THEN = "version.since <= :known AND (version.until IS NULL OR version.until > :known)"
_COLUMNS = "version.entry, version.since, version.thing, version.kind, body.bytes"
_JOIN = "version LEFT JOIN body ON body.entry = version.entry"


def connect(path: Path) -> sqlite3.Connection:
    """Open record.db. Every commit is on the disk before it returns."""
    connection = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON", "cache_size = -65536"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def create_database(path: Path) -> None:
    connection = connect(path)
    create(connection)
    connection.close()


class SqliteStore:
    """Reads and writes one record.db. Rules look things up through it as `Things`."""

    def __init__(self, path: Path) -> None:
        self._names: dict[int, str] = {}
        try:
            self.connection = connect(path)
            (version,) = self.connection.execute("PRAGMA user_version").fetchone()
        except sqlite3.DatabaseError as wrong:
            raise RecordUnreadable(str(path), f"SQLite says: {wrong}", "Bring it back from a copy.") from None
        if version != 1:
            raise RecordUnreadable(
                str(path), f"its format is {version}, and this reads 1", "Use the version it was made with."
            )

    def close(self) -> None:
        self.connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Hold the one writer's place; all of it is kept, or none."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")

    # logs

    def log_numbers(self) -> dict[str, int]:
        return dict(self.connection.execute("SELECT name, number FROM log"))

    def add_log(self, name: str) -> int:
        (number,) = self.connection.execute(
            "INSERT INTO log (name) VALUES (?) RETURNING number", (name,)
        ).fetchone()
        return int(number)

    def log_name(self, number: int) -> str:
        if number not in self._names:
            self._names = dict(self.connection.execute("SELECT number, name FROM log"))
        return self._names[number]

    def name_of(self, entry: int) -> str:
        number, seq = split_number(entry)
        return entry_name(self.log_name(number), seq)

    # things

    def as_now(self) -> View:
        return View(self, None)

    def as_known(self, at: int) -> View:
        """Things as this device knew them at a time (milliseconds since 1970 UTC)."""
        return View(self, at)

    def versions(self, thing: str) -> list[tuple[Version, int | None]]:
        """Every version of a thing in the order received, each with when it was superseded."""
        query = f"SELECT {_COLUMNS}, version.until FROM {_JOIN} WHERE thing = ? ORDER BY since, version.entry"  # noqa: S608
        return [(self.version(row), row[5]) for row in self.connection.execute(query, (thing,))]

    def version(self, row: tuple[Any, ...]) -> Version:
        entry, since, thing, kind, body = row[:5]
        if body is None:
            return Version(thing, kind, self.name_of(entry), {}, received=since, erased=True)
        return version_of(self.name_of(entry), body, since)

    def slugs(self, slug: str) -> list[tuple[str, str]]:
        """(device, thing) pairs that answer to a slug."""
        return list(self.connection.execute("SELECT device, thing FROM slug WHERE slug = ?", (slug,)))

    def kind_of(self, thing: str) -> str | None:
        row = self.connection.execute("SELECT kind FROM version WHERE thing = ? LIMIT 1", (thing,)).fetchone()
        return row and str(row[0])


class View:
    """Things as they are now, or as they were known at a time."""

    def __init__(self, store: SqliteStore, known: int | None) -> None:
        self._store = store
        self._known = known
        self._holds = _NOW if known is None else _THEN

    def _rows(self, where: str, **values: Any) -> Iterator[tuple[Any, ...]]:
        query = f"SELECT {_COLUMNS} FROM {_JOIN} WHERE {self._holds} AND {where}"  # noqa: S608 - where is ours
        return iter(self._store.connection.execute(query, {"known": self._known, **values}).fetchall())

    def get(self, id: str) -> Thing | None:
        return next(self._things(self._rows("version.thing = :id", id=id)), None)

    def of_kind(self, kind: str) -> Iterator[Thing]:
        return self._things(self._rows("version.kind = :kind ORDER BY version.entry", kind=kind))

    def pointing_at(self, id: str, kind: str | None = None, field: str | None = None) -> Iterator[Thing]:
        where = "version.thing IN (SELECT other.thing FROM link JOIN version AS other ON other.entry = link.entry WHERE link.target = :id"
        where += " AND link.field = :field" if field else ""
        where += " AND " + self._holds.replace("version.", "other.") + ")"
        where += " AND version.kind = :kind" if kind else ""
        return self._things(self._rows(where + " ORDER BY version.entry", id=id, kind=kind, field=field))

    def _things(self, rows: Iterator[tuple[Any, ...]]) -> Iterator[Thing]:
        found: dict[str, list[Version]] = {}
        for version in map(self._store.version, rows):
            found.setdefault(version.thing, []).append(version)
        order = partial(sorted, key=lambda version: (version.clock, version.name))
        for id, heads in found.items():
            yield Thing(id, heads[0].kind, tuple(order(heads)))


__all__ = ["SHIFT", "SqliteStore", "View", "connect", "create_database"]
