"""The windows of one event from a record, as things stand or as they were known on a day."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from onrecord.reading.as_known import PROVEN, Reading, reading_of, sizes
from onrecord.record import windows as rules
from onrecord.record.errors import FieldInvalid, ThingUnknown, TimeInvalid
from onrecord.record.things import Things
from onrecord.record.times import display
from onrecord.stamping.covering import stamps_of
from onrecord.store.record_store import RecordStore
from onrecord.writing.names import resolve_kind


def windows(
    store: RecordStore,
    name: str,
    sides: Sequence[str] | None,
    as_known_on: str | None,
    reading: str | None = None,
    device: str | None = None,
) -> dict[str, Any]:
    """One event as each side tells it. `as_known_on` is a day, to its end in the record's time zone.

    `reading` says in which sense it was known then: received (by this laptop, or by `device`), stated or proven.
    """
    event = resolve_kind(store, name, "event")
    if as_known_on is None:
        if reading or device:
            raise FieldInvalid(
                "--reading" if reading else "--device", "it goes with a day", "Add --as-known-on DAY."
            )
        return rules.windows(store.db.as_now(), event, sides=sides)
    asked = reading_of(store, reading, device)
    things = _as_known(store, asked, end_of(as_known_on, store.zone))
    _require_known(store, things, event, name, asked)
    over = end_of(as_known_on, store.zone) < time.time_ns() // 1_000_000
    told = {"as_known_on": as_known_on, "reading": asked.name, "device": asked.device, "over": over}
    said = asked.told(display(as_known_on), store.zone, over)
    return rules.windows(things, event, sides=sides) | told | {"as_known": said}


def _as_known(store: RecordStore, reading: Reading, at: int) -> Things:
    if reading == Reading():
        return store.db.as_known(at)
    return store.db.as_held(sizes(store, reading, at))


def _require_known(store: RecordStore, things: Things, event: str, name: str, reading: Reading) -> None:
    """Raises `ThingUnknown`, saying since when the event is known."""
    if things.get(event) is not None:
        return
    if reading.name == PROVEN and not any(True for _ in stamps_of(store)):
        raise ThingUnknown(
            repr(name), "nothing is stamped yet, so no day is proven", "Ask time authorities: onrecord stamp."
        )
    if reading != Reading():
        raise ThingUnknown(
            repr(name), f"it was not known on that day in this sense ({reading.name})", "Ask for a later day."
        )
    first = min(version.received for version, _ in store.db.versions(event))
    day = dt.datetime.fromtimestamp(first / 1000, ZoneInfo(store.zone)).date().isoformat()
    raise ThingUnknown(
        repr(name),
        f"it was not in the record on that day; it was first received on {display(day)}",
        f"Ask for that day or a later one: --as-known-on {day}.",
    )


def end_of(day: str, zone: str) -> int:
    """The last millisecond of a day in a time zone."""
    try:
        date = dt.datetime.strptime(day, "%Y-%m-%d").date()
        after = dt.datetime.combine(date + dt.timedelta(days=1), dt.time(), ZoneInfo(zone))
        return int(after.timestamp() * 1000) - 1
    except (ValueError, OverflowError):
        raise TimeInvalid(f"{day!r}", "it is not a day", "Write it as 2026-03-09.") from None
