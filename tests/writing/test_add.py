"""`add`: originals come in with their text, once, and never from the record itself."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import onrecord
from onrecord.api import Record
from onrecord.record.errors import LayerMissing
from onrecord.settings import Settings
from onrecord.store.originals import Originals, Taken

Letter = Callable[[str], str]


def add(record: Record, *paths: Path) -> list[tuple[str, str | None]]:
    return [(line["status"], line["reason"]) for line in record.add(paths)]


def test_a_folder_and_a_file_in_it_are_one_item_each(record: Record, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    for name in ("a.txt", "b.txt"):
        (folder / name).write_text("The gate was shut.")
    told = list(record.add([folder, folder / "a.txt", folder / "a.txt"]))
    assert [line["status"] for line in told] == ["added", "already held", "already held", "already held"]
    assert len({line["item"] for line in told}) == len(list(record.items())) == 1
    assert len(list(record.search("gate"))) == 1


def test_nothing_of_the_record_itself_is_taken_in(record: Record, letter: Letter, tmp_path: Path) -> None:
    letter("The gate was shut.")
    (tmp_path / "link").symlink_to(record.path)
    inside = [
        record.path,
        record.path / "README.txt",
        record.path / "originals",
        tmp_path / "link" / "record.db",
    ]
    assert {status for status, _ in add(record, *inside)} == {"refused"}
    assert len(list(record.items())) == 1
    assert record.verify()["ok"]


def test_this_laptops_private_keys_are_not_taken_in(record: Record, laptop: Settings, tmp_path: Path) -> None:
    onrecord.new(tmp_path / "another", settings=laptop)
    told = add(record, laptop.home, *laptop.home.rglob("*.key"))
    assert told and all(status == "refused" and "private keys" in (why or "") for status, why in told)


def test_a_layer_that_was_lost_or_damaged_comes_back_with_its_original(
    record: Record, laptop: Settings, letter: Letter
) -> None:
    item = letter("The gate was shut.")
    file = record.path / "layers" / record.text(item)["layer"]
    for damage in (lambda: file.unlink(), lambda: _spoil(file)):
        damage()
        with onrecord.open(record.path, settings=laptop) as opened:
            with pytest.raises(LayerMissing):
                opened.text(item)
            assert [hit["exact"] for hit in opened.search("gate")] in ([""], ["x" * 18]), "a search goes on"
            assert letter("The gate was shut.") == item
            assert opened.text(item)["text"] == "The gate was shut."
            assert opened.verify()["ok"]


def _spoil(file: Path) -> None:
    size = file.stat().st_size
    file.chmod(0o644)
    file.write_bytes(b"x" * size)


def test_an_original_whose_text_was_never_read_is_read_when_it_comes_again(
    record: Record, letter: Letter
) -> None:
    item = letter("The gate was shut.")
    connection = record._store.db.connection
    connection.executescript(
        "DELETE FROM layer; INSERT INTO words (words) VALUES ('delete-all'); DELETE FROM paragraph;"
    )
    letter("The gate was shut.")
    assert record.text(item)["text"] == "The gate was shut."
    assert [hit["exact"] for hit in record.search("gate")] == ["gate"]


def test_a_record_that_was_moved_goes_on_where_it_is(
    record: Record, laptop: Settings, letter: Letter
) -> None:
    item = letter("The gate was shut.")
    record.close()
    moved = shutil.move(record.path, record.path.with_name("moved"))
    with onrecord.open(moved, settings=laptop) as opened:
        assert opened.text(item)["text"] == "The gate was shut."
        opened.put([{"kind": "actor", "names": ["Rosa"]}])
        assert opened.notices == [] and opened.verify()["ok"]


def test_an_original_on_which_the_reader_failed_is_read_when_it_comes_again(
    record: Record, letter: Letter
) -> None:
    item = letter("The gate was shut.")
    record._store.db.connection.execute(
        """UPDATE layer SET layer = NULL, notes = '["the reader failed on this: it takes too long"]'"""
    )
    assert letter("The gate was shut.") == item
    assert record.text(item)["text"] == "The gate was shut."


def test_a_long_text_that_is_let_go_while_it_waits_is_entered_all_the_same(
    record: Record, letter: Letter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("onrecord.writing.adding.arriving.LONG_CHARACTERS", 5)
    item = letter("The gate was shut.\n\nהסכר נפתח.")
    assert [part["start"] for part in record.text(item)["segments"]] == [0, 20]
    assert [found["id"] for found in record.search("הסכר")] == [item]


def test_a_file_that_cannot_be_read_back_from_the_record_costs_no_other(
    record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.txt").write_text(f"the ford {name}")
    take = Originals.take

    def gone(self: Originals, source: Path, name: str | None = None) -> Taken:
        taken = take(self, source, name)
        if source.name == "a.txt":
            self.path(taken.sha256).unlink()
        return taken

    monkeypatch.setattr(Originals, "take", gone)
    rows = list(record.add([tmp_path / "a.txt", tmp_path / "b.txt"]))
    assert [row["status"] for row in rows] == ["refused", "added"]
    assert "cannot be read" in rows[0]["reason"]
