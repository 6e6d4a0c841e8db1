"""What an import of folders remembers while it is not done, so that it goes on where a crash or a pulled card stopped it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from onrecord.intake.walking import Found
from onrecord.store.imports import Imported
from onrecord.store.record_store import RecordStore
from onrecord.writing.adding.arriving import Arrived
from onrecord.writing.adding.entering import told_path

_BEGINNING_BYTES = 64 * 1024


@dataclass(slots=True)
class Journal:
    """The import of these folders. Of files given one by one nothing is remembered: `roots` is None then."""

    store: RecordStore
    roots: str | None
    inventory: str | None = None
    goes_on: bool = False
    looks: dict[Path, tuple[int, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, store: RecordStore, paths: list[Path]) -> Journal:
        if not any(path.is_dir() and not path.is_symlink() for path in paths):
            return cls(store, None)
        absolute = [os.fsencode(path.absolute()).decode("utf-8", "backslashreplace") for path in paths]
        roots = json.dumps(absolute)
        begun = store.imports.begun(roots)
        return cls(store, roots, store.imports.inventory(roots) if begun else None, begun)

    def begin(self, inventory: str | None) -> None:
        """Inside a transaction."""
        self.inventory = self.inventory or inventory
        if self.roots is not None:
            self.store.imports.begin(self.roots, self.inventory)

    def line_of(self, found: Found) -> dict[str, Any] | None:
        """The line of a file that this import took in before it was stopped, and that looks as it did then."""
        if self.roots is None:
            return None
        try:
            look = found.path.lstat()
        except OSError:
            return None
        self.looks[found.path] = look.st_size, look.st_mtime_ns
        known = self.store.imports.of(self.roots, found.path) if self.goes_on else None
        if known is None or self.looks.pop(found.path) != (known.size, known.modified):
            return None
        item = self.store.item_with(known.original)
        if item is None or not self.store.originals.path(known.original).is_file():
            return None
        if _beginning(found.path) != known.beginning:
            return None
        thing = self.store.db.as_now().get(item)
        line: dict[str, Any] = {"path": told_path(found), "item": item, "sha256": known.original}
        line |= {"media_type": thing.fields.get("media_type") if thing else None, "size": known.size}
        return line | {"status": "already held", "reason": None, "text": True, "notes": []}

    def keep(self, arrived: Iterable[Arrived]) -> None:
        """Remember what is entered now, inside the transaction that enters it."""
        if self.roots is None:
            return
        self.store.imports.begin(self.roots, self.inventory)
        files = ((one, self.looks.pop(one.job.found.path, None)) for one in arrived)
        self.store.imports.keep(
            self.roots,
            (
                (one.job.found.path, Imported(*look, _hash(one.taken.beginning), one.taken.sha256))
                for one, look in files
                if look is not None
            ),
        )

    def finish(self) -> None:
        if self.roots is not None and self.store.imports.begun(self.roots):
            with self.store.db.transaction():
                self.store.imports.finish(self.roots)


def _beginning(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            return _hash(file.read(_BEGINNING_BYTES))
    except OSError:
        return None


def _hash(beginning: bytes) -> str:
    return sha256(beginning[:_BEGINNING_BYTES]).hexdigest()
