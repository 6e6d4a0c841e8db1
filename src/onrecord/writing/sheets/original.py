"""The sheet that rows are put from: an item that is held, or a file that is yet to be taken in, read all the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from onrecord.intake.media import media_type
from onrecord.intake.reads import read_confined
from onrecord.record.errors import FileRefused, LayerMissing, SheetInvalid
from onrecord.record.ids import mint
from onrecord.store.layers import Layer
from onrecord.store.record_store import RecordStore
from onrecord.writing.anchoring import layer_of
from onrecord.writing.names import resolve_kind

_BEGINNING = 64 * 1024
_MEND = "Name a CSV, TSV or XLSX file, or an item that is one."


@dataclass(frozen=True, slots=True)
class Original:
    """`item` is the one that is held or, where `file` says what is to be taken in, an id that stands for it until then."""

    name: str
    item: str
    sha256: str
    layer: Layer
    text: str
    segments: Sequence[Mapping[str, Any]]
    file: Path | None = None

    @property
    def calendar(self) -> str | None:
        """From when an office sheet counts its days, where its reader says it."""
        parameters = self.layer.recipe.get("parameters")
        return parameters.get("calendar") if isinstance(parameters, Mapping) else None


def original(store: RecordStore, source: str | Path) -> Original:
    """The sheet at a path, or the item of this name. Raises `FileRefused`, `SheetInvalid` or `LayerMissing`."""
    file = Path(source)
    if not file.is_file():
        return _held(store, resolve_kind(store, str(source), "item"), str(source))
    hash, beginning = _hashed(file)
    item = store.item_with(hash)
    if item is not None:
        return _held(store, item, file.name)
    reading = read_confined(file, media_type(beginning, file.name), file.name)
    if reading.layer_text is None:
        raise SheetInvalid(file.name, reading.why_none or "it has no text", _MEND)
    layer = Layer(sha256(reading.layer_text.encode("utf-8")).hexdigest(), reading.recipe, list(reading.notes))
    segments = [part.as_json() for part in reading.segments]
    return Original(file.name, mint(), hash, layer, reading.layer_text, segments, file)


def _held(store: RecordStore, item: str, name: str) -> Original:
    try:
        layer, text = layer_of(store, item, name)
    except LayerMissing as wrong:
        raise SheetInvalid(name, wrong.reason, _MEND) from None
    thing = store.db.as_now().get(item)
    hash = str(thing.fields["sha256"]) if thing else ""
    return Original(name, item, hash, layer, text, store.layers.segments(str(layer.hash)))


def _hashed(file: Path) -> tuple[str, bytes]:
    hash, beginning = sha256(), b""
    try:
        with file.open("rb") as opened:
            while chunk := opened.read(1 << 20):
                beginning = beginning or chunk[:_BEGINNING]
                hash.update(chunk)
    except OSError as wrong:
        raise FileRefused(
            str(file), f"it cannot be read ({wrong.strerror})", "Look at its permissions."
        ) from None
    return hash.hexdigest(), beginning
