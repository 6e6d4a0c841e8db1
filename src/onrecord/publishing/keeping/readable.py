"""What the database says, as plain files: every version of every thing as JSON Lines, and the items as a table."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from onrecord.record.ids import split_entry
from onrecord.record.things import Thing, Version
from onrecord.store.folder import DATABASE
from onrecord.store.sqlite import SqliteStore

THINGS = "things.jsonl"
ITEMS = "items.csv"
COLUMNS = (
    *("item", "file", "sha256", "size", "media_type", "name", "title", "language", "recorded"),
    *("received_from", "received_at", "captured_at", "place", "handled_by", "derived_from", "in_conflict"),
)
_VERSIONS = (
    "SELECT version.entry, version.since, version.thing, version.kind, body.bytes, version.until"
    " FROM version LEFT JOIN body ON body.entry = version.entry ORDER BY version.entry"
)
_ORIGINALS = "SELECT sha256 FROM held ORDER BY sha256"


def write_readable(record: Path, into: Path) -> None:
    """Write both files from the copied database itself, so that they say what it says."""
    into.mkdir(mode=0o700)
    store = SqliteStore(record / DATABASE)
    try:
        with (into / THINGS).open("x", encoding="utf-8", newline="\n") as file:
            for line in _versions(store):
                file.write(json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n")
        with (into / ITEMS).open("x", encoding="utf-8", newline="") as file:
            table = csv.writer(file, lineterminator="\r\n")
            table.writerow(COLUMNS)
            table.writerows(_items(store))
    finally:
        store.close()


def missing_originals(record: Path) -> list[str]:
    """The originals that items name and that are not in the copy."""
    store = SqliteStore(record / DATABASE)
    try:
        named = [str(row[0]) for row in store.connection.execute(_ORIGINALS)]
    finally:
        store.close()
    return [digest for digest in named if not (record / _path_of(digest)).is_file()]


def titles(record: Path) -> dict[str, str]:
    """What people call each original, by its path in the record."""
    store = SqliteStore(record / DATABASE)
    try:
        return {
            _path_of(str(thing.fields["sha256"])): str(thing.fields.get("title") or thing.fields.get("name"))
            for thing in store.as_now().of_kind("item")
            if "sha256" in thing.fields
        }
    finally:
        store.close()


def _versions(store: SqliteStore) -> Iterator[dict[str, Any]]:
    people: dict[str, str] = {}
    for row in store.connection.execute(_VERSIONS):
        version = store.version(row)
        yield {
            "author": _handle(store, version.author, people),
            "erased": version.erased,
            "fields": dict(version.fields),
            "id": version.thing,
            "kind": version.kind,
            "reason": version.reason,
            "received": _moment(version.received),
            "recorded": _moment(version.clock) if version.author else None,
            "slug": version.slug,
            "stands": row[5] is None,
            "supersedes": list(version.supersedes),
            "version": version.name,
        }


def _items(store: SqliteStore) -> Iterator[list[str]]:
    """A row for each item that was not erased, in the order taken in."""
    taken = [
        (_first(store, thing), thing) for thing in store.as_now().of_kind("item") if "sha256" in thing.fields
    ]
    for first, thing in sorted(taken, key=lambda pair: (pair[0].clock, *split_entry(pair[0].name))):
        own = {
            "item": thing.id,
            "file": _path_of(str(thing.fields["sha256"])),
            "recorded": _moment(first.clock),
            "in_conflict": "yes" if thing.in_conflict else "",
        }
        yield [own.get(name) or _cell(store, thing.fields.get(name)) for name in COLUMNS]


def _first(store: SqliteStore, thing: Thing) -> Version:
    """The version that took an item in. One that was erased has no time, and comes last."""
    versions = [version for version, _ in store.versions(thing.id)]
    return min(versions, key=lambda one: (one.erased, one.clock))


def _cell(store: SqliteStore, value: Any) -> str:
    """A field as text: a thing by its name, a time or absence as JSON where it is more than text."""
    if value is None:
        return ""
    if isinstance(value, Mapping) and set(value) == {"ref"}:
        return _called(store, str(value["ref"]))
    if isinstance(value, str):
        return _called(store, value) if store.kind_of(value) else value
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _called(store: SqliteStore, id: str) -> str:
    thing = store.as_now().get(id)
    names = thing.fields.get("names") if thing else None
    first = names[0]["text"] if names else (thing.fields.get("title") if thing else None)
    return f"{first} ({id})" if first else id


def _handle(store: SqliteStore, person: str, known: dict[str, str]) -> str:
    if person not in known:
        thing = store.as_now().get(person)
        known[person] = str(thing.fields.get("handle", person)) if thing else person
    return known[person]


def _path_of(digest: str) -> str:
    return f"originals/{digest[:2]}/{digest}"


def _moment(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="milliseconds")
