"""Every thing with two head versions: what differs between them, and who said which, when, on which laptop."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from onrecord.reading.laptops import laptop_of
from onrecord.reading.moments import moment
from onrecord.record.errors import InConflict
from onrecord.record.ideas import KINDS
from onrecord.record.ideas.kind import COMMON
from onrecord.record.things import Thing, Version
from onrecord.store.record_store import RecordStore
from onrecord.writing.names import resolve

_IN_CONFLICT = (
    "SELECT thing FROM version WHERE until IS NULL GROUP BY thing HAVING count(*) > 1 ORDER BY min(entry)"
)


def conflicts(store: RecordStore) -> Iterator[dict[str, Any]]:
    """Every thing that a person has to resolve, in the order in which the record came to know them."""
    found = store.db.connection.execute(_IN_CONFLICT).fetchall()
    for thing in filter(None, map(store.db.as_now().get, (str(id) for (id,) in found))):
        if thing.in_conflict and thing.kind in KINDS:
            yield told(store, thing)


def conflict(store: RecordStore, name: str) -> dict[str, Any]:
    """One thing's conflict. Raises `InConflict` where it has none, and `ThingUnknown`."""
    return told(store, in_conflict(store, name))


def in_conflict(store: RecordStore, name: str) -> Thing:
    id, _ = resolve(store, name)
    thing = store.db.as_now().get(id)
    if thing is None or not thing.in_conflict:
        raise InConflict(
            repr(name),
            "it is not in conflict: one version of it stands",
            "See which are: onrecord conflicts.",
        )
    return thing


def told(store: RecordStore, thing: Thing) -> dict[str, Any]:
    """`{"id", "slug", "kind", "versions": [...], "differ": {field: {version: value}}, "choose", "before"}`.

    `choose` has the fields of which a person says which stands. A version without the field is not named under it. `before` has what stood in the version that all of them
    supersede, where that is one and still has its body.
    """
    differing = differing_fields(thing)
    before = _before(store, thing.heads)
    return {
        "id": thing.id,
        "slug": thing.slug,
        "kind": thing.kind,
        "versions": [_version(store, version) for version in thing.heads],
        "differ": {field: _values(thing.heads, field) for field in differing},
        "choose": fields_to_choose(thing),
        "before": {field: before[field] for field in differing if field in before},
    }


def differing_fields(thing: Thing) -> list[str]:
    """The fields in which the head versions are not all alike, in the order of the reference."""
    stated = {field for version in thing.heads for field in version.fields}
    known = KINDS[thing.kind].fields if thing.kind in KINDS else {}
    ordered = [*(field for field in known if field in stated), *sorted(stated - set(known))]
    return [
        field
        for field in ordered
        if any(version.fields.get(field) != thing.heads[0].fields.get(field) for version in thing.heads)
    ]


def fields_to_choose(thing: Thing) -> list[str]:
    """The fields that differ and that a writer can state; what the program finds itself is found again.

    An assessment's own reason is the reason given for resolving it.
    """
    kind = KINDS.get(thing.kind)
    known = {*kind.fields, *COMMON} - {"reason"} if kind else set()
    return [field for field in differing_fields(thing) if field in known]


def _values(heads: Sequence[Version], field: str) -> dict[str, Any]:
    return {version.name: version.fields[field] for version in heads if field in version.fields}


def _version(store: RecordStore, version: Version) -> dict[str, Any]:
    return {
        "version": version.name,
        "author": store.handle(version.author) if version.author else None,
        "recorded": moment(store, version.clock) if version.author else None,
        "received": moment(store, version.received),
        "laptop": laptop_of(store, version.name),
        "reason": version.reason,
        "erased": version.erased,
    }


def _before(store: RecordStore, heads: Sequence[Version]) -> Mapping[str, Any]:
    common = set.intersection(*(set(version.supersedes) for version in heads))
    if len(common) != 1:
        return {}
    (name,) = common
    versions = store.db.versions(heads[0].thing)
    return next((version.fields for version, _ in versions if version.name == name), {})
