"""What a merge changed in who is trusted: laptops let in or revoked, the recovery key, people's roles and keys, and
what was opened that is sealed. Everybody who merges is told of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from onrecord.reading.laptops import ADMITTED, REVOKED, laptops
from onrecord.reading.openings import opened_in
from onrecord.store.record_store import RecordStore
from onrecord.writing.naming_recovery import fingerprint_of, waiting_keys

Change = dict[str, Any]
Row = Mapping[str, Any]
_ARRIVALS = "SELECT first, beyond FROM received ORDER BY first"
_PERSON = ("handle", "role", "recipient")


@dataclass(frozen=True, slots=True)
class Trusted:
    """Who is trusted, as it stands now."""

    waiting: bool
    laptops: Mapping[str, Row]
    people: Mapping[str, Mapping[str, Any]]
    key: str
    unconfirmed: Mapping[str, str]
    arrivals: frozenset[tuple[int, int]]

    @classmethod
    def of(cls, store: RecordStore) -> Trusted:
        key = store.recovery()
        return cls(
            store.waiting,
            {row["device"]: row for row in laptops(store)},
            {one.id: one.heads[-1].fields for one in store.db.as_now().of_kind("person")},
            fingerprint_of(key) if key else "",
            {one.fingerprint: one.by for one in waiting_keys(store)},
            frozenset(store.db.connection.execute(_ARRIVALS).fetchall()),
        )


def changed(store: RecordStore, before: Trusted, resting: list[Row]) -> list[Change]:
    """What is not as it was. A copy that has just begun is told nothing: to it, all is new."""
    if before.waiting:
        return []
    now = Trusted.of(store)
    return [
        *_laptops(before, now, resting),
        *_recovery(before, now),
        *_people(before, now),
        *(
            {"what": "opened", **one}
            for first, beyond in sorted(now.arrivals - before.arrivals)
            for one in opened_in(store, first, beyond)
        ),
    ]


def _laptops(before: Trusted, now: Trusted, resting: list[Row]) -> Iterator[Change]:
    for device, row in now.laptops.items():
        had = before.laptops.get(device, {})
        about = {"device": device, "handle": row["handle"]}
        if row["state"] == ADMITTED and had.get("state") != ADMITTED:
            yield {"what": "admitted", **about, "by": _by(row["admitted"])}
        if row["state"] == REVOKED and had.get("state") != REVOKED:
            entries = sum(one["entries"] for one in resting if one["device"] == device)
            yield {"what": "revoked", **about, "by": _by(row["revoked"]), "entries": entries}
        elif row["asked"] and row["asked"] != had.get("asked") and row["state"] != REVOKED:
            yield {"what": "revocation", **about, "by": _by(row["asked"])}


def _recovery(before: Trusted, now: Trusted) -> Iterator[Change]:
    if now.key != before.key:
        yield {"what": "recovery", "fingerprint": now.key, "before": before.key}
    for fingerprint, by in now.unconfirmed.items():
        if fingerprint not in before.unconfirmed:
            yield {"what": "recovery waits", "fingerprint": fingerprint, "by": by}


def _people(before: Trusted, now: Trusted) -> Iterator[Change]:
    for id, fields in now.people.items():
        had = before.people.get(id)
        for name in _PERSON if had is not None else ():
            if had and fields.get(name) != had.get(name):
                told = {"before": had.get(name), "now": fields.get(name)}
                yield {"what": name, "person": id, "handle": fields.get("handle"), **told}


def _by(said: Mapping[str, Any] | None) -> list[str]:
    return list(said["by"]) if said else []
