"""Another laptop's entries in a record, as a merge leaves them, without an exchange folder between."""

from __future__ import annotations

from pathlib import Path

from onrecord.api import Record
from onrecord.store.receiving import OwnLogElsewhere, Received, Receiving
from onrecord.store.record_store import RecordStore
from onrecord.store.run import Run, Sent
from onrecord.store.schema import span
from onrecord.writing.indexing import index_again, index_entries


def merge(into: Record, other: Path) -> Received:
    """Take in every entry that another copy of the record has beyond this one."""
    there = RecordStore(other, into.settings.home)
    runs = [run_of(there, log) for log in there.db.log_numbers() if "~" not in log]
    there.close()
    try:
        return take(into._store, runs)
    except OwnLogElsewhere:
        return take(into._store, runs, afresh=True)


def take(store: RecordStore, runs: list[Run], afresh: bool = False) -> Received:
    with store.writing(keep_checkpoint=True, afresh=afresh) as writer:
        receiving = Receiving(store, writer)
        for run in runs:
            receiving.take(run)
        received = receiving.finish()
        if received.settled.again:
            index_again(store)
        else:
            index_entries(store, received.settled.newly)
    return received


def run_of(there: RecordStore, log: str, first: int = 0) -> Run:
    """A log as it stands in another copy."""
    db, bounds = there.db.connection, span(there.db.log_numbers()[log])
    query = (
        "SELECT head.bytes, body.salt, body.bytes FROM head LEFT JOIN body ON body.entry = head.entry"
        " WHERE head.entry >= ? AND head.entry < ? ORDER BY head.entry"
    )
    sent = [Sent(*row) for row in db.execute(query, (bounds[0] + first, bounds[1]))]
    notes = [
        note for (note,) in db.execute("SELECT note FROM checkpoint WHERE entry >= ? AND entry < ?", bounds)
    ]
    key = there.folder.key_file(log).read_text(encoding="ascii").rstrip("\n")
    return Run(log, key, first, sent, notes)
