"""Unpacking a compressed stream piece by piece, each of a bounded size however much the stream unpacks to."""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO, Protocol

from onrecord.intake.archives.broken import BadMember

PIECE_BYTES = 1 << 18
LARGEST_DICTIONARY = 256 * 1024**2
BROKEN = (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError)
_GZIP_WINDOW, _RAW_WINDOW = 31, -15


class Unpacker(Protocol):
    """What the standard library's decompressors have in common."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = ...) -> bytes: ...


class Deflated:
    """A deflate stream as an `Unpacker`: bare as in ZIP, or with the header and checksum of gzip."""

    def __init__(self, window: int) -> None:
        self._inner = zlib.decompressobj(window)
        self._full = False

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def needs_input(self) -> bool:
        return not self._full and not self._inner.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int = PIECE_BYTES) -> bytes:
        given = self._inner.decompress(self._inner.unconsumed_tail + data, max_length)
        self._full = len(given) == max_length
        return given


def deflate() -> Unpacker:
    return Deflated(_RAW_WINDOW)


def gzip() -> Unpacker:
    return Deflated(_GZIP_WINDOW)


def bzip2() -> Unpacker:
    return bz2.BZ2Decompressor()


def xz() -> Unpacker:
    return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=LARGEST_DICTIONARY)


def read_pieces(file: BinaryIO, start: int, size: int | None = None) -> Iterator[bytes]:
    """The bytes of a file from `start`, `size` of them or all, in pieces; fewer where the file ends before."""
    while size is None or size > 0:
        file.seek(start)
        piece = file.read(PIECE_BYTES if size is None else min(size, PIECE_BYTES))
        if not piece:
            return
        yield piece
        start += len(piece)
        size = None if size is None else size - len(piece)


def unpacked(unpacker: Unpacker, pieces: Iterable[bytes], may_lack_end: bool = False) -> Iterator[bytes]:
    """What one stream unpacks to. Raises `BadMember` where it is damaged or breaks off."""
    try:
        for piece in pieces:
            yield from _given(unpacker, piece)
            if unpacker.eof:
                return
    except BROKEN:
        raise BadMember("it is damaged and cannot be unpacked") from None
    if not may_lack_end:
        raise BadMember("it breaks off before its end")


def _given(unpacker: Unpacker, piece: bytes) -> Iterator[bytes]:
    while True:
        if given := unpacker.decompress(piece, PIECE_BYTES):
            yield given
        piece = b""
        if unpacker.eof or unpacker.needs_input:
            return


class Chained:
    """Several streams one after another in one file, as gzip, bzip2 and xz allow; what follows that is none is told."""

    def __init__(self, make: Callable[[], Unpacker], magic: bytes, file: BinaryIO) -> None:
        self._make, self._magic, self._file = make, magic, file
        self.trailing = False

    def pieces(self) -> Iterator[bytes]:
        """Everything, unpacked. Raises `BadMember` where it is damaged or breaks off."""
        rest, waiting = b"", read_pieces(self._file, 0)
        while True:
            unpacker = self._make()
            yield from unpacked(unpacker, _after(rest, waiting))
            rest = unpacker.unused_data
            while len(rest) < len(self._magic) and (more := next(waiting, b"")):
                rest += more
            if not rest.startswith(self._magic):
                self.trailing = bool(rest.strip(b"\0"))
                return


def _after(first: bytes, others: Iterator[bytes]) -> Iterator[bytes]:
    if first:
        yield first
    for piece in others:  # noqa: UP028 (`yield from` would close the others when this is closed)
        yield piece
