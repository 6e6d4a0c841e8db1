"""The boxes of ISO media files (MP4, MOV, HEIC, AVIF), told from their headers alone; nothing is decoded here.

After ISO/IEC 14496-12: a box is four bytes of size, four of kind, and where the size is 1, eight more of size.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

MOST_BOXES = 10_000


@dataclass(frozen=True, slots=True)
class Box:
    """`end` is where the box says that it ends, which may be beyond the end of a file that breaks off."""

    kind: str
    start: int
    content: int
    end: int


def boxes(file: BinaryIO, start: int, end: int) -> Iterator[Box]:
    """The boxes from `start` to `end`, as far as they have a header that can be right; at most `MOST_BOXES`."""
    for _ in range(MOST_BOXES):
        if end - start < 8:
            return
        file.seek(start)
        box = _box(file.read(16), start, end)
        if box is None:
            return
        yield box
        start = box.end


def _box(header: bytes, start: int, end: int) -> Box | None:
    size, kind = int.from_bytes(header[:4], "big"), header[4:8]
    content = start + 8
    if size == 1:
        size, content = int.from_bytes(header[8:16], "big"), start + 16
    if size == 0:
        size = end - start
    if size < content - start or not all(32 <= byte < 127 or byte == 0xA9 for byte in kind):
        return None
    return Box(kind.decode("latin-1"), start, content, start + size)
