"""`join`: a further laptop's own copy of a record, from what a colleague sent.

With the code of an invitation it is a full copy at once. Without, it waits: this laptop writes who it is, a member
merges that, compares fingerprints, admits it and sends again.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from onrecord.exchange.catalogue import Catalogue, catalogue
from onrecord.exchange.devices import devices
from onrecord.exchange.invitation import as_typed
from onrecord.exchange.merge import merge
from onrecord.exchange.place import Place
from onrecord.exchange.ring import Ring, unlock_ring
from onrecord.exchange.send import send
from onrecord.exchange.told import handle_of
from onrecord.record.checkpoint import fingerprint
from onrecord.record.entries import Draft
from onrecord.record.errors import ExchangeRefused, PassphraseMissing
from onrecord.record.ids import device_of
from onrecord.store.record_store import RecordStore, begin_copy

Progress = Callable[[int, int | None, str], None]
INVITATION = "invite.age"


def join(
    place: Place,
    path: Path,
    home: Path,
    *,
    code: str | None = None,
    record: str | None = None,
    handle: str | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Make the copy and say who this is: `{"record", "device", "admitted", "fingerprint", "colleagues", …}`."""
    unlock = _unlocking(code)
    found = catalogue(place, None, unlock, INVITATION)
    record = _the_record(place, found, record)
    if code is not None:
        _require_opened(place, found, record)
    log = begin_copy(path, home, record)
    store = RecordStore(path, home)
    try:
        if handle:
            _introduce(store, handle)
        told: dict[str, Any] = {"entries": 0, "missing": []}
        if code is not None:
            merged = merge(store, place, progress, unlock, INVITATION)
            told = {name: merged[name] for name in ("entries", "originals", "missing")}
        sent = send(store, place, progress=progress)
        told["missing"] = [*told["missing"], *sent["missing"]]
        return {
            "record": record,
            "device": device_of(log),
            "admitted": False,
            **told,
            **_known(store, found, record, log),
        }
    finally:
        store.close()


def records_at(place: Place) -> dict[str, list[str]]:
    """The records that have something in a place, each with the logs that wrote there."""
    found = catalogue(place, None, lambda _, __: None)
    records: dict[str, list[str]] = {}
    for log, prefix in found.prefixes.items():
        records.setdefault(prefix.hello.record, []).append(log)
    return records


def invited(place: Place) -> bool:
    """Whether an invitation lies in a place, so that a code may be asked for."""
    return any(INVITATION in place.files(log) for log in place.prefixes())


def _unlocking(code: str | None) -> Callable[[str, bytes], Ring | None]:
    plain = as_typed(code or "")
    return lambda _, data: unlock_ring(data, plain) if plain else None


def _the_record(place: Place, found: Catalogue, named: str | None) -> str:
    records = sorted({prefix.hello.record for prefix in found.prefixes.values()})
    if named is not None and named in records:
        return named
    if named is None and len(records) == 1:
        return records[0]
    if not records:
        raise ExchangeRefused(
            place.shown, "no laptop has sent a record there", "Ask a colleague to send to it: onrecord send."
        )
    reason = (
        f"it holds {len(records)} records: {', '.join(records)}"
        if named is None
        else f"it holds no record {named}"
    )
    raise ExchangeRefused(place.shown, reason, f"Say which with --which, such as --which {records[0]}.")


def _require_opened(place: Place, found: Catalogue, record: str) -> None:
    """Before anything is made: does the code open an invitation to this record?"""
    of_record = [prefix for prefix in found.prefixes.values() if prefix.hello.record == record]
    if any(prefix.ring for prefix in of_record):
        return
    if not any(INVITATION in prefix.files for prefix in of_record):
        raise ExchangeRefused(
            place.shown,
            "no invitation lies there",
            "Ask for one: onrecord send --invite. Or join without a code.",
        )
    raise PassphraseMissing(
        "code",
        "it does not open the invitation there",
        "Check it word by word, or ask for another invitation.",
    )


def _introduce(store: RecordStore, handle: str) -> None:
    """What the person of this laptop calls themselves, until a member says what they are called."""
    with store.writing() as writer:
        person = store.db.as_now().get(writer.person)
        if person is None or person.heads[-1].fields.get("role") != "guest":
            return
        fields = {**person.heads[-1].fields, "handle": handle}
        writer.append(
            Draft("person", person.id, fields, supersedes=(person.heads[-1].name,), reason="joined")
        )


def _known(store: RecordStore, found: Catalogue, record: str, log: str) -> dict[str, Any]:
    """The fingerprints to compare: of this laptop, and of those that wrote there."""
    known = {device.id: device for device in devices(store)}
    own = known[device_of(log)].latest.fingerprint
    colleagues = [
        {
            "device": device_of(prefix.log),
            "fingerprint": fingerprint(prefix.hello.public),
            "handle": handle_of(store, known.get(device_of(prefix.log))),
        }
        for prefix in found.prefixes.values()
        if prefix.hello.record == record and prefix.log != log
    ]
    return {"fingerprint": own, "colleagues": colleagues}
