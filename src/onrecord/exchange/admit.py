"""`admit`: a member lets a device in, and what it wrote stands from then on."""

from __future__ import annotations

from typing import Any

from onrecord.exchange.devices import Device, OwnWord, admitted_by, devices
from onrecord.reading.laptops import device_named
from onrecord.record.entries import Draft
from onrecord.record.errors import AdmissionRefused
from onrecord.record.ids import device_of, log_of, mint, split_entry
from onrecord.record.membership import Membership
from onrecord.store.incarnation import NAMELESS
from onrecord.store.log import LogWriter
from onrecord.store.record_store import RecordStore
from onrecord.store.standing import founding_log
from onrecord.writing.indexing import let_stand
from onrecord.writing.keepers import require_keeper
from onrecord.writing.layering import read_unread

ROLES = ("member", "keeper")


def admit(
    store: RecordStore, named: str, handle: str | None = None, role: str | None = None
) -> dict[str, Any]:
    """Let a device in: `{"record", "device", "admitted", "handle", "role", "entries"}`. Raises `AdmissionRefused`.

    One that others let in already gets a second member's word, so that nobody takes it back alone. With a `role` or
    `handle`, what its person may do, or is called, changes.
    """
    with store.writing() as writer:
        judged = store.membership()
        require_member(judged, writer)
        device = known_device(store, named)
        _require_not_revoked(judged, device)
        if role == "keeper" or (role is not None and device.counts):
            require_keeper(store, writer)
        wanted = _to_let_in(store, judged, device, named, writer.log)
        if not wanted and handle is None and role is None:
            raise AdmissionRefused(device.id, "it is admitted already", "There is nothing to do.")
        if not device.counts:
            _require_own_person(store, device)
        for word in wanted:
            fields = {"log": word.log, "person": word.person, "vkey": word.vkey}
            writer.append(Draft("device", mint(), fields))
        before = let_stand(store, writer)
        called = _name_person(store, writer, device, handle, role)
    read_unread(store)
    stand = sum(beyond - first for first, beyond in before.newly)
    told = {"record": store.id, "device": device.id, "admitted": True, "again": device.counts}
    return told | {"handle": called[0], "role": called[1], "entries": stand}


def known_device(store: RecordStore, named: str) -> Device:
    """The device that is meant, by any of its names. Raises `ThingUnknown`."""
    id = device_named(store, named)
    found = next((one for one in devices(store) if one.id == id), None)
    if found is None:
        raise AdmissionRefused(named, "that laptop wrote no entry about itself", "Merge what it sent first.")
    return found


def require_member(judged: Membership, writer: LogWriter) -> None:
    """Raises `AdmissionRefused` where this laptop itself is not let in."""
    stands = judged.stands(writer.log)
    if stands is not None and stands < writer.size:
        raise AdmissionRefused(
            "this laptop",
            "it is not admitted itself, so its word does not count",
            "Ask a member to do this on a laptop that is.",
        )


def taken_back_alone(judged: Membership, device: Device) -> bool:
    """Whether a device is revoked by none but the log that alone let it in."""
    against = [one for one in judged.effective if one.device == device.id]
    logs = {log_of(split_entry(one.entry)[0]) for one in against}
    return len(logs) == 1 and not any(one.signed for one in against)


def _require_not_revoked(judged: Membership, device: Device) -> None:
    """What two members, or the recovery key, revoked does not come back; what one took back alone another lets in."""
    if device.revoked and not taken_back_alone(judged, device):
        raise AdmissionRefused(
            device.id,
            "it was revoked",
            "Let that laptop join again under new keys: with an empty ONRECORD_HOME.",
        )


def _to_let_in(store: RecordStore, judged: Membership, device: Device, named: str, log: str) -> list[OwnWord]:
    """The logs of a device that this laptop lets in. Of a device that counts, a further log has to be named as such."""
    if not device.counts:
        return [word for word in device.logs if not judged.counts(word.log)]
    further = [word for word in device.logs if word.log == named and not judged.counts(named)]
    let_in = admitted_by(store, log) | {founding_log(store.db.connection)}
    if further or device.id == device_of(log) or any(word.log in let_in for word in device.logs):
        return further
    return [word for word in device.logs if judged.counts(word.log)]


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


def _name_person(
    store: RecordStore, writer: LogWriter, device: Device, handle: str | None, role: str | None
) -> tuple[str, str]:
    """A version of the person by the member who lets them in: what they are called here, and their role."""
    person = store.db.as_now().get(device.latest.person)
    if person is None:
        return handle or "", role or ROLES[0]
    now = person.heads[-1].fields
    said, had = str(now.get("handle", NAMELESS)), str(now.get("role", ROLES[0]))
    called = handle or (said if said != NAMELESS else f"colleague {device.latest.fingerprint[:4]}")
    given = role or (had if device.counts else ROLES[0])
    if len(person.heads) == 1 and device.counts and (called, given) == (said, had):
        return called, given
    fields = {"handle": called, "recipient": now.get("recipient"), "role": given}
    heads = tuple(head.name for head in person.heads)
    writer.append(Draft("person", person.id, fields, supersedes=heads, reason="admitted"))
    return called, given
