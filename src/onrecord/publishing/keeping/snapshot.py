"""A copy of a record as it was at one moment, while others may go on writing: its database, originals, layers and keys.

The database is read through SQLite only. Files stand before the entries that need them, so those copied after the
database are all that it names, unless an original has not arrived here, or was erased meanwhile.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from onrecord.record.errors import OriginalAltered
from onrecord.store.folder import DATABASE
from onrecord.store.record_store import RecordStore

Progress = Callable[[int, int | None, str], None]
_CHUNK = 1024 * 1024
_FOLDERS = ("originals", "layers", "keys")


@dataclass(frozen=True, slots=True)
class Copied:
    """One file of the copy: its path inside it, in `/`, its hash and its size."""

    path: str
    sha256: str
    size: int


def copy_record(store: RecordStore, into: Path, progress: Progress | None = None) -> None:
    """Copy the whole record into a new folder. Raises `OriginalAltered` where an original is not what its name says."""
    into.mkdir(mode=0o700)
    _copy_database(store.db.connection, into / DATABASE)
    (into / "README.txt").write_bytes((store.folder.path / "README.txt").read_bytes())
    for done, source in enumerate(_files(store.folder.path), 1):
        _copy_file(source, into / source.relative_to(store.folder.path))
        if progress:
            progress(done, None, "copying")
    for name in _FOLDERS:
        (into / name).mkdir(exist_ok=True)


def _copy_database(live: sqlite3.Connection, place: Path) -> None:
    """One moment of the database, in a file that needs no other beside it to be read."""
    copy = sqlite3.connect(place, isolation_level=None)
    try:
        live.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
        copy.execute("PRAGMA synchronous = FULL")
    finally:
        copy.close()


def _files(record: Path) -> Iterator[Path]:
    """The record's own files. What a stopped write left, and what does not belong there, stays behind."""
    for name in _FOLDERS:
        for file in sorted((record / name).rglob("*")):
            if file.is_file() and not file.is_symlink() and not file.name.startswith("."):
                yield file


def _copy_file(source: Path, place: Path) -> None:
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest = sha256()
    with source.open("rb") as read, place.open("xb") as written:
        while chunk := read.read(_CHUNK):
            digest.update(chunk)
            written.write(chunk)
    if source.parent.parent.name == "originals" and digest.hexdigest() != source.name:
        raise OriginalAltered(
            source.name,
            "its bytes are not those that its name says",
            "Run verify, and move the damaged file aside; the copy then says that it is missing.",
        )


def listed(folder: Path, below: Path) -> Iterator[Copied]:
    """Every file below a part of a folder, hashed, in the order of their paths."""
    for file in sorted(path for path in below.rglob("*") if path.is_file()):
        digest, size = sha256(), 0
        with file.open("rb") as read:
            while chunk := read.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
        yield Copied(file.relative_to(folder).as_posix(), digest.hexdigest(), size)
