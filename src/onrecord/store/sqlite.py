"""The store on SQLite: one connection, its transactions, and looking things up as they are or as they were known."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from onrecord.record.entries import version_of
from onrecord.record.errors import RecordNotWritten, RecordUnreadable
from onrecord.record.ids import entry_name, split_entry
from onrecord.record.things import Thing, Version
from onrecord.store.branches import Branches
from onrecord.store.device import PATIENCE_SECONDS, busy
from onrecord.store.disk import is_full
from onrecord.store.held import HeldView
from onrecord.store.schema import SHIFT, add_missing, create, entry_number, split_number
from onrecord.store.views import Fold

_NOW = "version.until IS NULL"
_THEN = "version.since <= :known AND (version.until IS NULL OR version.until > :known)"
_COLUMNS = "version.entry, version.since, version.thing, version.kind, body.bytes"
_JOIN = "version LEFT JOIN body ON body.entry = version.entry"
# `+` keeps the planner from walking through every thing of the kind.
_POINTING = (
    "version.thing IN (SELECT other.thing FROM link JOIN version AS other ON other.entry = link.entry"
    " WHERE link.target = :id {field} AND {holds}) {kind} ORDER BY version.entry"
)
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_NOT_WRITTEN = {
    sqlite3.SQLITE_FULL: ("its disk is full", "Make room there, and try again."),
    sqlite3.SQLITE_READONLY: ("nothing can be written there", "Copy the record to a disk you may write to."),
    sqlite3.SQLITE_CANTOPEN: ("nothing can be written there", "Copy the record to a disk you may write to."),
    sqlite3.SQLITE_IOERR: ("its disk fails", "Make a copy of the record on another disk, and verify it."),
}


def connect(path: Path) -> sqlite3.Connection:
    """Open record.db. Every commit is on the disk before it returns. On a disk that takes no writing, for reading."""
    try:
        return _opened(f"{path.absolute().as_uri()}?mode=rw")
    except sqlite3.OperationalError:
        return connect_to_read(path)


def connect_to_read(path: Path) -> sqlite3.Connection:
    """Open record.db so that nothing is written, neither to it nor beside it. Raises `RecordUnreadable`."""
    return _opened(uri_to_read(path.absolute()))


def uri_to_read(path: Path) -> str:
    """How SQLite can read a file: beside writers where the folder allows it, else as a file that nobody changes."""
    uri = f"{path.as_uri()}?mode=ro"
    try:
        _opened(uri).close()
        return uri
    except sqlite3.OperationalError as wrong:
        waiting = path.with_name(f"{path.name}-wal")
        if not waiting.exists() or not waiting.stat().st_size:
            return f"{path.as_uri()}?immutable=1"
        raise RecordUnreadable(
            str(path.parent),
            f"its last entries wait in {waiting.name}, and nothing can be written here ({wrong})",
            "Copy the whole folder to a disk that can be written to, and open it there.",
        ) from None


class _Connection(sqlite3.Connection):
    """Says of a damaged file that it is damaged."""

    def execute(self, *given: Any) -> sqlite3.Cursor:
        try:
            return super().execute(*given)
        except sqlite3.DatabaseError as wrong:
            if getattr(wrong, "sqlite_errorcode", 0) & 0xFF not in _DAMAGED:
                raise
            raise RecordUnreadable(
                "record.db", f"the file is damaged ({wrong})", "Run verify, and bring it back from a copy."
            ) from None


def _opened(uri: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        uri,
        factory=_Connection,
        uri=True,
        timeout=PATIENCE_SECONDS,
        isolation_level=None,
        check_same_thread=False,
    )
    try:
        for pragma in ("synchronous = FULL", "secure_delete = ON", "cache_size = -65536"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def create_database(path: Path) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    create(connection)
    connection.close()


class SqliteStore:
    """Reads and writes one record.db. Rules look things up through it as `Things`."""

    def __init__(self, path: Path) -> None:
        self._names: dict[int, str] = {}
        self._path = path
        try:
            self.connection = connect(path)
            (version,) = self.connection.execute("PRAGMA user_version").fetchone()
        except sqlite3.Error as wrong:
            raise RecordUnreadable(str(path), f"SQLite says: {wrong}", "Bring it back from a copy.") from None
        if version != 1:
            self.connection.close()
            raise RecordUnreadable(
                str(path), f"its format is {version}, and this reads 1", "Use the version it was made with."
            )
        add_missing(self.connection)

    def close(self) -> None:
        self.connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Hold the one writer's place; all of it is kept, or none.

        Raises `RecordBusy` where another program holds it, and `RecordNotWritten` where the disk takes nothing.
        """
        try:
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self.connection.execute("COMMIT")
            except BaseException:
                self._names = {}  # a number given to a log in here may be given to another one next
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
                raise
        except sqlite3.OperationalError as wrong:
            raise self._said(wrong) from wrong

    def _said(self, wrong: sqlite3.OperationalError) -> Exception:
        """An error in the user's words, where it is not a fault of ours."""
        code = getattr(wrong, "sqlite_errorcode", 0) & 0xFF
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return busy(str(self._path))
        if code in _NOT_WRITTEN and is_full(self._path.parent):
            code = sqlite3.SQLITE_FULL
        reason, mend = _NOT_WRITTEN.get(code, (None, ""))
        return RecordNotWritten(str(self._path), f"{reason} ({wrong})", mend) if reason else wrong

    # logs

    def log_numbers(self) -> dict[str, int]:
        return dict(self.connection.execute("SELECT name, number FROM log"))

    def add_log(self, name: str, here: bool) -> int:
        """A row for a further log: one that is written `here`, or one that a merge brings."""
        query = "INSERT INTO log (name, here) VALUES (?, ?) RETURNING number"
        (number,) = self.connection.execute(query, (name, int(here))).fetchone()
        return int(number)

    def fold(self, numbers: Mapping[str, int]) -> Fold:
        """What keeps the views in step with the log. `numbers` may grow while it is used."""
        return Fold(self.connection, numbers, Branches(self.connection).resolve)

    def log_name(self, number: int) -> str:
        if number not in self._names:
            self._names = dict(self.connection.execute("SELECT number, name FROM log"))
        return self._names[number]

    def name_of(self, entry: int) -> str:
        number, seq = split_number(entry)
        return entry_name(self.log_name(number), seq)

    def entry_of(self, name: str) -> int:
        """The number under which an entry's rows stand."""
        log, seq = split_entry(name)
        return entry_number(self.log_numbers()[log], seq)

    # things

    def as_now(self) -> View:
        return View(self, None)

    def as_known(self, at: int) -> View:
        """Things as this device knew them at a time (milliseconds since 1970 UTC)."""
        return View(self, at)

    def as_held(self, sizes: Mapping[str, int]) -> HeldView:
        """Things as they stood when each log had so many entries, by the log's name."""
        return HeldView(self, sizes)

    def versions(self, thing: str) -> list[tuple[Version, int | None]]:
        """Every version of a thing in the order received, each with when it was superseded."""
        query = f"SELECT {_COLUMNS}, version.until FROM {_JOIN} WHERE thing = ? ORDER BY since, version.entry"  # noqa: S608
        return [(self.version(row), row[5]) for row in self.connection.execute(query, (thing,))]

    def version_at(self, entry: int) -> Version | None:
        """The version that an entry states, whether it stands or not."""
        query = f"SELECT {_COLUMNS} FROM {_JOIN} WHERE version.entry = ?"  # noqa: S608
        row = self.connection.execute(query, (entry,)).fetchone()
        return row and self.version(row)

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
        where = _POINTING.format(
            field="AND link.field = :field" if field else "",
            kind="AND +version.kind = :kind" if kind else "",
            holds=self._holds.replace("version.", "other."),
        )
        return self._things(self._rows(where, id=id, kind=kind, field=field))

    def _things(self, rows: Iterator[tuple[Any, ...]]) -> Iterator[Thing]:
        found: dict[str, list[Version]] = {}
        for version in map(self._store.version, rows):
            found.setdefault(version.thing, []).append(version)
        for id, heads in found.items():
            yield Thing(id, heads[0].kind, tuple(sorted(heads, key=_age)))


def _age(version: Version) -> tuple[int, str, int]:
    return version.clock, *split_entry(version.name)


__all__ = ["SHIFT", "SqliteStore", "View", "connect", "connect_to_read", "create_database", "uri_to_read"]
