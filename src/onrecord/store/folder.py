"""The record's folder: what lies where in it (docs/format section 1), and making one.

The database takes its name last. So a folder without one, with nothing in it but what making a record puts there,
is one that somebody was stopped making: it is begun again.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from onrecord.record.errors import RecordBusy, RecordExists, RecordMissing
from onrecord.store.part import PREFIX, sync, write_file

DATABASE = "record.db"
_UNFINISHED = f"{DATABASE}.part"
_BEGINNING = {
    "originals",
    "layers",
    "keys",
    "README.txt",
    *(_UNFINISHED + end for end in ("", "-wal", "-shm", "-journal")),
}

README = """\
This folder is a record kept with Onrecord: who says what, on what evidence, and under which terms.

It can be read without Onrecord.

record.db    An SQLite database. Table "head" holds the log's heads and "body" what each entry says, as JSON
             text. The other tables are made from these two.
originals/   The files as they were received. Each is named by the SHA-256 of its bytes.
layers/      The text, in UTF-8, in which the places of quotations are counted.
keys/        The public keys with which the log's checkpoints are signed.

Nothing here is ever overwritten: a correction is a new entry that names what it supersedes.
Fields that look like {"age": ...} are encrypted with age (https://age-encryption.org).
The format is described in Onrecord's documentation under "format", with test vectors and a verifier that
needs nothing but Python.
"""


@dataclass(frozen=True, slots=True)
class RecordFolder:
    """Paths inside one record."""

    path: Path

    @property
    def database(self) -> Path:
        return self.path / DATABASE

    @property
    def originals(self) -> Path:
        return self.path / "originals"

    @property
    def layers(self) -> Path:
        return self.path / "layers"

    @property
    def keys(self) -> Path:
        return self.path / "keys"

    @property
    def unfinished(self) -> Path:
        """The database before its first entries are in it."""
        return self.path / _UNFINISHED

    @classmethod
    @contextmanager
    def begun(cls, path: Path) -> Iterator[RecordFolder]:
        """Make the folders of a new record; at the end, its `unfinished` database, closed by then, takes its name.

        An empty folder is taken, and one in which this was stopped before; anything else raises `RecordExists`.
        Where what is done meanwhile fails, nothing stays.
        """
        if path.exists() and not path.is_dir():
            raise RecordExists(str(path), "a file stands there", "Choose a new or an empty folder.")
        was_there = path.is_dir()
        path.mkdir(parents=True, exist_ok=True)
        with _alone_in(path):
            _require_room(path)
            folder = cls(path)
            try:
                folder._make()
                yield folder
                folder._finish()
            except BaseException:
                folder._clear()
                if not was_there:
                    path.rmdir()
                raise

    def _make(self) -> None:
        self._clear()
        for part in (self.originals, self.layers, self.keys):
            part.mkdir()
        self.path.chmod(0o700)
        write_file(self.path / "README.txt", README.encode("utf-8"), mode=0o644)

    def _finish(self) -> None:
        self.unfinished.rename(self.database)
        sync(self.path)
        sync(self.path.parent)

    def _clear(self) -> None:
        """Remove what was begun here: `_require_room` has seen that it is nothing else."""
        for path in [
            *self.path.glob("keys/*"),
            *self.path.glob(f"{PREFIX}*"),
            *map(self.path.joinpath, _BEGINNING),
        ]:
            if path.is_dir():
                path.rmdir()
            else:
                path.unlink(missing_ok=True)

    @classmethod
    def at(cls, path: Path) -> RecordFolder:
        if not (path / DATABASE).is_file():
            raise RecordMissing(str(path), "no record is here", f"Make one with: onrecord new {path}")
        return cls(path)

    def key_file(self, log: str) -> Path:
        return self.keys / f"{log}.vkey"


@contextmanager
def _alone_in(path: Path) -> Iterator[None]:
    """Hold a folder in which a record is made, against others who make one there."""
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        if not _held(handle):
            why = "another program is making a record here"
            raise RecordBusy(str(path), why, "Try again when it is done.")
        yield
    finally:
        os.close(handle)


def _held(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _require_room(path: Path) -> None:
    if (path / DATABASE).exists():
        raise RecordExists(str(path), "a record is already here", "Open it, or choose another folder.")
    found = sorted(path.iterdir())
    if not all(_was_begun(one) for one in found):
        raise RecordExists(str(path), "the folder is not empty", "Choose a new or an empty folder.")


def _was_begun(path: Path) -> bool:
    """Whether this is something that making a record puts into its folder, and nothing was added to it since."""
    if path.is_symlink() or path.name not in _BEGINNING:
        return path.is_file() and path.name.startswith(PREFIX)
    if path.name == "README.txt":
        return path.read_bytes() == README.encode("utf-8")
    if path.name == "keys":
        return all(one.suffix == ".vkey" or one.name.startswith(PREFIX) for one in path.iterdir())
    return path.is_file() or not any(path.iterdir())
