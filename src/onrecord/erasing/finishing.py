"""After the orders are kept: files, pages and keys that still hold what went. It can be stopped anywhere and done again.

Only when nothing is left does this device confirm the orders; an order without a confirmation of this device, and
without the body that it is for, is one that was not finished.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from onrecord.erasing.confirming import confirmed_by_device
from onrecord.erasing.leaving import KEYS, PAGES, forget, leaving, note
from onrecord.erasing.order import has_body, has_head, orders
from onrecord.erasing.slack import clear_gaps, empty_wal, in_use, is_emptied
from onrecord.record.entries import Draft
from onrecord.record.errors import OnrecordError
from onrecord.record.ids import device_of, mint, split_entry
from onrecord.record.things import Version
from onrecord.store.log import LogWriter
from onrecord.store.part import sync
from onrecord.store.record_store import RecordStore
from onrecord.store.sealing import new_identity, recipient_of
from onrecord.store.standing import own_device

_TRIES = 100


def unfinished(store: RecordStore) -> list[str]:
    """The orders that were carried out here and not confirmed yet, by name."""
    if store.db.connection.execute("SELECT 1 FROM ordered LIMIT 1").fetchone() is None:
        return []
    done = confirmed_by_device(store).get(own_device(store.db.connection), {})
    return [
        order.name
        for order in orders(store)
        if order.name not in done and has_head(store, order.of) and not has_body(store, order.of)
    ]


def finish(store: RecordStore) -> list[str]:
    """Remove what still holds what went, and confirm; the orders that were confirmed now.

    Raises `RecordBusy` where another program reads an older state of the record all the while.
    """
    confirmed: list[str] = []
    files = leaving(store.db.connection)
    if set(files) - {KEYS} or unfinished(store):
        # Nobody can enter one of them anew between the look and the removal.
        with store.db.transaction():
            _remove_files(store.folder.path, [file for file in files if not _came_again(store, file)])
        confirmed = _clear_and_confirm(store, files)
        store.layers.text.cache_clear()
    if confirmed or files:
        _forget_former_keys(store)
        with store.db.transaction():
            forget(store.db.connection, [KEYS])
        # Where the disk is full, what is left in record.db-wal holds nothing of what was erased.
        with contextlib.suppress(sqlite3.OperationalError):
            store.db.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return confirmed


def finish_if_possible(store: RecordStore) -> None:
    """Finish an erasure that was cut off, when the record is opened; what came of it is said among the notices."""
    try:
        finish(store)
        store.notices.append("An erasure that was cut off was finished.")
    except (OnrecordError, OSError, sqlite3.Error) as wrong:
        store.notices.append(f"An erasure was cut off and could not be finished now: {wrong}")


def _came_again(store: RecordStore, file: str) -> bool:
    """Whether what lay there was taken in anew since."""
    kind, _, name = file.partition("/")
    query = {
        "originals": "SELECT 1 FROM held WHERE sha256 = ?",
        "layers": "SELECT 1 FROM layer WHERE layer = ?",
    }.get(kind)
    digest = name.rpartition("/")[2]
    return query is not None and store.db.connection.execute(query, (digest,)).fetchone() is not None


def _remove_files(folder: Path, files: Iterable[str]) -> None:
    """Unlink files and the folders that are empty then, and see to it that their names are gone from the disk."""
    for file in (file for file in files if file not in (KEYS, PAGES)):
        path = folder / file
        path.unlink(missing_ok=True)
        if path.parent.name != "layers":
            with contextlib.suppress(OSError):
                path.parent.rmdir()
    for room in ("originals", "layers"):
        sync(folder / room)


def _clear_and_confirm(store: RecordStore, files: list[str]) -> list[str]:
    """Overwrite what record.db's pages still hold; then say in this device's log that it no longer holds what went.

    Gives the orders. Another program may have done the same meanwhile: then there are none.
    """
    connection, database = store.db.connection, store.folder.database
    for _ in range(_TRIES):
        empty_wal(connection, database)
        with store.writing() as writer:
            if is_emptied(database):
                waiting = unfinished(store)
                clear_gaps(connection, database)
                _confirm(store, writer, waiting, files)
                return waiting
    raise in_use(database)


def _confirm(store: RecordStore, writer: LogWriter, waiting: list[str], files: list[str]) -> None:
    """Enter it, with a new key for exchange: what lies on sticks out of reach was encrypted to the one that goes now."""
    if waiting:
        writer.append(Draft("erasure", mint(), {"orders": sorted(waiting)}))
        _rotate(store, writer)
    forget(store.db.connection, files)
    note(store.db.connection, [KEYS])


def _rotate(store: RecordStore, writer: LogWriter) -> None:
    device = _own_entry(store, writer.log)
    if device is None:
        return
    identity, recipient = new_identity()
    store.keys.keep_exchange_identities([identity, *store.keys.exchange_identities()])
    fields: dict[str, Any] = {**device.fields, "recipient": recipient}
    reason = "a new key for exchange, after an erasure"
    writer.append(Draft("device", device.thing, fields, supersedes=(device.name,), reason=reason))


def _forget_former_keys(store: RecordStore) -> None:
    """Once the newest key is made known, the earlier ones go."""
    held = store.keys.exchange_identities()
    if len(held) < 2:
        return
    newest = recipient_of(held[0])
    if any(own.fields.get("recipient") == newest for own in _own_entries(store)):
        store.keys.keep_exchange_identities(held[:1])


def _own_entry(store: RecordStore, log: str) -> Version | None:
    """This log's own device entry, as it stands."""
    return next((own for own in _own_entries(store) if own.fields.get("log") == log), None)


def _own_entries(store: RecordStore) -> Iterator[Version]:
    """What this device says of itself, in its own logs."""
    device = own_device(store.db.connection)
    for thing in store.db.as_now().of_kind("device"):
        for head in thing.heads:
            log = str(head.fields.get("log"))
            if device_of(log) == device and split_entry(head.name)[0] == log:
                yield head
