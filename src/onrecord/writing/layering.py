"""From what reading an original gave to its text layer: the file, what is known of it, and its rows in the index."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from onrecord.intake.packed import as_json_text
from onrecord.intake.reading import Reading, Skipped
from onrecord.intake.reads import read_confined
from onrecord.search.index import index_layer
from onrecord.store.layers import Layer
from onrecord.store.record_store import RecordStore

Progress = Callable[[int, int | None, str], None]
LINE = "line"
_MOST_TOLD = 50
_UNREAD = (
    "SELECT held.sha256, min(held.item) FROM held LEFT JOIN layer ON layer.original = held.sha256"
    " WHERE layer.original IS NULL GROUP BY held.sha256 ORDER BY held.sha256"
)


def write_layer(store: RecordStore, reading: Reading, skipped: Sequence[Skipped] = ()) -> Layer:
    """Put the layer's file in place, before the entries that rest on it. What was left inside is among its notes."""
    notes = ([reading.why_none] if reading.why_none else []) + list(reading.notes) + _left_inside(skipped)
    if reading.layer_text is None:
        return Layer(None, reading.recipe, notes)
    return Layer(store.layers.write(reading.layer_text), reading.recipe, notes)


def _left_inside(skipped: Sequence[Skipped]) -> list[str]:
    told = [f"not taken out of it: {one.name}: {one.reason}" if one.name else one.reason for one in skipped]
    more = len(told) - _MOST_TOLD
    return told if more <= 0 else [*told[:_MOST_TOLD], f"and {more:,} more are not taken out of it"]


def keep_layer(store: RecordStore, item: str, original: str, layer: Layer, reading: Reading) -> None:
    """Say what was read from an original, inside a transaction: its layer, indexed, what it states, and its fingerprints.
    The text of a layer that is in place may be left out of the reading, as it may be large."""
    store.layers.keep(original, layer, as_json_text(reading.segments))
    store.observed.keep(original, [one.as_json() for one in reading.observations])
    store.fingerprints.keep(original, reading.fingerprints)
    if layer.hash:
        text = store.layers.part(layer.hash, 0, -1) if reading.layer_text is None else reading.layer_text
        places = paragraphs_of(text, (part.as_json() for part in reading.segments))
        index_layer(store.db.connection, item, layer.hash, text, places)


def paragraphs_of(text: str, segments: Iterable[Mapping[str, Any]]) -> Iterator[tuple[int, int]]:
    """Where the paragraphs of a layer stand. Lines that follow each other are one: words are looked for across them."""
    begun: tuple[int, int] | None = None
    for part in segments:
        start, end = part["start"], part["end"]
        if begun and part["kind"] == LINE and text[begun[1] : start] in ("\n", " "):
            begun = begun[0], end
            continue
        if begun:
            yield begun
        begun = (start, end) if part["kind"] == LINE else None
        if begun is None:
            yield start, end
    if begun:
        yield begun


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
        reading = read_confined(path, kind, name)
        layer = write_layer(store, reading)
        with store.db.transaction():
            if store.layers.of(original) is None:
                keep_layer(store, item, original, layer, reading)
