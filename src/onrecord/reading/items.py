"""The items of a record, and the canonical text layer of one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from onrecord.reading.erased import erasure, erasure_said
from onrecord.record.errors import LayerMissing
from onrecord.record.things import Thing
from onrecord.store.layers import Layer
from onrecord.store.record_store import RecordStore
from onrecord.writing.names import resolve_kind


def items(store: RecordStore) -> Iterator[dict[str, Any]]:
    """Every item, in the order taken in. One that was erased says so, and by which order."""
    for thing in store.db.as_now().of_kind("item"):
        layer = _layer(store, thing)
        told = {"text": bool(layer and layer.hash), "notes": layer.notes if layer else []}
        yield {"item": thing.id, **thing.fields, **told} | (_gone(store, thing) if _erased(thing) else {})


def text(store: RecordStore, name: str) -> dict[str, Any]:
    """An item's layer. Raises `LayerMissing`, saying why there is none."""
    item = resolve_kind(store, name, "item")
    thing = store.db.as_now().get(item)
    if thing is not None and _erased(thing):
        raise LayerMissing(f"item {item}", _why_gone(store, thing), "Nothing of it is kept here.")
    layer = _layer(store, thing) if thing else None
    if layer is None or layer.hash is None:
        why = layer.notes[0] if layer and layer.notes else "no text layer yet"
        raise LayerMissing(f"item {item}", why, _mend(why))
    return {
        "item": item,
        "layer": layer.hash,
        "engine": f"{layer.recipe['tool']} {layer.recipe['version']}",
        "text": store.layers.text(layer.hash),
        "segments": store.layers.segments(layer.hash),
        "notes": layer.notes,
        "recipe": layer.recipe,
    }


def _layer(store: RecordStore, thing: Thing) -> Layer | None:
    original = thing.fields.get("sha256")
    return store.layers.of(original) if original else None


def _erased(thing: Thing) -> bool:
    return all(version.erased for version in thing.heads)


def _gone(store: RecordStore, thing: Thing) -> dict[str, Any]:
    return {"erased": True, "erasure": erasure(store, thing.heads[-1])}


def _why_gone(store: RecordStore, thing: Thing) -> str:
    told = erasure(store, thing.heads[-1])
    return f"it was {erasure_said(told)}" if told else "its entry is not here"


def _mend(why: str) -> str:
    """What somebody can do about a file without text."""
    if why.startswith("it is locked"):
        return "Its bytes are kept. Open it with: onrecord read ITEM --password."
    if why.startswith("the pages are pictures"):
        return "Its bytes are kept. Have its words recognised: onrecord read ITEM --ocr LANGUAGES."
    return "Its bytes are kept. Put a passage with its page, region, seconds or cell."
