"""Undoing how the bytes of a part were written for the way (base64, quoted-printable), piece by piece."""

from __future__ import annotations

from binascii import a2b_qp
from collections.abc import Callable, Iterator
from typing import BinaryIO

from onrecord.intake.messages.headers import unbase64

PIECE_BYTES = 1 << 18
_KNOWN = frozenset({"", "7bit", "8bit", "binary", "base64", "quoted-printable"})
_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
_OTHERS = bytes(set(range(256)) - set(_BASE64))


def is_undone(how: str) -> bool:
    """Whether a Content-Transfer-Encoding is one of those that are undone here."""
    return how in _KNOWN


def pieces(file: BinaryIO, start: int, end: int) -> Iterator[bytes]:
    """The bytes of a file between two places. The file may be read elsewhere in between."""
    while start < end:
        file.seek(start)
        piece = file.read(min(PIECE_BYTES, end - start))
        if not piece:
            return
        yield piece
        start += len(piece)


def content(
    file: BinaryIO, start: int, end: int, how: str, tell: Callable[[str], None] | None = None
) -> Iterator[bytes]:
    """What a part holds. An encoding that is not known here leaves its bytes as they stand.

    `tell` is called with what a person should know of how it was undone.
    """
    stood = pieces(file, start, end)
    if how == "base64":
        return _from_base64(stood, tell)
    return _from_quoted_printable(stood) if how == "quoted-printable" else stood


def _from_base64(stood: Iterator[bytes], tell: Callable[[str], None] | None) -> Iterator[bytes]:
    """Ends at the padding, as programs do; other characters in between are passed over."""
    left = b""
    for piece in stood:
        letters = left + piece.translate(None, delete=_OTHERS)
        ends = letters.find(b"=")
        if ends >= 0:
            yield unbase64(letters[:ends])
            rest = letters[ends:].strip(b"=") or next(stood, b"").translate(None, delete=_OTHERS)
            if rest and tell:
                tell("goes on after the end of its encoding (base64): that is left out")
            return
        whole = len(letters) - len(letters) % 4
        left = letters[whole:]
        yield unbase64(letters[:whole])
    yield unbase64(left)


def _from_quoted_printable(stood: Iterator[bytes]) -> Iterator[bytes]:
    left = b""
    for piece in stood:
        piece = left + piece
        cut = piece.rfind(b"\n") + 1
        if not cut or len(piece) - cut > PIECE_BYTES:
            # A line without end is cut before what may be half of an escape.
            escape = piece.rfind(b"=", max(0, len(piece) - 2))
            cut = escape if escape >= 0 else len(piece)
        left = piece[cut:]
        yield a2b_qp(piece[:cut])
    yield a2b_qp(left)
