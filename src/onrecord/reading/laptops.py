"""The laptops of a record: which wrote an entry, which one a person means, and how each stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from onrecord.exchange.devices import Device, devices, handle_of
from onrecord.reading.moments import moment
from onrecord.record.canonical import decode
from onrecord.record.checkpoint import NoteInvalid, fingerprint, parse_verifier_key
from onrecord.record.errors import ThingUnknown
from onrecord.record.ids import device_of, log_of, split_entry
from onrecord.record.membership import Membership
from onrecord.store.record_store import RecordStore
from onrecord.store.schema import span

LEAST_PREFIX = 4
WAITING, ADMITTED, REVOKED = "waiting", "admitted", "revoked"
Said = tuple[str, Mapping[str, Any]]

_CONTROL = (
    "SELECT control.entry, body.bytes FROM control JOIN body ON body.entry = control.entry"
    " WHERE control.kind = ? ORDER BY control.entry"
)
_LAST = "SELECT bytes FROM body WHERE entry >= ? AND entry < ? ORDER BY entry DESC LIMIT 1"


def public_key(store: RecordStore, log: str) -> bytes | None:
    """The public key of a log (or of one branch of it), as its key file has it."""
    try:
        line = store.folder.key_file(log_of(log)).read_text(encoding="ascii")
        return parse_verifier_key(line.rstrip("\n"))[1]
    except (OSError, ValueError, NoteInvalid):
        return None


def laptop_of(store: RecordStore, entry: str) -> dict[str, Any]:
    """`{"device", "log", "fingerprint", "here"}` of an entry's writer."""
    log = log_of(split_entry(entry)[0])
    key = public_key(store, log)
    own = {kept.device for kept in store.keys.log_keys()}
    return {
        "device": device_of(log),
        "log": log,
        "fingerprint": fingerprint(key) if key else None,
        "here": device_of(log) in own,
    }


def laptops(store: RecordStore) -> list[dict[str, Any]]:
    """Every laptop that wrote in the record, by who it belongs to: `{"device", "handle", "role", "fingerprint", "logs",
    "here", "state", "admitted", "revoked", "last"}`.

    `admitted` and `revoked` are `{"by": [handle], "at"}` or null; `last` is when its last entry here was written.
    """
    judged = store.membership()
    admissions = _by_device(store, "device", lambda fields: device_of(str(fields.get("log", ""))))
    revocations = _by_device(store, "revocation", lambda fields: str(fields.get("device", "")))
    rows = [
        _row(store, judged, device, admissions.get(device.id, []), revocations.get(device.id, []))
        for device in devices(store)
    ]
    return sorted(
        rows, key=lambda row: (row["state"] == REVOKED, str(row["handle"]).casefold(), row["device"])
    )


def laptop(store: RecordStore, named: str) -> dict[str, Any]:
    """The row of one laptop. Raises `ThingUnknown`."""
    device = device_named(store, named)
    row = next((row for row in laptops(store) if row["device"] == device), None)
    if row is None:
        raise _unknown(named, "no laptop that wrote about itself here answers to it")
    return row


def device_named(store: RecordStore, named: str) -> str:
    """The device that a handle, an id, the name of a log, or the beginning of an id or fingerprint means.

    Raises `ThingUnknown`, with the choices where there are several.
    """
    logs = sorted({log_of(log) for log in store.db.log_numbers()})
    handles = {one.id: handle_of(store, one) for one in devices(store)}
    ways = (
        {device_of(log) for log in logs if named in (log, device_of(log))},
        {id for id, handle in handles.items() if named and handle.casefold() == named.casefold()},
        {device_of(log) for log in logs if _begins(store, log, named)},
    )
    found = sorted(next((way for way in ways if way), ()))
    if len(found) == 1:
        return found[0]
    if not found:
        raise _unknown(named, "no laptop that wrote in this record answers to it; merge what it sent first")
    choices = ", ".join(" ".join(filter(None, (one, handles.get(one)))) for one in found)
    raise _unknown(named, f"more than one laptop answers to it: {choices}")


def _unknown(named: str, reason: str) -> ThingUnknown:
    mend = "Name it by its person, its device, its log, or four letters or more of its fingerprint: onrecord laptops."
    return ThingUnknown(repr(named), reason, mend)


def _begins(store: RecordStore, log: str, named: str) -> bool:
    letters = named.replace(" ", "").lower()
    key = public_key(store, log)
    prints = fingerprint(key).replace(" ", "") if key else ""
    return len(letters) >= LEAST_PREFIX and (device_of(log).startswith(letters) or prints.startswith(letters))


def _row(
    store: RecordStore, judged: Membership, device: Device, admissions: list[Said], revocations: list[Said]
) -> dict[str, Any]:
    person = store.db.as_now().get(device.latest.person)
    lets_in = [
        one for one in admissions if device_of(one[0]) != device.id and judged.counts(split_entry(one[0])[0])
    ]
    effective = {one.entry for one in judged.effective}
    state = REVOKED if device.revoked else ADMITTED if device.counts else WAITING
    return {
        "device": device.id,
        "handle": handle_of(store, device),
        "role": str(person.fields.get("role", "")) if person else "",
        "fingerprint": next(
            (word for word in device.logs if judged.counts(word.log)), device.latest
        ).fingerprint,
        "logs": [word.log for word in device.logs],
        "here": device.id in {kept.device for kept in store.keys.log_keys()},
        "state": state,
        "admitted": _told(store, lets_in[:1]),
        "revoked": _told(store, [one for one in revocations if one[0] in effective]),
        "asked": _told(store, revocations) if state != REVOKED else None,
        "last": moment(store, _last(store, device)),
    }


def _told(store: RecordStore, said: list[Said]) -> dict[str, Any] | None:
    """By whom, and since when: of two who had to agree, since the second."""
    if not said:
        return None
    by = list(dict.fromkeys(store.handle(str(body["author"])) for _, body in said))
    return {"by": by, "at": moment(store, sorted(body["clock"] for _, body in said)[:2][-1])}


def _last(store: RecordStore, device: Device) -> int | None:
    own = [number for name, number in store.db.log_numbers().items() if device_of(log_of(name)) == device.id]
    rows = (store.db.connection.execute(_LAST, span(number)).fetchone() for number in own)
    return max((decode(row[0])["clock"] for row in rows if row), default=None)


def _by_device(
    store: RecordStore, kind: str, device: Callable[[Mapping[str, Any]], str]
) -> dict[str, list[Said]]:
    """The entries of a governing kind by the device they are about, the earliest first."""
    found: dict[str, list[Said]] = {}
    for name, body in sorted(_control(store, kind), key=lambda said: (said[1]["clock"], said[0])):
        found.setdefault(device(body["fields"]), []).append((name, body))
    return found


def _control(store: RecordStore, kind: str) -> Iterator[Said]:
    for entry, raw in store.db.connection.execute(_CONTROL, (kind,)).fetchall():
        yield store.db.name_of(entry), decode(raw)
