"""Keeping the index in step with versions that came in, rather than being put here; and making it again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from onrecord.record.canonical import decode
from onrecord.record.errors import LayerMissing
from onrecord.record.ideas import KINDS
from onrecord.search.index import forget_everything, forget_version, index_layer, index_things, is_indexed
from onrecord.store.branches import Branches
from onrecord.store.folding import clear_views, fold_all
from onrecord.store.log import LogWriter
from onrecord.store.record_store import RecordStore
from onrecord.store.refold import key_lines
from onrecord.store.settling import Settled, settle
from onrecord.writing.layering import paragraphs_of

Progress = Callable[[int, int | None, str], None]
_BATCH = 500
_VERSIONS = (
    "SELECT version.entry, version.thing, version.kind, version.until, body.bytes"
    " FROM version JOIN body ON body.entry = version.entry"
    " WHERE version.entry >= ? AND version.entry < ? ORDER BY version.entry"
)
_CLOSED = "SELECT 1 FROM version WHERE entry = ? AND until IS NOT NULL"
_LAYERS = (
    "SELECT layer.layer, layer.segments, (SELECT item FROM held WHERE held.sha256 = layer.original LIMIT 1)"
    " FROM layer WHERE layer.layer IS NOT NULL"
)
_NUMBERS = (0, (1 << 63) - 1)


def index_entries(store: RecordStore, ranges: Iterable[tuple[int, int]]) -> None:
    """Index the head versions among entries that stand since now, and forget those that they supersede."""
    resolve = Branches(store.db.connection).resolve
    for bounds in ranges:
        for batch in _batches(store, bounds):
            for entry, _, _, _, body in batch:
                for name in body.get("supersedes", ()):
                    _forget(store, resolve(name, entry))
            _index(store, batch)


def let_stand(store: RecordStore, writer: LogWriter) -> Settled:
    """Bring views and index in step with who may write, after an entry that decides it was appended."""
    settled = settle(writer, store.db.connection, store.id, key_lines(store.folder.keys))
    index_settled(store, settled)
    return settled


def index_settled(store: RecordStore, settled: Settled) -> None:
    """Bring the index in step with what stands since now."""
    if settled.again:
        index_again(store)
    else:
        index_entries(store, settled.newly)


def rebuild(store: RecordStore, progress: Progress | None = None) -> None:
    """Make the views and the index again from the log, in place: all of it, or nothing changes."""
    with store.db.transaction():
        clear_views(store.db.connection)
        fold_all(store.db.connection, store.id, key_lines(store.folder.keys), progress)
        index_again(store, progress)


def index_again(store: RecordStore, progress: Progress | None = None) -> None:
    """Make the index again from the versions and text layers that are here."""
    forget_everything(store.db.connection)
    done = 0
    for batch in _batches(store, _NUMBERS):
        _index(store, batch)
        done += len(batch)
        if progress:
            progress(done, None, "indexing")
    for layer, segments, item in store.db.connection.execute(_LAYERS).fetchall():
        if item is not None:
            _index_layer(store, str(item), str(layer), json.loads(segments))


def _index_layer(store: RecordStore, item: str, layer: str, segments: list[dict[str, Any]]) -> None:
    try:
        text = store.layers.text(layer)
    except LayerMissing:
        return
    index_layer(store.db.connection, item, layer, text, paragraphs_of(text, segments))


Stood = tuple[int, str, str, int | None, dict[str, Any]]


def _batches(store: RecordStore, bounds: tuple[int, int]) -> Iterator[list[Stood]]:
    cursor = store.db.connection.cursor().execute(_VERSIONS, bounds)
    while rows := cursor.fetchmany(_BATCH):
        yield [(entry, thing, kind, until, decode(body)) for entry, thing, kind, until, body in rows]


def _index(store: RecordStore, batch: list[Stood]) -> None:
    heads = (one for one in batch if one[3] is None and one[2] in KINDS)
    index_things(
        store.db.connection,
        [(thing, entry, _words(kind, body["fields"])) for entry, thing, kind, _, body in heads],
    )


def _words(kind: str, fields: Mapping[str, Any]) -> list[str]:
    """The words of a version; none where another laptop wrote its fields in no form that is known."""
    try:
        words = list(KINDS[kind].words(fields))
    except (TypeError, KeyError, AttributeError, ValueError):
        return []
    return words if all(isinstance(word, str) for word in words) else []


def _forget(store: RecordStore, name: str) -> None:
    if name.partition("/")[0] not in store.db.log_numbers():
        return
    entry = store.db.entry_of(name)
    closed = store.db.connection.execute(_CLOSED, (entry,)).fetchone()
    version = store.db.version_at(entry) if closed and is_indexed(store.db.connection, entry) else None
    if version and not version.erased:
        forget_version(store.db.connection, entry, _words(version.kind, version.fields))
