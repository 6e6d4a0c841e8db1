"""Opening one sealed field: the reason and who asked are on the record for good before the words are given out.

What was sealed is given to the caller and to nobody else: it enters no index, no cache, no history and no error.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from onrecord.erasing.unnamed import require_unnamed
from onrecord.record.canonical import check
from onrecord.record.entries import Draft
from onrecord.record.errors import FieldInvalid, InConflict, KindWrong, ThingUnknown
from onrecord.record.fields import is_sealed
from onrecord.record.ids import mint
from onrecord.record.things import Version
from onrecord.store.record_store import RecordStore
from onrecord.store.sealing import unseal as open_sealed
from onrecord.version import __version__
from onrecord.writing.names import resolve

SEALED = "sealed"


def unseal(
    store: RecordStore,
    name: str,
    reason: str,
    entry: str | None = None,
    recovery_identity: str | None = None,
) -> dict[str, Any]:
    """What is sealed in one thing: `{"id", "kind", "sealed", "custody"}`. `entry` names a version.

    It is opened with this laptop's key, or with that which recovery shares make. `custody` is the step that was
    written. Raises `KeyMissing` or `PassphraseMissing` where the key is not here, and `FieldInvalid`
    where the reason names somebody sealed; then nothing is written.
    """
    reason = _stated(reason)
    id, kind = resolve(store, name)
    version = _named(store, id, name, entry) if entry else _standing(store, id, name)
    keys: Sequence[str] = [recovery_identity] if recovery_identity else store.keys.identity.opened()
    opened = open_sealed(version.fields[SEALED], keys)
    require_unnamed(store, {"reason": reason}, opened=opened)
    with_what = "recovery shares" if recovery_identity else "key of this laptop"
    with store.writing() as writer:
        step = {
            "at": _now(store),
            "by": store.handle(writer.person),
            "of": id,
            "outcome": f"opened what is sealed in {version.name}",
            "step": "opened",
            "tool": f"onrecord {__version__}, {with_what}",
        }
        custody = Draft("custody", mint(), step, reason=reason)
        writer.append(custody)
    return {"id": id, "kind": kind, "sealed": opened, "custody": custody.thing}


def _stated(reason: str) -> str:
    check(reason, "reason")
    if not reason.strip():
        raise FieldInvalid("reason", "it is empty", "Say why it has to be opened: the record keeps it.")
    return reason


def _standing(store: RecordStore, id: str, name: str) -> Version:
    """The one head version in which something is sealed."""
    thing = store.db.as_now().get(id)
    sealed = [version for version in (thing.heads if thing else ()) if is_sealed(version.fields.get(SEALED))]
    if not sealed:
        raise _nothing(name, "nothing is sealed in it as it stands", "See its history.")
    if len(sealed) > 1:
        named = " or ".join(version.name for version in sealed)
        raise InConflict(
            name, "two versions of it stand, each with something sealed", f"Say --entry {named}."
        )
    return sealed[0]


def _named(store: RecordStore, id: str, name: str, entry: str) -> Version:
    version = next((one for one, _ in store.db.versions(id) if one.name == entry), None)
    if version is None:
        raise ThingUnknown(repr(entry), f"no version of {name} is called so", "See its history.")
    if not is_sealed(version.fields.get(SEALED)):
        raise _nothing(
            f"{name}, version {entry}", "nothing is sealed in it, or it is not here", "See its history."
        )
    return version


def _nothing(thing: str, reason: str, mend: str) -> KindWrong:
    return KindWrong(thing, reason, mend)


def _now(store: RecordStore) -> str:
    return dt.datetime.now(ZoneInfo(store.zone)).isoformat(timespec="seconds")
