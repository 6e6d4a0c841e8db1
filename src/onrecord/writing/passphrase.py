"""The passphrase over this person's key, and a new key for a person whose key or passphrase is lost."""

from __future__ import annotations

from typing import Any

from onrecord.record.canonical import check
from onrecord.record.entries import Draft
from onrecord.record.errors import FieldInvalid, PassphraseMissing
from onrecord.record.ids import is_id
from onrecord.store.asking import Ask
from onrecord.store.identity import LEAST_PASSPHRASE, IdentityFile
from onrecord.store.record_store import RecordStore
from onrecord.store.sealing import new_identity

NEW_KEY = "a new key for this person"


def set_passphrase(store: RecordStore, ask_new: Ask) -> dict[str, Any]:
    """Put this person's key under a passphrase, or under another one: `{"recipient", "passphrase": true, "open"}`.

    `open` counts the other records for which this laptop keeps a key without a passphrase.
    """
    identity = store.keys.identity
    opened = identity.opened()
    identity.keep(opened, strong(ask_new(identity.called)))
    return {"recipient": identity.recipient(), "passphrase": True, "open": _open_elsewhere(store)}


def _open_elsewhere(store: RecordStore) -> int:
    """For how many other records this laptop keeps a key that is under no passphrase."""
    folders = (one for one in store.keys.path.parent.iterdir() if is_id(one.name) and one != store.keys.path)
    others = [IdentityFile(folder) for folder in folders]
    return sum(one.held() and not one.under_passphrase() for one in others)


def remove_passphrase(store: RecordStore) -> dict[str, Any]:
    """Keep this person's key plain again."""
    identity = store.keys.identity
    identity.keep(identity.opened())
    return {"recipient": identity.recipient(), "passphrase": False}


def new_key(store: RecordStore, *, lost: bool, ask_new: Ask) -> dict[str, Any]:
    """A fresh key for this person, of which the record learns the public half: `{"recipient", "passphrase", "aside"}`.

    What was sealed before stays sealed to the former key. That key is kept behind the new one, under the same
    passphrase; where it is `lost`, its file is moved to `aside` and the new key is under the passphrase asked for.
    """
    identity = store.keys.identity
    fresh, recipient = new_identity()
    aside = None
    if lost:
        under = strong(ask_new(identity.called))
        aside = identity.set_aside() if identity.held() else None
        identity.keep((fresh,), under)
    else:
        identity.add(fresh)
    with store.writing() as writer:
        person = store.db.as_now().get(writer.person)
        if person is not None and person.fields.get("recipient") != recipient:
            heads = tuple(version.name for version in person.heads)
            writer.append(
                Draft("person", person.id, {**person.fields, "recipient": recipient}, None, heads, NEW_KEY)
            )
    told = {"recipient": recipient, "passphrase": identity.under_passphrase()}
    return told | {"aside": str(aside) if aside else None}


def nobody_to_ask_anew(thing: str) -> str:
    raise PassphraseMissing(
        thing,
        "nobody can be asked for a passphrase here",
        "Run this on a terminal, or give it in ONRECORD_NEW_PASSPHRASE.",
    )


def strong(passphrase: str) -> str:
    """A passphrase that may be used. Raises `FieldInvalid` where it is too short to keep anything."""
    check(passphrase, "passphrase")
    if len(passphrase) < LEAST_PASSPHRASE:
        raise FieldInvalid(
            "passphrase",
            f"it is shorter than {LEAST_PASSPHRASE} characters",
            "Take six words that have nothing to do with each other.",
        )
    return passphrase
