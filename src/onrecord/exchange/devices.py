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

_OWN_WORD = (
    "SELECT control.entry, body.bytes FROM control JOIN body ON body.entry = control.entry"
    " WHERE control.kind = 'device' ORDER BY control.entry"
)


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
    """The exchange recipients of all devices that are let in."""
    return {one.recipient for one in devices(store) if one.counts and not one.revoked and one.recipient}


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
