"""What a stopped write left is told of, and cleared away only when nothing can need it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from onrecord.api import Record
from onrecord.record.errors import FileRefused
from onrecord.store.orphans import KEPT_DAYS, look_for_leftovers, telling_leftovers
from onrecord.writing.adding.arriving import Arrived, Arriving, Job, NotTaken

LATER = (KEPT_DAYS + 1) * 86_400


def orphan(record: Record, folder: Path, text: str = "The gate was shut.") -> Path:
    """An original that an add copied in before it was stopped; the file that it came from."""
    file = folder / "card" / "letter.txt"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    record._store.originals.take(file)
    return file


def held(record: Record) -> int:
    return len(list(record._store.originals.hashes()))


def test_an_orphan_is_kept_for_a_week_and_told_of(record: Record, tmp_path: Path) -> None:
    orphan(record, tmp_path)
    (tmp_path / "other.txt").write_text("Another letter.", encoding="utf-8")
    list(record.add([tmp_path / "other.txt"]))
    assert held(record) == 2
    (notice,) = record.notices
    assert notice.startswith(
        "1 original that an earlier write had copied in when it was stopped is named by no entry"
    )
    assert "7 days" in notice


def test_an_orphan_that_is_added_again_is_entered_and_said_once(record: Record, tmp_path: Path) -> None:
    file = orphan(record, tmp_path)
    list(record.add([file]))
    (notice,) = record.notices
    assert notice.endswith("is entered now.")
    list(record.add([file]))
    assert len(record.notices) == 1 and held(record) == 1


def test_after_a_week_an_orphan_is_cleared_away(record: Record, tmp_path: Path) -> None:
    orphan(record, tmp_path)
    found = look_for_leftovers(record._store, now=time.time() + LATER)
    assert held(record) == 0
    assert found.told(record._store) == ["1 original that no entry had named for 7 days is cleared away."]
    assert look_for_leftovers(record._store).told(record._store) == []


def test_what_a_body_names_is_never_cleared_away_whatever_the_views_say(
    record: Record, tmp_path: Path
) -> None:
    list(record.add([orphan(record, tmp_path)]))
    with record._store.db.transaction():
        record._store.db.connection.execute("DELETE FROM held")
    found = look_for_leftovers(record._store, now=time.time() + LATER)
    assert held(record) == 1
    assert found.told(record._store) == []


def test_an_original_that_is_cleared_away_before_it_is_read_costs_no_other_file(
    record: Record, tmp_path: Path
) -> None:
    file, other = orphan(record, tmp_path), tmp_path / "other.txt"
    other.write_text("the ford", encoding="utf-8")
    store = record._store
    take = store.originals.take

    def cleared_meanwhile(path: Path, name: str | None = None) -> object:
        taken = take(path, name)
        if path == file:
            look_for_leftovers(store, now=time.time() + LATER)
        return taken

    store.originals.take = cleared_meanwhile  # type: ignore[method-assign,assignment]
    rows = list(record.add([file]))
    assert [row["status"] for row in rows] == ["refused"]
    assert [row["status"] for row in record.add([other])] == ["added"]
    assert len(list(record.items())) == 1


def test_an_original_that_is_cleared_away_before_it_is_entered_refuses_the_entry(
    record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = orphan(record, tmp_path)
    arrive = Arriving.arrive

    def cleared_afterwards(self: Arriving, job: Job) -> Arrived | NotTaken:
        arrived = arrive(self, job)
        look_for_leftovers(record._store, now=time.time() + LATER)
        return arrived

    monkeypatch.setattr(Arriving, "arrive", cleared_afterwards)
    with pytest.raises(FileRefused, match="its copy in the record is gone again"):
        list(record.add([file]))
    assert list(record.items()) == []


def test_unfinished_files_are_cleared_away_and_counted(record: Record, tmp_path: Path) -> None:
    for room in ("originals", "layers", "keys"):
        (record.path / room / ".taking-1-0123456789abcdef").write_bytes(b"half")
    found = look_for_leftovers(record._store)
    assert found.told(record._store) == [
        "3 files left unfinished by a write that was stopped are cleared away."
    ]
    assert not list(record.path.rglob(".taking-*"))


def test_what_another_program_is_bringing_in_is_not_called_left_over(record: Record, tmp_path: Path) -> None:
    for name in ("one.txt", "two.txt"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    with telling_leftovers(record._store):
        record._store.originals.take(tmp_path / "one.txt")
        list(record.add([tmp_path / "two.txt"]))
        assert record.notices == []
