"""What a merge changed, as a person wants to know it: from whom, what conflicts now, who waits, what was signed twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from onrecord.exchange.devices import Device, devices, handle_of
from onrecord.exchange.prefix import Trouble
from onrecord.record.ids import device_of, log_of
from onrecord.record.membership import NOT_ADMITTED
from onrecord.store.receiving import Received
from onrecord.store.record_store import RecordStore
from onrecord.store.schema import split_number

_MOST = 1000
_CONFLICTS = (
    "SELECT thing, min(kind) FROM version WHERE until IS NULL"
    " GROUP BY thing HAVING count(*) > 1 ORDER BY thing"
)
_RESTING = "SELECT first, beyond, why FROM resting ORDER BY first"


def conflicts(store: RecordStore) -> dict[str, str]:
    """The things with two versions that nobody has resolved, and their kinds."""
    return dict(store.db.connection.execute(_CONFLICTS))


def as_told(
    store: RecordStore,
    received: Received,
    before: Mapping[str, str],
    by_log: Mapping[str, int],
    originals: int,
    troubles: Iterable[Trouble],
) -> dict[str, Any]:
    """A merge as its verb prints it. `before` are the conflicts that were there already."""
    known = {device.id: device for device in devices(store)}
    now = conflicts(store)
    came_up = [
        {"id": thing, "kind": now[thing], "slug": _slug(store, thing)}
        for thing in sorted(now.keys() - before.keys())
    ]
    return {
        "entries": received.entries,
        "originals": originals,
        "missing": [_missing(store, known, one) for one in troubles],
        "forks": list(received.forks),
        "from": _from(store, known, by_log),
        "conflicts": came_up[:_MOST],
        "resting": _resting(store, known),
        "orders": list(received.waiting),
    }


def mark_new(result: Mapping[str, Any]) -> None:
    """Mark which of what rests is news: what came with this merge, or was revoked by it. What waits stays news."""
    news = {one["device"] for one in result["from"]} | {one.get("device") for one in result["trust"]}
    for one in result["resting"]:
        one["new"] = one["why"] == NOT_ADMITTED or one["device"] in news


def _missing(store: RecordStore, known: Mapping[str, Device], trouble: Trouble) -> dict[str, str]:
    """What did not come, and whom to ask for it, where that is somebody else."""
    own = {key.device for key in store.keys.log_keys()}
    by = device_of(trouble.by) if trouble.by else ""
    ask = handle_of(store, known.get(by)) if by not in own else ""
    return trouble.as_json() | ({"ask": ask} if ask else {})


def _slug(store: RecordStore, thing: str) -> str | None:
    row = store.db.connection.execute("SELECT min(slug) FROM slug WHERE thing = ?", (thing,)).fetchone()
    return None if row is None or row[0] is None else str(row[0])


def _from(store: RecordStore, known: Mapping[str, Device], by_log: Mapping[str, int]) -> list[dict[str, Any]]:
    by_device: dict[str, int] = {}
    for log, count in by_log.items():
        by_device[device_of(log)] = by_device.get(device_of(log), 0) + count
    return [
        {"device": device, "handle": handle_of(store, known.get(device)), "entries": count}
        for device, count in sorted(by_device.items())
        if count
    ]


def _fingerprint(device: Device | None, row: str) -> str:
    """That of the log that rests: another log of the same device may be let in already."""
    words = device.logs if device else ()
    return next((word.fingerprint for word in words if word.log == log_of(row)), "")


def _resting(store: RecordStore, known: Mapping[str, Device]) -> list[dict[str, Any]]:
    """Devices whose entries rest, with what a person needs to decide about them."""
    rows: list[dict[str, Any]] = []
    for first, beyond, why in store.db.connection.execute(_RESTING).fetchall():
        log = store.db.log_name(split_number(first)[0])
        device = known.get(device_of(log))
        row = {"device": device_of(log), "log": log, "entries": beyond - first, "why": why}
        row["fingerprint"] = _fingerprint(device, log)
        row["admit"] = log if device and device.counts else device_of(log)
        row["handle"] = handle_of(store, device)
        rows.append(row)
    return rows
