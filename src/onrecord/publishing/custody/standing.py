"""Where an entry stands: its log and key, the signed checkpoint that covers it, who else saw it, which stamps cover it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from onrecord.publishing.custody.facts import Checkpoint, Holder, Laptop, Stamp
from onrecord.publishing.custody.moments import authority_time, moment
from onrecord.publishing.page.messages import Messages
from onrecord.reading.laptops import public_key
from onrecord.record.canonical import decode
from onrecord.record.checkpoint import NoteInvalid, fingerprint, open_note, origin_of
from onrecord.record.ids import log_of, split_entry
from onrecord.record.things import Things, Version
from onrecord.store.record_store import RecordStore
from onrecord.store.schema import entry_number


class Laptops:
    """Numbers the laptops in the order in which the report speaks of them."""

    def __init__(self, store: RecordStore, things: Things) -> None:
        self._store = store
        self._here = {key.log for key in store.keys.log_keys()}
        self._known: dict[str, Laptop] = {}
        self._people = {
            str(version.fields.get("log")): str(version.fields.get("person"))
            for device in things.of_kind("device")
            for version in device.heads
        }

    def number(self, log: str) -> int:
        log = log_of(log)
        if log not in self._known:
            keeper = self._store.handle(self._people.get(log, ""))
            key = public_key(self._store, log)
            shown = fingerprint(key) if key else None
            self._known[log] = Laptop(len(self._known) + 1, log, keeper, shown, log in self._here)
        return self._known[log].n

    def told(self) -> tuple[Laptop, ...]:
        return tuple(self._known.values())


@dataclass(frozen=True, slots=True)
class Place:
    """An entry's log and place in it."""

    log: str
    seq: int

    @classmethod
    def of(cls, entry: str) -> Place:
        return cls(*split_entry(entry))


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


def stamps_over(things: Things, place: Place, words: Messages) -> tuple[Stamp, ...]:
    """Every authority that stamped a list which covers the entry, the earliest first."""
    found: dict[str, str] = {}
    for stamp in things.of_kind("stamp"):
        for version in stamp.heads:
            if _covers(version, place):
                for token in version.fields.get("tokens") or ():
                    name, time = str(token.get("authority")), str(token.get("time"))
                    found[name] = min(found.get(name, time), time)
    return tuple(
        Stamp(name, authority_time(time, words))
        for name, time in sorted(found.items(), key=lambda one: one[::-1])
    )


def _covers(stamp: Version, place: Place) -> bool:
    return sizes_in(str(stamp.fields.get("listing") or "")).get(place.log, 0) > place.seq


def sizes_in(listing: str) -> dict[str, int]:
    """How many entries of each log a listing covers."""
    rows = (line.split(" ") for line in listing.splitlines()[2:])
    return {row[0]: int(row[1]) for row in rows if len(row) == 3 and row[1].isdigit()}


def holders(
    store: RecordStore, things: Things, place: Place, sha256: str, laptops: Laptops, words: Messages
) -> tuple[Holder, ...]:
    """The further laptops that took the entry in, by their own merge entries, in the order they say they did."""
    found: dict[str, tuple[int, bool, bool]] = {}
    for log, clock, signed, file in _merged(things, place, sha256):
        earlier = found.get(log)
        found[log] = (
            min(clock, earlier[0]) if earlier else clock,
            signed or bool(earlier and earlier[1]),
            file or bool(earlier and earlier[2]),
        )
    ordered = sorted((clock, log, signed, file) for log, (clock, signed, file) in found.items())
    return tuple(
        Holder(laptops.number(log), moment(clock, store.zone, words), file, signed)
        for clock, log, signed, file in ordered
    )


def _merged(things: Things, place: Place, sha256: str) -> Iterator[tuple[str, int, bool, bool]]:
    for merge in things.of_kind("merge"):
        for version in merge.heads:
            log = log_of(split_entry(version.name)[0])
            rows = [row for row in version.fields.get("heads") or () if row.get("log") == place.log]
            seen = [row for row in rows if int(row.get("size") or 0) > place.seq]
            file = sha256 in (version.fields.get("arrived") or ())
            if seen or file:
                yield log, version.clock, any(row.get("cosigned") for row in seen), file
