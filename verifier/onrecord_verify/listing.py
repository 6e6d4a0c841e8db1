"""A listing: the logs of a record, each with the size and root that somebody asked a time for."""

from __future__ import annotations

import re

from .canonical import unpack
from .grammar import ID, ROW, Broken, must
from .notes import Checkpoint

LISTING = re.compile(
    f"onrecord record root v1\n({ID})\n((?:{ROW} [1-9][0-9]{{0,12}} [A-Za-z0-9+/]{{43}}=\n)+)"
).fullmatch


def read_listing(text: str, record: str) -> list[tuple[str, Checkpoint]]:
    """The logs that a listing names, each with the size and root that it states. Raises `Broken`."""
    parts = LISTING(text)
    if parts is None:
        raise Broken("has no listing as the format describes it")
    must(parts.group(1) == record, "has a listing of another record")
    rows = [line.split(" ") for line in parts.group(2).splitlines()]
    names = [row[0] for row in rows]
    must(names == sorted(set(names)), "has a listing that is not sorted")
    return [(name, Checkpoint(int(size), unpack(root))) for name, size, root in rows]
