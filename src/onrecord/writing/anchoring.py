"""Finding the exact place that a quote stands for, in the canonical text layer of its item."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from onrecord.record.errors import FieldInvalid, LayerMissing, PassageLost, QuoteAmbiguous
from onrecord.store.layers import Layer
from onrecord.store.record_store import RecordStore
from onrecord.text.index import find
from onrecord.text.quotes import locate

CONTEXT = 32
_DIRECTION_MARKS = dict.fromkeys((0x200E, 0x200F, 0x061C, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))
_NO_QUOTATION_MARKS = {**_DIRECTION_MARKS, **dict.fromkeys(map(ord, '"“”„*'), " ")}
_FOUND = ("layer", "recipe", "start", "end", "prefix", "suffix")
_ANCHORING = {"item", "quote", "nth", *_FOUND}

Fields = Mapping[str, Any]
Span = tuple[int, int]
Held = tuple[Layer, str]
"""A text layer and its text."""


def layer_of(store: RecordStore, item: str, name: str) -> Held:
    """The layer of an item and its text. Raises `LayerMissing` if the item has none."""
    thing = store.db.as_now().get(item)
    original = thing.fields.get("sha256") if thing else None
    layer = store.layers.of(original) if original else None
    if layer is None or layer.hash is None:
        why = layer.notes[0] if layer and layer.notes else "no text layer yet"
        raise LayerMissing(name, why, "Put a passage with its page, region, seconds or cell.")
    return layer, store.layers.text(layer.hash)


def anchor(
    store: RecordStore, carried: Fields, stated: Fields, known: dict[str, Held] | None = None
) -> dict[str, Any]:
    """A passage's fields with the exact words, offsets, context, layer and recipe of its quote.

    `stated` is what the writer gives (null to remove), over what is `carried` from before. A place that was found is
    found again when anything that says where it is changes; a passage without a quote has neither layer nor offsets.
    `known` keeps the layers that were looked up, by item, from one passage to the next.
    """
    known = {} if known is None else known
    if not _ANCHORING & set(stated) and _is_whole(carried):
        return _without_nulls({**carried, **stated})
    moved = {"quote", "item"} & set(stated)
    kept = {
        name: value for name, value in carried.items() if name not in _FOUND and not (moved and name == "nth")
    }
    fields = _without_nulls({**kept, **stated})
    if isinstance(fields.get("quote"), str):
        return _placed(store, fields, fields["quote"], known)
    if fields.get("start") is not None:
        return _placed(store, fields, None, known)
    for name in _FOUND:
        if name in fields:
            raise FieldInvalid(name, "it goes with a quote", "Give the quote as well, or leave this out.")
    return fields


def _without_nulls(fields: Fields) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _is_whole(fields: Fields) -> bool:
    """Whether a place was found and nothing of it is missing, or none was."""
    held = [name for name in (*_FOUND[:4], "quote") if name in fields]
    return not held or len(held) == 5


def _placed(
    store: RecordStore, fields: dict[str, Any], quote: str | None, known: dict[str, Held]
) -> dict[str, Any]:
    layer, text = known.get(fields["item"]) or _looked_up(store, fields["item"], known)
    if fields.get("layer") not in (None, layer.hash):
        raise FieldInvalid("layer", "it is not the text layer of the item", "Leave it out: it is found.")
    start, end = _choose(quote, fields, text) if quote is not None else _stated_span(fields, text)
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


def _looked_up(store: RecordStore, item: str, known: dict[str, Held]) -> Held:
    layer, text = known[item] = layer_of(store, item, f"item {item}")
    store.layers.settle(str(layer.hash))
    return layer, text


def _stated_span(fields: Fields, text: str) -> Span:
    """Offsets that were given instead of a quote."""
    start, end = fields["start"], fields.get("end")
    if not isinstance(start, int) or not isinstance(end, int):
        raise FieldInvalid("end", "a place by offsets needs start and end", "Give both, or the quote.")
    if not text[start:end].strip() or end > len(text):
        raise PassageLost(
            f"{start} to {end}",
            f"no words stand there; the text has {len(text)} characters",
            "Give the quote.",
        )
    return start, end


def _choose(quote: str, fields: Fields, text: str) -> Span:
    if _stands_at(quote, fields, text):
        return fields["start"], fields["end"]
    shown = f"“{quote if len(quote) <= 60 else quote[:57] + '…'}”"
    places = locate(quote, text) or locate(quote.translate(_DIRECTION_MARKS), text)
    if not places:
        raise PassageLost(shown, "these words are not in the item's text", _nearest(quote, text))
    nth = fields.get("nth")
    if isinstance(nth, int) and not 1 <= nth <= len(places):
        raise PassageLost(
            shown, f"it stands there {len(places)} times, and nth is {nth}", "Count from 1, or leave nth out."
        )
    chosen = [places[nth - 1]] if isinstance(nth, int) else places
    fitting = [place for place in chosen if _fits(place, fields, text)]
    if len(fitting) > 1:
        raise QuoteAmbiguous(shown, _listing(places, text), "Say which with nth, counted from 1.")
    if not fitting:
        raise PassageLost(
            shown,
            "it stands elsewhere than start, end, prefix or suffix say",
            "Leave them out: they are found.",
        )
    return fitting[0]


def _stands_at(quote: str, fields: Fields, text: str) -> bool:
    """Whether a quote that comes with its offsets stands there: then the text need not be searched for others."""
    start, end = fields.get("start"), fields.get("end")
    if not (type(start) is type(end) is int and fields.get("nth") is None and start < end <= len(text)):
        return False
    stands = text[start:end]
    return stands == stands.strip() and stands.split() == quote.split() and _fits((start, end), fields, text)


def _nearest(quote: str, text: str) -> str:
    """Where the same words stand in another spelling, for a mend."""
    alike = find(f'"{quote.translate(_NO_QUOTATION_MARKS)}"', text)
    if not alike:
        return "Copy them from: onrecord text ITEM."
    start, end = alike[0]
    return f"Spelt otherwise they stand at {start}: “{text[start:end]}”."


def _fits(place: Span, fields: Fields, text: str) -> bool:
    """Whether a place is where the offsets and the words around say, as far as they are given."""
    start, end = place
    prefix, suffix = fields.get("prefix"), fields.get("suffix")
    return (
        fields.get("start") in (None, start)
        and fields.get("end") in (None, end)
        and (
            not isinstance(prefix, str)
            or _spaced(text[_from(start, prefix) : start]).endswith(_spaced(prefix))
        )
        and (
            not isinstance(suffix, str)
            or _spaced(text[end : end + _reach(suffix)]).startswith(_spaced(suffix))
        )
    )


def _from(start: int, prefix: str) -> int:
    return max(0, start - _reach(prefix))


def _reach(around: str) -> int:
    """How far the words around may reach where white space was folded."""
    return 2 * len(around) + CONTEXT


def _spaced(text: str) -> str:
    return " ".join(text.split())


def _listing(places: list[Span], text: str) -> str:
    shown = [
        f"{n}: at {start}, “…{_spaced(text[max(0, start - 20) : end + 20])}…”"
        for n, (start, end) in enumerate(places[:10], 1)
    ]
    return f"it is found {len(places)} times ({'; '.join(shown)})"


__all__ = ["FieldInvalid", "Held", "anchor", "layer_of"]
