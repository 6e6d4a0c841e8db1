"""One record, opened: its folder, database, originals, layers and this laptop's keys, and the one way to write."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from onrecord.record.checkpoint import Signer, origin_of, verifier_key
from onrecord.record.entries import Draft
from onrecord.record.errors import RecordUnreadable
from onrecord.record.ids import device_of, entry_name, incarnation_of, mint, split_entry
from onrecord.store.device import KeyFolder, LogKey
from onrecord.store.folder import RecordFolder, write_durably
from onrecord.store.layers import Layers
from onrecord.store.log import LogWriter
from onrecord.store.originals import Originals
from onrecord.store.schema import entry_number
from onrecord.store.sealing import new_identity
from onrecord.store.sqlite import SqliteStore, create_database

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Founding:
    """What a new record says of itself and of the person who begins it."""

    title: str | None
    zone: str
    handle: str


class RecordStore:
    """An opened record. Rooms take it as an argument; only `writing` appends to the log."""

    def __init__(self, path: Path, home: Path) -> None:
        self.folder = RecordFolder.at(path)
        self._home = home
        self.db = SqliteStore(self.folder.database)
        self.layers = Layers(self.folder.layers, self.db.connection)
        self.originals = Originals(self.folder.originals)
        founding = next(self.db.as_now().of_kind("record"), None)
        if founding is None:
            raise RecordUnreadable(str(path), "its first entry is missing", "Bring it back from a copy.")
        self.id: str = founding.fields["record"]
        self.title: str | None = founding.fields.get("title")
        self.zone: str = founding.fields["zone"]
        self.keys = KeyFolder(home, self.id)
        self.notices: list[str] = []

    def close(self) -> None:
        self.db.close()

    @contextmanager
    def writing(self, keep_checkpoint: bool = False) -> Iterator[LogWriter]:
        """Write entries in one transaction: all are kept, or none. Then remember how far this laptop wrote."""
        with self.db.transaction():
            key = self._claim()
            writer = self._writer(key)
            if key.size == 0:
                writer.append_all(self._first_of_log(key))
            yield writer
            writer.finish(keep_checkpoint)
            size, head = writer.size, writer.last_head.hex()
        if head:
            self.keys.keep(replace(key, size=size, head=head))

    def recipients(self) -> dict[str, str]:
        """The age recipients that a sealed field is encrypted to, by person."""
        people = self.db.as_now().of_kind("person")
        return {who.id: who.fields["recipient"] for who in people if who.fields["role"] == "keeper"}

    def today(self) -> dt.date:
        """The day it is in the record's time zone."""
        return dt.datetime.now(ZoneInfo(self.zone)).date()

    def item_with(self, sha256: str) -> str | None:
        """The item with these bytes, if one is held."""
        row = self.db.connection.execute("SELECT item FROM held WHERE sha256 = ?", (sha256,)).fetchone()
        return row and str(row[0])

    def handle(self, person: str) -> str:
        """What an author is called; the id where nobody is known by it."""
        thing = self.db.as_now().get(person)
        return str(thing.fields.get("handle", person)) if thing else person

    def _writer(self, key: LogKey) -> LogWriter:
        numbers = self.db.log_numbers()
        if key.log not in numbers:
            numbers[key.log] = self.db.add_log(key.log)
        return LogWriter(self.db.connection, key.log, numbers, self.signer(key), key.person)

    def signer(self, key: LogKey) -> Signer:
        return Signer(origin_of(self.id, key.log), key.seed)

    def _claim(self) -> LogKey:
        """The log to go on with: the one this laptop wrote last if the record still fits it, else a new one."""
        numbers = self.db.log_numbers()
        held = list(self.keys.log_keys())
        for key in held:
            if key.log in numbers and self._fits(key, numbers[key.log]):
                return key
            if key.log not in numbers and key.size == 0 and self.folder.key_file(key.log).exists():
                return key  # begun and never written, as when the laptop went off in between
        return self._new_incarnation(held, numbers) if held else self._new_device()

    def _fits(self, key: LogKey, number: int) -> bool:
        if key.size == 0:
            return True
        query = "SELECT bytes FROM head WHERE entry = ?"
        row = self.db.connection.execute(query, (entry_number(number, key.size - 1),)).fetchone()
        return row is not None and sha256(row[0]).hexdigest() == key.head

    def _new_incarnation(self, held: list[LogKey], numbers: dict[str, int]) -> LogKey:
        device, person = held[0].device, held[0].person
        known = [*numbers, *(key.log for key in held)]
        latest = max(incarnation_of(log) for log in known if device_of(log) == device)
        self.notices.append(
            "This record is an older copy than the one this laptop last wrote to. "
            "It goes on in a new branch of its log; both branches are kept."
        )
        return self._new_log(f"{device}.{latest + 1}", person)

    def _new_device(self) -> LogKey:
        self.notices.append(
            "This laptop has not written to this record before. It writes as a further device, "
            "which a member still has to admit."
        )
        return self._new_log(f"{mint()}.1", mint())

    def _new_log(self, log: str, person: str) -> LogKey:
        key = LogKey(log, person, Signer.new_seed())
        self.keys.keep(key)
        _write_public_key(self.folder, self.signer(key), log)
        return key

    def _first_of_log(self, key: LogKey) -> list[Draft]:
        first = [self._device_entry(key)]
        if self.db.as_now().get(key.person) is None:
            identity, recipient = new_identity()
            self.keys.keep_identity(identity)
            who = {"handle": "not yet admitted", "recipient": recipient, "role": "guest"}
            first.append(Draft("person", key.person, who))
        return first

    def _device_entry(self, key: LogKey) -> Draft:
        fields: dict[str, Any] = {"log": key.log, "person": key.person}
        line = verifier_key(origin_of(self.id, key.log), self.signer(key).public)
        fields["vkey"] = line
        last = self._last_entry_of_device(key)
        if last:
            fields |= {"after": last, "cause": "the record was behind what this device had written"}
            fields |= self._vouched(line, last)
        return Draft("device", mint(), fields)

    def _vouched(self, line: str, last: str) -> dict[str, str]:
        """The old key's word for the new one, where this laptop still has the old key."""
        log, _ = split_entry(last)
        former = next((held for held in self.keys.log_keys() if held.log == log), None)
        return {"vouched_by": log, "vouched": self.signer(former).vouch(line)} if former else {}

    def _last_entry_of_device(self, key: LogKey) -> str | None:
        query = "SELECT name, max(entry) FROM log JOIN head ON head.entry >> 40 = log.number GROUP BY name"
        rows = [row for row in self.db.connection.execute(query) if device_of(row[0]) == key.device]
        earlier = [row for row in rows if row[0] != key.log]
        if not earlier:
            return None
        log, entry = max(earlier, key=lambda row: incarnation_of(row[0]))
        return entry_name(log, entry & ((1 << 40) - 1))


def found_record(path: Path, home: Path, founding: Founding) -> str:
    """Make a new record with its first three entries; the log's name."""
    folder = RecordFolder.make(path)
    record, log, person = mint(), f"{mint()}.1", mint()
    keys = KeyFolder(home, record)
    identity, recipient = new_identity()
    key = LogKey(log, person, Signer.new_seed())
    signer = Signer(origin_of(record, log), key.seed)
    keys.keep(key)
    keys.keep_identity(identity)
    _write_public_key(folder, signer, log)
    create_database(folder.database)
    store = SqliteStore(folder.database)
    try:
        with store.transaction():
            numbers = {log: store.add_log(log)}
            writer = LogWriter(store.connection, log, numbers, signer, person)
            writer.append_all(_first_entries(record, log, person, recipient, signer, founding))
            writer.finish()
        keys.keep(replace(key, size=writer.size, head=writer.last_head.hex()))
    finally:
        store.close()
    return log


def _first_entries(
    record: str, log: str, person: str, recipient: str, signer: Signer, founding: Founding
) -> list[Draft]:
    about: dict[str, Any] = {"format": FORMAT, "record": record, "zone": founding.zone}
    if founding.title:
        about["title"] = founding.title
    who = {"handle": founding.handle, "recipient": recipient, "role": "keeper"}
    device = {"log": log, "person": person, "vkey": verifier_key(signer.origin, signer.public)}
    return [Draft("record", record, about), Draft("person", person, who), Draft("device", mint(), device)]


def _write_public_key(folder: RecordFolder, signer: Signer, log: str) -> None:
    line = verifier_key(signer.origin, signer.public) + "\n"
    write_durably(folder.key_file(log), line.encode("ascii"))
