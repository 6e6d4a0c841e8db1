"""What SQLite leaves behind in its pages although it overwrites what it deletes, and that it is gone afterwards."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path

import pytest

from onrecord.erasing import slack
from onrecord.erasing.slack import clear_gaps, empty_wal, is_emptied
from onrecord.record.errors import RecordBusy
from onrecord.store.sqlite import connect, create_database


@pytest.fixture
def database(tmp_path: Path) -> Path:
    create_database(tmp_path / "record.db")
    return tmp_path / "record.db"


def clear(connection: sqlite3.Connection, database: Path) -> int:
    """As it is done after an erasure: emptied, cleared, and something written with it."""
    empty_wal(connection, database)
    connection.execute("BEGIN IMMEDIATE")
    assert is_emptied(database)
    cleared = clear_gaps(connection, database)
    connection.execute("INSERT INTO slug VALUES ('written', 'with', 'it')")
    connection.execute("COMMIT")
    return cleared


def fill(connection: sqlite3.Connection, chosen: random.Random) -> dict[str, int]:
    """Bodies of five logs, in the order in which merges bring them: each with a mark of its own."""
    sizes = dict.fromkeys(range(5), 0)
    marks = {}
    connection.execute("BEGIN")
    for n in range(3000):
        if n % 50 == 0:
            connection.execute("COMMIT")
            connection.execute("BEGIN")
        log = chosen.randrange(5)
        entry, mark = (log << 40) + sizes[log], f"mark{n:05}x"
        body = mark.encode() + b"y" * chosen.choice([40, 300, 900, 20_000 if n % 50 == 0 else 200])
        connection.execute("INSERT INTO body VALUES (?, x'00', ?)", (entry, body))
        sizes[log] += 1
        marks[mark] = entry
    connection.execute("COMMIT")
    return marks


def left(database: Path, marks: list[str]) -> list[str]:
    held = b"".join(path.read_bytes() for path in database.parent.iterdir())
    return [mark for mark in marks if mark.encode() in held]


def test_copies_that_sqlite_left_in_its_pages_are_overwritten(database: Path) -> None:
    connection, chosen = connect(database), random.Random(3)
    marks = fill(connection, chosen)
    going = chosen.sample(sorted(marks), 600)
    connection.executemany("DELETE FROM body WHERE entry = ?", [(marks[mark],) for mark in going])
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert left(database, going), "SQLite leaves nothing any more: this room could go"
    assert clear(connection, database) > 0
    assert left(database, going) == []
    assert len(left(database, sorted(marks))) == len(marks) - len(going)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_pages_written_afterwards_do_not_bring_them_back(database: Path) -> None:
    connection, chosen = connect(database), random.Random(4)
    other = connect(database)
    marks = fill(connection, chosen)
    other.execute("SELECT sum(length(bytes)) FROM body").fetchone()
    going = chosen.sample(sorted(marks), 600)
    connection.executemany("DELETE FROM body WHERE entry = ?", [(marks[mark],) for mark in going])
    other.execute("SELECT sum(length(bytes)) FROM body").fetchone()
    clear(connection, database)
    other.execute("UPDATE body SET salt = x'02' WHERE entry % 2 = 1")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert left(database, going) == []
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_it_waits_for_no_reader_for_ever(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    connection, reader = connect(database), connect(database)
    connection.execute("PRAGMA busy_timeout = 50")
    monkeypatch.setattr(slack, "PATIENCE_SECONDS", 0.1)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM body").fetchone()
    fill(connection, random.Random(5))
    with pytest.raises(RecordBusy):
        clear(connection, database)
    reader.execute("ROLLBACK")
    clear(connection, database)
