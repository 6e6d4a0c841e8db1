"""Originals: files kept by the SHA-256 of their bytes, read-only, put in place whole and never overwritten."""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, Literal

from onrecord.record.errors import FileRefused, OriginalAltered
from onrecord.store.copying import BEGINNING_BYTES, CheckedCopy, Unreadable, copy_chunks, copy_file
from onrecord.store.part import Part, not_kept, sweep, sync

_CHUNK_BYTES = 1024 * 1024
_SHA256 = re.compile("[0-9a-f]{64}")
_EMPTY = ("the file is empty", "Check whether it was copied whole.")
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
    """One file's bytes, now held. `unreadable` names what of them its card did not give."""

    sha256: str
    size: int
    status: Literal["added", "already held"]
    beginning: bytes
    unreadable: tuple[Unreadable, ...] = ()


@dataclass(frozen=True, slots=True)
class Looked:
    """A file that was hashed where it lies."""

    sha256: str
    size: int
    beginning: bytes


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
            return self._take_open(handle, source, before, name)
        finally:
            os.close(handle)

    def look(self, source: Path, name: str) -> Looked:
        """What `take` would hash, read where it lies; nothing is kept. Raises `FileRefused` as `take` does."""
        handle = _open(source, name)
        with os.fdopen(handle, "rb", buffering=0) as file:
            before = os.fstat(handle)
            _check_kind(before, name)
            try:
                beginning = os.pread(handle, BEGINNING_BYTES, 0)
                digest, size = _hash_of(file)
            except OSError as wrong:
                raise FileRefused(name, f"it cannot be read ({wrong.strerror})", _AGAIN) from None
            _check_unchanged(handle, before, size, name)
        return Looked(digest, size, beginning)

    def sync(self) -> None:
        """Flush the folders that files were put in. Call it before an entry names what was taken."""
        # Others put files in place meanwhile: what they add is theirs to flush, and is not forgotten here.
        folders = set(self._unsynced)
        self._unsynced -= folders
        try:
            for folder in sorted(folders):
                sync(folder)
        except BaseException:
            self._unsynced |= folders
            raise

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

    def _take_open(self, source: int, path: Path, before: os.stat_result, name: str) -> Taken:
        with Part(self._folder, name) as part:
            copy = CheckedCopy(part, name)
            lost = copy_file(source, path, before.st_size, copy)
            digest = copy.finish()
            _check_unchanged(source, before, lost[-1].end if _cut(lost) else copy.size, name)
            return self._kept(part, digest, copy, name, tuple(lost))

    def take_chunks(self, chunks: Iterable[bytes], name: str) -> Taken:
        """Keep bytes that come piece by piece, such as those of an archive's member; else as `take`."""
        with Part(self._folder, name) as part:
            copy = CheckedCopy(part, name)
            copy_chunks(chunks, copy)
            digest = copy.finish()
            if not copy.size:
                raise FileRefused(name, *_EMPTY)
            return self._kept(part, digest, copy, name)

    def _kept(
        self, part: Part, digest: str, copy: CheckedCopy, name: str, lost: tuple[Unreadable, ...] = ()
    ) -> Taken:
        held = self._already_holds(digest, copy.size, name)
        if not held:
            self._place(part, digest, name)
        return Taken(digest, copy.size, _status(held), copy.beginning, lost)

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
        raise FileRefused(name, *_EMPTY)


def _check_unchanged(source: int, before: os.stat_result, size: int, name: str) -> None:
    after = os.fstat(source)
    if size != before.st_size or (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
        raise FileRefused(name, "it changed while it was read", _AGAIN)


def _cut(lost: list[Unreadable]) -> bool:
    return bool(lost) and lost[-1].kept_as == "left out"


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
