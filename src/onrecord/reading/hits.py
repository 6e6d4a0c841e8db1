"""What a search answers, ready to print."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import Any

from onrecord.record.errors import LayerMissing
from onrecord.record.ideas import KINDS
from onrecord.search.index import LINE
from onrecord.search.query import search
from onrecord.store.record_store import RecordStore


def hits(store: RecordStore, query: str, limit: int | None) -> Iterator[dict[str, Any]]:
    """Hits, newest first: items at their exact place, other things in their own words.

    A hit in a layer whose file is lost stands at its paragraph's beginning, with no words.
    """
    found = search(store.db.connection, query, partial(_part, store), partial(_own_words, store))
    for hit in found if limit is None else islice(found, max(limit, 0)):
        yield {
            "id": hit.thing,
            "kind": store.db.kind_of(hit.thing),
            "layer": hit.layer,
            "start": hit.start,
            "end": hit.end,
            "exact": hit.exact,
        }


def _part(store: RecordStore, layer: str, at: int, length: int) -> str:
    try:
        return store.layers.part(layer, at, length)
    except LayerMissing:
        return ""


def _own_words(store: RecordStore, entry: int) -> str:
    version = store.db.version_at(entry)
    if version is None or version.kind not in KINDS:
        return ""
    return LINE.join(KINDS[version.kind].words(version.fields))
