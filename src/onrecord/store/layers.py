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
from onrecord.store.part import sweep, sync, write_file

READER_FAILED = "the reader failed on this"


@dataclass(frozen=True, slots=True)
class Layer:
    """What reading an original gave: a layer by hash, or none and why, with how it was made."""

    hash: str | None
    recipe: Mapping[str, Any]
    notes: list[str]

    @property
    def failed(self) -> bool:
        """Whether there is no layer as the reader failed: another time, or another version of it, may not."""
        return self.hash is None and any(note.startswith(READER_FAILED) for note in self.notes[:1])


class Layers:
    """The files in `layers/`, and which of them belongs to which original."""

    def __init__(self, folder: Path, connection: sqlite3.Connection) -> None:
        self._folder = folder
        self._connection = connection
        self._settled: set[str] = set()
        self.text = lru_cache(maxsize=8)(self._read)

    def of(self, original: str) -> Layer | None:
        """What was read from the original with this SHA-256."""
        query = "SELECT layer, recipe, notes FROM layer WHERE original = ?"
        row = self._connection.execute(query, (original,)).fetchone()
        return row and Layer(row[0], json.loads(row[1]), json.loads(row[2]))

    def segments(self, layer: str) -> list[dict[str, Any]]:
        """The parts of a layer, in order; none where it is not known how it was made."""
        row = self._connection.execute(
            "SELECT segments FROM layer WHERE layer = ? LIMIT 1", (layer,)
        ).fetchone()
        return list(json.loads(row[0])) if row else []

    def keep(self, original: str, layer: Layer, segments: str) -> None:
        """Say what was read from an original, with the parts of its layer in order, as JSON."""
        row = (original, layer.hash, json.dumps(layer.recipe), segments, json.dumps(layer.notes))
        self._connection.execute("INSERT OR REPLACE INTO layer VALUES (?, ?, ?, ?, ?)", row)

    def write(self, text: str) -> str:
        """Keep a layer's text as a file; its hash. It can be read from the original again until a passage rests on it."""
        data = text.encode("utf-8")
        name = sha256(data).hexdigest()
        if not self.holds(name):
            write_file(self.path(name), data, durable=False)
        return name

    def settle(self, hash: str) -> None:
        """Put a layer's file on the disk for good, before a passage rests on it."""
        if hash not in self._settled:
            for place in (self.path(hash), self._folder):
                sync(place)
            self._settled.add(hash)

    def holds(self, hash: str) -> bool:
        """Whether the layer's file is there, and as it was written."""
        try:
            return sha256(self.path(hash).read_bytes()).hexdigest() == hash
        except OSError:
            return False

    def sweep_temporary(self) -> int:
        """Remove what a stopped writer left."""
        return sweep(self._folder)

    def path(self, hash: str) -> Path:
        return self._folder / hash

    def _read(self, hash: str) -> str:
        data = self._bytes(hash, 0, -1)
        if sha256(data).hexdigest() != hash:
            raise _lost(hash, "the text layer's file is not what was written there")
        return data.decode("utf-8")

    def part(self, hash: str, at: int, length: int) -> str:
        """The text of some bytes of a layer, without reading the rest. Raises `LayerMissing`."""
        try:
            return self._bytes(hash, at, length).decode("utf-8")
        except UnicodeDecodeError:
            raise _lost(hash, "the text layer's file is not what was written there") from None

    def _bytes(self, hash: str, at: int, length: int) -> bytes:
        try:
            with self.path(hash).open("rb") as file:
                file.seek(at)
                return file.read(length)
        except OSError:
            raise _lost(hash, "the text layer's file is missing") from None


def _lost(hash: str, reason: str) -> LayerMissing:
    return LayerMissing(f"layer {hash}", reason, "Bring it back from a copy, or add the original again.")
