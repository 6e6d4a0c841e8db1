"""Which log this laptop goes on with: the one it wrote last, a further incarnation of it, or a first one as a guest.

What is about to be written is remembered before it is committed. A laptop that stops in between begins a new
incarnation, so no key ever signs two logs that differ.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from onrecord.record.checkpoint import Signer, fingerprint, origin_of, verifier_key
from onrecord.record.entries import Draft
from onrecord.record.ids import device_of, entry_name, incarnation_of, log_of, mint, split_entry
from onrecord.record.merkle import leaf_hash
from onrecord.store.device import KeyFolder, LogKey
from onrecord.store.folder import RecordFolder
from onrecord.store.log import LogWriter
from onrecord.store.part import write_durably
from onrecord.store.schema import entry_number, span, split_number
from onrecord.store.sealing import new_identity
from onrecord.store.sqlite import SqliteStore

_DISTANCE = 10_000
_HIGHEST = 900_000_000
_BEHIND = (
    "This record does not hold what this laptop last wrote to it: it is an older copy, or a write was cut off. "
    "It goes on in a new branch of its log; both branches are kept."
)
_GUEST = (
    "This laptop has not written to this record before. It writes as a further device, "
    "which a member still has to admit. Its fingerprint is {}. "
    "Next: onrecord send STICK. A member merges that, compares the fingerprint with you, admits this laptop and sends."
)
NAMELESS = "not yet admitted"
"""What a person is called whom the settings give no handle."""


class OwnLogElsewhere(Exception):
    """Others hold entries of this laptop's log that it does not: it was restored from a backup, keys and all.

    Nothing was written. What is written next goes into a further incarnation.
    """

    def __init__(self, log: str) -> None:
        super().__init__(log)
        self.log = log


@dataclass(frozen=True, slots=True)
class Claim:
    """The log to go on with, as remembered so far. `notice` says so where it is one that begins."""

    key: LogKey
    notice: str | None = None


class Incarnations:
    """This laptop's logs in one record. Used inside the writing transaction, with the key folder held."""

    def __init__(
        self, record: str, db: SqliteStore, folder: RecordFolder, keys: KeyFolder, handle: str | None = None
    ) -> None:
        self._record = record
        self._handle = handle or NAMELESS
        self._db = db
        self._folder = folder
        self._keys = keys

    def claim(self, beyond: int = 0) -> Claim:
        """The log this laptop wrote last if the record still fits it, else one that begins. Writes nothing.

        Incarnations up to `beyond` are known to have gone on elsewhere.
        """
        numbers = self._db.log_numbers()
        held = self._keys.log_keys()
        may_go_on = (key for key in held if incarnation_of(key.log) > beyond)
        fitting = next((key for key in may_go_on if self._fits(key, numbers)), None)
        if fitting:
            return Claim(fitting)
        if held:
            return Claim(_new_key(_next_log(held, numbers, beyond), held[0].person), _BEHIND)
        guest = _new_key(f"{mint()}.1", mint())
        return Claim(guest, _GUEST.format(fingerprint(self._signer(guest).public)))

    def writer(self, key: LogKey) -> LogWriter:
        """At the end of the key's log; with its first entries, where it begins."""
        numbers = self._db.log_numbers()
        begins = key.log not in numbers
        if begins:
            numbers[key.log] = self._db.add_log(key.log, here=True)
        fold = self._db.fold(numbers)
        signer = self._signer(key)
        writer = LogWriter(self._db.connection, key.log, numbers[key.log], fold, signer, key.person)
        if begins:
            writer.append_all(self._first_of_log(key))
        return writer

    def remember(self, key: LogKey, writer: LogWriter) -> None:
        """Keep how far the log is about to reach, and its keys where it begins."""
        self._keys.keep(replace(key, size=writer.size, head=writer.last_head.hex()))
        if not key.size:
            self._drop_unused_public_keys()
            signer = self._signer(key)
            line = verifier_key(signer.origin, signer.public) + "\n"
            write_durably(self._folder.key_file(key.log), line.encode("ascii"))

    def take_back(self, key: LogKey, writer: LogWriter) -> None:
        """Remember what was known before, if what was to be written is not in the record."""
        if self._fits(replace(key, size=writer.size, head=writer.last_head.hex()), self._db.log_numbers()):
            return
        if key.size:
            self._keys.keep(key)
        else:
            self._folder.key_file(key.log).unlink(missing_ok=True)
            self._keys.forget(key.log)

    def _fits(self, key: LogKey, numbers: dict[str, int]) -> bool:
        if key.log not in numbers or not key.size or key.log in self._forked():
            return False
        query = "SELECT bytes FROM head WHERE entry = ?"
        last = entry_number(numbers[key.log], key.size - 1)
        row = self._db.connection.execute(query, (last,)).fetchone()
        return row is not None and sha256(row[0]).hexdigest() == key.head

    def _forked(self) -> set[str]:
        """Logs that were signed twice. Nobody goes on with one."""
        rows = self._db.connection.execute("SELECT name FROM log WHERE parent IS NOT NULL")
        return {log_of(name) for (name,) in rows}

    def _signer(self, key: LogKey) -> Signer:
        return Signer(origin_of(self._record, key.log), key.seed)

    def _drop_unused_public_keys(self) -> None:
        """Remove what a write that was cut off left: public keys of ours for logs that never began here."""
        numbers = self._db.log_numbers()
        for key in self._keys.log_keys():
            if key.log not in numbers:
                self._folder.key_file(key.log).unlink(missing_ok=True)

    def _first_of_log(self, key: LogKey) -> list[Draft]:
        first = [self._device_entry(key)]
        if self._db.as_now().get(key.person) is None:
            who = {"handle": self._handle, "recipient": self._recipient(), "role": "guest"}
            first.append(Draft("person", key.person, who))
        return first

    def _recipient(self) -> str:
        """That of the identity held already, as something may be sealed to it in another copy; else of a fresh one."""
        held = self._keys.identity.recipient()
        if held is not None:
            return held
        identity, recipient = new_identity()
        self._keys.identity.keep((identity,))
        return recipient

    def _device_entry(self, key: LogKey) -> Draft:
        line = verifier_key(origin_of(self._record, key.log), self._signer(key).public)
        fields: dict[str, Any] = {"log": key.log, "person": key.person, "vkey": line}
        fields["recipient"] = self._keys.exchange_recipient()
        last = self._last_entry_of_device(key)
        if last is not None:
            fields |= {"after": last, "after_leaf": self._leaf(last)}
            fields["cause"] = "the record was behind what this device had written"
            fields |= self._vouched(line, last)
        return Draft("device", mint(), fields)

    def _vouched(self, line: str, last: str) -> dict[str, str]:
        """The old key's word for the new one, where this laptop still has the old key."""
        log, held = log_of(split_entry(last)[0]), self._keys.log_keys()
        former = next((one for one in held if one.log == log), None)
        former = former or next((one for one in held if one.log in self._db.log_numbers()), None)
        return {"vouched_by": former.log, "vouched": self._signer(former).vouch(line)} if former else {}

    def _last_entry_of_device(self, key: LogKey) -> str | None:
        """The last entry here of this device's newest earlier log; of its branches, the one written here."""
        rows = self._db.connection.execute("SELECT name, number, here FROM log").fetchall()
        earlier = [row for row in rows if device_of(row[0]) == key.device and row[0] != key.log]
        query = "SELECT max(entry) FROM head WHERE entry >= ? AND entry < ?"
        ends = [
            (incarnation_of(name), here, split_number(last)[1], name)
            for name, number, here in earlier
            for (last,) in self._db.connection.execute(query, span(number))
            if last is not None
        ]
        return entry_name(max(ends)[3], max(ends)[2]) if ends else None

    def _leaf(self, entry: str) -> str:
        """The leaf hash of an entry: it tells one branch's entry from another's with the same name."""
        query = "SELECT bytes FROM head WHERE entry = ?"
        (head,) = self._db.connection.execute(query, (self._db.entry_of(entry),)).fetchone()
        return leaf_hash(head).hex()


def _next_log(held: list[LogKey], numbers: dict[str, int], beyond: int) -> str:
    """A further log of this device, at a distance nobody can guess.

    A laptop that was restored twice would else begin one name under two keys, or find it taken by a stranger.
    """
    device = held[0].device
    known = [*numbers, *(key.log for key in held)]
    used = [incarnation_of(log) for log in known if device_of(log) == device]
    latest = max((one for one in used if one < _HIGHEST), default=0)
    return f"{device}.{max(latest, beyond) + 1 + secrets.randbelow(_DISTANCE)}"


def _new_key(log: str, person: str) -> LogKey:
    return LogKey(log, person, Signer.new_seed())
