"""A record's folder as one stream of bytes (a tar archive), and back: in constant memory, and refusing every trick.

Only plain files and folders with short, plain names stand in it: no link, no device, nothing outside the folder.
"""

from __future__ import annotations

import os
import re
import stat
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, Protocol

from onrecord.record.errors import FileRefused, OnrecordError, RecordUnreadable
from onrecord.store.part import PREFIX

BLOCK = 512
CHUNK = 1 << 20
_LONGEST_NAME = 100
_ZEROS = bytes(BLOCK)
_LEFT_OUT = ("record.db-shm", "desk.db-shm")
_WAITING = ("record.db-wal", "desk.db-wal")
_NAME = re.compile(r"(?!\.{1,2}(/|$))[^/\\\x00-\x1f\x7f]+(/(?!\.{1,2}(/|$))[^/\\\x00-\x1f\x7f]+)*")

Contents = dict[str, str]
"""Each file by its path inside the folder, with the SHA-256 of its bytes."""


@dataclass(frozen=True, slots=True)
class _Found:
    path: Path
    name: str
    size: int
    folder: bool


class FolderStream:
    """The bytes of a folder as an archive. SQLite's files stay open until it is closed, so that no lock is lost."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._found: list[_Found] = []
        self._chunks = self._written()
        self._rest = b""
        self._open: list[BinaryIO] = []
        self.contents: Contents = {}
        self.wrong: OnrecordError | None = None

    def survey(self) -> int:
        """See what is in the folder, once nobody changes it any more; how many bytes, about."""
        self._found = list(_beneath(self._folder, self._folder))
        return sum(one.size for one in self._found)

    def __enter__(self) -> FolderStream:
        return self

    def __exit__(self, *raised: object) -> None:
        for opened in self._open:
            opened.close()

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes, at most so many. What goes wrong is kept in `wrong`, for callers that lose it."""
        try:
            if not self._rest:
                self._rest = next(filter(None, self._chunks), b"")
        except OnrecordError as wrong:
            self.wrong = wrong
            raise
        given = self._rest if size < 0 else self._rest[:size]
        self._rest = self._rest[len(given) :]
        return given

    def _written(self) -> Iterator[bytes]:
        for one in self._found:
            yield _header(one)
            if not one.folder:
                yield from self._bytes_of(one)
        yield _ZEROS * 2

    def _bytes_of(self, one: _Found) -> Iterator[bytes]:
        digest, left = sha256(), one.size
        try:
            opened = one.path.open("rb", buffering=0)
        except OSError as wrong:
            raise FileRefused(
                one.name, f"it cannot be read ({wrong.strerror})", "Give yourself the right."
            ) from None
        self._open.append(opened)
        while left:
            chunk = opened.read(min(CHUNK, left))
            if not chunk:
                raise FileRefused(one.name, "it changed while it was read", "Try again.")
            digest.update(chunk)
            left -= len(chunk)
            yield chunk
        if not one.name.endswith((".db", "-wal")):
            self._open.pop().close()
        self.contents[one.name] = digest.hexdigest()
        yield bytes(-one.size % BLOCK)


def _beneath(folder: Path, top: Path) -> Iterator[_Found]:
    for path in sorted(folder.iterdir()):
        name = path.relative_to(top).as_posix()
        held = path.lstat()
        if path.name.startswith(PREFIX) or name in _LEFT_OUT or (name in _WAITING and not held.st_size):
            continue
        if not _NAME.fullmatch(name) or len(os.fsencode(name)) > _LONGEST_NAME:
            raise FileRefused(name, "it does not belong to a record", "Move it out of the record's folder.")
        if stat.S_ISDIR(held.st_mode):
            yield _Found(path, name, 0, folder=True)
            yield from _beneath(path, top)
        elif stat.S_ISREG(held.st_mode):
            yield _Found(path, name, held.st_size, folder=False)
        else:
            raise FileRefused(name, "it is a link or a device", "Move it out of the record's folder.")


def _header(one: _Found) -> bytes:
    header = tarfile.TarInfo(one.name)
    header.type, header.mode = (tarfile.DIRTYPE, 0o700) if one.folder else (tarfile.REGTYPE, 0o600)
    header.size = one.size
    return header.tobuf(tarfile.GNU_FORMAT)


class Sink(Protocol):
    """Where the files of an archive go, one after the other."""

    def folder(self, name: str) -> None: ...

    def begin(self, name: str, size: int) -> None: ...

    def take(self, data: bytes) -> None: ...

    def end(self) -> None: ...


class StreamReader:
    """Takes the bytes of an archive in pieces of any size, and hands its files to a sink.

    Raises `RecordUnreadable` for whatever a record's archive does not hold. `source` is what it is called.
    """

    def __init__(self, sink: Sink, source: str) -> None:
        self._sink = sink
        self._source = source
        self._held = bytearray()
        self._left = self._padding = 0
        self._names: set[str] = set()
        self._ended = False

    def write(self, data: bytes, /) -> int:
        self._held += data
        while self._step():
            pass
        return len(data)

    def flush(self) -> None: ...

    def finish(self) -> None:
        """Raise unless the archive is whole."""
        if not self._ended or self._left or self._padding:
            raise self._not_ours("it ends too early")

    def _step(self) -> bool:
        if self._left:
            return self._take_content()
        if self._padding:
            return self._take_padding()
        if len(self._held) < BLOCK:
            return False
        block = bytes(self._held[:BLOCK])
        del self._held[:BLOCK]
        self._begin(block)
        return True

    def _take_content(self) -> bool:
        piece = bytes(self._held[: self._left])
        del self._held[: len(piece)]
        self._sink.take(piece)
        self._left -= len(piece)
        if not self._left:
            self._sink.end()
        return bool(self._held) and bool(piece)

    def _take_padding(self) -> bool:
        passed = min(self._padding, len(self._held))
        del self._held[:passed]
        self._padding -= passed
        return bool(passed)

    def _begin(self, block: bytes) -> None:
        if block == _ZEROS or self._ended:
            if block != _ZEROS:
                raise self._not_ours("something stands behind its end")
            self._ended = True
            return
        try:
            header = tarfile.TarInfo.frombuf(block, "utf-8", "strict")
        except (tarfile.HeaderError, UnicodeDecodeError):
            raise self._not_ours("it is not the archive of a record") from None
        name = header.name.rstrip("/")
        if (
            not _NAME.fullmatch(name)
            or header.type not in (tarfile.REGTYPE, tarfile.DIRTYPE)
            or header.size < 0
        ):
            raise self._not_ours(f"it holds {name!r}, which a record does not")
        if name in self._names:
            raise self._not_ours(f"it holds {name!r} twice")
        self._names.add(name)
        if header.type == tarfile.DIRTYPE:
            return self._sink.folder(name)
        self._sink.begin(name, header.size)
        self._left, self._padding = header.size, -header.size % BLOCK
        if not header.size:
            self._sink.end()

    def _not_ours(self, reason: str) -> RecordUnreadable:
        return RecordUnreadable(self._source, reason, "It is not a whole packed record: take another copy.")


class Compared:
    """A sink that keeps nothing but the hash of every file."""

    def __init__(self) -> None:
        self.contents: Contents = {}
        self._name = ""
        self._digest = sha256()

    def folder(self, name: str) -> None: ...

    def begin(self, name: str, size: int) -> None:
        self._name, self._digest = name, sha256()

    def take(self, data: bytes) -> None:
        self._digest.update(data)

    def end(self) -> None:
        self.contents[self._name] = self._digest.hexdigest()
