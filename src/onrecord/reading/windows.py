"""The windows of one event from a record, as things stand or as this laptop knew them on a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from onrecord.record import windows as rules
from onrecord.record.errors import ThingUnknown, TimeInvalid
from onrecord.record.things import Things
from onrecord.record.times import display
from onrecord.store.record_store import RecordStore
from onrecord.writing.names import resolve_kind


def windows(
    store: RecordStore, name: str, sides: Sequence[str] | None, as_known_on: str | None
) -> dict[str, Any]:
    """One event as each side tells it. `as_known_on` is a day, to its end in the record's time zone."""
    event = resolve_kind(store, name, "event")
    if as_known_on is None:
        return rules.windows(store.db.as_now(), event, sides=sides)
    things = store.db.as_known(_end_of(as_known_on, store.zone))
    _require_known(store, things, event, name)
    return rules.windows(things, event, sides=sides) | {"as_known_on": as_known_on}


def _require_known(store: RecordStore, things: Things, event: str, name: str) -> None:
    """Raises `ThingUnknown`, saying since when the event is known."""
    if things.get(event) is not None:
        return
    first = min(version.received for version, _ in store.db.versions(event))
    day = dt.datetime.fromtimestamp(first / 1000, ZoneInfo(store.zone)).date().isoformat()
    raise ThingUnknown(
        repr(name),
        f"it was not in the record on that day; it was first received on {display(day)}",
        f"Ask for that day or a later one: --as-known-on {day}.",
    )


def _end_of(day: str, zone: str) -> int:
    """The last millisecond of a day in a time zone."""
    try:
        date = dt.datetime.strptime(day, "%Y-%m-%d").date()
        after = dt.datetime.combine(date + dt.timedelta(days=1), dt.time(), ZoneInfo(zone))
        return int(after.timestamp() * 1000) - 1
    except (ValueError, OverflowError):
        raise TimeInvalid(f"{day!r}", "it is not a day", "Write it as 2026-03-09.") from None
