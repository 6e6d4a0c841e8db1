"""How far an import came that is not done: so that it goes on after a crash or a pulled card without reading all again."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Imported:
    """A file that an import has taken in already, by how it looked then; `beginning` is the hash of its first bytes."""

    size: int
    modified: int
    beginning: str
    original: str


class Imports:
    """The imports that were begun and not done, each by the folders it was asked for."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._run = connection.execute
        self._many = connection.executemany

    def begun(self, roots: str) -> bool:
        return self._run("SELECT 1 FROM import WHERE roots = ?", (roots,)).fetchone() is not None

    def inventory(self, roots: str) -> str | None:
        """The item that says what lay there, if one was made when the import began."""
        row = self._run("SELECT inventory FROM import WHERE roots = ?", (roots,)).fetchone()
        return None if row is None or row[0] is None else str(row[0])

    def begin(self, roots: str, inventory: str | None) -> None:
        """Inside a transaction."""
        self._run("INSERT OR IGNORE INTO import VALUES (?, ?)", (roots, inventory))

    def of(self, roots: str, path: Path) -> Imported | None:
        query = "SELECT size, modified, beginning, original FROM imported WHERE roots = ? AND path = ?"
        row = self._run(query, (roots, os.fsencode(path))).fetchone()
        return row and Imported(*row)

    def keep(self, roots: str, files: Iterable[tuple[Path, Imported]]) -> None:
        """Say which files are in now, inside the transaction that enters them."""
        rows = (
            (roots, os.fsencode(path), one.size, one.modified, one.beginning, one.original)
            for path, one in files
        )
        self._many("INSERT OR REPLACE INTO imported VALUES (?, ?, ?, ?, ?, ?)", rows)

    def finish(self, roots: str) -> None:
        """Inside a transaction."""
        self._run("DELETE FROM imported WHERE roots = ?", (roots,))
        self._run("DELETE FROM import WHERE roots = ?", (roots,))

    def unfinished(self) -> list[tuple[str, int]]:
        """The folders of every import that was begun and not done, and how many files it has taken in."""
        query = (
            "SELECT roots, (SELECT count(*) FROM imported WHERE imported.roots = import.roots) FROM import"
        )
        return [(str(roots), int(count)) for roots, count in self._run(query)]

    def forget(self, original: str, items: Iterable[str]) -> None:
        """Take out every file with these bytes, its path too, and the imports whose inventory was one of these items.

        Inside a transaction.
        """
        self._run("DELETE FROM imported WHERE original = ?", (original,))
        self._run("DELETE FROM unpacking WHERE original = ?", (original,))
        for item in items:
            query = "SELECT roots FROM import WHERE inventory = ?"
            for (roots,) in self._run(query, (item,)).fetchall():
                self.finish(roots)

    def unpack(self, original: str) -> None:
        """Say that not all members of a container are in yet, inside the transaction that enters it."""
        self._run("INSERT OR IGNORE INTO unpacking VALUES (?)", (original,))

    def unpacked(self, originals: Iterable[str]) -> None:
        self._many("DELETE FROM unpacking WHERE original = ?", ((one,) for one in originals))

    def half_unpacked(self) -> list[str]:
        return [
            str(original) for (original,) in self._run("SELECT original FROM unpacking ORDER BY original")
        ]
