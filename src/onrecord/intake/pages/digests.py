"""Digests as web archives write them: a name, a colon, and the value in base32, hex or base64."""

from __future__ import annotations

import base64
import hashlib
from binascii import Error

_KNOWN = {"sha1": 20, "sha-1": 20, "sha256": 32, "sha-256": 32, "sha512": 64, "sha-512": 64, "md5": 16}
HOLDS, DOES_NOT_HOLD, NOT_KNOWN = (
    "digest holds",
    "digest does not hold",
    "digest of a kind that is not known here",
)


class Digest:
    """A digest that was written down, and the bytes it is about as they come."""

    def __init__(self, written: str) -> None:
        name, _, value = written.strip().partition(":")
        self.written = written.strip()[:300]
        size = _KNOWN.get(name.strip().lower())
        self._expected = _values(value.strip(), size) if size else ()
        # Not for safety: an archive names the algorithm it was made with.
        self._hash = (
            hashlib.new(name.strip().lower().replace("-", ""), usedforsecurity=False) if size else None
        )

    def update(self, piece: bytes) -> None:
        if self._hash:
            self._hash.update(piece)

    @property
    def outcome(self) -> str:
        if self._hash is None:
            return NOT_KNOWN
        return HOLDS if self._hash.digest() in self._expected else DOES_NOT_HOLD


def _values(written: str, size: int) -> tuple[bytes, ...]:
    """What the value may mean, by each way of writing that gives the right number of bytes."""
    found = []
    for read in (_from_hex, _from_base32, _from_base64):
        try:
            value = read(written)
        except (ValueError, Error):
            continue
        if len(value) == size:
            found.append(value)
    return tuple(found)


def _from_hex(written: str) -> bytes:
    return bytes.fromhex(written)


def _from_base32(written: str) -> bytes:
    bare = written.rstrip("=").upper()
    return base64.b32decode(bare + "=" * (-len(bare) % 8))


def _from_base64(written: str) -> bytes:
    bare = written.rstrip("=").replace("-", "+").replace("_", "/")
    return base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True)
