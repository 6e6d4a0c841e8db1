"""An erasure that is stopped anywhere is finished when the record is next opened, and confirmed only then."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import onrecord
from onrecord.api import Record
from onrecord.erasing import finishing, slack
from onrecord.erasing.finishing import unfinished
from onrecord.settings import Settings
from tests.conftest import lines
from tests.erasing.conftest import SECRETS, TWO
from tests.erasing.traces import traces

Letter = Callable[[str], str]
SECRET = SECRETS["english"]


class Stopped(BaseException):
    """As a kill does: nothing after it runs."""


def stop(*_: object, **__: object) -> Any:
    raise Stopped


def confirmations(record: Record) -> list[Any]:
    return [thing.fields["orders"] for thing in record._store.db.as_now().of_kind("erasure")]


STEPS = ["_remove_files", "empty_wal", "clear_gaps", "_confirm", "_rotate", "_forget_former_keys"]


@pytest.mark.parametrize("step", STEPS)
def test_it_goes_on_where_it_was_stopped(
    record: Record,
    laptop: Settings,
    home: Path,
    letter: Letter,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
) -> None:
    item = letter(f"It began at noon. {SECRET}.")
    before = record._store.keys.exchange_identities()
    with monkeypatch.context() as patched:
        patched.setattr(finishing, step, stop)
        with pytest.raises(Stopped):
            record.erase(item, "she is in danger", TWO)
    record.close()
    with onrecord.open(record.path, settings=laptop) as again:
        assert unfinished(again._store) == []
        assert traces(record.path, SECRET) == []
        assert traces(home, SECRET) == []
        assert len(confirmations(again)) == 1
        assert again.erasures()[0]["unconfirmed"] == []
        assert len(again._store.keys.exchange_identities()) == 1
        assert again._store.keys.exchange_identities() != before
        assert again.verify(views=True)["ok"]


def test_between_the_orders_and_their_confirmation_the_record_verifies(
    record: Record, laptop: Settings, letter: Letter, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = letter(f"It began at noon. {SECRET}.")
    with monkeypatch.context() as patched:
        patched.setattr(finishing, "_remove_files", stop)
        with pytest.raises(Stopped):
            record.erase(item, "she is in danger", TWO)
    record.close()
    assert onrecord.verify(record.path, views=True)["ok"]


def test_nothing_is_gone_where_it_was_stopped_before_the_orders_were_kept(
    record: Record, letter: Letter, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = letter(f"It began at noon. {SECRET}.")
    with monkeypatch.context() as patched:
        patched.setattr("onrecord.erasing.erase.remove", stop)
        with pytest.raises(Stopped):
            record.erase(item, "she is in danger", TWO)
    assert record.erasures() == []
    assert record.text(item)["text"].startswith("It began at noon.")
    assert record.verify(views=True)["ok"]


def test_while_another_program_reads_an_older_state_it_is_not_confirmed(
    record: Record, laptop: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    record.put(lines({"kind": "actor", "id": "w", "names": [SECRET]}))
    record._store.db.connection.execute("PRAGMA busy_timeout = 50")
    monkeypatch.setattr(slack, "PATIENCE_SECONDS", 0.1)
    reader = sqlite3.connect(record.path / "record.db", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM body").fetchone()
    with pytest.raises(onrecord.record.errors.RecordBusy, match="older state"):
        record.erase("w", "she is in danger", ["Noam"], whole=True)
    assert [row["name"] for row in record.erasures()[0]["unconfirmed"]] == ["mira"]
    reader.close()
    assert len(record.finish_erasing()) == 1
    assert record.erasures()[0]["unconfirmed"] == []
    assert traces(record.path, SECRET) == []


def test_pages_that_hold_copies_from_before_are_overwritten_too(record: Record) -> None:
    """SQLite moves rows between pages and leaves copies behind; here in a table of our own, until they are there."""
    run = record._store.db.connection.execute
    run("CREATE TABLE crowded (place INTEGER PRIMARY KEY, words BLOB)")
    sizes = dict.fromkeys(range(5), 0)
    run("BEGIN")
    for n in range(3000):
        log = n * n % 7 % 5
        run(
            "INSERT INTO crowded VALUES (?, ?)",
            ((log << 40) + sizes[log], f"mark{n:05}x".encode() + b"y" * (n % 700)),
        )
        sizes[log] += 1
    run("COMMIT")
    run("DELETE FROM crowded WHERE place % 3 > 0")
    run("PRAGMA wal_checkpoint(TRUNCATE)")
    record.put(lines({"kind": "actor", "id": "w", "names": [SECRET]}))
    record.erase("w", "she is in danger", ["Noam"], whole=True)
    left = {words[:10] for (words,) in run("SELECT words FROM crowded")}
    held = (record.path / "record.db").read_bytes()
    assert [n for n in range(3000) if (mark := f"mark{n:05}x".encode()) in held and mark not in left] == []
