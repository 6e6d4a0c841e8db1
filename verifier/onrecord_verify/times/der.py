"""DER (X.690): one spelling for everything, so nothing in a token can be read in two ways."""

from __future__ import annotations

import base64
import re
from datetime import datetime, timedelta, timezone
from typing import Any, NamedTuple

LARGEST = 1 << 20
MOST_PARTS = 20_000
UTC = timezone.utc  # noqa: UP017 - Python 3.8 has no other name for it


class Untrue(Exception):
    """A token does not show what it should. The message says why, so that it follows "the token"."""


def must(holds: bool, otherwise: str) -> None:
    if not holds:
        raise Untrue(otherwise)


class Part(NamedTuple):
    """One value: its tag, what is inside, and all its bytes."""

    tag: int
    content: bytes
    raw: bytes


def _next(data: bytes, at: int) -> tuple[Part, int]:
    must(len(data) - at >= 2, "ends in the middle of a value")
    tag, size, begin = data[at], data[at + 1], at + 2
    must(tag & 31 != 31, "holds a tag of several bytes")
    if size >= 128:
        count = size & 127
        must(1 <= count <= 4 and len(data) - begin >= count, "holds a length that DER does not allow")
        size = int.from_bytes(data[begin : begin + count], "big")
        must(size >= 128 and size >> 8 * (count - 1) > 0, "holds a length that is not the shortest")
        begin += count
    must(size <= len(data) - begin, "ends in the middle of a value")
    return Part(tag, data[begin : begin + size], data[at : begin + size]), begin + size


def parts(content: bytes) -> list[Part]:
    """The values that stand one after another in these bytes."""
    found, at = [], 0
    while at < len(content):
        part, at = _next(content, at)
        found.append(part)
        must(len(found) <= MOST_PARTS, "holds too many values")
    return found


def one(content: bytes, tag: int, what: str) -> Part:
    """The only value in these bytes."""
    found = parts(content)
    must(len(found) == 1 and found[0].tag == tag, f"has no sound {what}")
    return found[0]


class Fields:
    """The values of a sequence, taken in order."""

    def __init__(self, part: Part, what: str, tag: int = 0x30) -> None:
        must(part.tag == tag, f"has no sound {what}")
        self.what = what
        self._left = parts(part.content)[::-1]

    def take(self, tag: int) -> Part:
        must(bool(self._left) and self._left[-1].tag == tag, f"has no sound {self.what}")
        return self._left.pop()

    def maybe(self, *tags: int) -> Part | None:
        return self._left.pop() if self._left and self._left[-1].tag in tags else None

    def end(self) -> None:
        must(not self._left, f"has more in its {self.what} than belongs there")


def number(part: Part) -> int:
    raw = part.content
    must(bool(raw) and len(raw) <= 1100, "holds a number of no sound size")
    must(len(raw) == 1 or raw[0] not in (0, 255) or raw[0] >> 7 != raw[1] >> 7, "holds a number not in DER")
    return int.from_bytes(raw, "big", signed=True)


def truth(part: Part) -> bool:
    must(part.content in (b"\x00", b"\xff"), "holds a truth value not in DER")
    return part.content == b"\xff"


def bits(part: Part, what: str) -> bytes:
    """The bytes of a bit string of whole bytes."""
    must(part.tag == 3 and part.content[:1] == b"\x00", f"has no sound {what}")
    return part.content[1:]


def dotted(part: Part) -> str:
    """An object identifier, in figures with dots."""
    raw = part.content
    must(0 < len(raw) <= 64 and raw[-1] < 128, "holds no sound object identifier")
    arcs, value = [], 0
    for byte in raw:
        must(value > 0 or byte != 128, "holds no sound object identifier")
        value = value << 7 | byte & 127
        if byte < 128:
            arcs.append(value)
            value = 0
    first = min(arcs[0] // 40, 2)
    return ".".join(map(str, (first, arcs[0] - 40 * first, *arcs[1:])))


_WHEN = re.compile(
    rb"([0-9]{4})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})(?:\.([0-9]{0,9}[1-9]))?Z"
).fullmatch


def instant(part: Part) -> datetime:
    """A moment, in UTC. UTCTime has two digits for the year (RFC 5280, section 4.1.2.5.1)."""
    text = part.content
    must(part.tag in (0x17, 0x18), "holds no sound time")
    if part.tag == 0x17:
        text = (b"20" if text[:2] < b"50" else b"19") + text
    found = _WHEN(text)
    if found is None:
        raise Untrue("holds no sound time")
    try:
        moment = datetime(*(int(digits) for digits in found.groups()[:6]), tzinfo=UTC)  # type: ignore[arg-type,misc]
    except ValueError:
        raise Untrue("holds no sound time") from None
    return moment + timedelta(microseconds=int((found.group(7) or b"0")[:6].ljust(6, b"0")))


def spelt(part: Part) -> str:
    """A token's time as it is kept beside it: ISO 8601 in UTC, with as many digits as the token gives."""
    instant(part)
    text = part.content.decode("ascii")
    return f"{text[:4]}-{text[4:6]}-{text[6:8]}T{text[8:10]}:{text[10:12]}:{text[12:]}"


def unpack(text: Any) -> bytes:
    """The bytes of standard base64 with its padding, refusing every other spelling of them."""
    try:
        raw = base64.b64decode(text.encode("ascii"), validate=True)
    except (ValueError, AttributeError):
        raise Untrue("is not kept as base64") from None
    must(base64.b64encode(raw).decode("ascii") == text, "is not kept as canonical base64")
    return raw
