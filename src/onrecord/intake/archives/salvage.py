"""A ZIP whose list of members is missing: what can be found from its beginning, one member after the other."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from onrecord.intake.archives.bounds import MOST_MEMBERS, Allowance
from onrecord.intake.archives.broken import BadMember
from onrecord.intake.archives.naming import Names, stated_bytes
from onrecord.intake.archives.streams import Unpacker, deflate, read_pieces, unpacked
from onrecord.intake.reading import Member, Skipped, Source

_HEADER, _HEADER_SIZE = b"PK\x03\x04", 30
_STORED, _DEFLATED = 0, 8
_LOCKED, _SIZE_BEHIND = 1, 8


class _Counted:
    """An `Unpacker`'s pieces, with how many bytes went in, so that the next member is found behind them."""

    def __init__(self, source: Source, begins: int) -> None:
        self._source, self._begins = source, begins
        self.ends: int | None = None

    def pieces(self) -> Iterator[bytes]:
        taken, unpacker = 0, deflate()
        for piece in unpacked(unpacker, self._given()):
            taken += len(piece)
            yield piece
        self.ends = self._position(unpacker)

    def _given(self) -> Iterator[bytes]:
        self._read = 0
        for piece in read_pieces(self._source.file, self._begins):
            self._read += len(piece)
            yield piece

    def _position(self, unpacker: Unpacker) -> int:
        return self._begins + self._read - len(unpacker.unused_data)


def salvage(source: Source) -> Iterator[Member | Skipped]:
    """Members that are whole as far as can be told; where it breaks off is said of the member in which it does."""
    at: int | None = 0
    allowance = Allowance(source.size)
    for _ in range(MOST_MEMBERS):
        source.file.seek(at or 0)
        header = source.file.read(_HEADER_SIZE)
        if len(header) < _HEADER_SIZE or not header.startswith(_HEADER):
            return
        parts = struct.unpack("<4sHHHHHLLLHH", header)
        flags, method, _, _, crc, packed, _, named, more = parts[2:]
        raw = source.file.read(named)
        name = Names([raw], source.encoding).text(raw)
        begins = (at or 0) + _HEADER_SIZE + named + more
        at = None
        if raw.endswith(b"/"):
            at = begins + packed
        elif flags & _LOCKED or method not in (_STORED, _DEFLATED):
            yield Skipped(name, "it cannot be taken out of an archive whose list of members is missing")
            at = None if flags & _SIZE_BEHIND else begins + packed
        elif method == _DEFLATED:
            found = _Counted(source, begins)
            yield Member(
                name, allowance.counted(_checked(found.pieces(), flags, crc)), about=stated_bytes(raw)
            )
            at = _next_header(source, found.ends)
        elif not flags & _SIZE_BEHIND:
            stored = read_pieces(source.file, begins, packed)
            content = _checked(_whole(stored, packed), flags, crc)
            yield Member(name, allowance.counted(content), about=stated_bytes(raw))
            at = begins + packed
        if at is None or at >= source.size or allowance.spent:
            return


def _whole(pieces: Iterator[bytes], size: int) -> Iterator[bytes]:
    for piece in pieces:
        size -= len(piece)
        yield piece
    if size:
        raise BadMember("it breaks off before its end")


def _checked(pieces: Iterator[bytes], flags: int, stated: int) -> Iterator[bytes]:
    """Checked against the checksum in the member's own header, where that has one."""
    checksum = 0
    for piece in pieces:
        checksum = zlib.crc32(piece, checksum)
        yield piece
    if not flags & _SIZE_BEHIND and checksum != stated:
        raise BadMember("it is damaged: its checksum is wrong")


def _next_header(source: Source, ends: int | None) -> int | None:
    """Where the next member begins: at once, or behind the sizes of the one before (12 to 24 bytes)."""
    if ends is None:
        return None
    source.file.seek(ends)
    found = source.file.read(24 + 4).find(_HEADER)
    return None if found < 0 else ends + found
