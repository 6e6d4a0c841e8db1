"""Another laptop's entries in a record, as a merge leaves them, without an exchange folder between."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from onrecord.api import Record
from onrecord.record.entries import Draft
from onrecord.record.ids import log_of, mint
from onrecord.store.branches import chains
from onrecord.store.incarnation import OwnLogElsewhere
from onrecord.store.receiving import Received, Receiving
from onrecord.store.record_store import RecordStore
from onrecord.store.refold import key_lines
from onrecord.store.run import Run, Sent
from onrecord.store.schema import span
from onrecord.store.settling import settle
from onrecord.writing.indexing import index_again, index_entries


def merge(into: Record, other: Path) -> Received:
    """Take in every entry that another copy of the record has beyond this one."""
    there = RecordStore(other, into.settings.home)
    logs = sorted({log_of(name) for name in there.db.log_numbers()})
    runs = [run for log in logs for run in runs_of(there, log)]
    there.close()
    return take(into._store, runs)


def take(store: RecordStore, runs: list[Run]) -> Received:
    while True:
        with suppress(OwnLogElsewhere):
            return _take(store, runs)


def _take(store: RecordStore, runs: list[Run]) -> Received:
    with store.writing(keep_checkpoint=True) as writer:
        receiving = Receiving(store, writer)
        for run in runs:
            receiving.take(run)
        received = receiving.finish()
        if received.settled.again:
            index_again(store)
        else:
            index_entries(store, received.settled.newly)
    return received


def run_of(there: RecordStore, log: str) -> Run:
    """A log as it stands in another copy."""
    return next(runs_of(there, log))


def runs_of(there: RecordStore, log: str) -> Iterator[Run]:
    """A log, or each of its histories where it was signed twice."""
    query = (
        "SELECT head.bytes, body.salt, body.bytes FROM head LEFT JOIN body ON body.entry = head.entry"
        " WHERE head.entry >= ? AND head.entry < ? ORDER BY head.entry"
    )
    key = there.folder.key_file(log).read_text(encoding="ascii").rstrip("\n")
    for chain in chains(there.db.connection, log):
        sent: list[Sent] = []
        notes: list[bytes] = []
        for bounds in (span(row.number) for row in chain.rows):
            sent += [Sent(*row) for row in there.db.connection.execute(query, bounds)]
            noted = "SELECT note FROM checkpoint WHERE entry >= ? AND entry < ?"
            notes += [note for (note,) in there.db.connection.execute(noted, bounds)]
        yield Run(log, key, 0, sent, notes)


def admit(record: Record, log: str) -> None:
    """Let a further log in, as a member of the record does."""
    store = record._store
    line = store.folder.key_file(log).read_text(encoding="ascii").rstrip("\n")
    with store.writing() as writer:
        writer.append(Draft("device", mint(), {"log": log, "person": mint(), "vkey": line}))
        settled = settle(writer, store.db.connection, store.id, key_lines(store.folder.keys))
        index_entries(store, settled.newly)
