"""What phones write into pictures of the HEIC kind, from its boxes: size, EXIF and XMP. The picture itself is not decoded.

After ISO/IEC 23008-12: the box `meta` lists items (`iinf`) and where their bytes lie (`iloc`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

from onrecord.intake.boxes import Box, boxes

LARGEST_META = 4 * 1024**2
LARGEST_BLOCK = 4 * 1024**2
_MOST_ITEMS, _MOST_EXTENTS = 5_000, 64


@dataclass(frozen=True, slots=True)
class Heif:
    """`size` is the largest that the file states: its parts state theirs as well."""

    size: tuple[int, int] | None = None
    exif: bytes | None = None
    xmp: bytes | None = None


def read_heif(file: BinaryIO, size: int) -> Heif:
    """What its boxes state, as far as they are there; never raises on what they hold."""
    meta = next((box for box in boxes(file, 0, size) if box.kind == "meta"), None)
    if meta is None or meta.end > size or meta.end - meta.content > LARGEST_META:
        return Heif()
    file.seek(meta.content + 4)
    held = BytesIO(file.read(meta.end - meta.content - 4))
    inside = {box.kind: box for box in boxes(held, 0, len(held.getbuffer()))}
    items = dict(_items(held, inside.get("iinf")))
    places = dict(_places(held, inside.get("iloc")))
    exif = _block(file, size, [places.get(item, []) for item, kind in items.items() if kind == b"Exif"])
    xmp = _block(file, size, [places.get(item, []) for item, kind in items.items() if kind == b"mime"])
    return Heif(_largest(held, inside.get("iprp")), _tiff(exif), xmp if xmp and b"xmpmeta" in xmp else None)


def _items(held: BytesIO, box: Box | None) -> Iterator[tuple[int, bytes]]:
    if box is None:
        return
    held.seek(box.content)
    long = held.read(1) != b"\0"
    for entry in boxes(held, box.content + (8 if long else 6), box.end):
        held.seek(entry.content)
        head = held.read(16)
        if entry.kind == "infe" and head[:1] == b"\x02":
            yield int.from_bytes(head[4:6], "big"), head[8:12]
        elif entry.kind == "infe" and head[:1] == b"\x03":
            yield int.from_bytes(head[4:8], "big"), head[10:14]


def _places(held: BytesIO, box: Box | None) -> Iterator[tuple[int, list[tuple[int, int]]]]:
    """Where each item's bytes lie in the file, as (offset, length)."""
    if box is None:
        return
    held.seek(box.content)

    def number(bytes_: int) -> int:
        return int.from_bytes(held.read(bytes_), "big")

    version = number(4) >> 24
    widths = number(2)
    offset, length, base, index = (widths >> 12) & 15, (widths >> 8) & 15, (widths >> 4) & 15, widths & 15
    for _ in range(min(number(2 if version < 2 else 4), _MOST_ITEMS)):
        item = number(2 if version < 2 else 4)
        method = number(2) & 15 if version else 0
        held.read(2)
        start = number(base)
        extents = []
        for _ in range(min(number(2), _MOST_EXTENTS)):
            if version:
                held.read(index)
            extents.append((start + number(offset), number(length)))
        if method == 0:
            yield item, extents
        if held.tell() >= box.end:
            return


def _block(file: BinaryIO, size: int, found: list[list[tuple[int, int]]]) -> bytes | None:
    """The bytes of the first item found, where all of them are in the file."""
    extents = next(iter(found), [])
    if not extents or sum(length for _, length in extents) > LARGEST_BLOCK:
        return None
    if any(start + length > size for start, length in extents):
        return None
    parts = []
    for start, length in extents:
        file.seek(start)
        parts.append(file.read(length))
    return b"".join(parts)


def _tiff(block: bytes | None) -> bytes | None:
    """EXIF without the four bytes that say how much stands before it."""
    if not block or len(block) < 12:
        return None
    return block[4 + int.from_bytes(block[:4], "big") :] or None


def _largest(held: BytesIO, box: Box | None) -> tuple[int, int] | None:
    if box is None:
        return None
    listed = next((inner for inner in boxes(held, box.content, box.end) if inner.kind == "ipco"), None)
    if listed is None:
        return None
    sizes = []
    for inner in boxes(held, listed.content, listed.end):
        if inner.kind == "ispe":
            held.seek(inner.content + 4)
            stated = held.read(8)
            sizes.append((int.from_bytes(stated[:4], "big"), int.from_bytes(stated[4:], "big")))
    return max(sizes, key=lambda one: one[0] * one[1], default=None)
