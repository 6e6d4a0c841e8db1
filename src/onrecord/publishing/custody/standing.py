"""Where an entry stands: its log and key, the signed checkpoint that covers it, who else saw it, which stamps cover it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from onrecord.publishing.custody.facts import Checkpoint, Holder, Stamp
from onrecord.publishing.custody.laptops import Laptops
from onrecord.publishing.custody.moments import authority_time, moment
from onrecord.publishing.page.messages import Messages
from onrecord.reading.laptops import public_key
from onrecord.record.canonical import decode
from onrecord.record.checkpoint import NoteInvalid, open_note, origin_of
from onrecord.record.ids import device_of, log_of, split_entry
from onrecord.record.things import Things, Version
from onrecord.stamping.covering import covering, judge, stamps_of
from onrecord.stamping.histories import histories_with
from onrecord.store.record_store import RecordStore
from onrecord.store.schema import entry_number

_ORDER = (
    "SELECT body.bytes FROM ordered JOIN body ON body.entry = ordered.entry"
    " WHERE ordered.name = ? ORDER BY ordered.entry LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class Place:
    """An entry's log and place in it."""

    log: str
    seq: int

    @classmethod
    def of(cls, entry: str) -> Place:
        return cls(*split_entry(entry))


def clock_of(store: RecordStore, version: Version) -> int | None:
    """When a version was written, by its writer's clock. Of one that was erased the order repeats it."""
    if not version.erased:
        return version.clock
    order = store.db.connection.execute(_ORDER, (version.name,)).fetchone()
    return int(decode(order[0])["fields"]["clock"]) if order else None


def checkpoint_over(store: RecordStore, place: Place, words: Messages) -> Checkpoint | None:
    """The newest checkpoint over an entry, its signature checked. The tree under it is what `verify` checks."""
    number = store.db.log_numbers().get(place.log)
    if number is None:
        return None
    first, beyond = entry_number(number, place.seq), entry_number(number + 1, 0)
    query = "SELECT entry, note FROM checkpoint WHERE entry >= ? AND entry < ? ORDER BY entry DESC LIMIT 1"
    row = store.db.connection.execute(query, (first, beyond)).fetchone()
    return row and _read(store, place, row[0], bytes(row[1]), words)


def _read(store: RecordStore, place: Place, entry: int, note: bytes, words: Messages) -> Checkpoint:
    lines = note.decode("utf-8", "replace").split("\n")
    key = public_key(store, place.log)
    try:
        good = key is not None and open_note(note, origin_of(store.id, log_of(place.log)), key).size > 0
    except NoteInvalid:
        good = False
    body = store.db.connection.execute("SELECT bytes FROM body WHERE entry = ?", (entry,)).fetchone()
    when = moment(decode(body[0])["clock"], store.zone, words) if body else None
    return Checkpoint(int(lines[1]), lines[2], when, good)


def stamps_over(store: RecordStore, entry: str, words: Messages) -> tuple[Stamp, ...]:
    """Every authority whose token over a list that covers the entry is good, the earliest first.

    Each token is judged at its own time, and each list against the log as it is held here.
    """
    stamps, seq = list(stamps_of(store)), split_entry(entry)[1]
    found: dict[str, str] = {}
    for history in histories_with(store.db.connection, entry):
        for stamp, _ in covering(stamps, history, seq):
            for kept, shown in judge(stamp).tokens:
                name = str(kept.get("authority"))
                found[name] = min(found.get(name, shown.time), shown.time)
    ordered = sorted((time, name) for name, time in found.items())
    return tuple(Stamp(name, authority_time(time, words)) for time, name in ordered)


def holders(
    store: RecordStore, things: Things, place: Place, sha256: str, laptops: Laptops, words: Messages
) -> tuple[Holder, ...]:
    """The further laptops that took the entry in, by their own merge entries, in the order they say they did.

    A merge has the files of what it takes in, unless it names them as awaited; then a later one says that they arrived.
    """
    found: dict[str, _Had] = {}  # by device: a laptop that was restored writes in a further log
    for log, clock, merged in _merges(things):
        seen = [row for row in merged.get("heads") or () if row.get("log") == place.log]
        covers = any(int(row.get("size") or 0) > place.seq for row in seen)
        awaited = {row.get("sha256") for row in merged.get("awaited") or ()}
        if device_of(log) == device_of(log_of(place.log)):
            continue
        if covers:
            had = found.setdefault(device_of(log), _Had(clock, log))
            had.signed = had.signed or any(row.get("cosigned") for row in seen)
        if (covers and sha256 not in awaited) or sha256 in (merged.get("arrived") or ()):
            had = found.setdefault(device_of(log), _Had(clock, log))
            had.file = min(clock, had.file or clock)
    ordered = sorted(found.items(), key=lambda one: (one[1].lines, one[0]))
    return tuple(
        Holder(
            laptops.number(had.log),
            moment(had.file or had.lines, store.zone, words),
            bool(had.file),
            had.signed,
        )
        for _, had in ordered
    )


@dataclass(slots=True)
class _Had:
    """Since when a laptop has the lines about a file, and the file itself."""

    lines: int
    log: str
    file: int | None = None
    signed: bool = False


def _merges(things: Things) -> Iterator[tuple[str, int, Mapping[str, Any]]]:
    """(log, clock, fields) of every merge entry, by clock."""
    found = [version for merge in things.of_kind("merge") for version in merge.heads]
    for version in sorted(found, key=lambda one: one.clock):
        yield log_of(split_entry(version.name)[0]), version.clock, version.fields
