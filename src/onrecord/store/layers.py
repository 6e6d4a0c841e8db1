"""Text layers: one canonical text per original, in which passages count their places."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from onrecord.record.errors import LayerMissing
from onrecord.store.folder import sync_folder, write_file


@dataclass(frozen=True, slots=True)
class Layer:
    """What reading an original gave: a layer by hash, or none and why, with how it was made."""

    hash: str | None
    recipe: Mapping[str, Any]
    segments: list[dict[str, Any]]
    notes: list[str]


class Layers:
    """The files in `layers/`, and which of them belongs to which original."""

    def __init__(self, folder: Path, connection: sqlite3.Connection) -> None:
        self._folder = folder
        self._connection = connection
        self.text = lru_cache(maxsize=8)(self._read)

    def of(self, original: str) -> Layer | None:
        """What was read from the original with this SHA-256."""
        query = "SELECT layer, recipe, segments, notes FROM layer WHERE original = ?"
        row = self._connection.execute(query, (original,)).fetchone()
        return row and Layer(row[0], json.loads(row[1]), json.loads(row[2]), json.loads(row[3]))

    def segments(self, layer: str) -> list[dict[str, Any]]:
        """The parts of a layer, in order; none where it is not known how it was made."""
        row = self._connection.execute(
            "SELECT segments FROM layer WHERE layer = ? LIMIT 1", (layer,)
        ).fetchone()
        return list(json.loads(row[0])) if row else []

    def keep(self, original: str, layer: Layer) -> None:
        row = (
            original,
            layer.hash,
            *(json.dumps(part) for part in (layer.recipe, layer.segments, layer.notes)),
        )
        self._connection.execute("INSERT OR REPLACE INTO layer VALUES (?, ?, ?, ?, ?)", row)

    def write(self, text: str) -> str:
        """Keep a layer's text as a file; its hash."""
        data = text.encode("utf-8")
        name = sha256(data).hexdigest()
        path = self._folder / name
        if not path.exists():
            write_file(path, data)
        return name

    def sync(self) -> None:
        """Make the names of layers just written durable, before entries that rest on them."""
        sync_folder(self._folder)

    def path(self, hash: str) -> Path:
        return self._folder / hash

    def _read(self, hash: str) -> str:
        try:
            return self.path(hash).read_bytes().decode("utf-8")
        except OSError:
            raise LayerMissing(
                hash, "the text layer's file is missing", "Run verify, and bring the file back from a copy."
            ) from None

    def part(self, hash: str, at: int, length: int) -> str:
        """The text of some bytes of a layer, without reading the rest."""
        with self.path(hash).open("rb") as file:
            file.seek(at)
            return file.read(length).decode("utf-8")
