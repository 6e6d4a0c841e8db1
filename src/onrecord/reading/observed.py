"""What an item's file states of itself, and what its device's clock was off by when somebody checked it.

Both stand beside each other, and nothing is corrected: what the device said, and the same by the checked clock.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from onrecord.record.containing import inside
from onrecord.record.things import Thing, listed
from onrecord.store.record_store import RecordStore

MOST_MEMBERS = 1_000
_DEVICE = ("EXIF", "container")
_MINUTES, _SECONDS = "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"


def about_item(store: RecordStore, item: Thing) -> dict[str, Any]:
    """`observed`, `notes` of the reader, `device_clock` and `members`, each where there is anything to say."""
    told: dict[str, Any] = {}
    clock = clock_of(store, item)
    original = item.fields.get("sha256")
    facts = store.observed.of(str(original)) if original else []
    if clock is not None:
        told["device_clock"] = clock
        facts = [_by_clock(fact, clock["ahead"]) for fact in facts]
    if facts:
        told["observed"] = facts
    layer = store.layers.of(str(original)) if original else None
    if layer and layer.notes:
        told["notes"] = list(layer.notes)
    members = inside(store.db.as_now(), item.id)
    if members:
        told["members"], told["members_count"] = list(members[:MOST_MEMBERS]), len(members)
    return told


def clock_of(store: RecordStore, item: Thing) -> dict[str, Any] | None:
    """The nearest check of the clock: of the item itself, or of what it lay in. `ahead` is in seconds, behind below 0."""
    met, waiting = {item.id}, [item]
    while waiting:
        here = waiting.pop(0)
        check = here.fields.get("clock")
        ahead = _ahead(check) if isinstance(check, Mapping) else None
        if ahead is not None:
            return {"of": here.id, "shown": check["shown"], "right": check["right"], "ahead": ahead}  # type: ignore[index]
        for parent in listed(here.fields.get("inside")):
            thing = store.db.as_now().get(parent)
            if thing is not None and parent not in met:
                met.add(parent)
                waiting.append(thing)
    return None


def _ahead(check: Mapping[str, Any]) -> int | None:
    shown, right = (_moment(check.get(name)) for name in ("shown", "right"))
    return None if shown is None or right is None else round((shown - right).total_seconds())


def _moment(value: Any) -> dt.datetime | None:
    """A time of day without zone; None for anything vaguer, as nothing is guessed."""
    if not isinstance(value, str):
        return None
    for form in (_SECONDS, _MINUTES):
        try:
            return dt.datetime.strptime(value, form)
        except ValueError:
            continue
    return None


def _by_clock(fact: dict[str, Any], ahead: int) -> dict[str, Any]:
    said = _moment(fact.get("reads")) if fact.get("of") in _DEVICE else None
    if said is None:
        return fact
    return {**fact, "by_checked_clock": (said - dt.timedelta(seconds=ahead)).strftime(_SECONDS)}
