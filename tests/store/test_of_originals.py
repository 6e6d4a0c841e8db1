"""Fingerprints and what originals state of themselves: kept by hash, and there in records made without them."""

from __future__ import annotations

import sqlite3

import onrecord
from onrecord.api import Record
from onrecord.intake.reading import Fingerprint
from onrecord.settings import Settings
from onrecord.store.fingerprints import Fingerprints
from onrecord.store.observed import Observed
from onrecord.store.schema import add_missing
from onrecord.store.sqlite import connect_to_read

ONE, OTHER = "a" * 64, "b" * 64
MARKS = (Fingerprint("picture", "00ff"), Fingerprint("frame", "01", 2.0), Fingerprint("frame", "02", 0.5))


def made_without(record: Record) -> None:
    """The record as it was made before there were these tables."""
    record.close()
    with sqlite3.connect(record.path / "record.db") as connection:
        connection.executescript("DROP TABLE fingerprint; DROP TABLE observed;")
    connection.close()


def test_fingerprints_come_back_in_the_order_of_their_seconds(record: Record) -> None:
    store = record._store
    with store.db.transaction():
        store.fingerprints.keep(ONE, MARKS)
    kept = [(one.kind, one.at, one.bits) for one in store.fingerprints.of(ONE)]
    assert kept == [("frame", 0.5, b"\x02"), ("frame", 2.0, b"\x01"), ("picture", None, b"\x00\xff")]
    assert [one.kind for one in store.fingerprints.of(ONE, "picture")] == ["picture"]
    assert store.fingerprints.of(OTHER) == []


def test_keeping_a_kind_again_replaces_that_kind_only(record: Record) -> None:
    store = record._store
    with store.db.transaction():
        store.fingerprints.keep(ONE, MARKS)
        store.fingerprints.keep(OTHER, MARKS[:1])
        store.fingerprints.keep(ONE, [Fingerprint("frame", "03", 1.0)])
    assert [(one.at, one.bits) for one in store.fingerprints.of(ONE, "frame")] == [(1.0, b"\x03")]
    assert [one.original for one in store.fingerprints.all("picture")] == [ONE, OTHER]


def test_what_is_stated_comes_back_as_it_was_kept(record: Record) -> None:
    facts = [
        {"of": "EXIF", "name": "Artist", "value": "מצלמה של נועה"},
        {"of": "EXIF", "name": "Make", "value": "x"},
    ]
    store = record._store
    with store.db.transaction():
        store.observed.keep(ONE, facts)
        store.observed.keep(OTHER, facts[:1])
        store.observed.keep(OTHER, [])
    assert store.observed.of(ONE) == facts
    assert store.observed.of(OTHER) == []


def test_what_is_forgotten_is_gone_for_that_original_only(record: Record) -> None:
    store = record._store
    with store.db.transaction():
        for original in (ONE, OTHER):
            store.fingerprints.keep(original, MARKS)
            store.observed.keep(original, [{"of": "mail", "name": "From", "value": "the ford"}])
        store.fingerprints.forget(ONE)
        store.observed.forget(ONE)
    assert (store.fingerprints.of(ONE), store.observed.of(ONE)) == ([], [])
    assert len(store.fingerprints.of(OTHER)) == 3
    assert store.observed.of(OTHER)


def test_a_record_made_without_the_tables_gets_them_when_it_is_opened(
    record: Record, laptop: Settings
) -> None:
    made_without(record)
    with onrecord.open(record.path, settings=laptop) as again:
        store = again._store
        with store.db.transaction():
            store.fingerprints.keep(ONE, MARKS)
            store.observed.keep(ONE, [{"of": "EXIF", "name": "Make", "value": "x"}])
    with onrecord.open(record.path, settings=laptop) as once_more:
        assert len(once_more._store.fingerprints.of(ONE)) == 3
        assert once_more._store.observed.of(ONE)
        assert once_more.verify(views=True)["ok"]


def test_where_nothing_can_be_written_they_are_read_as_empty(record: Record) -> None:
    made_without(record)
    before = (record.path / "record.db").read_bytes()
    connection = connect_to_read(record.path / "record.db")
    add_missing(connection)
    assert Fingerprints(connection).of(ONE) == []
    assert list(Fingerprints(connection).all("picture")) == []
    assert Observed(connection).of(ONE) == []
    connection.close()
    assert (record.path / "record.db").read_bytes() == before
