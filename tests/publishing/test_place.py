"""How a dossier takes its place: whole, or not at all; and what a build that was stopped leaves is cleared away."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import onrecord
from onrecord.api import Record
from onrecord.publishing.place import put_together
from onrecord.record.errors import OutputNotWritten
from onrecord.settings import Settings


@pytest.fixture
def published(record: Record, tmp_path: Path) -> Record:
    """A record with a publication that may be given out."""
    (tmp_path / "letter.txt").write_text("The gate was shut.", encoding="utf-8")
    (line,) = record.add([tmp_path / "letter.txt"])
    open_ = {"media": "yes", "words": "yes", "name": "yes"}
    record.put(
        [
            {"kind": "actor", "id": "rosa", "names": ["Rosa"]},
            {"kind": "passage", "id": "p1", "item": line["item"], "quote": "The gate was shut."},
            {"kind": "statement", "id": "s1", "speaker": "rosa", "passages": ["p1"]},
            {"kind": "terms", "over": ["rosa", "s1"], "agreed_with": "rosa", "uses": open_},
            {
                "kind": "publication",
                "id": "pub",
                "title": "The gate",
                "audience": "public",
                "text": "Shut.[[s1]]",
            },
        ]
    )
    return record


def test_the_first_thing_in_a_new_branch_may_be_a_dossier(
    published: Record, laptop: Settings, tmp_path: Path
) -> None:
    published.close()
    shutil.copytree(published.path, tmp_path / "backup")
    with onrecord.open(published.path, settings=laptop) as later:
        later.put([{"kind": "actor", "names": ["Dina"]}])
    with onrecord.open(tmp_path / "backup", settings=laptop) as restored:
        restored.publish("pub", tmp_path / "dossier")
        assert "new branch" in restored.notices[0]
    assert onrecord.verify(tmp_path / "dossier")["problems"] == []
    assert onrecord.verify(tmp_path / "backup")["problems"] == []


def test_what_a_stopped_build_left_is_cleared_away_and_said(published: Record, tmp_path: Path) -> None:
    beside = tmp_path / ".dossier.part"
    beside.mkdir()
    (beside / "index.html").write_text("half")
    published.publish("pub", tmp_path / "dossier")
    (notice,) = published.notices
    assert "was being built when the program was stopped" in notice
    assert not beside.exists()
    published.publish("pub", tmp_path / "another")
    assert len(published.notices) == 1


def test_a_place_that_takes_nothing_is_said_and_the_log_stays_as_it_was(
    published: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Path, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    before = published.verify()["entries"]
    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_bytes", full)
        with pytest.raises(OutputNotWritten, match="No space left"):
            published.publish("pub", tmp_path / "dossier")
    assert published.verify()["entries"] == before
    assert not (tmp_path / "dossier").exists() and not (tmp_path / ".dossier.part").exists()


def test_a_place_that_was_taken_meanwhile_loses_nothing_of_the_dossier(tmp_path: Path) -> None:
    with put_together(tmp_path / "out") as place:
        (place.beside / "index.html").write_text("whole")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "diary.txt").write_text("mine")
    with pytest.raises(OutputNotWritten, match="stands whole at"):
        place.take()
    assert (place.beside / "index.html").read_text() == "whole"
