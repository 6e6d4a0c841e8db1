"""Packing a record: its whole folder as one age file, read back and compared before anything is removed.

`age -d FILE | tar x` opens it where Onrecord is not.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from onrecord.record.entries import Draft
from onrecord.record.errors import (
    FileRefused,
    KeyMissing,
    OnrecordError,
    OutputExists,
    RecordBusy,
    RecordNotWritten,
    RecordUnreadable,
)
from onrecord.record.ids import mint
from onrecord.store import passphrase_file
from onrecord.store.outside import require_outside
from onrecord.store.part import Part, sync
from onrecord.store.passphrase_file import Reader, Writer
from onrecord.store.record_store import RecordStore
from onrecord.store.sealed_stream import decrypt_with, encrypt_to
from onrecord.store.sqlite import connect
from onrecord.store.tar_stream import Compared, FolderStream, StreamReader

Progress = Callable[[int, int | None, str], None]
FOR = "packed"
_A_MOMENT, _PATIENCE = 300, 30_000  # milliseconds


def pack(
    store: RecordStore,
    out: Path,
    *,
    passphrase: str | None = None,
    remove: bool = False,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Write the record's whole folder into one age file: `{"out", "files", "size", "removed"}`.

    It is encrypted to this person's key and the recovery key, or under a passphrase. The store is closed, and stays
    so. Raises `OutputExists`, `OutputNotWritten`, `RecordNotWritten`, `RecordBusy`; then `out` is not there and the record is as it was.
    """
    folder = store.folder.path.resolve()
    _require_place(out)
    require_outside(store, out)
    identities: tuple[str, ...] = ()
    if passphrase is None:
        identities = store.keys.identity.opened()
    to = _recipients(store, passphrase)
    with store.writing(keep_checkpoint=True) as writer:
        writer.append(Draft("sent", mint(), {"folder": mint(), "for": FOR, "place": out.name}))
    store.close()
    with store.keys.alone(), FolderStream(folder) as stream, _held_still(store.folder.database) as connection:
        seen = _version(connection)
        try:
            _write(stream, out, to, passphrase, progress)
            _read_back(out, stream, identities, passphrase, progress)
        except BaseException:
            out.unlink(missing_ok=True)
            raise
        connection.execute("ROLLBACK")
        if remove:
            _require_alone(connection, seen, out)
            _remove(folder)
    return {
        "out": str(out),
        "files": len(stream.contents),
        "size": out.stat().st_size,
        "removed": remove,
    }


def _require_place(out: Path) -> None:
    if out.exists() or out.is_symlink():
        raise OutputExists(str(out), "something stands there", "Choose another name.")
    if not out.parent.is_dir():
        raise RecordNotWritten(str(out), "its folder is not there", "Make it first, or name another.")


def _recipients(store: RecordStore, passphrase: str | None) -> list[str]:
    if passphrase is not None:
        return []
    own = store.keys.identity.recipient()
    if own is None:
        raise KeyMissing(
            "this laptop", "it has no key for this record", "Pack it under a passphrase: --passphrase."
        )
    recovery = store.recovery()
    return [own, recovery.recipient] if recovery else [own]


@contextmanager
def _held_still(database: Path) -> Iterator[sqlite3.Connection]:
    """SQLite's files as they are, while nobody writes to them."""
    connection = connect(database)
    try:
        # Where somebody reads meanwhile, what waits in the write-ahead log is packed as it is.
        connection.execute(f"PRAGMA busy_timeout = {_A_MOMENT}").fetchall()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        connection.execute(f"PRAGMA busy_timeout = {_PATIENCE}").fetchall()
        connection.execute("BEGIN IMMEDIATE")
        yield connection
    except sqlite3.OperationalError as wrong:
        raise _busy(database.parent) from wrong
    finally:
        connection.close()


def _write(
    stream: FolderStream, out: Path, to: list[str], passphrase: str | None, progress: Progress | None
) -> None:
    try:
        expected = stream.survey()
        with Part(out.parent, out.name, 0o600) as part:
            writer = _PartWriter(part, expected, progress)
            if passphrase is None:
                encrypt_to(stream, writer, to)
            else:
                passphrase_file.encrypt(stream, writer, passphrase)
            part.place(out)
        sync(out.parent)
    except Exception as wrong:
        raise _said(out, stream.wrong or wrong) from None


def _said(out: Path, wrong: Exception) -> Exception:
    """What went wrong in the user's words: a cipher's own library says little of where it read and wrote."""
    if isinstance(wrong, FileRefused) and wrong.thing != out.name:
        return RecordNotWritten(wrong.thing, f"it cannot be packed: {wrong.reason}", wrong.mend)
    reason = wrong.reason if isinstance(wrong, OnrecordError) else str(wrong)
    return RecordNotWritten(
        str(out), reason, "Make room there, or choose another place. The record is as it was."
    )


class _PartWriter:
    """What a cipher writes to: the file beside its place, and how far it has come."""

    def __init__(self, part: Part, expected: int, progress: Progress | None) -> None:
        self._part = part
        self._expected = expected
        self._progress = progress
        self._done = 0

    def write(self, data: bytes, /) -> int:
        self._part.write(memoryview(data))
        self._done += len(data)
        if self._progress:
            self._progress(min(self._done, self._expected), self._expected, "packing")
        return len(data)

    def flush(self) -> None: ...


def _read_back(
    out: Path,
    stream: FolderStream,
    identities: tuple[str, ...],
    passphrase: str | None,
    progress: Progress | None,
) -> None:
    """Open what was written and compare every file in it. Raises `RecordUnreadable` where it is not the same."""
    if progress:
        progress(0, None, "reading it back")
    compared = Compared()
    reader = StreamReader(compared, str(out))
    with out.open("rb") as written:
        os.posix_fadvise(written.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        decrypt(written, reader, identities, passphrase, str(out))
    reader.finish()
    if compared.contents != stream.contents:
        raise RecordUnreadable(str(out), "what was written is not what is in the record", "Use another disk.")


def decrypt(
    file: Reader, writer: Writer, identities: tuple[str, ...], passphrase: str | None, name: str
) -> None:
    if passphrase is None:
        decrypt_with(file, writer, identities, name)
    else:
        passphrase_file.decrypt(file, writer, passphrase, name)


def _version(connection: sqlite3.Connection) -> int:
    """A number that another connection's writing changes."""
    (version,) = connection.execute("PRAGMA data_version").fetchone()
    return int(version)


def _require_alone(connection: sqlite3.Connection, seen: int, out: Path) -> None:
    """Raise `RecordBusy` where another program has the record open, or wrote to it since it was read."""
    unchanged = _version(connection) == seen
    connection.execute(f"PRAGMA busy_timeout = {_A_MOMENT}").fetchall()
    try:
        (mode,) = connection.execute("PRAGMA journal_mode = DELETE").fetchone()
    except sqlite3.OperationalError:
        mode = "held by another"
    if mode != "delete" or not unchanged:
        raise RecordBusy(
            str(out),
            "it is packed, but the record was not removed, as another program has it open",
            "Close that program, and pack the record again under another name.",
        )


def _remove(folder: Path) -> None:
    try:
        shutil.rmtree(folder)
    except OSError as wrong:
        raise RecordNotWritten(
            str(folder),
            f"it is packed, but not all of it could be removed ({wrong.strerror})",
            "Remove the rest.",
        ) from None


def _busy(folder: Path) -> RecordBusy:
    return RecordBusy(str(folder), "another program is writing to this record", "Try again when it is done.")
