"""Originals: files kept by the SHA-256 of their bytes, read-only, put in place whole and never overwritten."""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, Literal

from onrecord.record.errors import FileRefused, OriginalAltered
from onrecord.store.part import Part, not_kept, sweep, sync

BEGINNING_BYTES = 64 * 1024
SMALL_BYTES = 4 * 1024 * 1024
_CHUNK_BYTES = 1024 * 1024
_SHA256 = re.compile("[0-9a-f]{64}")
_AGAIN = "Add it again when nothing writes to it."
_REASONS = {
    errno.ENOENT: ("it is not there", "Check the name."),
    errno.ENOTDIR: ("it is not there", "Check the name."),
    errno.EACCES: ("it may not be read", "Give yourself the right to read it, and add it again."),
    errno.EPERM: ("it may not be read", "Give yourself the right to read it, and add it again."),
    errno.ELOOP: ("it is a link, and links are not followed", "Add the file it points to."),
    errno.ENXIO: ("it is not a file but a pipe, device or socket", "Copy what it gives into a file."),
    errno.ENAMETOOLONG: ("its name is too long", "Give it a shorter name."),
}


@dataclass(frozen=True, slots=True)
class Taken:
    """One file's bytes, now held. `small` is all of them where they are few, so that nobody reads them twice."""

    sha256: str
    size: int
    status: Literal["added", "already held"]
    beginning: bytes
    small: bytes | None


class Originals:
    """The folder `originals/`, where `abcd…` lies at `ab/abcd…`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._unsynced: set[Path] = set()

    def take(self, source: Path, name_for_errors: str | None = None) -> Taken:
        """Copy and hash a file, reading it once; raises `FileRefused` and then keeps nothing of it.

        The file's bytes are on the disk when this returns; its place in the folder is only after `sync`.
        """
        name = name_for_errors or os.fsencode(source).decode("utf-8", "backslashreplace")
        handle = _open(source, name)
        try:
            before = os.fstat(handle)
            _check_kind(before, name)
            if before.st_size <= SMALL_BYTES:
                return self._take_small(handle, before, name)
            return self._take_large(handle, before, name)
        finally:
            os.close(handle)

    def sync(self) -> None:
        """Flush the folders that files were put in. Call it before an entry names what was taken."""
        for folder in sorted(self._unsynced):
            sync(folder)
        self._unsynced.clear()

    def path(self, sha256: str) -> Path:
        """Where the original with this hash lies, or would lie."""
        if not _SHA256.fullmatch(sha256):
            raise OriginalAltered(sha256, "this is not a SHA-256 in lower-case hex", "Check the hash.")
        return self._folder / sha256[:2] / sha256

    def open(self, sha256: str) -> BinaryIO:
        """The original's bytes for reading; raises `OriginalAltered` where its file is gone."""
        try:
            return self.path(sha256).open("rb")
        except OSError as wrong:
            reason = f"its file cannot be opened ({wrong.strerror})"
            raise OriginalAltered(f"original {sha256}", reason, "Bring it back from a copy.") from None

    def verify(self, sha256: str, size: int | None = None) -> str | None:
        """Read the original again: None where it is what came in, else what is wrong."""
        try:
            with self.path(sha256).open("rb", buffering=0) as file:
                found, length = _hash_of(file)
        except FileNotFoundError:
            return "the file is missing"
        except OSError as wrong:
            return f"the file cannot be read ({wrong.strerror})"
        if size is not None and length != size:
            return f"the file has {length} bytes, not {size}"
        return None if found == sha256 else "the file's bytes are not those that came in"

    def hashes(self) -> Iterator[str]:
        """The hash of every original that lies here, sorted. Their bytes are not read."""
        return (path.name for path in self._files() if self._is_original(path))

    def unknown(self) -> Iterator[Path]:
        """What lies here and is no original, relative to the folder."""
        return (path.relative_to(self._folder) for path in self._files() if not self._is_original(path))

    def sweep_temporary(self) -> int:
        """Remove what a stopped `take` left, and nothing that another process is still writing."""
        return sweep(self._folder)

    def _take_small(self, source: int, before: os.stat_result, name: str) -> Taken:
        content = _read_all(source, before.st_size, name)
        _check_unchanged(source, before, len(content), name)
        digest = sha256(content).hexdigest()
        held = self._already_holds(digest, len(content), name)
        if not held:
            with Part(self._folder, name) as part:
                part.write(memoryview(content))
                self._place(part, digest, name)
        return Taken(digest, len(content), _status(held), content[:BEGINNING_BYTES], content)

    def _take_large(self, source: int, before: os.stat_result, name: str) -> Taken:
        digest, size, beginning = sha256(), 0, b""
        buffer = memoryview(bytearray(_CHUNK_BYTES))
        with Part(self._folder, name) as part:
            while length := _read_into(source, buffer, size, name):
                chunk = buffer[:length]
                digest.update(chunk)
                part.write(chunk)
                beginning = beginning or bytes(chunk[:BEGINNING_BYTES])
                size += length
            _check_unchanged(source, before, size, name)
            held = self._already_holds(digest.hexdigest(), size, name)
            if not held:
                self._place(part, digest.hexdigest(), name)
        return Taken(digest.hexdigest(), size, _status(held), beginning, None)

    def _already_holds(self, digest: str, size: int, name: str) -> bool:
        try:
            held = self.path(digest).lstat()
        except FileNotFoundError:
            return False
        except OSError as wrong:
            raise not_kept(name, wrong) from None
        if stat.S_ISREG(held.st_mode) and held.st_size == size:
            # Another process may have put it there and not flushed its name yet.
            self._unsynced |= {self._folder, self.path(digest).parent}
            return True
        reason = f"the same original is already held as {digest}, but that file has {held.st_size} bytes and not {size}"
        if not stat.S_ISREG(held.st_mode):
            reason = f"the same original is already held as {digest}, but what lies there is no file"
        raise OriginalAltered(
            name, reason, "Run verify, move the damaged file aside, and add this one again."
        )

    def _place(self, part: Part, digest: str, name: str) -> None:
        final = self.path(digest)
        try:
            part.place(final)
        except FileNotFoundError:
            self._make_folder(final.parent, name)
            part.place(final)
        self._unsynced.add(final.parent)

    def _make_folder(self, folder: Path, name: str) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as wrong:
            raise not_kept(name, wrong) from None
        self._unsynced.add(self._folder)

    def _files(self) -> Iterator[Path]:
        for entry in _listed(self._folder):
            if entry.is_dir(follow_symlinks=False):
                yield from (Path(inner.path) for inner in _listed(Path(entry.path)))
            else:
                yield Path(entry.path)

    def _is_original(self, path: Path) -> bool:
        if not _SHA256.fullmatch(path.name) or path != self.path(path.name):
            return False
        return stat.S_ISREG(path.lstat().st_mode)


def _open(source: Path, name: str) -> int:
    try:
        return os.open(source, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as wrong:
        reason, mend = _REASONS.get(wrong.errno or 0, (f"it cannot be opened ({wrong.strerror})", _AGAIN))
        raise FileRefused(name, reason, mend) from None
    except ValueError:
        raise FileRefused(name, "it is not a possible file name", "Check the name.") from None


def _check_kind(found: os.stat_result, name: str) -> None:
    if stat.S_ISDIR(found.st_mode):
        raise FileRefused(name, "it is a folder, not a file", "Add the files in it.")
    if not stat.S_ISREG(found.st_mode):
        raise FileRefused(name, *_REASONS[errno.ENXIO])
    if found.st_size == 0:
        raise FileRefused(name, "the file is empty", "Check whether it was copied whole.")


def _check_unchanged(source: int, before: os.stat_result, size: int, name: str) -> None:
    after = os.fstat(source)
    if size != before.st_size or (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
        raise FileRefused(name, "it changed while it was read", _AGAIN)


def _read_all(source: int, size: int, name: str) -> bytes:
    """All bytes of a small file; one more than `size` where it grew."""
    parts: list[bytes] = []
    left = size + 1
    try:
        while left > 0 and (part := os.read(source, left)):
            parts.append(part)
            left -= len(part)
    except OSError as wrong:
        raise _unreadable(name, size + 1 - left, wrong) from None
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _read_into(source: int, buffer: memoryview, done: int, name: str) -> int:
    try:
        return os.readv(source, [buffer])
    except OSError as wrong:
        raise _unreadable(name, done, wrong) from None


def _unreadable(name: str, done: int, wrong: OSError) -> FileRefused:
    reason = f"it cannot be read beyond byte {done} ({wrong.strerror})"
    return FileRefused(name, reason, "Try another copy of it, or another card reader.")


def _hash_of(file: BinaryIO) -> tuple[str, int]:
    digest, size = sha256(), 0
    buffer = memoryview(bytearray(_CHUNK_BYTES))
    while length := os.readv(file.fileno(), [buffer]):
        digest.update(buffer[:length])
        size += length
    return digest.hexdigest(), size


def _listed(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except FileNotFoundError:
        return []


def _status(held: bool) -> Literal["added", "already held"]:
    return "already held" if held else "added"
