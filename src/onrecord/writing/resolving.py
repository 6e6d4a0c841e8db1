"""`resolve`: a new version of a thing in conflict that supersedes all its head versions, with the reason for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from onrecord.reading.conflicts import fields_to_choose, in_conflict
from onrecord.record.errors import FieldInvalid, KindWrong
from onrecord.record.ideas import KINDS
from onrecord.record.things import Thing, Version
from onrecord.store.record_store import RecordStore
from onrecord.writing.put import put


def resolving(
    store: RecordStore,
    name: str,
    reason: str,
    keep: str | None = None,
    take: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Write what a person chose: `{"id", "slug", "kind", "version", "superseded": [...]}`.

    `keep` is the head version to keep whole; `take` names for fields that differ the version whose value stands,
    also over `keep`. Without `keep` every field that differs needs one. Raises `InConflict`, `FieldInvalid`.
    """
    thing = in_conflict(store, name)
    if thing.kind not in KINDS:
        raise KindWrong(
            repr(name), f"is a {thing.kind}, which the program itself writes", "Name another thing."
        )
    chosen = _chosen(thing, keep, dict(take or {}))
    line = {"kind": thing.kind, "id": thing.id, **_stated(chosen)}
    heads = sorted(version.name for version in thing.heads)
    (row,) = put(store, [{**line, "reason": reason, "supersedes": heads}])
    standing = store.db.as_now().get(thing.id)
    version = standing.heads[-1].name if standing else None
    told = {"id": row["id"], "slug": row["slug"], "kind": row["kind"]}
    return {**told, "version": version, "superseded": heads}


def _chosen(thing: Thing, keep: str | None, take: dict[str, str]) -> dict[str, Version]:
    """For each field that differs, the version whose value stands."""
    versions = {version.name: version for version in thing.heads}
    fields = fields_to_choose(thing)
    for field in take:
        if field not in fields:
            known = ", ".join(fields) or "none"
            raise FieldInvalid(field, "the versions do not differ in it", f"They differ in: {known}.")
    missing = [field for field in fields if field not in take] if keep is None else []
    if missing:
        raise FieldInvalid(
            ", ".join(missing),
            "it is not said which version's value stands",
            f"Add --set {missing[0]}=ENTRY for each, or --keep ENTRY for all. Entries: {', '.join(versions)}.",
        )
    named = {field: take.get(field, keep or "") for field in fields}
    for entry in {*named.values(), *([keep] if keep else [])}:
        if entry not in versions:
            raise FieldInvalid(
                entry, "is not a head version of it", f"Its head versions: {', '.join(versions)}."
            )
        if versions[entry].erased:
            raise FieldInvalid(entry, "was erased and holds nothing to keep", "Choose another version.")
    return {field: versions[entry] for field, entry in named.items()}


def _stated(chosen: Mapping[str, Version]) -> dict[str, Any]:
    """The line's fields. What the chosen version does not state is taken away."""
    return {field: version.fields.get(field) for field, version in chosen.items()}
