"""Finding the exact place that a quote stands for, in the canonical text layer of its item."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from onrecord.record.errors import FieldInvalid, LayerMissing, PassageLost, QuoteAmbiguous
from onrecord.store.layers import Layer
from onrecord.store.record_store import RecordStore
from onrecord.text.quotes import locate

CONTEXT = 32


def layer_of(store: RecordStore, item: str, name: str) -> tuple[Layer, str]:
    """The layer of an item and its text. Raises `LayerMissing` if the item has none."""
    thing = store.db.as_now().get(item)
    original = thing.fields["sha256"] if thing else ""
    layer = store.layers.of(original)
    if layer is None or layer.hash is None:
        why = layer.notes[0] if layer and layer.notes else "no text layer yet"
        raise LayerMissing(name, why, "Mark it by page, region, seconds or cell instead of a quote.")
    return layer, store.layers.text(layer.hash)


def anchor(store: RecordStore, fields: Mapping[str, Any]) -> dict[str, Any]:
    """A passage's fields with the exact words, offsets, context, layer and recipe of its quote."""
    quote = fields.get("quote")
    if not isinstance(quote, str):
        return dict(fields)
    layer, text = layer_of(store, fields["item"], f"item {fields['item']}")
    start, end = _choose(quote, fields, locate(quote, text), text)
    return {
        **fields,
        "quote": text[start:end],
        "start": start,
        "end": end,
        "prefix": text[max(0, start - CONTEXT) : start],
        "suffix": text[end : end + CONTEXT],
        "layer": layer.hash,
        "recipe": layer.recipe,
    }


def _choose(
    quote: str, fields: Mapping[str, Any], places: list[tuple[int, int]], text: str
) -> tuple[int, int]:
    shown = quote if len(quote) <= 60 else quote[:57] + "…"
    if not places:
        raise PassageLost(
            f"“{shown}”", "these words are not in the item's text", "Copy them from: onrecord text ITEM."
        )
    nth = fields.get("nth")
    if nth is None:
        if len(places) > 1:
            raise QuoteAmbiguous(f"“{shown}”", _listing(places, text), "Say which with nth, counted from 1.")
        return places[0]
    if not 1 <= nth <= len(places):
        raise PassageLost(
            f"“{shown}”", f"it stands there {len(places)} times, and nth is {nth}", "Choose a lower nth."
        )
    return places[int(nth) - 1]


def _listing(places: list[tuple[int, int]], text: str) -> str:
    shown = [
        f"{n}: at {start}, “…{' '.join(text[max(0, start - 20) : end + 20].split())}…”"
        for n, (start, end) in enumerate(places[:10], 1)
    ]
    return f"it is found {len(places)} times ({'; '.join(shown)})"


__all__ = ["FieldInvalid", "anchor", "layer_of"]
