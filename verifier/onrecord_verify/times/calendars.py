"""What an OpenTimestamps calendar gave: a path from the record root to a block of Bitcoin, or a promise of one."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from .der import LARGEST, Untrue, must

OTS_MAGIC = b"\x00OpenTimestamps\x00\x00Proof\x00\xbf\x89\xe2\xe8\x84\xe8\x92\x94"
PENDING, BITCOIN = bytes.fromhex("83dfe30d2ef90c8e"), bytes.fromhex("0588960d73d71901")
MOST_OPERATIONS = 4096
LARGEST_STEP = 4096


class Anchor(NamedTuple):
    """Where a path leads: a block of Bitcoin whose header has to hold this merkle root, or a calendar that promised."""

    height: int | None
    merkle_root: str
    calendar: str


class _Path:
    """Reads a proof of OpenTimestamps, with limits. Only what calendars write is understood."""

    def __init__(self, raw: bytes) -> None:
        must(len(raw) <= LARGEST, "is too large")
        self._raw, self._at, self._left = raw, 0, MOST_OPERATIONS

    def take(self, size: int) -> bytes:
        must(size <= len(self._raw) - self._at, "ends too early")
        self._at += size
        return self._raw[self._at - size : self._at]

    def number(self) -> int:
        value = shift = 0
        while True:
            byte = self.take(1)[0]
            value |= (byte & 127) << shift
            shift += 7
            must(shift <= 63, "holds a number that is too large")
            if byte < 128:
                return value

    def text(self, most: int = LARGEST_STEP) -> bytes:
        size = self.number()
        must(size <= most, "holds a step that is too long")
        return self.take(size)

    def ended(self) -> bool:
        return self._at == len(self._raw)

    def anchors(self, message: bytes) -> list[Anchor]:
        """All places that the paths from this message lead to. Messages with branches left wait on a list."""
        found, waiting = [], [message]
        while waiting:
            self._left -= 1
            must(self._left >= 0, "has too many steps")
            message, tag = waiting[-1], self.take(1)
            if tag == b"\xff":
                tag = self.take(1)
            else:
                waiting.pop()
            if tag == b"\x00":
                found += self._attested(message)
            else:
                waiting.append(self._applied(tag, message))
        return found

    def _attested(self, message: bytes) -> list[Anchor]:
        kind, said = self.take(8), _Path(self.text(8192))
        if kind == PENDING:
            return [Anchor(None, "", said.text(1000).decode("ascii", "replace"))]
        if kind == BITCOIN:
            must(len(message) == 32, "leads to something that is no merkle root")
            return [Anchor(said.number(), message[::-1].hex(), "")]
        return []

    def _applied(self, tag: bytes, message: bytes) -> bytes:
        if tag in (b"\xf0", b"\xf1"):
            more = self.text()
            message = message + more if tag == b"\xf0" else more + message
            must(len(message) <= LARGEST_STEP, "holds a step that is too long")
            return message
        names = {b"\x08": "sha256", b"\x02": "sha1", b"\x03": "ripemd160"}
        must(tag in names, "holds a step that this program does not know")
        try:
            return hashlib.new(names[tag], message).digest()
        except ValueError:
            raise Untrue("holds a step that this Python cannot do") from None


def check_calendar(proof: bytes, listing: bytes) -> list[Anchor]:
    """Where an OpenTimestamps proof over the listing's hash leads. Raises `Untrue`. Blocks stand first.

    Whether a block is Bitcoin's has to be asked of a node, or looked up by height and merkle root.
    """
    path = _Path(proof)
    must(path.take(len(OTS_MAGIC)) == OTS_MAGIC and path.number() == 1, "is no proof of OpenTimestamps")
    must(path.take(1) == b"\x08", "is over another hash than SHA-256")
    digest = path.take(32)
    must(digest == hashlib.sha256(listing).digest(), "is of another text than the listing")
    found = path.anchors(digest)
    must(path.ended(), "has more at its end than belongs there")
    return sorted(found, key=lambda anchor: (anchor.height is None, anchor.height or 0, anchor.calendar))


def told_of(anchor: Anchor) -> str:
    """In words, what an anchor shows without a Bitcoin node."""
    if anchor.height is None:
        return f"pending: the calendar {anchor.calendar!a} promised a block of Bitcoin. Ask it again later."
    return (
        f"block header to compare: height {anchor.height}, merkle root {anchor.merkle_root}. "
        "If Bitcoin's block at this height has this merkle root, the listing existed by the time of that block."
    )
