"""Names that actors and places had in versions since superseded: originals still hold them, so they are looked for."""

from __future__ import annotations

from collections.abc import Iterator

from onrecord.publishing.known_names import name_texts
from onrecord.record.things import Version
from onrecord.store.record_store import RecordStore

NAMED = ("actor", "place")


def former_names(store: RecordStore) -> dict[str, list[str]]:
    """For every actor and place the names that no version which still stands gives."""
    found: dict[str, list[str]] = {}
    for kind in NAMED:
        for thing in store.db.as_now().of_kind(kind):
            standing = set(_names(*thing.heads))
            superseded = (version for version, until in store.db.versions(thing.id) if until is not None)
            former = dict.fromkeys(name for name in _names(*superseded) if name not in standing)
            if former:
                found[thing.id] = list(former)
    return found


def _names(*versions: Version) -> Iterator[str]:
    for version in versions:
        yield from name_texts(version.fields.get("names"))
