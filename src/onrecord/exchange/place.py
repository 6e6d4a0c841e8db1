"""Where an exchange folder lies: a folder on this laptop or a stick, a prefix in an object store, or a web folder.

A place knows names and bytes, and nothing of what they mean. Nothing that stands there is trusted: names are
checked, links are not followed, and every reading has a limit.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from onrecord.record.errors import ExchangeRefused
from onrecord.record.ids import LOG, ROW

MOST_PREFIXES = 1_000
MOST_FILES = 1_000_000
_HEX = "[0-9a-f]{64}"
_SPAN = r"(?:0|[1-9][0-9]{0,12})-(?:0|[1-9][0-9]{0,12})\.seg"
_FILE = re.compile(
    rf"hello\.json|ring\.age|invite\.age|list\.json|{_SPAN}|others/{ROW.pattern}/{_SPAN}|(?:originals|layers)/{_HEX}"
)
PART = ".part"


class Source(Protocol):
    """Bytes of one file, in order."""

    def read(self, size: int = -1, /) -> bytes: ...

    def close(self) -> None: ...


class Sink(Protocol):
    def write(self, data: bytes, /) -> int: ...


Fill = Callable[[Any], None]


class Place(Protocol):
    """An exchange folder's files by name: `<prefix>/<file>`."""

    shown: str
    writable: bool

    def prefixes(self) -> list[str]:
        """The writers' parts that stand there. Raises `ExchangeRefused` where the place cannot be read."""
        ...

    def files(self, prefix: str) -> dict[str, int]:
        """The files of one prefix by their name in it, with their sizes. Half-written ones are left out."""
        ...

    def open(self, name: str) -> Source:
        """Raises `OSError` where the file is not there or is no plain file."""
        ...

    def write(self, name: str, fill: Fill) -> int:
        """Write a file whole or not at all: `fill` is given where to write. Its size. Raises `OSError`."""
        ...

    def delete(self, name: str) -> None: ...

    def sweep(self, prefix: str) -> None:
        """Remove what a stopped write left in a prefix."""
        ...

    def drop(self, prefix: str) -> None:
        """Remove a prefix in which no file is left."""
        ...

    def settle(self, prefix: str) -> None:
        """See to it that what was written stays after the power goes."""
        ...


def place_at(named: str | Path) -> Place:
    """The place that a person names: a path, `s3://bucket/prefix`, or `https://…`."""
    text = str(named)
    if text.startswith("s3://"):
        from onrecord.exchange.object_store import ObjectStore

        return ObjectStore(text)
    if text.startswith(("http://", "https://")):
        from onrecord.exchange.web_folder import WebFolder

        return WebFolder(text)
    from onrecord.exchange.local_folder import LocalFolder

    return LocalFolder(Path(named))


def is_prefix(name: str) -> bool:
    return LOG.fullmatch(name) is not None


def is_file(name: str) -> bool:
    """Whether a name in a prefix is one that this format knows: nothing else is ever opened."""
    return _FILE.fullmatch(name) is not None


def read_small(place: Place, name: str, most: int) -> bytes:
    """All of a file that must be small. Raises `OSError`, also where it is larger."""
    source = place.open(name)
    try:
        parts, left = [], most + 1
        while left > 0 and (part := source.read(left)):
            parts.append(part)
            left -= len(part)
    finally:
        source.close()
    if left <= 0:
        raise OSError(f"it is larger than {most:,} bytes")
    return b"".join(parts)


def checked_prefixes(names: list[str], shown: str) -> list[str]:
    found = sorted(filter(is_prefix, names))
    if len(found) > MOST_PREFIXES:
        raise ExchangeRefused(
            shown,
            f"it holds the folders of {len(found):,} writers, more than the {MOST_PREFIXES:,} that this reads",
            "Move those away that are not your team's. Nothing was taken.",
        )
    return found
