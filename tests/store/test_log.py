"""The log: what is written is there, in one transaction with its views, and its checkpoints cover it."""

import sqlite3
from pathlib import Path

import pytest

import onrecord
from onrecord.api import Record
from onrecord.record.entries import Draft
from onrecord.record.errors import RecordUnreadable
from onrecord.record.ids import mint
from onrecord.settings import Settings
from onrecord.store.record_store import RecordStore
from onrecord.store.refold import view_problems


@pytest.fixture
def store(record: Record, laptop: Settings) -> RecordStore:
    return RecordStore(record.path, laptop.home)


def actor(name: str) -> Draft:
    return Draft("actor", mint(), {"names": [{"text": name}]})


def count(store: RecordStore, table: str) -> int:
    (number,) = store.db.connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(number)


def test_a_new_record_begins_with_record_person_and_device(store: RecordStore) -> None:
    kinds = [row[0] for row in store.db.connection.execute("SELECT kind FROM version ORDER BY entry")]
    assert kinds == ["record", "person", "device"]
    assert store.id != ""


def test_no_private_key_stands_in_the_record(record: Record, laptop: Settings) -> None:
    (key,) = (laptop.home / "records" / record.id).glob("*.key")
    seed = key.read_text().split('"seed": "')[1][:64]
    identity = (laptop.home / "records" / record.id / "identity.age").read_bytes().strip()
    everything = b"".join(file.read_bytes() for file in record.path.rglob("*") if file.is_file())
    assert seed.encode() not in everything and bytes.fromhex(seed) not in everything
    assert identity not in everything
    assert key.stat().st_mode & 0o077 == 0


def test_when_a_write_fails_nothing_of_it_stays(store: RecordStore) -> None:
    before = [count(store, table) for table in ("head", "body", "version", "checkpoint")]
    with pytest.raises(RuntimeError), store.writing() as writer:
        writer.append_all(actor(f"n{number}") for number in range(2500))
        raise RuntimeError
    assert [count(store, table) for table in ("head", "body", "version", "checkpoint")] == before


def test_a_checkpoint_is_kept_every_thousand_entries_and_the_tail_is_replaced(store: RecordStore) -> None:
    with store.writing() as writer:
        writer.append_all(actor(f"n{number}") for number in range(2500))
    for name in ("a", "b"):
        with store.writing() as writer:
            writer.append(actor(name))
    rows = store.db.connection.execute("SELECT size, kept FROM checkpoint ORDER BY size").fetchall()
    assert rows == [(1000, 1), (2000, 1), (2505, 0)]
    assert onrecord.verify(store.folder.path)["ok"]


def test_the_last_checkpoint_of_a_day_is_kept(store: RecordStore, monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    now = time.time_ns()
    monkeypatch.setattr(time, "time_ns", lambda: now + 26 * 3600 * 10**9)
    with store.writing() as writer:
        writer.append(actor("tomorrow"))
    rows = store.db.connection.execute("SELECT size, kept FROM checkpoint ORDER BY size").fetchall()
    assert rows == [(3, 1), (4, 0)]


def test_recorded_time_does_not_go_back_when_the_clock_does(
    store: RecordStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    import time

    monkeypatch.setattr(time, "time_ns", lambda: 10**18)
    with store.writing() as writer:
        writer.append(actor("in 2001, says the clock"))
    clocks = [row[0] for row in store.db.connection.execute("SELECT since FROM version ORDER BY entry")]
    assert clocks == sorted(clocks)


def test_the_views_are_what_the_log_makes(store: RecordStore, record: Record) -> None:
    record.put([{"kind": "actor", "id": "a", "names": ["A"]}])
    record.put([{"kind": "actor", "id": "a", "names": ["B"], "reason": "misheard"}])
    assert list(view_problems(store.folder.database)) == []
    store.db.connection.execute("UPDATE version SET until = NULL")
    assert list(view_problems(store.folder.database)) != []


def test_two_programs_write_to_one_record_in_turn(record: Record, laptop: Settings) -> None:
    with onrecord.open(record.path, settings=laptop) as other:
        for number in range(5):
            record.put([{"kind": "actor", "id": f"a{number}", "names": ["A"]}])
            other.put([{"kind": "actor", "id": f"b{number}", "names": ["B"]}])
    assert record.verify(views=True)["ok"]


def test_a_database_that_is_not_one_is_refused_plainly(
    record: Record, laptop: Settings, tmp_path: Path
) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "record.db").write_bytes(b"not a database" * 100)
    with pytest.raises(RecordUnreadable):
        onrecord.open(tmp_path / "broken", settings=laptop)
    assert sqlite3.sqlite_version_info >= (3, 37)
