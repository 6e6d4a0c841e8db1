"""What a merge changed, as a person wants to know it: from whom, what conflicts now, who waits, what was signed twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from onrecord.exchange.devices import Device, OwnWord, devices
from onrecord.exchange.prefix import Trouble
from onrecord.record.canonical import decode
from onrecord.record.ids import device_of
from onrecord.store.receiving import Received
from onrecord.store.record_store import RecordStore
from onrecord.store.schema import entry_number, split_number

_MOST = 1000
_CONFLICTS = (
    "SELECT thing, min(kind) FROM version WHERE until IS NULL"
    " GROUP BY thing HAVING count(*) > 1 ORDER BY thing"
)
_EARLY = 20
_FIRST = "SELECT bytes FROM body WHERE entry >= ? AND entry < ? ORDER BY entry"
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
        "missing": [one.as_json() for one in troubles],
        "forks": list(received.forks),
        "from": _from(store, known, by_log),
        "conflicts": came_up[:_MOST],
        "resting": _resting(store, known),
        "orders": list(received.waiting),
    }


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


def handle_of(store: RecordStore, device: Device | None) -> str:
    """What the person of a device is called here; of one that rests, what they call themselves."""
    if device is None:
        return ""
    called = store.handle(device.latest.person)
    return called if called != device.latest.person else _self_named(store, device.latest)


def _self_named(store: RecordStore, word: OwnWord) -> str:
    """The handle that the first entries of a device's log give its person."""
    number = store.db.log_numbers().get(word.log)
    if number is None:
        return ""
    rows = store.db.connection.execute(
        _FIRST, (entry_number(number, 0), entry_number(number, _EARLY))
    ).fetchall()
    stated = (decode(body) for (body,) in rows)
    persons = [one["fields"] for one in stated if one["kind"] == "person" and one["thing"] == word.person]
    return str(persons[-1].get("handle", "")) if persons else ""


def _resting(store: RecordStore, known: Mapping[str, Device]) -> list[dict[str, Any]]:
    """Devices whose entries rest, with what a person needs to decide about them."""
    rows: list[dict[str, Any]] = []
    for first, beyond, why in store.db.connection.execute(_RESTING).fetchall():
        log = store.db.log_name(split_number(first)[0])
        device = known.get(device_of(log))
        row = {"device": device_of(log), "log": log, "entries": beyond - first, "why": why}
        row["fingerprint"] = device.latest.fingerprint if device else ""
        row["handle"] = handle_of(store, device)
        rows.append(row)
    return rows
