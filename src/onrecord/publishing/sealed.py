"""Names in sealed identities, opened in memory for one build, so that a sealed name in a text is found and masked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from onrecord.record.errors import KeyMissing
from onrecord.store.record_store import RecordStore
from onrecord.store.sealing import unseal


def sealed_names(store: RecordStore) -> dict[str, list[str]]:
    """For every actor whose sealed identity opens with this laptop's key: the names in it. Nothing is kept of them."""
    found: dict[str, list[str]] = {}
    sealed = [
        thing
        for thing in store.db.as_now().of_kind("actor")
        if any("sealed" in v.fields for v in thing.heads)
    ]
    if not sealed:
        return found
    try:
        identity = store.keys.identity()
        for thing in sealed:
            opened = [
                unseal(version.fields["sealed"], identity)
                for version in thing.heads
                if version.fields.get("sealed")
            ]
            found[thing.id] = [name for one in opened for name in _names(one)]
    except KeyMissing:
        return found
    return found


def _names(opened: Any) -> Iterator[str]:
    """The names in what was sealed: a text alone, a `name`, or the texts of `names`."""
    if isinstance(opened, str):
        yield opened
    elif isinstance(opened, Mapping):
        for key in ("name", "names"):
            listed = opened.get(key)
            for one in listed if isinstance(listed, list) else [listed]:
                text = one.get("text") if isinstance(one, Mapping) else one
                if isinstance(text, str) and text.strip():
                    yield text
