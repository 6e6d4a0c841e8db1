"""`rebuild`: views and index come out of the log again."""

from __future__ import annotations

import sqlite3

import pytest

from onrecord.api import Record
from onrecord.writing.indexing import rebuild


def test_damaged_views_and_a_lost_index_are_made_again(record: Record) -> None:
    record.put([{"kind": "actor", "id": "rosa", "names": ["Rosa of the mill"]}])
    record.put([{"kind": "actor", "id": "rosa", "names": ["Rosa Benali"], "reason": "her own word"}])
    spoil = record._store.db.connection
    spoil.execute("DELETE FROM link")
    spoil.execute("UPDATE version SET until = NULL")
    spoil.execute("INSERT INTO words (words) VALUES ('delete-all')")
    assert record.verify(views=True)["problems"]
    assert record.rebuild()["entries"] > 3
    assert record.verify(views=True)["problems"] == []
    assert len(list(record.search("Benali"))) == 1 and not list(record.search("mill"))


def test_a_rebuild_that_is_stopped_changes_nothing(record: Record) -> None:
    record.put([{"kind": "actor", "id": "rosa", "names": ["Rosa"]}])

    def stop(done: int, total: int | None, what: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuild(record._store, stop)
    assert record.verify(views=True)["problems"] == []
    assert (
        isinstance(record._store.db.connection, sqlite3.Connection) and len(list(record.search("Rosa"))) == 1
    )
