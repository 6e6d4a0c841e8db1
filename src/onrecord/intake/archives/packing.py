"""The ways in which a member of a ZIP is packed, by their numbers (APPNOTE 4.4.5)."""

from __future__ import annotations

import lzma
from collections.abc import Callable, Iterator

from onrecord.intake.archives.broken import BadMember
from onrecord.intake.archives.streams import LARGEST_DICTIONARY, Unpacker, bzip2, deflate, unpacked, xz

_STORED, _LZMA = 0, 14
_UNPACKERS: dict[int, Callable[[], Unpacker]] = {8: deflate, 12: bzip2, 95: xz}
METHODS = frozenset({_STORED, _LZMA, *_UNPACKERS})


def unpacked_by(method: int, pieces: Iterator[bytes]) -> Iterator[bytes]:
    """A member's bytes. Raises `BadMember` where they are damaged or break off."""
    if method == _STORED:
        yield from pieces
    elif method == _LZMA:
        yield from _unpacked_lzma(pieces)
    else:
        yield from unpacked(_UNPACKERS[method](), pieces)


def _unpacked_lzma(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """A header of nine bytes (version, length 5, settings) and a bare stream, which may not say where it ends."""
    first = next(pieces, b"")
    settings, dictionary = (first[4], int.from_bytes(first[5:9], "little")) if len(first) > 9 else (255, 0)
    if first[2:4] != b"\x05\0" or settings >= 9 * 5 * 5:
        raise BadMember("it is damaged and cannot be unpacked")
    if dictionary > LARGEST_DICTIONARY:
        raise BadMember("unpacking it would take too much memory")
    chain = {"id": lzma.FILTER_LZMA1, "dict_size": max(4096, dictionary)}
    chain |= {"lc": settings % 9, "lp": settings // 9 % 5, "pb": settings // 45}
    try:
        unpacker = lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=[chain])
    except (lzma.LZMAError, ValueError):
        raise BadMember("it is damaged and cannot be unpacked") from None
    yield from unpacked(unpacker, _rest(first[9:], pieces), may_lack_end=True)


def _rest(first: bytes, others: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from others
