"""Sealing a name that stood in clear: the versions that showed it are erased with the same act."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from onrecord.erasing.held import Held
from onrecord.erasing.order import Word, write_orders
from onrecord.erasing.removing import files_of, remove
from onrecord.record.entries import Draft
from onrecord.record.ideas.kind import name_texts
from onrecord.record.things import Version
from onrecord.store.log import LogWriter
from onrecord.store.record_store import RecordStore

REASON = "a name that stood in clear was sealed"
_TOLD = (
    "Versions that showed a name which is sealed now were erased. Look for it elsewhere with: onrecord search. "
    "Who has not confirmed shows: onrecord erase --list."
)


def hides_names(draft: Draft, before: Iterable[Version]) -> bool:
    """Whether this version of an actor seals an identity that none before it sealed, and drops names shown in clear."""
    if draft.kind != "actor" or "age" not in (draft.fields.get("sealed") or ()):
        return False
    former = list(before)
    newly = not any("age" in (version.fields.get("sealed") or ()) for version in former)
    return newly and any(_shows_more(version.fields, draft.fields) for version in former)


def erase_former(store: RecordStore, writer: LogWriter, drafts: Iterable[Draft]) -> None:
    """Order and carry out the erasure of every version that shows a name which its newest one does not.

    Inside the writing transaction; `finish` has to follow it.
    """
    writer.flush()
    held = Held(store)
    going = [
        version
        for draft in drafts
        for version, _ in held.versions(draft.thing)
        if _shows_more(version.fields, draft.fields)
    ]
    store.notices.append(_TOLD)
    write_orders(writer, going, Word.given(REASON, [store.handle(writer.person)]))
    writer.flush()
    remove(store, going, files_of(store, held, going))


def _shows_more(former: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    return bool(set(name_texts(former)) - set(name_texts(new)))
