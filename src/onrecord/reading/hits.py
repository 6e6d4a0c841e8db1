"""What a search answers, ready to print."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from onrecord.record.ideas import KINDS
from onrecord.search.index import LINE
from onrecord.search.query import search
from onrecord.store.record_store import RecordStore


def hits(store: RecordStore, query: str, limit: int | None) -> Iterator[dict[str, Any]]:
    """Hits, newest first: items at their exact place, other things in their own words."""
    found = search(store.db.connection, query, store.layers.part, lambda thing: _own_words(store, thing))
    for hit in islice(found, limit):
        yield {
            "id": hit.thing,
            "kind": store.db.kind_of(hit.thing),
            "layer": hit.layer,
            "start": hit.start,
            "end": hit.end,
            "exact": hit.exact,
        }


def _own_words(store: RecordStore, id: str) -> list[str]:
    thing = store.db.as_now().get(id)
    if thing is None or thing.kind not in KINDS:
        return []
    return [LINE.join(KINDS[thing.kind].words(version.fields)) for version in thing.heads]
