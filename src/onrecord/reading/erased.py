"""What the record still says of a version whose words were erased: by which order, when, by whom and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from onrecord.reading.moments import day_said, moment
from onrecord.record.entries import version_of
from onrecord.record.things import Version
from onrecord.store.record_store import RecordStore

_ORDER = "SELECT ordered.entry, body.bytes FROM ordered JOIN body ON body.entry = ordered.entry WHERE ordered.name = ?"


def order_for(store: RecordStore, entry: str) -> Version | None:
    """The order by which an entry was erased, as its writer stated it. None where no order that stands names it."""
    row = store.db.connection.execute(_ORDER, (entry,)).fetchone()
    return row and version_of(store.db.name_of(row[0]), row[1], 0)


def erasure(store: RecordStore, version: Version) -> dict[str, Any] | None:
    """`{"order", "by", "at", "reason", "authority"}` of an erased version. None where it was not erased by an order."""
    order = order_for(store, version.name) if version.erased else None
    if order is None:
        return None
    return {
        "order": str(order.fields.get("order") or order.name),
        "by": store.handle(order.author),
        "at": moment(store, order.clock),
        "reason": order.reason or "",
        "authority": [str(one) for one in order.fields.get("authority") or ()],
    }


def recalled(store: RecordStore, version: Version) -> Version:
    """An erased version with what its order repeats of it: when it was written, and what it replaced."""
    order = order_for(store, version.name) if version.erased else None
    if order is None:
        return version
    return replace(version, clock=int(order.fields.get("clock") or 0), supersedes=order.supersedes)


def erasure_said(told: Mapping[str, Any]) -> str:
    """An erasure in one sentence, without its full stop."""
    people = " and ".join(told["authority"]) or told["by"]
    because = f", because: {told['reason']}" if told["reason"] else ""
    return f"erased on {day_said(told['at'])} by order {told['order']} of {told['by']}, decided by {people}{because}"
