"""Taking bodies out of record.db: their rows, what the views and the index have of them, the layers of their originals.

All of it in the transaction that the orders are written in. The files that go with it are noted as leaving, so that a
program stopped before it removed them is made up for by the next one.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from onrecord.erasing.held import Held
from onrecord.erasing.leaving import PAGES, note
from onrecord.record.canonical import decode
from onrecord.record.errors import LayerMissing
from onrecord.record.ideas import KINDS
from onrecord.record.ids import device_of
from onrecord.record.things import Version, references
from onrecord.search.index import forget_layer, forget_version, leave_no_trace
from onrecord.store.record_store import RecordStore
from onrecord.writing.indexing import index_again


@dataclass(frozen=True, slots=True)
class Original:
    """An original that goes: its SHA-256, the items it was held under, the layers read from it."""

    sha256: str
    items: tuple[str, ...]
    layers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shared:
    """An original that stays, as other items have the same bytes."""

    sha256: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Files:
    """The originals that go with the items of which no version stays, and those of them that stay all the same."""

    originals: tuple[Original, ...]
    shared: tuple[Shared, ...] = ()


def files_of(store: RecordStore, held: Held, versions: Iterable[Version]) -> Files:
    going = list(versions)
    names = {version.name for version in going}
    items = {version.thing: str(version.fields.get("sha256")) for version in going if version.kind == "item"}
    gone = {id for id in items if all(version.name in names for version, _ in held.versions(id))}
    by_bytes: dict[str, list[str]] = {}
    for id in items:
        if id in gone:
            by_bytes.setdefault(items[id], []).append(id)
    named = _layers_named(going)
    originals, shared = [], []
    for sha, mine in by_bytes.items():
        left = tuple(one for one in held.items_with(sha) if one not in gone)
        if left:
            shared.append(Shared(sha, left))
        else:
            layers = [*_layer_read(store, sha), *(layer for id in mine for layer in named.get(id, ()))]
            originals.append(Original(sha, tuple(mine), tuple(dict.fromkeys(layers))))
    return Files(tuple(originals), tuple(shared))


def _layer_read(store: RecordStore, sha: str) -> Iterator[str]:
    layer = store.layers.of(sha)
    if layer and layer.hash:
        yield layer.hash


def _layers_named(going: Iterable[Version]) -> dict[str, list[str]]:
    """The layers that passages named, by their items, also where those were read elsewhere."""
    found: dict[str, list[str]] = {}
    for version in going:
        if version.kind == "passage" and version.fields.get("layer"):
            found.setdefault(str(version.fields.get("item")), []).append(str(version.fields["layer"]))
    return found


def remove(store: RecordStore, versions: Iterable[Version], files: Files) -> None:
    """Delete these bodies and all that was made of them, inside the writing transaction."""
    going = list(versions)
    connection = store.db.connection
    for version in going:
        _remove_body(store, version)
    for thing in dict.fromkeys(version.thing for version in going):
        _remove_names(connection, thing)
    lost = [layer for original in files.originals for layer in _remove_original(store, original)]
    for one in files.shared:
        _hand_on(store, one)
    if lost:
        # FTS5 forgets a row only when it is given its words again.
        index_again(store)
    leave_no_trace(connection)
    note(connection, [PAGES])


def _remove_body(store: RecordStore, version: Version) -> None:
    connection, entry = store.db.connection, store.db.entry_of(version.name)
    if version.kind in KINDS:
        forget_version(connection, entry, KINDS[version.kind].words(version.fields))
    connection.execute("DELETE FROM body WHERE entry = ?", (entry,))
    pairs = {(target, entry) for _, target in references(version.fields) if len(target) == 16}
    connection.executemany("DELETE FROM link WHERE target = ? AND entry = ?", sorted(pairs))


def _remove_names(connection: sqlite3.Connection, thing: str) -> None:
    """Slugs, and an item's hash, that no version which stays gives the thing."""
    query = (
        "SELECT log.name, body.bytes FROM version JOIN body ON body.entry = version.entry"
        " JOIN log ON log.number = version.entry >> 40 WHERE version.thing = ?"
    )
    left = [(device_of(log), decode(body).get("slug")) for log, body in connection.execute(query, (thing,))]
    for device, slug in connection.execute(
        "SELECT device, slug FROM slug WHERE thing = ?", (thing,)
    ).fetchall():
        if (device, slug) not in left:
            connection.execute(
                "DELETE FROM slug WHERE slug = ? AND device = ? AND thing = ?", (slug, device, thing)
            )
    if not left:
        connection.execute("DELETE FROM held WHERE item = ?", (thing,))


def _remove_original(store: RecordStore, original: Original) -> list[str]:
    """An original with its text layers: their rows now, their files when this is committed.

    Gives the layers whose words could not be taken out of the index, as their files are lost.
    """
    connection, sha = store.db.connection, original.sha256
    connection.execute("DELETE FROM layer WHERE original = ?", (sha,))
    store.fingerprints.forget(sha)
    store.observed.forget(sha)
    store.imports.forget(sha, original.items)
    files, lost = [f"originals/{sha[:2]}/{sha}"], []
    for layer in original.layers:
        if not _forget_words(store, original, layer):
            lost.append(layer)
        if not _is_shared(connection, layer):
            files.append(f"layers/{layer}")
    note(connection, files)
    return lost


def _forget_words(store: RecordStore, original: Original, layer: str) -> bool:
    try:
        text = store.layers.text(layer)
    except LayerMissing:
        return False
    for item in original.items:
        forget_layer(store.db.connection, item, layer, text)
    return True


def _is_shared(connection: sqlite3.Connection, layer: str) -> bool:
    """Whether another original, that stays, has the very same text."""
    return connection.execute("SELECT 1 FROM layer WHERE layer = ? LIMIT 1", (layer,)).fetchone() is not None


def _hand_on(store: RecordStore, shared: Shared) -> None:
    """An original that another item has too: its text is found under that one from now on."""
    layer = store.layers.of(shared.sha256)
    if layer and layer.hash:
        query = "UPDATE paragraph SET thing = ? WHERE layer = ?"
        store.db.connection.execute(query, (shared.items[0], layer.hash))
