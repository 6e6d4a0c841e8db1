"""`admit`: a member lets a device in, and what it wrote stands from then on."""

from __future__ import annotations

from typing import Any

from onrecord.exchange.devices import Device, devices
from onrecord.record.entries import Draft
from onrecord.record.errors import AdmissionRefused
from onrecord.record.ids import device_of, mint
from onrecord.record.membership import Membership
from onrecord.store.incarnation import NAMELESS
from onrecord.store.log import LogWriter
from onrecord.store.record_store import RecordStore
from onrecord.store.refold import key_lines
from onrecord.store.settling import Settled, settle
from onrecord.writing.indexing import index_again, index_entries
from onrecord.writing.layering import read_unread

ROLES = ("member", "keeper")
_SHORTEST = 4


def admit(store: RecordStore, named: str, handle: str | None = None, role: str = "member") -> dict[str, Any]:
    """Let a device in: `{"record", "device", "admitted", "handle", "entries"}`. Raises `AdmissionRefused`."""
    with store.writing() as writer:
        judged = store.membership()
        require_member(judged, writer)
        device = device_named(store, named)
        _require_new(device)
        _require_own_person(store, device)
        for word in device.logs:
            if not judged.counts(word.log):
                fields = {"log": word.log, "person": word.person, "vkey": word.vkey}
                writer.append(Draft("device", mint(), fields))
        before = settle(writer, store.db.connection, store.id, key_lines(store.folder.keys))
        called = _name_person(store, writer, device, handle, role)
        index(store, before)
    read_unread(store)
    stand = sum(beyond - first for first, beyond in before.newly)
    return {"record": store.id, "device": device.id, "admitted": True, "handle": called, "entries": stand}


def device_named(store: RecordStore, named: str) -> Device:
    """The device with this id, log name, or beginning of a fingerprint. Raises `AdmissionRefused`."""
    known = devices(store)
    exact = [one for one in known if named == one.id or any(named == word.log for word in one.logs)]
    found = exact or [one for one in known if _begins(one, named)]
    if len(found) == 1:
        return found[0]
    if found:
        choices = ", ".join(f"{one.id} ({one.latest.fingerprint})" for one in found)
        raise AdmissionRefused(
            named, f"it is the beginning of several fingerprints: {choices}", "Give more of it."
        )
    raise AdmissionRefused(
        named,
        "no device that wrote to this record is called that",
        "Merge what it sent first. Then give its id, its log, or four letters or more of its fingerprint.",
    )


def require_member(judged: Membership, writer: LogWriter) -> None:
    """Raises `AdmissionRefused` where this laptop itself is not let in."""
    stands = judged.stands(writer.log)
    if stands is not None and stands < writer.size:
        raise AdmissionRefused(
            "this laptop",
            "it is not admitted itself, so its word does not count",
            "Ask a member to do this on a laptop that is.",
        )


def index(store: RecordStore, settled: Settled) -> None:
    """Bring the index in step with what stands now."""
    if settled.again:
        index_again(store)
    else:
        index_entries(store, settled.newly)


def _begins(device: Device, named: str) -> bool:
    digits = named.replace(" ", "").lower()
    return len(digits) >= _SHORTEST and any(
        word.fingerprint.replace(" ", "").startswith(digits) for word in device.logs
    )


def _require_new(device: Device) -> None:
    if device.revoked:
        raise AdmissionRefused(
            device.id,
            "it was revoked",
            "Let that laptop join again under new keys: with an empty ONRECORD_HOME.",
        )
    if device.counts:
        raise AdmissionRefused(device.id, "it is admitted already", "There is nothing to do.")


def _require_own_person(store: RecordStore, device: Device) -> None:
    """A device that nobody knows may not say that it is the laptop of somebody who is known."""
    person = device.latest.person
    if store.db.as_now().get(person) is None:
        return
    if any(one.latest.person == person and one.id == device.id and one.counts for one in devices(store)):
        return  # pragma: no cover - such a device is admitted already
    raise AdmissionRefused(
        device.id,
        f"it says that it is a laptop of {store.handle(person)}, who is known here, and nothing shows that it is",
        "Let it join again under new keys: with an empty ONRECORD_HOME.",
    )


def _name_person(store: RecordStore, writer: LogWriter, device: Device, handle: str | None, role: str) -> str:
    """A version of the person by the member who lets them in: what they are called here, and their role."""
    person = store.db.as_now().get(device.latest.person)
    if person is None:
        return handle or ""
    said = str(person.heads[-1].fields.get("handle", NAMELESS))
    called = handle or (said if said != NAMELESS else f"colleague {device.latest.fingerprint[:4]}")
    fields = {"handle": called, "recipient": person.heads[-1].fields.get("recipient"), "role": role}
    heads = tuple(head.name for head in person.heads)
    writer.append(Draft("person", person.id, fields, supersedes=heads, reason="admitted"))
    return called


__all__ = ["admit", "device_named", "device_of", "index", "require_member"]
