"""Fingerprints of originals: by which originals that are nearly the same are proposed. Made again from them at any time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol


class Marks(Protocol):
    """A fingerprint as a reader gives it: `bits` in hex, `at` in seconds."""

    @property
    def kind(self) -> str: ...
    @property
    def bits(self) -> str: ...
    @property
    def at(self) -> float | None: ...


@dataclass(frozen=True, slots=True)
class Kept:
    """A fingerprint as it is kept, of the original with this SHA-256."""

    original: str
    kind: str
    bits: bytes
    at: float | None = None


class Fingerprints:
    """What is kept of each original, by its SHA-256."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def keep(self, original: str, fingerprints: Iterable[Marks]) -> None:
        """Keep an original's fingerprints, inside a transaction, in place of those of the same kinds."""
        rows = [(original, one.kind, one.at, bytes.fromhex(one.bits)) for one in fingerprints]
        kinds = sorted({(original, kind) for _, kind, _, _ in rows})
        # `+` keeps the planner from walking through every fingerprint of the kind.
        self._connection.executemany("DELETE FROM fingerprint WHERE original = ? AND +kind = ?", kinds)
        self._connection.executemany(
            "INSERT INTO fingerprint (original, kind, at, bits) VALUES (?, ?, ?, ?)", rows
        )

    def of(self, original: str, kind: str | None = None) -> list[Kept]:
        """An original's fingerprints, of one kind or all, in the order of the kinds and of their seconds."""
        query = (
            "SELECT original, kind, bits, at FROM fingerprint WHERE original = ? AND (?2 IS NULL OR +kind = ?2)"
            " ORDER BY +kind, at, rowid"
        )
        return [Kept(*row) for row in self._connection.execute(query, (original, kind))]

    def all(self, kind: str) -> Iterator[Kept]:
        """All fingerprints of a kind, one original's after the other's."""
        query = "SELECT original, kind, bits, at FROM fingerprint WHERE kind = ? ORDER BY original, at"
        return (Kept(*row) for row in self._connection.execute(query, (kind,)).fetchall())

    def forget(self, original: str) -> None:
        """Take out all that is kept of an original, inside a transaction."""
        self._connection.execute("DELETE FROM fingerprint WHERE original = ?", (original,))
