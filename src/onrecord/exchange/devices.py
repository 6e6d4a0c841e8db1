"""The devices of a record as its entries show them: who is let in, who waits, and to which keys one encrypts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from onrecord.record.canonical import decode
from onrecord.record.checkpoint import NoteInvalid, fingerprint, parse_verifier_key
from onrecord.record.ids import device_of, incarnation_of, log_of, split_entry
from onrecord.record.membership import Membership
from onrecord.store.record_store import RecordStore
from onrecord.store.schema import entry_number
from onrecord.store.standing import own_logs

_OWN_WORD = (
    "SELECT control.entry, body.bytes FROM control JOIN body ON body.entry = control.entry"
    " WHERE control.kind = 'device' ORDER BY control.entry"
)
_REVOCATIONS = (
    "SELECT control.entry, body.bytes FROM control JOIN body ON body.entry = control.entry"
    " WHERE control.kind = 'revocation' ORDER BY control.entry"
)
_EARLY = 20
_FIRST = "SELECT bytes FROM body WHERE entry >= ? AND entry < ? ORDER BY entry"


@dataclass(frozen=True, slots=True)
class OwnWord:
    """What a log's own `device` entries say of it last. `entry` is the name of that entry."""

    entry: str
    log: str
    vkey: str
    person: str
    recipient: str | None

    @property
    def fingerprint(self) -> str:
        try:
            return fingerprint(parse_verifier_key(self.vkey)[1])
        except NoteInvalid:
            return ""


@dataclass(frozen=True, slots=True)
class Device:
    """A device with its logs, the latest first. `counts` where it is a member's, `revoked` where it was."""

    id: str
    logs: tuple[OwnWord, ...]
    counts: bool
    revoked: bool

    @property
    def latest(self) -> OwnWord:
        return self.logs[0]

    @property
    def recipient(self) -> str | None:
        return next((word.recipient for word in self.logs if word.recipient), None)


def devices(store: RecordStore) -> list[Device]:
    """Every device that has written an entry about itself which is held here."""
    judged = store.membership()
    by_device: dict[str, list[OwnWord]] = {}
    for word in _own_words(store):
        by_device.setdefault(device_of(word.log), []).append(word)
    return [_device(id, words, judged) for id, words in sorted(by_device.items())]


def member_recipients(store: RecordStore) -> set[str]:
    """The exchange recipients of all devices that are let in, but for those that this laptop itself revoked."""
    members = [one for one in devices(store) if one.counts and not one.revoked]
    shut_out = _revoked_here(store)
    return {one.recipient for one in members if one.recipient and one.id not in shut_out}


def admitted_by(store: RecordStore, log: str) -> set[str]:
    """The logs that one log lets in."""
    rows = store.db.connection.execute(_OWN_WORD).fetchall()
    named = ((split_entry(store.db.name_of(entry))[0], decode(raw)["fields"]) for entry, raw in rows)
    return {str(fields.get("log")) for row, fields in named if log_of(row) == log}


def _revoked_here(store: RecordStore) -> set[str]:
    """The devices that this laptop's own word revokes, whether a second member agrees yet or not."""
    own = own_logs(store.db.connection, store.membership())
    said = store.db.connection.execute(_REVOCATIONS).fetchall()
    here = [decode(raw) for entry, raw in said if log_of(split_entry(store.db.name_of(entry))[0]) in own]
    return {str(one["fields"].get("device")) for one in here}


def handle_of(store: RecordStore, device: Device | None) -> str:
    """What the person of a device is called here; of one that rests, what they call themselves."""
    if device is None:
        return ""
    called = store.handle(device.latest.person)
    return called if called != device.latest.person else _self_named(store, device.latest)


def _self_named(store: RecordStore, word: OwnWord) -> str:
    """The handle that the first entries of a device's log give its person."""
    number = store.db.log_numbers().get(word.log)
    if number is None:
        return ""
    rows = store.db.connection.execute(
        _FIRST, (entry_number(number, 0), entry_number(number, _EARLY))
    ).fetchall()
    stated = (decode(body) for (body,) in rows)
    persons = [one["fields"] for one in stated if one["kind"] == "person" and one["thing"] == word.person]
    return str(persons[-1].get("handle", "")) if persons else ""


def _device(id: str, words: list[OwnWord], judged: Membership) -> Device:
    latest = sorted(
        words, key=lambda word: (incarnation_of(word.log), split_entry(word.entry)[1]), reverse=True
    )
    return Device(
        id,
        tuple(latest),
        any(judged.counts(word.log) for word in latest),
        any(judged.revoked(word.log) for word in latest),
    )


def _own_words(store: RecordStore) -> Iterator[OwnWord]:
    """The last word of each row about its own log: an entry elsewhere, by somebody else, is none."""
    last: dict[str, OwnWord] = {}
    for entry, raw in store.db.connection.execute(_OWN_WORD).fetchall():
        name = store.db.name_of(entry)
        row = split_entry(name)[0]
        word = _word(name, decode(raw)["fields"])
        if word.log == log_of(row):
            last[row] = word
    yield from last.values()


def _word(name: str, fields: dict[str, Any]) -> OwnWord:
    log, vkey, person = (str(fields.get(one, "")) for one in ("log", "vkey", "person"))
    recipient = fields.get("recipient")
    return OwnWord(name, log, vkey, person, recipient if isinstance(recipient, str) else None)
