"""Which part of a recording is missing: told from what its container states of its own length, without decoding it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

from onrecord.intake.boxes import boxes

_EBML, _SEGMENT = b"\x1a\x45\xdf\xa3", b"\x18\x53\x80\x67"
_OGG, _LARGEST_OGG_PAGE = b"OggS", 65_307
_LAST_PAGE = 4
_STREAMED = (0, 0xFFFFFFFF)


@dataclass(frozen=True, slots=True)
class Missing:
    """From which byte on a file cannot be read; `end` is where it should end, or None where it does not say."""

    start: int
    end: int | None
    why: str


def missing_part(file: BinaryIO, size: int) -> Missing | None:
    """What is missing of an MP4, MOV, WAV, AVI, Matroska or Ogg file; None where it is whole or does not tell."""
    file.seek(0)
    head = file.read(64)
    if head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free"):
        return _of_boxes(file, size)
    if head.startswith(b"RIFF"):
        return _of_chunks(head, size)
    if head.startswith(_EBML):
        return _of_matroska(head, size)
    return _of_pages(file, size) if head.startswith(_OGG) else None


def _of_boxes(file: BinaryIO, size: int) -> Missing | None:
    found = list(boxes(file, 0, size))
    at = found[-1].end if found else 0
    index = "" if any(box.kind in ("moov", "moof") for box in found) else ", and its index (moov) is missing"
    if at > size:
        last = found[-1]
        why = f"the file ends at byte {size} inside its {last.kind} box of {last.end - last.start} bytes"
        return Missing(size, at, f"{why}: the last {at - size} bytes are missing{index}")
    if at < size:
        return Missing(at, size, f"from byte {at} on, {size - at} bytes are not what the file says{index}")
    return (
        Missing(size, None, "its index (moov) is missing, without which it cannot be played")
        if index
        else None
    )


def _of_chunks(head: bytes, size: int) -> Missing | None:
    stated = int.from_bytes(head[4:8], "little")
    if stated in _STREAMED or stated + 8 <= size:
        return None
    return _short(size, stated + 8)


def _of_matroska(head: bytes, size: int) -> Missing | None:
    """One header, whose size follows its four bytes, and then one segment that states its own."""
    header = _number(head, 4)
    if header is None or header[0] is None:
        return None
    start = header[0] + header[1]
    if head[start : start + 4] != _SEGMENT:
        return None
    segment = _number(head, start + 4)
    if segment is None or segment[0] is None or segment[1] + segment[0] <= size:
        return None
    return _short(size, segment[1] + segment[0])


def _number(head: bytes, at: int) -> tuple[int | None, int] | None:
    """A length as Matroska writes it, None in it where it is left open, and where it ends."""
    if at >= len(head) or not head[at]:
        return None
    width = 9 - head[at].bit_length()
    if at + width > len(head):
        return None
    bits = 7 * width
    value = int.from_bytes(head[at : at + width], "big") & ((1 << bits) - 1)
    return (None if value == (1 << bits) - 1 else value), at + width


def _of_pages(file: BinaryIO, size: int) -> Missing | None:
    """The last page says that it is the last, and how long it is."""
    start = max(0, size - 2 * _LARGEST_OGG_PAGE)
    file.seek(start)
    tail = file.read(size - start)
    at = tail.rfind(_OGG)
    page = tail[at:]
    if at < 0 or len(page) < 27 or len(page) < 27 + page[26]:
        return Missing(start + max(at, 0), None, "the file ends inside a page of its container")
    ends = start + at + 27 + page[26] + sum(page[27 : 27 + page[26]])
    if ends > size:
        why = f"the file ends at byte {size} inside a page of its container: at least {ends - size} bytes are missing"
        return Missing(size, None, why)
    if not page[5] & _LAST_PAGE:
        return Missing(
            size, None, f"the file ends at byte {size}, before the page that is marked as its last"
        )
    return None


def _short(size: int, stated: int) -> Missing:
    why = f"the file ends at byte {size}, and states {stated}: the last {stated - size} bytes are missing"
    return Missing(size, stated, why)
