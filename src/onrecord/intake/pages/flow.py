"""Bytes that come in pieces, taken by lines and by lengths, without holding more than a piece or a line of them."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import BinaryIO

from onrecord.intake.archives.broken import BadMember

PIECE_BYTES = 1 << 18
# A web archive has a compressed stream for each record: what follows one in a piece is copied for the next.
_SMALL_PIECE_BYTES = 1 << 14
_GZIP_WINDOW = 31
_GZIP = b"\x1f\x8b"


class Flow:
    """What an iterator of pieces gives, once, from the beginning to the end."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._held = b""
        self._at = 0

    def line(self, most: int) -> bytes:
        """Up to and with the next line feed, or `most` bytes; empty only at the end."""
        while True:
            ends = self._held.find(b"\n", self._at, self._at + most)
            if ends >= 0:
                return self._given(ends + 1)
            if len(self._held) - self._at >= most or not self._more():
                return self._given(min(len(self._held), self._at + most))

    def some(self, most: int) -> bytes:
        """A piece of what comes next; empty only at the end."""
        if self._at == len(self._held) and not self._more():
            return b""
        return self._given(min(len(self._held), self._at + most))

    def _given(self, ends: int) -> bytes:
        given = self._held[self._at : ends]
        self._at = ends
        return given

    def _more(self) -> bool:
        for piece in self._pieces:
            if piece:
                self._held, self._at = self._held[self._at :] + piece, 0
                return True
        return False


def pieces_of(file: BinaryIO, small: bool = False) -> Iterator[bytes]:
    """A whole file; it may be read elsewhere in between."""
    size, at = _SMALL_PIECE_BYTES if small else PIECE_BYTES, 0
    while True:
        file.seek(at)
        piece = file.read(size)
        if not piece:
            return
        at += len(piece)
        yield piece


def ungzipped(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """What one gzip stream after another holds. Raises `BadMember` where one is damaged or breaks off."""
    inner = zlib.decompressobj(_GZIP_WINDOW)
    begun = False
    for piece in pieces:
        rest = piece
        while rest:
            if inner.eof:
                inner, begun = zlib.decompressobj(_GZIP_WINDOW), False
            begun = True
            try:
                yield inner.decompress(rest, PIECE_BYTES)
            except zlib.error:
                raise BadMember("it is damaged and cannot be unpacked") from None
            rest = inner.unused_data if inner.eof else inner.unconsumed_tail
    if begun and not inner.eof:
        raise BadMember("it breaks off before its end")


def unpacked_if_gzip(file: BinaryIO) -> Iterator[bytes]:
    """The bytes of a file, unpacked where it is compressed with gzip."""
    file.seek(0)
    if file.read(2) == _GZIP:
        return ungzipped(pieces_of(file, small=True))
    return pieces_of(file)
