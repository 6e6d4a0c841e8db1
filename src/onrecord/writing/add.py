"""`add`: taking originals in. Each file is copied and hashed once, read for its text, and entered in the log.

Files go in by batches: a batch's originals are on the disk before its entries, and its entries are all kept or
none. A stopped `add` leaves at most originals that no entry names, which the next one tells of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from onrecord.intake.media import media_type
from onrecord.intake.reading import Reading, read
from onrecord.intake.walking import Found, Refused, walk
from onrecord.record.entries import Draft
from onrecord.record.errors import FileRefused, OnrecordError
from onrecord.record.ids import mint
from onrecord.store.layers import Layer
from onrecord.store.log import LogWriter
from onrecord.store.originals import Taken
from onrecord.store.orphans import telling_leftovers
from onrecord.store.record_store import RecordStore
from onrecord.writing.layering import keep_layer, write_layer

Progress = Callable[[int, int | None, str], None]
_BATCH_FILES = 256
_BATCH_BYTES = 256 * 1024 * 1024
_TOOL = "onrecord add"


@dataclass(slots=True)
class Arrived:
    """A file whose bytes, and text if it has any, are safely held, before its entries are written."""

    found: Found
    taken: Taken
    media_type: str
    reading: Reading | None
    layer: Layer | None


class _Own:
    """What lies in the record itself, or beside this laptop's private keys, is not taken in."""

    def __init__(self, store: RecordStore) -> None:
        self._reasons = {
            store.folder.path.resolve(): "it is part of the record itself",
            store.keys.path.parent.resolve(): "it is one of this laptop's private keys",
        }
        self._why = cache(self._why_not)

    def checked(self, found: Found | Refused) -> Found | Refused:
        why = self._why(found.path.parent) if isinstance(found, Found) else None
        return Refused(found.path, why) if why else found

    def _why_not(self, folder: Path) -> str | None:
        real = folder.resolve()
        return next((why for own, why in self._reasons.items() if real.is_relative_to(own)), None)


def add(
    store: RecordStore, paths: Iterable[Path], progress: Progress | None = None
) -> Iterator[dict[str, Any]]:
    """Take files and folders in; a line for each, in order. What is refused is said, and nothing of it is kept."""
    with telling_leftovers(store):
        yield from _add(store, paths, progress)


def _add(store: RecordStore, paths: Iterable[Path], progress: Progress | None) -> Iterator[dict[str, Any]]:
    batch: list[Arrived | dict[str, Any]] = []
    held_bytes = 0
    own = _Own(store)
    for done, found in enumerate(map(own.checked, walk(paths, leave_out=store.folder.path)), 1):
        arrived = _refusal(found) if isinstance(found, Refused) else _arrive(store, found)
        batch.append(arrived)
        held_bytes += arrived.taken.size if isinstance(arrived, Arrived) else 0
        if progress:
            progress(done, None, found.shown)
        if len(batch) >= _BATCH_FILES or held_bytes >= _BATCH_BYTES:
            yield from _enter(store, batch)
            batch, held_bytes = [], 0
    yield from _enter(store, batch)


def _arrive(store: RecordStore, found: Found) -> Arrived | dict[str, Any]:
    try:
        taken = store.originals.take(found.path, found.shown)
        kind = media_type(taken.beginning, found.name)
        reading = None
        if taken.status == "added" or not _was_read(store, taken.sha256):
            reading = read(store.originals.path(taken.sha256), kind, found.name, taken.small)
        return Arrived(found, taken, kind, reading, write_layer(store, reading) if reading else None)
    except OnrecordError as wrong:
        return _refused(found, f"{wrong.reason}. {wrong.mend}".strip())


def _was_read(store: RecordStore, original: str) -> bool:
    """Whether the text of an original is known, and still there if it has any."""
    layer = store.layers.of(original)
    return layer is not None and (layer.hash is None or store.layers.holds(layer.hash))


def _refusal(refused: Refused) -> dict[str, Any]:
    return _refused(refused, refused.reason)


def _path(file: Found | Refused) -> str:
    """The path as it was given, or escaped where it is not text that JSON can hold."""
    given = str(file.path)
    try:
        given.encode("utf-8")
    except UnicodeEncodeError:
        return file.shown
    return given


def _refused(file: Found | Refused, reason: str) -> dict[str, Any]:
    line: dict[str, Any] = dict.fromkeys(("path", "item", "sha256", "media_type", "size"))
    return line | {"path": _path(file), "status": "refused", "reason": reason}


def _enter(store: RecordStore, batch: list[Arrived | dict[str, Any]]) -> list[dict[str, Any]]:
    arrived = [one for one in batch if isinstance(one, Arrived)]
    if not arrived:
        return [one for one in batch if not isinstance(one, Arrived)]
    store.originals.sync()
    lines: dict[int, dict[str, Any]] = {}
    entered: dict[str, str] = {}
    with store.writing() as writer:
        for one in arrived:
            lines[id(one)] = _enter_one(store, writer, one, entered)
    return [lines[id(one)] if isinstance(one, Arrived) else one for one in batch]


def _enter_one(
    store: RecordStore, writer: LogWriter, one: Arrived, entered: dict[str, str]
) -> dict[str, Any]:
    """Write one file's entries. `entered` has the items of this batch, by hash, which no view shows yet."""
    item = entered.get(one.taken.sha256) or store.item_with(one.taken.sha256)
    status = "already held" if item else "added"
    back = item is not None and one.taken.status == "added" and one.taken.sha256 not in entered
    if item is None:
        _require_held(store, one)
        item = entered[one.taken.sha256] = mint()
        writer.append(Draft("item", item, _item_fields(one)))
    if one.layer and one.reading and store.layers.of(one.taken.sha256) is None:
        keep_layer(store, item, one.taken.sha256, one.layer, one.reading)
    writer.append(Draft("custody", mint(), _custody_fields(one, item, status)))
    line: dict[str, Any] = {"path": _path(one.found), "item": item, "sha256": one.taken.sha256}
    line |= {"media_type": one.media_type, "size": one.taken.size, "status": status, "reason": None}
    if back:
        line["back"] = True
    return line | _about_text(one, store.layers.of(one.taken.sha256))


def _require_held(store: RecordStore, one: Arrived) -> None:
    """Nobody can clear an original away from now on; but it could have been, where it waited for days to be entered."""
    if not store.originals.path(one.taken.sha256).exists():
        raise FileRefused(
            one.found.shown,
            "its copy in the record is gone again",
            "Add it again; the batch was not entered.",
        )


def _about_text(one: Arrived, layer: Layer | None) -> dict[str, Any]:
    told: dict[str, Any] = {"text": bool(layer and layer.hash), "notes": layer.notes if layer else []}
    if one.reading and one.reading.encoding:
        told["encoding"] = one.reading.encoding
    return told


def _item_fields(one: Arrived) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "sha256": one.taken.sha256,
        "size": one.taken.size,
        "media_type": one.media_type,
    }
    fields["name"] = one.found.name
    if one.found.name_bytes:
        fields["name_bytes"] = one.found.name_bytes
    if one.found.folder:
        fields["folder"] = one.found.folder
    return fields


def _custody_fields(one: Arrived, item: str, status: str) -> dict[str, Any]:
    fields = {"item": item, "step": "received", "tool": _TOOL, "outcome": f"{status}, {one.taken.size} bytes"}
    return fields | {"note": one.found.name} if status == "already held" else fields
