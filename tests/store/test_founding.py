"""Making a record: its folder holds a whole one, or nothing that hinders the next attempt."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import onrecord
from onrecord.record.errors import RecordBusy, RecordExists, RecordNotWritten
from onrecord.settings import Settings
from onrecord.store import record_store
from onrecord.store.folder import RecordFolder


def begun(path: Path, laptop: Settings) -> Path:
    """A folder in which making a record was stopped just before the end."""
    onrecord.new(path, settings=laptop)
    (path / "record.db").rename(path / "record.db.part")
    (path / "keys" / ".taking-1-0123456789abcdef").write_text("half")
    return path


def test_a_folder_in_which_it_was_stopped_is_begun_again(tmp_path: Path, laptop: Settings) -> None:
    path = begun(tmp_path / "record", laptop)
    onrecord.new(path, settings=laptop)
    found = onrecord.verify(path, views=True)
    assert (found["problems"], found["notes"], found["entries"]) == ([], [], 3)


@pytest.mark.parametrize("added", ["diary.txt", "originals/photo.jpg", "layers/x", "keys/mine.txt"])
def test_what_somebody_put_there_since_is_never_touched(added: str, tmp_path: Path, laptop: Settings) -> None:
    path = begun(tmp_path / "record", laptop)
    (path / added).write_text("mine")
    with pytest.raises(RecordExists, match="not empty"):
        onrecord.new(path, settings=laptop)
    assert (path / added).read_text() == "mine" and (path / "record.db.part").exists()


def test_a_readme_of_somebody_elses_is_never_touched(tmp_path: Path, laptop: Settings) -> None:
    (tmp_path / "README.txt").write_text("mine")
    with pytest.raises(RecordExists, match="not empty"):
        onrecord.new(tmp_path, settings=laptop)
    assert [path.name for path in tmp_path.iterdir()] == ["README.txt"]


def test_two_programs_do_not_make_a_record_in_one_folder_at_once(tmp_path: Path, laptop: Settings) -> None:
    path = tmp_path / "record"
    with RecordFolder.begun(path) as folder:
        with pytest.raises(RecordBusy):
            onrecord.new(path, settings=laptop)
        folder.unfinished.write_bytes(b"")
    assert (path / "record.db").exists()


@pytest.mark.parametrize("was_there", [True, False])
def test_where_it_fails_nothing_stays(
    was_there: bool, tmp_path: Path, laptop: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "record"
    if was_there:
        path.mkdir()

    def full(database: Path) -> None:
        database.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(record_store, "create_database", full)
    with pytest.raises(RecordNotWritten, match="No space left"):
        onrecord.new(path, settings=laptop)
    assert list(path.iterdir()) == [] if was_there else not path.exists()
    shutil.rmtree(path, ignore_errors=True)
