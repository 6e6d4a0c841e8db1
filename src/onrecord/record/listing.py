"""The listing of a record's logs, and the record root: the one hash that outside authorities are asked to stamp.

Its format is in docs/format/proof.md.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from onrecord.record.ids import ID, ROW

_FIRST = "onrecord record root v1"
_ROW = re.compile(f"({ROW.pattern}) ([1-9][0-9]{{0,12}}) ([A-Za-z0-9+/]{{43}}=)")


class ListingInvalid(ValueError):
    """A text is not a listing."""


@dataclass(frozen=True, slots=True, order=True)
class Listed:
    """How far a log, or a branch of one, had got: its size, and the root of its tree."""

    log: str
    size: int
    root: bytes


@dataclass(frozen=True, slots=True)
class Listing:
    """Every log of a record as it was held at one moment."""

    record: str
    logs: tuple[Listed, ...]

    @classmethod
    def of(cls, record: str, logs: Iterable[Listed]) -> Listing:
        return cls(record, tuple(sorted(logs)))

    @property
    def text(self) -> str:
        rows = (f"{one.log} {one.size} {base64.b64encode(one.root).decode()}\n" for one in self.logs)
        return f"{_FIRST}\n{self.record}\n" + "".join(rows)

    @property
    def root(self) -> str:
        """The record root, in hex."""
        return record_root(self.text)


def record_root(listing: str) -> str:
    return sha256(listing.encode("ascii")).hexdigest()


def parse_listing(text: str) -> Listing:
    """What a listing states. Raises `ListingInvalid` unless it is the one way to write it."""
    first, *rows = text.split("\n")
    if first != _FIRST or len(rows) < 3 or rows[-1] or not ID.fullmatch(rows[0]):
        raise ListingInvalid("it does not begin or end as a listing does")
    listing = Listing.of(rows[0], map(_listed, rows[1:-1]))
    if listing.text != text or len({one.log for one in listing.logs}) < len(listing.logs):
        raise ListingInvalid("its lines are not sorted, or one stands twice")
    return listing


def _listed(row: str) -> Listed:
    parts = _ROW.fullmatch(row)
    if parts is None:
        raise ListingInvalid("a line of it does not name a log, a size and a root")
    return Listed(parts[1], int(parts[2]), base64.b64decode(parts[3]))
