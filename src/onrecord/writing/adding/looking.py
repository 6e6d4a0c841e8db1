"""What `add` would do, without doing it: every file is read and hashed where it lies, and nothing is written."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

from onrecord.intake.media import media_type
from onrecord.intake.walking import Found, Refused
from onrecord.store.record_store import RecordStore
from onrecord.writing.add import files_under
from onrecord.writing.adding.entering import Line, refused, told_path

Progress = Callable[[int, int | None, str], None]
_CHUNK_BYTES = 1024 * 1024
_BEGINNING_BYTES = 64 * 1024


def look(store: RecordStore, paths: list[Path], progress: Progress | None = None) -> Iterator[Line]:
    """A line for each file: `would be added`, `already held`, or `refused` and why. What lies inside them is not looked at."""
    met: set[str] = set()
    for done, found in enumerate(files_under(store, paths), 1):
        yield refused(found) if isinstance(found, Refused) else _look_at(store, found, met)
        if progress:
            progress(done, None, "Looking at files")


def _look_at(store: RecordStore, found: Found, met: set[str]) -> Line:
    digest, beginning, size = sha256(), b"", 0
    try:
        handle = os.open(found.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(handle, "rb", buffering=0) as file:
            while chunk := file.read(_CHUNK_BYTES):
                digest.update(chunk)
                beginning = beginning or chunk[:_BEGINNING_BYTES]
                size += len(chunk)
    except OSError as wrong:
        return refused(Refused(found.path, f"it cannot be read ({wrong.strerror})"))
    if not size:
        return refused(Refused(found.path, "the file is empty. Check whether it was copied whole."))
    name = digest.hexdigest()
    item = store.item_with(name)
    held = item is not None or name in met
    met.add(name)
    line: Line = {"path": told_path(found), "item": item, "sha256": name}
    line |= {"media_type": media_type(beginning, found.name), "size": size}
    return line | {"status": "already held" if held else "would be added", "reason": None}
