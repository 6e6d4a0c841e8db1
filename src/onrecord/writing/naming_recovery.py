"""Naming a recovery key in the record: made on the founding laptop it counts at once, elsewhere when two members name it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from onrecord.record.checkpoint import NoteInvalid, fingerprint, parse_verifier_key
from onrecord.record.entries import Draft
from onrecord.record.errors import OutputExists, ThingUnknown
from onrecord.record.ids import device_of, log_of, mint, split_entry
from onrecord.record.membership import RecoveryKey
from onrecord.store.log import LogWriter
from onrecord.store.record_store import RecordStore
from onrecord.store.refold import key_lines
from onrecord.store.standing import governance, own_logs
from onrecord.writing.indexing import let_stand
from onrecord.writing.keepers import require_keeper


@dataclass(frozen=True, slots=True)
class Waiting:
    """A recovery key that a member named, and to which nothing is sealed until a second one does."""

    key: RecoveryKey
    by: str
    here: bool

    @property
    def fingerprint(self) -> str:
        return fingerprint_of(self.key)

    def as_json(self) -> dict[str, Any]:
        return {"fingerprint": self.fingerprint, "by": self.by, "here": self.here}


def waiting_keys(store: RecordStore) -> list[Waiting]:
    """The recovery keys that wait for a second member. None, where one is in effect."""
    judged = store.membership()
    if judged.recovery:
        return []
    own = own_logs(store.db.connection, judged)
    named = governance(store.db.connection, store.id, key_lines(store.folder.keys)).recoveries
    return [
        Waiting(one, _by(store, one), _log(one) in own)
        for one in named
        if judged.counts(_log(one)) and fingerprint_of(one)
    ]


def name_key(store: RecordStore, writer: LogWriter, recipient: str, vkey: str) -> str:
    """The entry that names a recovery key; the id of its thing."""
    draft = Draft("recovery", mint(), {"recipient": recipient, "vkey": vkey})
    writer.append(draft)
    let_stand(store, writer)
    return draft.thing


def key_to_confirm(store: RecordStore, named: str | None = None) -> Waiting:
    """The recovery key of somebody else that waits; `named` is the beginning of its fingerprint, where several do."""
    digits = (named or "").replace(" ", "").lower()
    found = {
        one.fingerprint: one
        for one in waiting_keys(store)
        if not one.here and one.fingerprint.replace(" ", "").startswith(digits)
    }
    if len(found) == 1:
        return next(iter(found.values()))
    if found:
        choices = ", ".join(sorted(found))
        raise ThingUnknown("recovery key", f"several wait: {choices}", "Say which: --key FINGERPRINT.")
    raise ThingUnknown(
        "recovery key", "none waits here for a second member", "See what there is: onrecord recovery show."
    )


def confirm_recovery(store: RecordStore, named: str | None = None) -> dict[str, Any]:
    """Name the recovery key that somebody else made, as a second member: `{"recovery", "fingerprint", "by", "counts"}`."""
    waiting = key_to_confirm(store, named)
    with store.writing(keep_checkpoint=True) as writer:
        require_keeper(store, writer)
        thing = name_key(store, writer, waiting.key.recipient, waiting.key.vkey)
    return {
        "recovery": thing,
        "fingerprint": waiting.fingerprint,
        "by": waiting.by,
        "counts": store.recovery() is not None,
    }


def require_no_key(store: RecordStore) -> None:
    """Raises `OutputExists` where the record has a recovery key, or one that was made here waits."""
    if store.recovery():
        raise OutputExists(
            "recovery key",
            "this record has one already, and keeps it",
            "See it with: onrecord recovery show.",
        )
    mine: Sequence[Waiting] = [one for one in waiting_keys(store) if one.here]
    if mine:
        raise OutputExists(
            "recovery key",
            f"the one made here ({mine[0].fingerprint}) waits for a second member",
            "Ask a keeper on another laptop to run: onrecord recovery confirm.",
        )


def fingerprint_of(key: RecoveryKey) -> str:
    try:
        return fingerprint(parse_verifier_key(key.vkey)[1])
    except (NoteInvalid, ValueError):
        return ""


def _by(store: RecordStore, key: RecoveryKey) -> str:
    """What whoever named a key is called."""
    said = (one.author for one, _ in store.db.versions(key.thing) if one.name == key.entry)
    return next((store.handle(author) for author in said), device_of(_log(key)))


def _log(key: RecoveryKey) -> str:
    return log_of(split_entry(key.entry)[0])
