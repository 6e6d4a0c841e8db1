"""`join`: a further laptop's own copy of a record, from what a colleague sent.

With the code of an invitation it is a full copy at once. Without, it waits: this laptop writes who it is, a member
merges that, compares fingerprints, admits it and sends again.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from onrecord.exchange.catalogue import Catalogue, catalogue
from onrecord.exchange.devices import devices, handle_of
from onrecord.exchange.invitation import as_typed
from onrecord.exchange.merge import merge
from onrecord.exchange.place import Place
from onrecord.exchange.prefix import INVITATION, Prefix, Trouble
from onrecord.exchange.purpose import TEAM, TRAVEL
from onrecord.exchange.ring import Ring, unlock_ring
from onrecord.exchange.send import send
from onrecord.record.checkpoint import fingerprint
from onrecord.record.errors import ExchangeRefused, PassphraseMissing
from onrecord.record.ids import device_of
from onrecord.store.device import KeyFolder
from onrecord.store.record_store import RecordStore, begin_copy

Progress = Callable[[int, int | None, str], None]


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
    if code is None and not place.writable:
        raise ExchangeRefused(
            place.shown,
            "a web folder can only be joined with a code, as this laptop cannot write there who it is",
            "Ask for an invitation: onrecord send --invite. Or join at a stick or a shared folder.",
        )
    unlock = _unlocking(code)
    found = catalogue(place, None, unlock, INVITATION)
    record = _the_record(place, found, record)
    if code is not None:
        _require_opened(place, found, record)
    _require_unknown_here(home, record)
    of_record = [one for one in found.prefixes.values() if one.hello.record == record]
    with _copy_begun(path, home, record, handle) as (store, log):
        told: dict[str, Any] = {"entries": 0, "missing": []}
        if code is not None:
            merged = merge(store, place, progress, unlock, INVITATION)
            told = {name: merged[name] for name in ("entries", "originals", "missing")}
        told["missing"] = [*told["missing"], *_send_who_this_is(store, place, of_record, progress)]
        told["sent"] = place.writable
        known = _known(store, of_record, log)
        return {"record": record, "device": device_of(log), "admitted": False, **told, **known}


def _require_unknown_here(home: Path, record: str) -> None:
    """A second beginning under the keys that are here already could never be told from the first one's."""
    held = KeyFolder(home, record).log_keys()
    if held:
        raise ExchangeRefused(
            record,
            f"this laptop writes to this record already: its keys are here, of {held[0].log}",
            "Open its copy and merge: onrecord merge. If that copy is lost, bring its folder back from a backup, "
            "or join as a further laptop: with an empty ONRECORD_HOME. Nothing was made.",
        )


@contextmanager
def _copy_begun(path: Path, home: Path, record: str, handle: str | None) -> Iterator[tuple[RecordStore, str]]:
    """A copy to be filled. Where nothing came into it, neither it nor its log's key stays, so that it can be tried again."""
    was_there = path.is_dir()
    log = begin_copy(path, home, record, handle)
    store = RecordStore(path, home, handle=handle)
    try:
        yield store, log
    except BaseException:
        if store.waiting:
            store.close()
            store.keys.forget(log)
            shutil.rmtree(path)
            if was_there:
                path.mkdir()
        raise
    finally:
        store.close()


def _send_who_this_is(
    store: RecordStore, place: Place, prefixes: Iterable[Prefix], progress: Progress | None
) -> list[dict[str, str]]:
    """What of it did not go in. A copy that is whole stays also where nothing can be written there."""
    if not place.writable:
        return []
    for_travel = any(one.ring and one.ring.purpose == TRAVEL for one in prefixes)
    try:
        sent = send(store, place, TRAVEL if for_travel else TEAM, progress=progress)
    except ExchangeRefused as wrong:
        if store.waiting:
            raise
        return [Trouble("folder", place.shown, wrong.reason).as_json()]
    return list(sent["missing"])


def invited(place: Place) -> bool:
    """Whether an invitation lies in a place, so that a code may be asked for."""
    return any(INVITATION in place.files(log) for log in place.prefixes())


def _unlocking(code: str | None) -> Callable[[str, bytes], Ring | None]:
    plain = as_typed(code or "")
    return lambda _, data: unlock_ring(data, plain) if plain else None


def _the_record(place: Place, found: Catalogue, named: str | None) -> str:
    """The one that is named, that a code opens, or that is alone there. Raises `ExchangeRefused`."""
    records = sorted({prefix.hello.record for prefix in found.prefixes.values()})
    opened = {prefix.hello.record for prefix in found.prefixes.values() if prefix.ring}
    if named is not None and named in records:
        return named
    for choice in (opened, set(records)):
        if named is None and len(choice) == 1:
            return choice.pop()
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


def _known(store: RecordStore, prefixes: Iterable[Prefix], log: str) -> dict[str, Any]:
    """The fingerprints to compare: of this laptop, and of whoever invited it; uninvited, of all that wrote there."""
    prefixes = list(prefixes)
    inviting = [prefix for prefix in prefixes if prefix.ring]
    known = {device.id: device for device in devices(store)}
    own = known[device_of(log)].latest.fingerprint
    colleagues = [
        {
            "device": device_of(prefix.log),
            "fingerprint": fingerprint(prefix.hello.public),
            "handle": handle_of(store, known.get(device_of(prefix.log))),
        }
        for prefix in inviting or prefixes
    ]
    return {"fingerprint": own, "colleagues": colleagues}
