"""What `add` would do, without doing it: every file is read and hashed where it lies, and nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from onrecord.intake.media import media_type_of
from onrecord.intake.walking import Found, Refused
from onrecord.record.errors import FileRefused
from onrecord.store.record_store import RecordStore
from onrecord.writing.add import files_under
from onrecord.writing.adding.entering import Line, refused, told_path

Progress = Callable[[int, int | None, str], None]


def look(store: RecordStore, paths: list[Path], progress: Progress | None = None) -> Iterator[Line]:
    """A line for each file: `would be added`, `already held`, or `refused` and why. What lies inside them is not looked at."""
    met: set[str] = set()
    for done, found in enumerate(files_under(store, paths), 1):
        yield refused(found) if isinstance(found, Refused) else _look_at(store, found, met)
        if progress:
            progress(done, None, "Looking at files")


def _look_at(store: RecordStore, found: Found, met: set[str]) -> Line:
    try:
        looked = store.originals.look(found.path, found.shown)
        kind = media_type_of(found.path, looked.beginning, looked.size, found.name)
    except FileRefused as wrong:
        return refused(Refused(found.path, f"{wrong.reason}. {wrong.mend}".strip()))
    except OSError as wrong:
        return refused(Refused(found.path, f"it cannot be read ({wrong.strerror})"))
    item = store.item_with(looked.sha256)
    held = item is not None or looked.sha256 in met
    met.add(looked.sha256)
    line: Line = {"path": told_path(found), "item": item, "sha256": looked.sha256}
    line |= {"media_type": kind, "size": looked.size}
    return line | {"status": "already held" if held else "would be added", "reason": None}
