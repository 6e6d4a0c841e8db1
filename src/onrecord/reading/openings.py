"""Who opened what is sealed, when and why: custody steps that say so, by the thing or as they came in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from onrecord.reading.moments import moment
from onrecord.record.canonical import decode
from onrecord.record.things import Version
from onrecord.store.record_store import RecordStore

OPENED = "opened"
_CUSTODY = "SELECT entry FROM version WHERE kind = 'custody' AND entry >= ? AND entry < ? ORDER BY entry"
_BODY = "SELECT bytes FROM body WHERE entry = ?"


def openings(store: RecordStore, id: str) -> list[dict[str, Any]]:
    """Every time that something sealed in a thing was opened, the earliest first: `{"custody", "by", "at", "reason",
    "outcome", "tool"}`."""
    steps = store.db.as_now().pointing_at(id, "custody", "of")
    heads = [head for step in steps for head in step.heads if head.fields.get("step") == OPENED]
    return [_told(store, head) for head in sorted(heads, key=lambda head: (head.clock, head.name))]


def opened_in(store: RecordStore, first: int, beyond: int) -> Iterator[dict[str, Any]]:
    """The openings among the entries of a range, by number: `{"id", "called", "by", "at", "reason"}`."""
    for (entry,) in store.db.connection.execute(_CUSTODY, (first, beyond)).fetchall():
        row = store.db.connection.execute(_BODY, (entry,)).fetchone()
        body = decode(row[0]) if row else {"fields": {}}
        if body["fields"].get("step") == OPENED:
            of = str(body["fields"].get("of", ""))
            yield {
                "id": of,
                "called": _called(store, of),
                "by": store.handle(body["author"]),
                "at": moment(store, body["clock"]),
                "reason": body.get("reason"),
            }


def _told(store: RecordStore, head: Version) -> dict[str, Any]:
    return {
        "custody": head.thing,
        "by": store.handle(head.author),
        "at": moment(store, head.clock),
        "reason": head.reason,
        "outcome": head.fields.get("outcome"),
        "tool": head.fields.get("tool"),
    }


def _called(store: RecordStore, id: str) -> str:
    """The name that a thing goes by, which is never what is sealed in it."""
    thing = store.db.as_now().get(id)
    names = thing.heads[-1].fields.get("names") if thing else None
    first = names[0] if isinstance(names, list) and names else None
    said = first.get("text") if isinstance(first, dict) else first
    return said if isinstance(said, str) else (thing.slug if thing else None) or id
