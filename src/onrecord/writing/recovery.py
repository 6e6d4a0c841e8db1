"""Giving a record its recovery key, and sealing again what was sealed before, so that the right keys open it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from onrecord.record.entries import Draft
from onrecord.record.errors import KeyMissing, ThingUnknown
from onrecord.record.fields import is_sealed
from onrecord.record.ideas import KINDS
from onrecord.record.membership import RecoveryKey as Named
from onrecord.record.things import Version
from onrecord.search.index import forget_version, index_thing
from onrecord.store.log import LogWriter
from onrecord.store.record_store import RecordStore
from onrecord.store.recovery import RecoveryKey, new_shares, recovered, recovery_signer, require_key_of
from onrecord.store.sealing import seal, unseal
from onrecord.store.share_file import share_text, write_shares
from onrecord.writing.keepers import require_keeper
from onrecord.writing.naming_recovery import (
    fingerprint_of,
    name_key,
    require_no_key,
    waiting_keys,
)

SEALED = "sealed"
WHY = "sealed again, to the keys that may open it now"
_LACKS = "no key given here opens it"


def make_recovery(store: RecordStore, shares: int, needed: int, out: Path) -> dict[str, Any]:
    """Make the record's recovery key, write its share files, and say in the record what to seal to.

    `{"recovery", "fingerprint", "shares": [path], "needed", "earlier", "counts"}`: `earlier` is how many things were
    sealed before, and do not open with it until they are sealed again. Where it does not count yet, nothing is sealed
    to it until a second keeper confirms it. The key itself is kept nowhere.
    """
    require_no_key(store)
    with store.writing(keep_checkpoint=True) as writer:
        require_keeper(store, writer)
        key, words = new_shares(shares, needed)
        pages = [share_text(one, n, shares, needed, key.fingerprint) for n, one in enumerate(words, 1)]
        files = write_shares(out, pages)
        # The shares are on the disk before the record asks anyone to seal to them.
        require_key_of(recovered(files), store.id, key.verifier_key(store.id), files)
        thing = name_key(store, writer, key.recipient, key.verifier_key(store.id))
    return {
        "recovery": thing,
        "fingerprint": key.fingerprint,
        "shares": [str(file) for file in files],
        "needed": needed,
        "earlier": len(_to_reseal(store)),
        "counts": store.recovery() is not None,
    }


def show_recovery(store: RecordStore) -> dict[str, Any]:
    """The recovery key that fields are sealed to: `{"recovery", "fingerprint", "earlier", "waiting"}`.

    `recovery` is null if there is none; `waiting` lists those that a second member has yet to confirm.
    """
    key = store.recovery()
    return {
        "recovery": key.thing if key else None,
        "fingerprint": fingerprint_of(key) if key else None,
        "earlier": len(_to_reseal(store)),
        "waiting": [one.as_json() for one in waiting_keys(store)],
    }


def recovery_key(store: RecordStore, shares: Sequence[Path]) -> RecoveryKey:
    """The whole recovery key of this record, from enough share files."""
    named = _named(store)
    key = recovered(shares)
    require_key_of(key, store.id, named.vkey, shares)
    return key


def signer_from_shares(store: RecordStore, shares: Sequence[Path]) -> Callable[[bytes], str]:
    """What signs with this record's recovery key: takes bytes, gives base64."""
    return recovery_signer(shares, store.id, _named(store).vkey)


def reseal(store: RecordStore, shares: Sequence[Path] = ()) -> dict[str, Any]:
    """Seal again whatever is not sealed to all keepers as they are now and to the recovery key, as new versions.

    Opened with this laptop's key, or with recovery shares where some are given. `{"resealed", "left":
    [{"id", "why"}]}`. The earlier versions remain in the log, still open to the keys they were sealed to, until
    they are erased.
    """
    identities: tuple[str, ...] = ()
    if shares:
        identities = (recovery_key(store, shares).identity,)
    waiting = _to_reseal(store)
    if waiting and not shares:
        identities = store.keys.identity.opened()
    done, left = 0, []
    with store.writing() as writer:
        to = store.recipients()
        for version in waiting:
            try:
                opened = unseal(version.fields[SEALED], identities)
            except KeyMissing:
                left.append({"id": version.thing, "why": _LACKS})
                continue
            _write(store, writer, version, seal(opened, to))
            done += 1
    return {"resealed": done, "left": left}


def _write(store: RecordStore, writer: LogWriter, version: Version, sealed: Mapping[str, Any]) -> None:
    """A version that differs in what it is sealed to only. One of two in conflict leaves the other standing."""
    fields = {**version.fields, SEALED: sealed}
    words = KINDS[version.kind].words
    index = store.db.connection
    writer.append(Draft(version.kind, version.thing, fields, version.slug, (version.name,), WHY))
    forget_version(index, store.db.entry_of(version.name), words(version.fields))
    index_thing(index, version.thing, writer.last_entry, words(fields))


def _named(store: RecordStore) -> Named:
    named = store.recovery()
    if named is None:
        raise ThingUnknown("recovery key", "this record has none", "Make one with: onrecord recovery make.")
    return named


def _to_reseal(store: RecordStore) -> list[Version]:
    """Head versions with something sealed that one of today's keys does not open, as far as can be told."""
    to = store.recipients()
    newest = max((_since(store, one) for one in to), default=0)
    return [
        version
        for version in _sealed_heads(store)
        if set(version.fields[SEALED]["to"]) != set(to) or version.clock <= newest
    ]


def _sealed_heads(store: RecordStore) -> Iterator[Version]:
    for thing in store.db.as_now().of_kind("actor"):
        yield from (version for version in thing.heads if is_sealed(version.fields.get(SEALED)))


def _since(store: RecordStore, id: str) -> int:
    """When a person's present recipient was first stated. What is sealed names persons, and not which key they had."""
    versions = [version for version, _ in store.db.versions(id) if "recipient" in version.fields]
    thing = store.db.as_now().get(id)
    now = thing.fields["recipient"] if thing else None
    return min((one.clock for one in versions if one.fields["recipient"] == now), default=0)
