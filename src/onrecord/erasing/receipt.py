"""What an erasure can show for itself: who has confirmed it, who has not yet, and what nobody can promise."""

from __future__ import annotations

import datetime as dt
import shlex
from collections.abc import Collection, Iterator
from typing import Any
from zoneinfo import ZoneInfo

from onrecord.erasing.confirming import confirmed_by_device, confirmed_by_folder, sent_entries
from onrecord.erasing.order import Order, orders, waits
from onrecord.record.ids import device_of, split_entry
from onrecord.store.record_store import RecordStore
from onrecord.store.standing import own_device

PROMISED = (
    "Nothing of it is left in this record's folder on this laptop: no text, no original, no word in the index, and no "
    "key of this laptop's that opens what was sent to it before."
)
NOT_PROMISED = (
    "A solid-state disk may keep old copies of what was deleted; only its encryption helps against that.",
    "Whoever copied it has it: people, backups of this laptop, dossiers already given out.",
    "A laptop that has not confirmed still holds it, until the order reaches it and somebody there accepts it.",
)
_NOT_YET = "it has not said that it erased this: the order reaches it with the next send and merge"
_REVOKED = "it was revoked, and nothing reaches it any more: what it holds stays there"
_NOT_CLEANED = "it was written before this; it is cleaned when {by} sends there again: onrecord send {place}"
_PACKED = "it was packed before this, and holds it for good: destroy it, then say so: onrecord erase --destroyed {folder}"


def unconfirmed(store: RecordStore, names: Collection[str]) -> list[dict[str, str]]:
    """Every member device and every exchange folder of which nobody has said that it no longer holds what went."""
    wanted = set(names)
    return [*_devices(store, wanted), *_folders(store, wanted)]


def _devices(store: RecordStore, wanted: set[str]) -> Iterator[dict[str, str]]:
    done = confirmed_by_device(store)
    judged = store.membership()
    for device, (person, log) in _devices_let_in(store).items():
        if wanted - set(done.get(device, ())):
            why = _REVOKED if judged.revoked(log) else _NOT_YET
            yield {"device": device, "name": store.handle(person), "why": why}


def _devices_let_in(store: RecordStore) -> dict[str, tuple[str, str]]:
    """The devices that are members or were, each with its person and a log of it."""
    judged = store.membership()
    found: dict[str, tuple[str, str]] = {}
    for thing in store.db.as_now().of_kind("device"):
        for head in thing.heads:
            log = str(head.fields.get("log") or "")
            if log and (judged.counts(log) or judged.revoked(log)):
                found[device_of(log)] = str(head.fields.get("person") or ""), log
    return found


def _folders(store: RecordStore, wanted: set[str]) -> Iterator[dict[str, str]]:
    """Folders that were begun before the orders and not cleaned since."""
    done, carried_out = confirmed_by_folder(store), confirmed_by_device(store)
    for sent in sent_entries(store):
        folder, place = str(sent.fields.get("folder")), str(sent.fields.get("place") or "")
        known = carried_out.get(device_of(split_entry(sent.name)[0]), {})
        older = {name for name in wanted if not _is_after(sent.name, known.get(name, name))}
        if older - set(done.get(folder, ())):
            told = _PACKED if sent.fields.get("for") == "packed" else _NOT_CLEANED
            why = told.format(by=store.handle(sent.author), place=shlex.quote(place), folder=folder)
            yield {"folder": folder, "name": place or folder, "why": why}


def _is_after(sent: str, order: str) -> bool:
    """Whether a folder was begun by a log that had given the order, or carried it out: then it never held what went."""
    (log, seq), (other, earlier) = split_entry(sent), split_entry(order)
    return log == other and seq > earlier


def listed(store: RecordStore, waiting_only: bool = False) -> list[dict[str, Any]]:
    """All erasures, the oldest first: each with what it took, who has not confirmed, and what still waits here."""
    batches: dict[str, list[Order]] = {}
    for order in orders(store):
        batches.setdefault(order.batch, []).append(order)
    rows = [_told(store, batch, given) for batch, given in batches.items()]
    rows.sort(key=lambda row: str(row["when"]))
    return [row for row in rows if row["waiting"]] if waiting_only else rows


def _told(store: RecordStore, batch: str, given: list[Order]) -> dict[str, Any]:
    first = given[0]
    return {
        "order": batch,
        "by": store.handle(first.author),
        "device": device_of(first.log),
        "here": device_of(first.log) == own_device(store.db.connection),
        "when": _moment(store, first.clock),
        "reason": first.reason,
        "authority": list(first.authority),
        "about": [{"thing": o.thing, "kind": o.kind, "entry": o.of} for o in given],
        "waiting": [o.of for o in given if waits(store, o)],
        "unconfirmed": unconfirmed(store, [o.name for o in given]),
    }


def _moment(store: RecordStore, milliseconds: int) -> str:
    return dt.datetime.fromtimestamp(milliseconds / 1000, ZoneInfo(store.zone)).isoformat(timespec="seconds")
