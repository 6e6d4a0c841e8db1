"""A file being written beside its place: given its name whole, or not at all, and swept away if its writer stopped."""

from __future__ import annotations

import errno
import fcntl
import os
import secrets
from pathlib import Path

from onrecord.record.errors import FileRefused

PREFIX = ".taking-"
"""With which the names of unfinished files begin."""
FULL = "the record's disk is full"


class Part:
    """A file that goes away unless it is put in place.

    It stays locked while it is written, so that sweeping can tell it from what a stopped process left.
    """

    def __init__(self, folder: Path, name: str, mode: int = 0o444) -> None:
        self._name = name
        self._flushed = False
        try:
            self._path, self._handle = _begin(folder, mode)
        except OSError as wrong:
            raise not_kept(name, wrong) from None

    def __enter__(self) -> Part:
        return self

    def __exit__(self, *raised: object) -> None:
        os.close(self._handle)
        self._path.unlink(missing_ok=True)

    def write(self, chunk: memoryview) -> None:
        try:
            self._flushed = False
            while chunk:
                chunk = chunk[os.write(self._handle, chunk) :]
        except OSError as wrong:
            raise not_kept(self._name, wrong) from None

    def read_back(self, at: int, into: memoryview) -> int:
        """Read what stands on the disk where it was written: the bytes are put there, and dropped from memory, before."""
        try:
            os.fsync(self._handle)
            self._flushed = True
            if hasattr(os, "posix_fadvise"):
                os.posix_fadvise(self._handle, at, len(into), os.POSIX_FADV_DONTNEED)
            return os.preadv(self._handle, [into], at)
        except OSError as wrong:
            raise not_kept(self._name, wrong) from None

    def place(self, final: Path, durable: bool = True) -> None:
        """Flush the bytes to the disk, then give the file its name: a crash leaves the whole file or none.

        Not `durable` is for what can be made again: after a power cut it may be found broken.
        """
        try:
            if durable and not self._flushed:
                os.fsync(self._handle)
            self._path.rename(final)
        except FileNotFoundError:
            raise
        except OSError as wrong:
            raise not_kept(self._name, wrong) from None


def _begin(folder: Path, mode: int) -> tuple[Path, int]:
    """A fresh temporary file and its locked handle. One swept away before it was locked is begun again."""
    while True:
        path = folder / f"{PREFIX}{os.getpid()}-{secrets.token_hex(8)}"
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
        fcntl.flock(handle, fcntl.LOCK_EX)
        if os.fstat(handle).st_nlink:
            return path, handle
        os.close(handle)


def write_file(path: Path, data: bytes, mode: int = 0o444, durable: bool = True) -> None:
    """Put a whole file in place. Its name is on the disk only after `sync`. Raises `FileRefused`."""
    with Part(path.parent, path.name, mode) as part:
        part.write(memoryview(data))
        part.place(path, durable)


def write_durably(path: Path, data: bytes, mode: int = 0o444) -> None:
    """Put a whole file in place, name and all, so that it is there after a power cut."""
    write_file(path, data, mode)
    sync(path.parent)


def sync(path: Path) -> None:
    """Put a file's bytes, or a folder's names, on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sweep(folder: Path) -> int:
    """Remove what a stopped writer left in a folder, and nothing that another process is still writing."""
    return sum(_remove_if_left(path) for path in sorted(folder.glob(f"{PREFIX}*")))


def not_kept(name: str, wrong: OSError) -> FileRefused:
    if wrong.errno in (errno.ENOSPC, errno.EDQUOT):
        return FileRefused(name, FULL, "Make room there, and add it again.")
    reason = f"it cannot be written into the record ({wrong.strerror})"
    return FileRefused(name, reason, "Check the record's disk and your rights on its folder.")


def _remove_if_left(path: Path) -> bool:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        path.unlink(missing_ok=True)
    except OSError:
        return False
    finally:
        os.close(handle)
    return True
