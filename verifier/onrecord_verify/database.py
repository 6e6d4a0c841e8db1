"""record.db at one moment, so opened that SQLite writes nothing, neither to it nor beside it."""

from __future__ import annotations

import os
import sqlite3
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from io import BufferedReader
    from pathlib import Path

SHARED = "readonly_shm=1"
WAL_HEADER = 32
ALONE = "vfs=" + ("win32-none" if os.name == "nt" else "unix-none")


def open_log(database: Path, in_use: bool) -> sqlite3.Connection:
    """record.db at one moment, so opened that SQLite cannot change it, however long somebody else writes.

    Its files are only ever opened through SQLite: a process that closes one of them by itself drops the locks of
    its other connections.
    """
    way = way_to_read(database, in_use)
    log = opened_so(database, way)
    try:
        log.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError as wrong:
        log.close()
        if way != SHARED or "locking protocol" not in str(wrong):
            raise
        log = opened_so(database, alone(database))  # stopped before its shared memory knew what was written
    return log


def opened_so(database: Path, way: str) -> sqlite3.Connection:
    log = sqlite3.connect(
        f"{database.resolve().as_uri()}?mode=ro&{way}",
        uri=True,
        isolation_level=None,
    )
    log.text_factory = lambda raw: raw.decode("utf-8", "replace")
    for setting in ("query_only=ON", "trusted_schema=OFF", "temp_store=MEMORY"):
        log.execute("PRAGMA " + setting)
    if way == ALONE:
        log.execute("PRAGMA locking_mode=EXCLUSIVE")
    log.execute("BEGIN")
    return log


def way_to_read(database: Path, in_use: bool) -> str:
    """How SQLite reads the file without writing to what lies beside it.

    Shared memory beside it is that of a program at work, or of one that was stopped: SQLite tells which, and locks
    with it or reads the write-ahead log alone. Without shared memory nobody is at work, and no lock is needed; nor
    could one be had without making the file. A write-ahead log that is no more than its header is of no use to it.
    """
    waiting, shared = state(database, "-wal"), state(database, "-shm")
    if in_use and os.access(database.parent, os.W_OK):
        return ""
    return SHARED if waiting and shared and waiting[0] != WAL_HEADER else alone(database)


def alone(database: Path) -> str:
    """Without locks, and with the write-ahead log only if it holds something: SQLite would remove one that does not."""
    try:
        with database.with_name(database.name + "-wal").open("rb") as file:
            return ALONE if holds_commit(file) else "immutable=1"
    except FileNotFoundError:
        return "immutable=1"


def holds_commit(wal: BufferedReader) -> bool:
    """Whether a write-ahead log has a frame that ends a transaction (https://sqlite.org/fileformat2.html#walformat).

    SQLite locks this file by no means, so that it may be opened.
    """
    header = wal.read(WAL_HEADER)
    if len(header) < WAL_HEADER:
        return False
    page, salts, at = int.from_bytes(header[8:12], "big"), header[16:24], WAL_HEADER
    while len(frame := wal.read(24)) == 24 and frame[8:16] == salts:
        if any(frame[4:8]):
            return True
        at += 24 + page
        wal.seek(at)
    return False


def state(database: Path, end: str = "") -> tuple[int, int] | None:
    """The size and time of record.db or of a file beside it, which change when somebody writes."""
    try:
        found = database.with_name(database.name + end).stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns


def moment(database: Path) -> list[tuple[int, int] | None]:
    return [state(database), state(database, "-wal")]
