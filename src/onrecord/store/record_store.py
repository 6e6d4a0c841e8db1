"""One record, opened: its folder, database, originals, layers and this laptop's keys, and the one way to write."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from onrecord.record.checkpoint import Signer, origin_of, verifier_key
from onrecord.record.entries import Draft
from onrecord.record.errors import RecordUnreadable
from onrecord.record.ids import mint
from onrecord.store.device import KeyFolder, LogKey
from onrecord.store.folder import RecordFolder
from onrecord.store.incarnation import Incarnations
from onrecord.store.layers import Layers
from onrecord.store.log import LogWriter
from onrecord.store.originals import Originals
from onrecord.store.part import write_durably
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
        self.db = SqliteStore(self.folder.database)
        try:
            about = self._founding(path)
            self.id: str = about["record"]
            self.zone: str = about["zone"]
        except BaseException:
            self.db.close()
            raise
        self.title: str | None = about.get("title")
        self.layers = Layers(self.folder.layers, self.db.connection)
        self.originals = Originals(self.folder.originals)
        self.keys = KeyFolder(home, self.id)
        self.notices: list[str] = []
        self._incarnations = Incarnations(self.id, self.db, self.folder, self.keys)

    def _founding(self, path: Path) -> Mapping[str, Any]:
        """What the first entry says of the record."""
        try:
            first = next(self.db.as_now().of_kind("record"), None)
        except sqlite3.DatabaseError as wrong:
            raise RecordUnreadable(str(path), f"SQLite says: {wrong}", "Bring it back from a copy.") from None
        if first is None or not {"record", "zone"} <= set(first.fields):
            raise RecordUnreadable(
                str(path),
                "its first entry is missing",
                "Bring it back from a copy, or begin it again elsewhere.",
            )
        return first.fields

    def close(self) -> None:
        self.db.close()

    @contextmanager
    def writing(self, keep_checkpoint: bool = False) -> Iterator[LogWriter]:
        """Write entries in one transaction: all are kept, or none. How far this laptop wrote is remembered first."""
        with self.keys.alone():
            remembered: list[tuple[LogKey, LogWriter]] = []
            try:
                with self.db.transaction():
                    claim = self._incarnations.claim()
                    writer = self._incarnations.writer(claim.key)
                    yield writer
                    writer.finish(keep_checkpoint)
                    if writer.last_head:
                        remembered.append((claim.key, writer))
                        self._incarnations.remember(claim.key, writer)
            except BaseException:
                for key, writer in remembered:
                    self._incarnations.take_back(key, writer)
                raise
        if remembered and claim.notice:
            self.notices.append(claim.notice)

    def recipients(self) -> dict[str, str]:
        """The age recipients that a sealed field is encrypted to, by person."""
        people = self.db.as_now().of_kind("person")
        return {who.id: who.fields["recipient"] for who in people if who.fields.get("role") == "keeper"}

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


def found_record(path: Path, home: Path, founding: Founding) -> str:
    """Make a new record with its first three entries; the log's name."""
    folder = RecordFolder.make(path)
    record, log, person = mint(), f"{mint()}.1", mint()
    keys = KeyFolder(home, record)
    identity, recipient = new_identity()
    key = LogKey(log, person, Signer.new_seed())
    signer = Signer(origin_of(record, log), key.seed)
    keys.keep_identity(identity)
    _write_public_key(folder, signer, log)
    create_database(folder.database)
    store = SqliteStore(folder.database)
    try:
        with keys.alone(), store.transaction():
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
