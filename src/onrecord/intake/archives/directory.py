"""The list of members at the end of a ZIP, read so that no list, however long or untrue, is too much.

Format: APPNOTE.TXT 6.3, sections 4.3.12 to 4.3.16 and 4.5.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from onrecord.intake.archives.bounds import MOST_MEMBERS

_END, _END_64, _LOCATOR, _ENTRY = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07", b"PK\x01\x02"
_SIGNED = b"PK\x05\x05"
_END_SIZE, _LOCATOR_SIZE, _END_64_SIZE, _ENTRY_SIZE = 22, 20, 56, 46
_LONGEST_COMMENT = 65_535
_LONGEST_LIST = 64 * 1024**2
_MOST_ENDS_TRIED = 16
_ZIP64, _WIDE = 0x0001, 0xFFFF_FFFF


@dataclass(frozen=True, slots=True)
class Entry:
    """What the list states of one member. `at` is where its own header stands in the file; `stamp` is date and time in
    the form of DOS."""

    name: bytes
    flags: int
    method: int
    stamp: tuple[int, int]
    crc: int
    packed: int
    size: int
    at: int
    system: int
    attributes: int
    extra: bytes

    @property
    def encrypted(self) -> bool:
        return bool(self.flags & 1)


@dataclass(frozen=True, slots=True)
class Directory:
    """`before` is how many bytes stand before the archive, as in a program that unpacks itself. `whole` is whether the
    list was read to its end."""

    entries: tuple[Entry, ...]
    comment: bytes
    before: int
    after: int
    whole: bool


def find_directory(file: BinaryIO, size: int) -> Directory | None:
    """The list of members, or None where there is none, as in an archive that was cut off."""
    start = max(0, size - _END_SIZE - _LONGEST_COMMENT)
    file.seek(start)
    tail = file.read(size - start)
    at = len(tail)
    for _ in range(_MOST_ENDS_TRIED):
        at = tail.rfind(_END, 0, at)
        if at < 0:
            return None
        found = _directory(file, tail[at:], start + at) if len(tail) - at >= _END_SIZE else None
        if found:
            return found
    return None


def _directory(file: BinaryIO, end: bytes, at: int) -> Directory | None:
    length, offset, commented = struct.unpack("<LLH", end[12:22])
    stop = at
    if wide := _wide_end(file, at):
        stop, length, offset = wide
    begins = stop - length
    before = begins - offset
    if begins < 0 or before < 0:
        return None
    entries, whole = _entries(file, begins, min(length, _LONGEST_LIST), before)
    if length and not entries:
        return None
    after = max(0, len(end) - _END_SIZE - commented)
    return Directory(entries, end[22 : 22 + commented], before, after, whole and length <= _LONGEST_LIST)


def _wide_end(file: BinaryIO, at: int) -> tuple[int, int, int] | None:
    """Where the list ends, its length and its offset, as a large archive (ZIP64) states them."""
    place = at - _LOCATOR_SIZE - _END_64_SIZE
    if place < 0:
        return None
    file.seek(place)
    record = file.read(_END_64_SIZE + _LOCATOR_SIZE)
    if not record.startswith(_END_64) or record[_END_64_SIZE : _END_64_SIZE + 4] != _LOCATOR:
        return None
    length, offset = struct.unpack("<QQ", record[40:56])
    return place, length, offset


def _entries(file: BinaryIO, begins: int, length: int, before: int) -> tuple[tuple[Entry, ...], bool]:
    file.seek(begins)
    listed = file.read(length)
    found: list[Entry] = []
    used = 0
    for entry, ends in _each(listed, before):
        if len(found) == MOST_MEMBERS:
            return tuple(found), False
        found.append(entry)
        used = ends
    return tuple(found), used == len(listed) or listed.startswith(_SIGNED, used)


def _each(listed: bytes, before: int) -> Iterator[tuple[Entry, int]]:
    """Each entry, and where the next begins."""
    at = 0
    while listed[at : at + 4] == _ENTRY and len(listed) - at >= _ENTRY_SIZE:
        parts = struct.unpack("<4sBBHHHHHLLLHHHHHLL", listed[at : at + _ENTRY_SIZE])
        _, _, system, _, flags, method, time, day, crc, packed, size, named, more, noted = parts[:14]
        attributes, offset = parts[16:]
        at += _ENTRY_SIZE
        name, extra = listed[at : at + named], listed[at + named : at + named + more]
        at += named + more + noted
        size, packed, offset = _widened(extra, size, packed, offset)
        stamp = (day, time)
        place = before + offset
        entry = Entry(name, flags, method, stamp, crc, packed, size, place, system, attributes, extra)
        yield entry, at


def _widened(extra: bytes, *stated: int) -> list[int]:
    """Sizes and offset, those that need 64 bits taken from the extra field that then holds them."""
    wide = fields(extra).get(_ZIP64, b"")
    given = list(stated)
    for place, value in enumerate(given):
        if value == _WIDE and len(wide) >= 8:
            given[place], wide = int.from_bytes(wide[:8], "little"), wide[8:]
    return given


def fields(extra: bytes) -> dict[int, bytes]:
    """The extra fields of a member, by their number; what is cut off is left out."""
    found: dict[int, bytes] = {}
    while len(extra) >= 4:
        number, length = struct.unpack("<HH", extra[:4])
        if len(extra) < 4 + length:
            break
        found.setdefault(number, extra[4 : 4 + length])
        extra = extra[4 + length :]
    return found
