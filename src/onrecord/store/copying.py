"""Copying an original in: hashed on the way, written window by window, each read back from the disk and compared.

What a failing card does not give is named by its bytes: a part in the middle stands as zeros, so that all else keeps its
place, and a part at the end is left out.
"""

from __future__ import annotations

import ctypes
import errno
import os
import threading
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from onrecord.record.errors import FileRefused
from onrecord.store.part import Part

WINDOW_BYTES = 4 * 1024 * 1024
BEGINNING_BYTES = 64 * 1024
_STEP_BYTES = 1024 * 1024
_BLOCK_BYTES = 4096
_MOST_STEPS_LOST = 4
_LOOKS = 16
_FAILING = (errno.EIO, errno.ENXIO, errno.ENODEV, errno.EREMOTEIO, errno.ETIMEDOUT)
_ANOTHER = "Try another copy of it, or another card reader."


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Bytes of the source, `end` not included, that could not be read. `kept_as` says what stands for them."""

    start: int
    end: int
    kept_as: str
    why: str

    def as_json(self) -> dict[str, object]:
        return {"from": self.start, "to": self.end, "kept_as": self.kept_as, "why": self.why}


class _Windows:
    """Two buffers: what is written, and what is read back. Kept by their thread, as making them anew costs more than filling."""

    def __init__(self) -> None:
        self.written, self.read = bytearray(WINDOW_BYTES), bytearray(WINDOW_BYTES)
        whole = ctypes.c_char * WINDOW_BYTES
        self._held = tuple(whole.from_buffer(one) for one in (self.written, self.read))

    def alike(self, length: int) -> bool:
        return bool(_compare(*self._held, length) == 0)


_of_thread = threading.local()
_compare = ctypes.CDLL(None).memcmp
_compare.argtypes = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t)


def _spare() -> list[_Windows]:
    if not hasattr(_of_thread, "spare"):
        _of_thread.spare = []
    spare: list[_Windows] = _of_thread.spare
    return spare


class CheckedCopy:
    """The bytes that go into a part. Fill `space`, then say with `filled` how much; `finish` at the end."""

    def __init__(self, part: Part, name: str) -> None:
        self._part, self._name = part, name
        self._windows = _spare().pop() if _spare() else _Windows()
        self._window, self._held = memoryview(self._windows.written), 0
        self._digest = sha256()
        self.size = 0
        self.beginning = b""

    @property
    def space(self) -> memoryview:
        """Where the next bytes go: at least one, at most what is hashed at once."""
        return self._window[self._held : self._held + _STEP_BYTES]

    def filled(self, length: int) -> None:
        added = self._window[self._held : self._held + length]
        self._digest.update(added)
        if len(self.beginning) < BEGINNING_BYTES:
            self.beginning += bytes(added[: BEGINNING_BYTES - len(self.beginning)])
        self._held += length
        self.size += length
        if self._held == WINDOW_BYTES:
            self._flush()

    def add(self, chunk: bytes) -> None:
        left = memoryview(chunk)
        while left:
            space = self.space
            length = min(len(space), len(left))
            space[:length] = left[:length]
            self.filled(length)
            left = left[length:]

    def finish(self) -> str:
        """The SHA-256 of all that went in, once all of it was compared."""
        self._flush()
        _spare().append(self._windows)
        return self._digest.hexdigest()

    def _flush(self) -> None:
        if not self._held:
            return
        at, self._held, length = self.size - self._held, 0, self._held
        self._part.write(self._window[:length])
        read = self._part.read_back(at, memoryview(self._windows.read)[:length])
        if read != length or not self._windows.alike(length):
            raise FileRefused(
                self._name,
                f"its copy in the record was not what was written there (bytes {at} to {self.size})",
                "The record's disk fails: copy the record to another disk, and verify it there.",
            )


def copy_chunks(chunks: Iterable[bytes], copy: CheckedCopy) -> None:
    for chunk in chunks:
        copy.add(chunk)


def copy_file(source: int, path: Path, size: int, copy: CheckedCopy) -> list[Unreadable]:
    """Copy an open file to its end. What cannot be read is returned; where nothing can, `FileRefused` is raised."""
    lost: list[Unreadable] = []
    steps_lost = 0
    while True:
        space = copy.space
        try:
            length = os.preadv(source, [space], copy.size)
        except OSError as wrong:
            _require_card(path, wrong, copy.size)
            length = _around(source, space[: size - copy.size], copy.size, wrong, lost)
            steps_lost = 0 if length else steps_lost + 1
            if steps_lost >= _MOST_STEPS_LOST or (not length and copy.size + len(space) >= size):
                if not _goes_on(source, copy.size, size):
                    return _cut_off(path, lost, copy, size, wrong)
                steps_lost = 0
            length = length or min(len(space), size - copy.size)
        if length == 0:
            break
        copy.filled(length)
        if copy.size > size:  # It grows: read on, it might never end. Whoever asked sees that it changed.
            break
    return _joined(lost)


def _require_card(path: Path, wrong: OSError, done: int) -> None:
    """Raise where the whole card is gone, or the source gives nothing at all for another reason."""
    if wrong.errno not in _FAILING:
        raise _unreadable(path, done, wrong) from None
    try:
        path.lstat()
    except OSError:
        raise FileRefused(
            os.fsdecode(path),
            "its disk or card is gone",
            "Put it back, and add the folder again: it goes on.",
        ) from None


def _around(source: int, space: memoryview, at: int, wrong: OSError, lost: list[Unreadable]) -> int:
    """Read block by block what can be read; the rest stands as zeros. 0 where no block could be read."""
    read = 0
    missing: list[Unreadable] = []
    for begin in range(0, len(space), _BLOCK_BYTES):
        block = space[begin : begin + _BLOCK_BYTES]
        try:
            read += os.preadv(source, [block], at + begin)
        except OSError:
            block[:] = bytes(len(block))
            missing.append(Unreadable(at + begin, at + begin + len(block), "zeros", _said(wrong)))
    lost += missing
    return len(space) if read else 0


def _goes_on(source: int, done: int, size: int) -> bool:
    """Whether anything of the rest can be read, as far as a few looks tell."""
    for look in range(1, _LOOKS + 1):
        at = min(done + (size - done) * look // _LOOKS, size - _BLOCK_BYTES)
        if at > done:
            with suppress(OSError):
                return bool(os.pread(source, _BLOCK_BYTES, at))
    return False


def _cut_off(
    path: Path, lost: list[Unreadable], copy: CheckedCopy, size: int, wrong: OSError
) -> list[Unreadable]:
    """The end of the file cannot be read: it is left out, with the zeros that would have stood for it before."""
    if copy.size == sum(one.end - one.start for one in lost if one.start < copy.size):
        raise FileRefused(os.fsdecode(path), f"none of it can be read ({_said(wrong)})", _ANOTHER)
    kept = [one for one in lost if one.start < copy.size]
    return [*_joined(kept), Unreadable(copy.size, size, "left out", _said(wrong))]


def _joined(lost: list[Unreadable]) -> list[Unreadable]:
    joined: list[Unreadable] = []
    for one in lost:
        if joined and joined[-1].end == one.start:
            one = Unreadable(joined.pop().start, one.end, one.kept_as, one.why)
        joined.append(one)
    return joined


def _said(wrong: OSError) -> str:
    return os.strerror(wrong.errno or errno.EIO)


def _unreadable(path: Path, done: int, wrong: OSError) -> FileRefused:
    return FileRefused(os.fsdecode(path), f"it cannot be read beyond byte {done} ({_said(wrong)})", _ANOTHER)
