"""A thing as it stands, with every head version, and all its versions."""

from __future__ import annotations

from typing import Any

from onrecord.reading.erased import erasure, recalled
from onrecord.reading.moments import moment
from onrecord.reading.observed import about_item
from onrecord.reading.openings import openings
from onrecord.record.errors import ThingUnknown
from onrecord.record.things import Version
from onrecord.store.record_store import RecordStore
from onrecord.writing.names import resolve


def get(store: RecordStore, name: str) -> dict[str, Any]:
    """A thing: its head versions, and beside them the fields of the head version where there is just one."""
    id, kind = resolve(store, name)
    thing = store.db.as_now().get(id)
    if thing is None:
        raise ThingUnknown(repr(name), "no version of it stands", "See its history.")
    told: dict[str, Any] = {"id": id, "slug": thing.slug, "kind": kind, "in_conflict": thing.in_conflict}
    told["heads"] = [_told(store, version) for version in thing.heads]
    told |= _opened(store, id)
    if kind == "item":
        told |= about_item(store, thing)
    return told if thing.in_conflict else told | dict(thing.fields)


def history(store: RecordStore, name: str) -> dict[str, Any]:
    """Every version in the order this laptop received them; those not superseded are the heads."""
    id, kind = resolve(store, name)
    found = store.db.versions(id)
    heads = [_told(store, version) for version, until in found if until is None]
    told: dict[str, Any] = {"id": id, "slug": found[-1][0].slug, "kind": kind, "in_conflict": len(heads) > 1}
    told["heads"] = heads
    told |= _opened(store, id)
    told["versions"] = [
        _told(store, version) | {"superseded": moment(store, until)} for version, until in found
    ]
    return told


def _opened(store: RecordStore, id: str) -> dict[str, Any]:
    """Who opened what is sealed in it, where anybody did."""
    found = openings(store, id)
    return {"openings": found} if found else {}


def _told(store: RecordStore, version: Version) -> dict[str, Any]:
    """One version. Of an erased one, what its order says; the author and the words are gone."""
    version = recalled(store, version)
    return {
        "version": version.name,
        "author": store.handle(version.author) if version.author else None,
        "recorded": moment(store, version.clock) if version.clock else None,
        "received": moment(store, version.received),
        "supersedes": list(version.supersedes),
        "reason": version.reason,
        "erased": erasure(store, version) or version.erased,
        "fields": dict(version.fields),
    }
