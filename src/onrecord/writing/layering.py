"""From what reading an original gave to its text layer: the file, what is known of it, and its rows in the index."""

from __future__ import annotations

from collections.abc import Callable

from onrecord.intake.reading import Reading, read
from onrecord.search.index import index_layer
from onrecord.store.layers import Layer
from onrecord.store.record_store import RecordStore

Progress = Callable[[int, int | None, str], None]
_UNREAD = (
    "SELECT held.sha256, min(held.item) FROM held LEFT JOIN layer ON layer.original = held.sha256"
    " WHERE layer.original IS NULL GROUP BY held.sha256 ORDER BY held.sha256"
)


def write_layer(store: RecordStore, reading: Reading) -> Layer:
    """Put the layer's file in place, before the entries that rest on it."""
    notes = [reading.why_none] if reading.why_none else list(reading.notes)
    if reading.layer_text is None:
        return Layer(None, reading.recipe, notes)
    return Layer(store.layers.write(reading.layer_text), reading.recipe, notes)


def keep_layer(store: RecordStore, item: str, original: str, layer: Layer, reading: Reading) -> None:
    """Say what was read from an original and index it, inside a transaction."""
    store.layers.keep(original, layer, [part.as_json() for part in reading.segments])
    if layer.hash and reading.layer_text is not None:
        places = [(part.start, part.end) for part in reading.segments]
        index_layer(store.db.connection, item, layer.hash, reading.layer_text, places)


def read_unread(store: RecordStore, progress: Progress | None = None) -> None:
    """Read the originals that came in with a merge, as `add` reads those that are added. One after the other: a
    stopped one is gone on with by the next merge."""
    unread = store.db.connection.execute(_UNREAD).fetchall()
    for done, (original, item) in enumerate(unread):
        path = store.originals.path(original)
        fields = store.db.as_now().get(item)
        if fields is None or fields.in_conflict or not path.is_file():
            continue
        if progress:
            progress(done, len(unread), "reading")
        kind, name = str(fields.fields.get("media_type", "")), str(fields.fields.get("name", original))
        reading = read(path, kind, name)
        layer = write_layer(store, reading)
        with store.db.transaction():
            if store.layers.of(original) is None:
                keep_layer(store, item, original, layer, reading)
