"""Zeros where record.db's pages hold nothing any more.

`secure_delete` overwrites what is deleted, but not the copies that stay behind when SQLite moves a cell to a
neighbouring page: they lie in the gap between a page's cell pointers and its cells. Here the gaps of all b-tree pages
are overwritten, through SQLite's own file handle: to open and close another would drop its locks. A gap holds nothing
that counts, so a stop in between harms nothing.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

from onrecord.record.errors import RecordBusy, RecordNotWritten

PATIENCE_SECONDS = 30.0
_INTERIOR = {2, 5}
_LEAF = {10, 13}
_OPEN_HANDLES = ("/proc/self/fd", "/dev/fd")


def empty_wal(connection: sqlite3.Connection, database: Path) -> None:
    """Move what waits in record.db-wal into record.db, and cut it to nothing.

    Raises `RecordBusy` where another program reads an older state all the while.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    while _is_busy(connection, database):
        if time.monotonic() > deadline:
            raise in_use(database)
        time.sleep(0.02)


def _is_busy(connection: sqlite3.Connection, database: Path) -> bool:
    try:
        (busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.OperationalError as wrong:
        raise RecordNotWritten(
            str(database),
            f"the erasure is ordered and not finished, as its disk takes nothing more ({wrong})",
            "Make room there, and run: onrecord erase --finish.",
        ) from None
    return bool(busy)


def is_emptied(database: Path) -> bool:
    """Whether nothing has come into record.db-wal since it was emptied. Ask while nobody else can write."""
    try:
        return database.with_name(f"{database.name}-wal").stat().st_size == 0
    except FileNotFoundError:
        return True


def in_use(database: Path) -> RecordBusy:
    return RecordBusy(
        str(database),
        "another program is reading an older state of the record, and that state still holds what was erased",
        "Close it, and run: onrecord erase --finish.",
    )


def clear_gaps(connection: sqlite3.Connection, database: Path) -> int:
    """Zero the gaps of all b-tree pages; how many held something.

    Inside a writing transaction, with record.db-wal emptied. Something has to be written in the same transaction: that
    makes every other program read its pages afresh, which in its memory may still have gaps.
    """
    query = "SELECT rootpage FROM sqlite_schema WHERE rootpage > 1"
    roots = [root for (root,) in connection.execute(query).fetchall()]
    cleared = _clear(_handle_of(database), _page_size(connection), roots)
    # The same goes for this connection.
    connection.execute("PRAGMA shrink_memory")
    return cleared


def _clear(handle: int, size: int, roots: list[int]) -> int:
    cleared = 0
    waiting, met = list(roots), set(roots)
    while waiting:
        number = waiting.pop()
        page = os.pread(handle, size, (number - 1) * size)
        if len(page) != size or page[0] not in _INTERIOR | _LEAF:
            continue
        cleared += _clear_gap(handle, (number - 1) * size, page)
        if page[0] in _INTERIOR:
            below = [child for child in _children(page) if child not in met]
            met.update(below)
            waiting += below
    if cleared:
        os.fsync(handle)
    return cleared


def _clear_gap(handle: int, at: int, page: bytes) -> bool:
    begin, end = _gap(page)
    if begin >= end or not any(page[begin:end]):
        return False
    os.pwrite(handle, bytes(end - begin), at + begin)
    return True


def _gap(page: bytes) -> tuple[int, int]:
    """Where a b-tree page (SQLite file format, section 1.6) is not allocated: after its cell pointers, before its cells."""
    header = 12 if page[0] in _INTERIOR else 8
    cells = int.from_bytes(page[3:5], "big")
    content = int.from_bytes(page[5:7], "big") or 65536
    return header + 2 * cells, min(content, len(page))


def _children(page: bytes) -> Iterator[int]:
    yield int.from_bytes(page[8:12], "big")
    for place in range(12, 12 + 2 * int.from_bytes(page[3:5], "big"), 2):
        cell = int.from_bytes(page[place : place + 2], "big")
        yield int.from_bytes(page[cell : cell + 4], "big")


def _handle_of(database: Path) -> int:
    """The handle under which SQLite itself has the file open for writing in this process."""
    wanted = database.stat()
    for handle in _handles():
        try:
            found = os.fstat(handle)
            writes = fcntl.fcntl(handle, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDWR
        except OSError:
            continue
        if writes and (found.st_dev, found.st_ino) == (wanted.st_dev, wanted.st_ino):
            return handle
    raise RecordBusy(
        str(database), "it is not open for writing", "Copy the record to a disk you may write to."
    )


def _handles() -> list[int]:
    for place in _OPEN_HANDLES:
        if Path(place).is_dir():
            return sorted(int(one.name) for one in Path(place).iterdir())
    return list(range(1024))


def _page_size(connection: sqlite3.Connection) -> int:
    (size,) = connection.execute("PRAGMA page_size").fetchone()
    return int(size)
