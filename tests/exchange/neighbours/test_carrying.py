"""What holds for every import: all things or none, nothing twice, and nothing left lying about."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from onrecord.api import Record
from onrecord.exchange.neighbours import registry
from onrecord.exchange.neighbours.bundle import Progress
from onrecord.exchange.neighbours.plan import CARRIED, Plan, Told
from onrecord.record.errors import PutRefused
from tests.exchange.laptops import a_stick, a_team
from tests.exchange.neighbours.conftest import Bring, Report, write


def test_every_neighbour_has_a_name_of_its_own() -> None:
    names = [one.NAME for one in registry.neighbours()]
    assert len(set(names)) == len(names) == 7


def test_things_that_cannot_be_put_are_told_by_their_place_in_the_source(
    bring: Bring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, record: Record, things
) -> None:
    """The file is kept all the same."""
    from onrecord.exchange.neighbours import annotations

    whole = annotations.plan

    def spoilt(path: Path, scratch: Path, progress: Progress | None) -> Plan:
        made = whole(path, scratch, progress)
        actor = {"kind": "actor", "id": "weir-keeper", "type": "person"}
        made.told.append(Told("line 1", CARRIED, None, "notes.json", thing=actor))
        made.told.append(
            Told("line 2", CARRIED, None, "notes.json", thing=actor | {"id": "b", "type": "bridge"})
        )
        return made

    monkeypatch.setattr(annotations, "plan", spoilt)
    with pytest.raises(PutRefused) as refused:
        bring(write(tmp_path / "in", {"notes.json": "[]"}) / "notes.json", "annotations")
    assert [one["from"] for one in refused.value.errors] == ["line 2"]
    assert not things("actor")
    assert [item["name"] for item in record.items()] == ["notes.json"]


def test_a_record_verifies_after_an_import(bring: Bring, tmp_path: Path, record: Record) -> None:
    files: dict[str, str | bytes] = {
        "KEY.csv": "KEY,SubmissionDate,said\nuuid:a,2024-05-01,כן\n",
        "media/صورة.jpg": "a picture",
    }
    assert not bring(write(tmp_path / "in", files)).of("wrong")
    assert record.verify()["ok"]


def test_what_two_laptops_imported_is_taken_as_one(tmp_path: Path) -> None:
    """After a merge two things answer to each slug of the import: a further import of it stumbles over neither."""
    place = (
        write(tmp_path / "in", {"gate.csv": "KEY,SubmissionDate,said\nuuid:a,2024-05-01,מתי?\n"}) / "gate.csv"
    )
    mira, noam = a_team(tmp_path, "mira", "noam")
    for laptop in (mira, noam):
        with laptop.record() as record:
            list(record.import_from(place))
    stick = a_stick(tmp_path, "stick")
    noam.send(stick)
    mira.merge(stick)
    with mira.record() as record:
        assert len(list(record._store.db.as_now().of_kind("statement"))) == 2
        again = Report(record.import_from(place))
        assert "carried over before" in again.at("gate.csv row 2 submission")["reason"]
        assert len(list(record._store.db.as_now().of_kind("statement"))) == 2


def test_what_a_stopped_import_left_is_removed_by_the_next(bring: Bring, tmp_path: Path) -> None:
    gone = tmp_path / ".onrecord-import-4194999-x"
    going = tmp_path / f".onrecord-import-{os.getpid()}-x"
    write(gone, {"left.txt": "x"})
    write(going, {"left.txt": "x"})
    bring(write(tmp_path / "in", {"notes.json": "[]"}) / "notes.json", "annotations")
    assert not gone.exists()
    assert going.exists()
