"""After the orders are kept: files, pages and keys that still hold what went. It can be stopped anywhere and done again.

Only when nothing is left does this device confirm the orders; an order without a confirmation of this device, and
without the body that it is for, is one that was not finished.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from onrecord.erasing.confirming import confirmed_by_device
from onrecord.erasing.order import has_body, has_head, orders
from onrecord.erasing.removing import forget_leaving, leaving
from onrecord.erasing.slack import clear_slack
from onrecord.record.entries import Draft
from onrecord.record.ids import device_of, mint, split_entry
from onrecord.record.things import Version
from onrecord.store.log import LogWriter
from onrecord.store.part import sync
from onrecord.store.record_store import RecordStore
from onrecord.store.sealing import new_identity, recipient_of
from onrecord.store.standing import own_device


def unfinished(store: RecordStore) -> list[str]:
    """The orders that were carried out here and not confirmed yet, by name."""
    if store.db.connection.execute("SELECT 1 FROM ordered LIMIT 1").fetchone() is None:
        return []
    done = confirmed_by_device(store).get(own_device(store.db.connection), frozenset())
    return [
        order.name
        for order in orders(store)
        if order.name not in done and has_head(store, order.of) and not has_body(store, order.of)
    ]


def finish(store: RecordStore) -> list[str]:
    """Remove what still holds what went, and confirm; the orders that were confirmed now.

    Raises `RecordBusy` where another program reads an older state of the record all the while.
    """
    waiting = unfinished(store)
    files = leaving(store.db.connection)
    if not waiting and not files:
        _forget_former_keys(store)
        return []
    _remove_files(store.folder.path, files)
    clear_slack(store.db.connection, store.folder.database)
    _confirm(store, waiting, files)
    store.layers.text.cache_clear()
    store.db.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return waiting


def _remove_files(folder: Path, files: Iterable[str]) -> None:
    """Unlink files and the folders that are empty then, and see to it that their names are gone from the disk."""
    for file in files:
        path = folder / file
        path.unlink(missing_ok=True)
        if path.parent.name != "layers":
            with contextlib.suppress(OSError):
                path.parent.rmdir()
    for room in ("originals", "layers"):
        sync(folder / room)


def _confirm(store: RecordStore, waiting: list[str], files: list[str]) -> None:
    """Say in this device's log that it no longer holds what the orders name, and take up a new key for exchange.

    What lies on sticks out of reach was encrypted to the key that is destroyed here.
    """
    with store.writing() as writer:
        if waiting:
            writer.append(Draft("erasure", mint(), {"orders": sorted(waiting)}))
            _rotate(store, writer)
        forget_leaving(store.db.connection, files)
    _forget_former_keys(store)


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
