"""The parts of a mail or a page saved as one file, found in the file itself, which may be larger than the memory.

A part is two places in the file. The delimiters of an outer part end all that is inside it, whatever an inner one says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from onrecord.intake.messages.headers import Headers, main_value, parameters, read_headers, shown
from onrecord.intake.messages.transfer import content

DEEPEST = 20
MOST_PARTS = 2_000
LONGEST_BOUNDARY = 200
_PIECE_BYTES = 1 << 20
_ENDINGS = {
    "application/pdf": ".pdf",
    "application/zip": ".zip",
    "application/pgp-signature": ".asc",
    "application/pkcs7-signature": ".p7s",
    "application/pkcs7-mime": ".p7m",
    "application/ms-tnef": ".dat",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "audio/mpeg": ".mp3",
    "audio/ogg": ".ogg",
    "video/mp4": ".mp4",
    "message/rfc822": ".eml",
    "message/delivery-status": ".txt",
    "text/plain": ".txt",
    "text/html": ".html",
    "text/calendar": ".ics",
    "text/csv": ".csv",
}


@dataclass(frozen=True, slots=True)
class Part:
    """One part. `place` counts from 1 at each level, as "2.1"; of the mail itself it is ""."""

    headers: Headers
    place: str
    start: int
    end: int
    children: list[Part] = field(default_factory=list)

    @property
    def media_type(self) -> str:
        stated = main_value(self.headers.first("content-type"))
        return (
            stated
            if re.fullmatch(r"[\w!#$&^.+-]{1,100}/[\w!#$&^.+-]{1,100}", stated, re.ASCII)
            else "text/plain"
        )

    @property
    def charset(self) -> str:
        return parameters(self.headers.first("content-type")).get("charset", "")

    @property
    def encoding(self) -> str:
        return main_value(self.headers.first("content-transfer-encoding"))

    @property
    def disposition(self) -> str:
        return main_value(self.headers.first("content-disposition"))

    @property
    def stated_name(self) -> str:
        """The file name as written, decoded; "" where there is none."""
        disposition = parameters(self.headers.first("content-disposition"))
        named = disposition.get("filename") or parameters(self.headers.first("content-type")).get("name", "")
        return shown(named)

    @property
    def name(self) -> str:
        return self.stated_name or f"part-{self.place or '1'}{_ENDINGS.get(self.media_type, '')}"

    def content(self, file: BinaryIO, notes: list[str] | None = None) -> Iterator[bytes]:
        """Its bytes, with how they were written for the way undone. `notes` learns what was left out."""

        def tell(said: str) -> None:
            if notes is not None:
                notes.append(f"part {self.place or '1'} {said}")

        return content(file, self.start, self.end, self.encoding, tell)


@dataclass(slots=True)
class Walk:
    """How many parts were met, and what a person should know of how they lie."""

    left: int = MOST_PARTS
    notes: list[str] = field(default_factory=list)

    def note(self, said: str) -> None:
        if said not in self.notes:
            self.notes.append(said)


def read_parts(file: BinaryIO, start: int, end: int) -> tuple[Part, list[str]]:
    """The tree of parts of the message between two places, and notes on what of it is not read."""
    walk = Walk()
    return _part(file, start, end, "", 0, walk), walk.notes


def _part(file: BinaryIO, start: int, end: int, place: str, depth: int, walk: Walk) -> Part:
    walk.left -= 1
    headers = read_headers(file, start, end)
    if headers.cut:
        walk.note(f"{_called(place)} has more headers than are read")
    part = Part(headers, place, headers.body, end)
    if part.media_type.startswith("multipart/"):
        _add_children(file, part, depth, walk)
    return part


def _add_children(file: BinaryIO, part: Part, depth: int, walk: Walk) -> None:
    boundary = parameters(part.headers.first("content-type")).get("boundary", "")
    if depth >= DEEPEST:
        walk.note(f"parts are nested more than {DEEPEST} deep: what lies deeper is left together")
    elif not 0 < len(boundary) <= LONGEST_BOUNDARY:
        walk.note(f"{_called(part.place)} does not say what parts it: it is left together")
    else:
        _cut(file, part, boundary.encode("utf-8", "replace"), depth, walk)
        if not part.children:
            walk.note(f"{_called(part.place)} is not parted where it says: it is left together")


def _cut(file: BinaryIO, part: Part, boundary: bytes, depth: int, walk: Walk) -> None:
    begins: int | None = None
    for ends, after, is_last in _delimiters(file, part.start, part.end, boundary):
        if begins is not None and not _add_child(file, part, begins, ends, depth, walk):
            return
        begins = None if is_last else after
        if is_last:
            break
    else:
        if begins is not None:
            walk.note(f"{_called(part.place)} breaks off: its last part may not be whole")
    if begins is not None:
        _add_child(file, part, begins, part.end, depth, walk)


def _add_child(file: BinaryIO, part: Part, start: int, end: int, depth: int, walk: Walk) -> bool:
    if walk.left <= 0:
        walk.note(f"it has more than {MOST_PARTS:,} parts: the rest is not read")
        return False
    number = len(part.children) + 1
    place = f"{part.place}.{number}" if part.place else str(number)
    part.children.append(_part(file, start, max(start, end), place, depth + 1, walk))
    return True


def _called(place: str) -> str:
    return f"part {place}" if place else "it"


def _delimiters(file: BinaryIO, start: int, end: int, boundary: bytes) -> Iterator[tuple[int, int, bool]]:
    """Each line that is the boundary: where the part before it ends, where the next begins, and whether none follows."""
    line = re.compile(rb"\n--" + re.escape(boundary) + rb"(--)?[ \t]{0,200}(?=\r?\n|\Z)")
    longest = len(boundary) + 210
    at, ahead = start, b"\n"
    while at < end:
        file.seek(at)
        piece = file.read(min(_PIECE_BYTES, end - at))
        # Before the very first byte a line feed is thought, as the first line may be a delimiter.
        searched = ahead + piece
        begins = at - len(ahead)
        is_end = len(piece) < min(_PIECE_BYTES, end - at) or at + len(piece) >= end
        done = 0
        for found in line.finditer(searched):
            if not is_end and found.end() > len(searched) - 2:
                break
            done = found.end()
            ends = found.start() - (searched[found.start() - 1 : found.start()] == b"\r")
            after = done + 1 + (searched[done : done + 2] == b"\r\n")
            yield max(start, begins + ends), min(end, begins + after), bool(found[1])
        if is_end:
            return
        keep = min(len(searched) - done, longest)
        at, ahead = at + len(piece), searched[len(searched) - keep :]
