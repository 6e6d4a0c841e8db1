"""What an erasure can show for itself: who has confirmed it, who has not yet, and what nobody can promise."""

from __future__ import annotations

import datetime as dt
import shlex
from collections.abc import Collection, Iterator
from typing import Any
from zoneinfo import ZoneInfo

from onrecord.erasing.confirming import carried_out, confirmed_by_device, confirmed_by_folder
from onrecord.erasing.copies import Copy, Course, copies
from onrecord.erasing.order import Order, orders, waits, why_not
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
_REVOKED = "it was revoked and will never answer: what it holds stays there"
_NOT_CLEANED = "it was written before this; it is cleaned when {by} sends there again: onrecord send {place}"
_NEVER_CLEANED = "it was written before this, by a laptop that is revoked"
_REPLACED = (
    "another was begun at this place since, so it lies elsewhere: send to it again, or destroy it, then say so: "
    "onrecord erase --destroyed {folder}"
)
_PACKED = "it was packed before this, and holds it for good"
_DESTROY = "destroy it, then say so: onrecord erase --destroyed {folder}"


def unconfirmed(store: RecordStore, names: Collection[str]) -> list[dict[str, Any]]:
    """Every member device, and every place of copies, of which nobody has said that it no longer holds what went.

    A place that one laptop sent to several times is one row: `folder` is the last, `folders` are all.
    """
    wanted = set(names)
    return [*_devices(store, wanted), *_places(store, wanted)] if wanted else []


def _devices(store: RecordStore, wanted: set[str]) -> Iterator[dict[str, Any]]:
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


def _places(store: RecordStore, wanted: set[str]) -> Iterator[dict[str, Any]]:
    """Where copies lie that were begun before the orders and not cleaned since."""
    places: dict[tuple[str, str], list[Copy]] = {}
    for copy in _open(store, wanted):
        place = copy.folder if copy.packed or not copy.place else copy.place
        places.setdefault((place, copy.device), []).append(copy)
    judged = store.membership()
    every = copies(store)
    revoked = {device for device, (_, log) in _devices_let_in(store).items() if judged.revoked(log)}
    for found in places.values():
        last = found[-1]
        yield {
            "folder": last.folder,
            "folders": [one.folder for one in found],
            "name": last.place or last.folder,
            "by": store.handle(last.person),
            "since": _moment(store, last.clock),
            "packed": last.packed,
            "why": "; ".join(_why(store, found, every, last.device in revoked)),
        }


def _open(store: RecordStore, wanted: set[str]) -> Iterator[Copy]:
    done, carried, course = confirmed_by_folder(store), carried_out(store), Course(store)
    for copy in copies(store):
        left = wanted - set(done.get(copy.folder, ()))
        if any(not course.is_before({order, *carried.get(order, ())}, copy.begun) for order in left):
            yield copy


def _why(store: RecordStore, found: list[Copy], every: list[Copy], revoked: bool) -> Iterator[str]:
    """What is to be done about the copies of one place."""
    last = found[-1]
    destroy = _DESTROY.format(folder=last.folder)
    if last.packed:
        yield f"{_PACKED}: {destroy}"
    elif revoked:
        yield f"{_NEVER_CLEANED}: {destroy}"
    else:
        lost = [copy for copy in found if any(_replaces(later, copy) for later in every)]
        if last not in lost:
            yield _NOT_CLEANED.format(by=store.handle(last.person), place=shlex.quote(last.place))
        for copy in lost:
            which = f"of {copy.short} " if len(found) > 1 else ""
            yield f"{which}{_REPLACED.format(folder=copy.folder)}"


def _replaces(later: Copy, earlier: Copy) -> bool:
    """Whether one log began both at the same place: it goes on with what it finds, so the earlier was not there."""
    (log, seq), (other, before) = split_entry(later.begun), split_entry(earlier.begun)
    return log == other and seq > before and later.place == earlier.place and not later.packed


def listed(store: RecordStore, waiting_only: bool = False) -> list[dict[str, Any]]:
    """All erasures, the oldest first: each with what it took, who has not confirmed, what waits here, and what cannot
    be followed.
    """
    batches: dict[str, list[Order]] = {}
    for order in orders(store):
        batches.setdefault(order.batch, []).append(order)
    rows = [_told(store, batch, given) for batch, given in batches.items()]
    rows.sort(key=lambda row: str(row["when"]))
    return [row for row in rows if row["waiting"]] if waiting_only else rows


def _told(store: RecordStore, batch: str, given: list[Order]) -> dict[str, Any]:
    first = given[0]
    cannot = {order.name: why for order in given if (why := why_not(store, order))}
    followed = [order.name for order in given if order.name not in cannot]
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
        "cannot": [{"entry": o.of, "why": cannot[o.name]} for o in given if o.name in cannot],
        "unconfirmed": unconfirmed(store, followed),
    }


def _moment(store: RecordStore, milliseconds: int) -> str:
    return dt.datetime.fromtimestamp(milliseconds / 1000, ZoneInfo(store.zone)).isoformat(timespec="seconds")
