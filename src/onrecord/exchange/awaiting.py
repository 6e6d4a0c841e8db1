"""What this laptop knows that it lacks: originals and layers that merges named as awaited, and bodies left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from onrecord.record.canonical import decode
from onrecord.record.ids import split_entry
from onrecord.store.record_store import RecordStore

_OWN_MERGES = (
    "SELECT body.bytes FROM control JOIN body ON body.entry = control.entry"
    " JOIN log ON log.number = control.entry >> 40 WHERE control.kind = 'merge' AND log.here"
    " ORDER BY control.entry"
)
_BODILESS = (
    "SELECT 1 FROM head LEFT JOIN body ON body.entry = head.entry"
    " WHERE head.entry = ? AND body.entry IS NULL AND NOT EXISTS (SELECT 1 FROM ordered WHERE name = ?)"
)
_NAMING = (
    "SELECT body.bytes FROM body JOIN version ON version.entry = body.entry WHERE version.kind IN ('item', 'passage')"
    " UNION ALL SELECT body.bytes FROM resting JOIN body ON body.entry >= resting.first AND body.entry < resting.beyond"
)
_HELD = "SELECT DISTINCT sha256 FROM held"
_BROUGHT = (
    "SELECT min(version.entry) FROM held JOIN version ON version.thing = held.item WHERE held.sha256 = ?"
)
LAYER = 0
"""The size that an awaited text layer is entered with, as nobody states it. No original is empty."""

Need = tuple[str, int]
"""The hash and the size of an original or, with `LAYER`, of a text layer. Of plain text, both have one hash."""


def awaited_here(store: RecordStore) -> set[Need]:
    """The originals and layers that have not come since a merge named them."""
    awaited = {need for need in _open(store) if not is_held(store, need)}
    return awaited & named_here(store) if awaited else awaited


def lost_here(store: RecordStore) -> set[Need]:
    """The originals of items whose files are gone from their place, awaited or not."""
    gone = {digest for (digest,) in store.db.connection.execute(_HELD) if not is_held(store, (digest, 1))}
    return {need for need in named_here(store) if need[0] in gone and need[1] != LAYER} if gone else set()


def brought_by(store: RecordStore, digest: str) -> str:
    """The log in which the item of an original came in."""
    row = store.db.connection.execute(_BROUGHT, (digest,)).fetchone()
    return split_entry(store.db.name_of(row[0]))[0] if row and row[0] is not None else ""


def come_here(store: RecordStore) -> list[str]:
    """The hashes that merges named as awaited and of which, original and layer, nothing is missing by now."""
    open_ = _open(store)
    missing = {digest for digest, size in open_ if not is_held(store, (digest, size))}
    return sorted({digest for digest, _ in open_} - missing)


def _open(store: RecordStore) -> set[Need]:
    """What merges here named as awaited, and none since as arrived."""
    awaited: set[Need] = set()
    for fields in _own_merges(store):
        awaited |= {(one["sha256"], one["size"]) for one in fields.get("awaited", ())}
        arrived = set(fields.get("arrived", ()))
        awaited = {need for need in awaited if need[0] not in arrived}
    return awaited


def named_here(store: RecordStore) -> set[Need]:
    """All that entries name which are here: what was erased since is awaited no longer."""
    run = store.db.connection.execute
    bodies = (bytes(body) for (body,) in run(_NAMING))
    return named_by(bodies)


def is_held(store: RecordStore, need: Need) -> bool:
    digest, size = need
    return store.layers.holds(digest) if size == LAYER else store.originals.path(digest).is_file()


def withheld_here(store: RecordStore) -> dict[str, list[int]]:
    """By log or branch, the places of bodies that a travel copy left out and that have not come since."""
    names = {stub["entry"] for fields in _own_merges(store) for stub in fields.get("withheld", ())}
    places: dict[str, list[int]] = {}
    for name in sorted(names):
        row, seq = split_entry(name)
        try:
            entry = store.db.entry_of(name)
        except KeyError:
            continue
        if store.db.connection.execute(_BODILESS, (entry, name)).fetchone():
            places.setdefault(row, []).append(seq)
    return places


def named_by(bodies: Iterable[bytes]) -> set[Need]:
    """The originals and text layers that bodies name. They have to be verified before."""
    needs: set[Need] = set()
    for body in bodies:
        if b'"kind":"item"' in body:
            fields = _fields(body, "item")
            needs |= {(fields["sha256"], fields["size"])} if fields else set()
        elif b'"kind":"passage"' in body:
            fields = _fields(body, "passage")
            needs |= {(fields["layer"], LAYER)} if "layer" in fields else set()
    return needs


def _fields(body: bytes, kind: str) -> dict[str, Any]:
    stated = decode(body)
    return dict(stated["fields"]) if stated["kind"] == kind else {}


def came_since(store: RecordStore, row: str, places: Iterable[int]) -> Iterator[bytes]:
    """The bodies, among those that had been left out, that are here now."""
    for seq in places:
        entry = store.db.entry_of(f"{row}/{seq}")
        found = store.db.connection.execute("SELECT bytes FROM body WHERE entry = ?", (entry,)).fetchone()
        if found:
            yield bytes(found[0])


def _own_merges(store: RecordStore) -> Iterator[dict[str, Any]]:
    for (body,) in store.db.connection.execute(_OWN_MERGES).fetchall():
        yield decode(body)["fields"]
