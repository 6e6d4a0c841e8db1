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
from onrecord.record.errors import FileRefused, RecordNotWritten, RecordUnreadable
from onrecord.record.ids import incarnation_of, log_of, mint
from onrecord.record.membership import Membership, RecoveryKey
from onrecord.store.asking import Ask, nobody_to_ask
from onrecord.store.device import KeyFolder, LogKey
from onrecord.store.fingerprints import Fingerprints
from onrecord.store.folder import RecordFolder
from onrecord.store.imports import Imports
from onrecord.store.incarnation import Incarnations, OwnLogElsewhere
from onrecord.store.layers import Layers
from onrecord.store.log import LogWriter
from onrecord.store.observed import Observed
from onrecord.store.originals import Originals
from onrecord.store.part import write_durably
from onrecord.store.refold import key_lines
from onrecord.store.sealing import new_identity
from onrecord.store.sqlite import SqliteStore, create_database
from onrecord.store.standing import judge

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Founding:
    """What a new record says of itself and of the person who begins it."""

    title: str | None
    zone: str
    handle: str


class RecordStore:
    """An opened record. Rooms take it as an argument; only `writing` appends to the log."""

    def __init__(self, path: Path, home: Path, ask: Ask = nobody_to_ask, handle: str | None = None) -> None:
        self.folder = RecordFolder.at(path)
        self.db = SqliteStore(self.folder.database)
        try:
            self._read_founding()
        except BaseException:
            self.db.close()
            raise
        self.layers = Layers(self.folder.layers, self.db.connection)
        self.originals = Originals(self.folder.originals)
        self.fingerprints = Fingerprints(self.db.connection)
        self.observed = Observed(self.db.connection)
        self.imports = Imports(self.db.connection)
        self.notices: list[str] = []
        self.keys = KeyFolder(home, self.id, ask, self.notices)
        self._call_the_key()
        self._incarnations = Incarnations(self.id, self.db, self.folder, self.keys, handle)
        self._elsewhere = 0

    def _read_founding(self) -> None:
        """Take over what the first entry says of the record: its id, title and zone."""
        about = self._founding()
        self.id: str = about["record"]
        self.zone: str = about["zone"]
        self.title: str | None = about.get("title")

    def _founding(self) -> Mapping[str, Any]:
        path = str(self.folder.path)
        try:
            first = next(self.db.as_now().of_kind("record"), None)
            if first is not None and {"record", "zone"} <= set(first.fields):
                return first.fields
            waiting = self._waiting_for()
        except sqlite3.DatabaseError as wrong:
            raise RecordUnreadable(path, f"SQLite says: {wrong}", "Bring it back from a copy.") from None
        if waiting is None:
            raise RecordUnreadable(
                path, "its first entry is missing", "Bring it back from a copy, or begin it again elsewhere."
            )
        return {"record": waiting, "zone": "UTC"}

    def _waiting_for(self) -> str | None:
        """The record that this folder is to become a copy of, where it holds nothing but what this device wrote."""
        names = self.db.connection.execute("SELECT name FROM log WHERE here").fetchall()
        lines = [key_lines(self.folder.keys).get(log_of(name)) for (name,) in names]
        return next((line.split("/")[1] for line in lines if line), None)

    @property
    def waiting(self) -> bool:
        """Whether nothing of the record itself has come here yet."""
        return next(self.db.as_now().of_kind("record"), None) is None

    def refresh(self) -> None:
        """Take over what the record says of itself, after it came in."""
        self._read_founding()
        self._call_the_key()

    def _call_the_key(self) -> None:
        """A person knows a record by its title."""
        if self.title:
            self.keys.identity.called = f"your key in “{self.title}”"

    def membership(self) -> Membership:
        """Who may write, as the entries held here decide it."""
        return judge(self.db.connection, self.id, key_lines(self.folder.keys))

    def close(self) -> None:
        self.db.close()

    @contextmanager
    def writing(self, keep_checkpoint: bool = False) -> Iterator[LogWriter]:
        """Write entries in one transaction: all are kept, or none. How far this laptop wrote is remembered first.

        Raises `OwnLogElsewhere` where a merge finds out that others hold more of this laptop's log. Try again then.
        """
        with self.keys.alone():
            remembered: list[tuple[LogKey, LogWriter]] = []
            try:
                with self.db.transaction():
                    claim = self._incarnations.claim(self._elsewhere)
                    writer = self._incarnations.writer(claim.key)
                    yield writer
                    writer.finish(keep_checkpoint)
                    if writer.last_head:
                        remembered.append((claim.key, writer))
                        self._incarnations.remember(claim.key, writer)
            except BaseException as wrong:
                for key, writer in remembered:
                    self._incarnations.take_back(key, writer)
                if isinstance(wrong, OwnLogElsewhere):
                    self._elsewhere = incarnation_of(wrong.log)
                raise
        if remembered and claim.notice:
            self.notices.append(claim.notice)

    def recipients(self) -> dict[str, str]:
        """The age recipients that a sealed field is encrypted to: by person, and by the id of the recovery key."""
        gone = self._without_a_laptop()
        people = self.db.as_now().of_kind("person")
        keepers = [who for who in people if who.fields.get("role") == "keeper" and who.id not in gone]
        recovery = self.recovery()
        sealed_to = {one.id: str(one.fields["recipient"]) for one in keepers}
        return sealed_to | ({recovery.thing: recovery.recipient} if recovery else {})

    def _without_a_laptop(self) -> set[str]:
        """The people whose every device was revoked: whoever has the laptop may have their key."""
        judged = self.membership()
        if not judged.cuts:
            return set()
        devices = [thing.fields for thing in self.db.as_now().of_kind("device")]
        revoked = {one["person"] for one in devices if judged.revoked(one["log"])}
        return revoked - {one["person"] for one in devices if not judged.revoked(one["log"])}

    def recovery(self) -> RecoveryKey | None:
        """The record's recovery key, of which only the public half is here. One that waits for a second is none."""
        return self.membership().recovery

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
    """Make a new record with its first three entries; the log's name. Where it fails, nothing stays at its place."""
    try:
        with RecordFolder.begun(path) as folder:
            return _found(folder, home, founding)
    except (OSError, sqlite3.OperationalError) as wrong:
        raise _not_made(path, getattr(wrong, "strerror", None) or str(wrong)) from wrong
    except FileRefused as wrong:
        raise _not_made(path, wrong.reason) from wrong


def _not_made(path: Path, why: str) -> RecordNotWritten:
    return RecordNotWritten(
        str(path), f"no record can be made there ({why})", "Make room there, or choose another folder."
    )


def _found(folder: RecordFolder, home: Path, founding: Founding) -> str:
    record, log, person = mint(), f"{mint()}.1", mint()
    keys = KeyFolder(home, record)
    identity, recipient = new_identity()
    key = LogKey(log, person, Signer.new_seed())
    signer = Signer(origin_of(record, log), key.seed)
    keys.identity.keep((identity,))
    exchange = keys.exchange_recipient()
    _write_public_key(folder, signer, log)
    create_database(folder.unfinished)
    store = SqliteStore(folder.unfinished)
    try:
        with keys.alone(), store.transaction():
            numbers = {log: store.add_log(log, here=True)}
            writer = LogWriter(store.connection, log, numbers[log], store.fold(numbers), signer, person)
            writer.append_all(_first_entries(record, log, person, (recipient, exchange), signer, founding))
            writer.finish()
            keys.keep(replace(key, size=writer.size, head=writer.last_head.hex()))
        store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        store.close()
    return log


def _first_entries(
    record: str, log: str, person: str, recipients: tuple[str, str], signer: Signer, founding: Founding
) -> list[Draft]:
    """What a record begins with. `recipients` are the person's, for sealed fields, and the device's, for exchange."""
    about: dict[str, Any] = {"format": FORMAT, "record": record, "zone": founding.zone}
    if founding.title:
        about["title"] = founding.title
    who = {"handle": founding.handle, "recipient": recipients[0], "role": "keeper"}
    line = verifier_key(signer.origin, signer.public)
    device = {"log": log, "person": person, "recipient": recipients[1], "vkey": line}
    return [Draft("record", record, about), Draft("person", person, who), Draft("device", mint(), device)]


def begin_copy(path: Path, home: Path, record: str, handle: str | None = None) -> str:
    """Make a copy of a record of which nothing is here yet; this device's log in it, begun as a guest's."""
    try:
        with RecordFolder.begun(path) as folder:
            create_database(folder.unfinished)
            return _begin_log(folder, home, record, handle)
    except (OSError, sqlite3.OperationalError) as wrong:
        raise _not_made(path, getattr(wrong, "strerror", None) or str(wrong)) from wrong
    except FileRefused as wrong:
        raise _not_made(path, wrong.reason) from wrong


def _begin_log(folder: RecordFolder, home: Path, record: str, handle: str | None) -> str:
    keys = KeyFolder(home, record)
    db = SqliteStore(folder.unfinished)
    try:
        logs = Incarnations(record, db, folder, keys, handle)
        with keys.alone(), db.transaction():
            claim = logs.claim()
            writer = logs.writer(claim.key)
            writer.finish(keep=True)
            logs.remember(claim.key, writer)
        db.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        db.close()
    return claim.key.log


def _write_public_key(folder: RecordFolder, signer: Signer, log: str) -> None:
    line = verifier_key(signer.origin, signer.public) + "\n"
    write_durably(folder.key_file(log), line.encode("ascii"))
