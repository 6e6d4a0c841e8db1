"""Renditions: what a tool made from an original, such as recognised words, kept as an item of its own.

So the original stays what came in, and whoever reads the words can see that a tool gave them, which one, and how.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from onrecord.intake.reads import read_confined
from onrecord.record.entries import Draft
from onrecord.record.ids import mint
from onrecord.store.originals import Taken
from onrecord.store.record_store import RecordStore
from onrecord.writing.layering import keep_layer, write_layer


def keep_rendition(
    store: RecordStore,
    content: bytes,
    name: str,
    media_type: str,
    derived_from: str,
    recipe: Mapping[str, Any],
) -> str:
    """Keep what a tool made as a new item, with its text and a step of custody; the item's id.

    `recipe` is `{"tool", "version", "parameters"}`. Made a second time with the same bytes, it is the item that is here.
    """
    taken = _taken(store, content, name)
    held = _held(store, taken.sha256, derived_from)
    if held:
        return held
    reading = read_confined(store.originals.path(taken.sha256), media_type, name)
    layer = write_layer(store, reading)
    store.originals.sync()
    item = mint()
    fields = {"sha256": taken.sha256, "size": taken.size, "media_type": media_type, "name": name}
    fields |= {"derived_from": derived_from, "recipe": dict(recipe)}
    with store.writing() as writer:
        writer.append(Draft("item", item, fields))
        if store.layers.of(taken.sha256) is None:
            keep_layer(store, item, taken.sha256, layer, reading)
        writer.append(Draft("custody", mint(), _custody(item, taken, recipe)))
    return item


def _taken(store: RecordStore, content: bytes, name: str) -> Taken:
    """Through a file inside the record, so that nothing of it lies about elsewhere on the laptop."""
    with tempfile.TemporaryDirectory(prefix=".made-", dir=store.folder.path) as folder:
        made = Path(folder) / "made"
        made.write_bytes(content)
        return store.originals.take(made, name)


def _held(store: RecordStore, sha256: str, derived_from: str) -> str | None:
    """The rendition of this very original with these bytes. Silence in two recordings is the same silence."""
    rows = store.db.connection.execute("SELECT item FROM held WHERE sha256 = ?", (sha256,)).fetchall()
    for (item,) in rows:
        thing = store.db.as_now().get(str(item))
        if thing and thing.fields.get("derived_from") == derived_from:
            return str(item)
    return None


def _custody(item: str, taken: Taken, recipe: Mapping[str, Any]) -> dict[str, Any]:
    made = f"made with {recipe['tool']} {recipe['version']}, {taken.size} bytes"
    return {"item": item, "step": "received", "tool": "onrecord read", "outcome": made}
