"""What originals state of themselves: a camera's clock, a mail's headers. Kept as stated, and never taken for true."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from typing import Any


class Observed:
    """The facts that each original states, by its SHA-256. Made again from the original at any time."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def keep(self, original: str, facts: Sequence[dict[str, Any]]) -> None:
        """Keep what an original states, inside a transaction, in place of what was kept before."""
        self.forget(original)
        if facts:
            told = json.dumps(facts, ensure_ascii=False)
            self._connection.execute("INSERT INTO observed (original, facts) VALUES (?, ?)", (original, told))

    def of(self, original: str) -> list[dict[str, Any]]:
        """What an original states, as it was kept; empty where it states nothing, or was not read."""
        query = "SELECT facts FROM observed WHERE original = ?"
        row = self._connection.execute(query, (original,)).fetchone()
        return list(json.loads(row[0])) if row else []

    def forget(self, original: str) -> None:
        """Take out what is kept of an original, inside a transaction."""
        self._connection.execute("DELETE FROM observed WHERE original = ?", (original,))
