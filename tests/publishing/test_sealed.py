"""Sealed names, opened for one build to be looked for in what goes out."""

from __future__ import annotations

from pathlib import Path

import pytest

import onrecord
from onrecord.api import Record
from onrecord.publishing.sealed import sealed_names
from onrecord.record.errors import PassphraseMissing
from onrecord.settings import Settings
from onrecord.store import passphrase_file

PASSPHRASE = "kettle orbit cellar"


@pytest.fixture
def witnesses(record: Record, home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A record with two sealed witnesses, its keeper's key under a passphrase."""
    monkeypatch.setattr(passphrase_file, "WORK", 10)
    record.put(
        {
            "kind": "actor",
            "id": f"w{n}",
            "names": [f"Witness {n}"],
            "sealed": {"names": [f"Name {n}"], "note": "x"},
        }
        for n in (1, 2)
    )
    with onrecord.open(record.path, settings=Settings(home=home, new_passphrase=PASSPHRASE)) as opened:
        opened.passphrase()
    return record.path


def test_the_passphrase_is_asked_for_once_for_all_of_them(witnesses: Path, home: Path) -> None:
    asked: list[str] = []
    with onrecord.open(
        witnesses, settings=Settings(home=home), ask=lambda thing: asked.append(thing) or PASSPHRASE
    ) as record:
        assert sorted(sealed_names(record._store).values()) == [["Name 1"], ["Name 2"]]
    assert len(asked) == 1


def test_without_the_passphrase_no_build_goes_on_as_if_there_were_no_names(
    witnesses: Path, home: Path
) -> None:
    with onrecord.open(witnesses, settings=Settings(home=home)) as record, pytest.raises(PassphraseMissing):
        sealed_names(record._store)


def test_what_is_sealed_to_others_is_left_for_the_gate_to_refuse(witnesses: Path, tmp_path: Path) -> None:
    with onrecord.open(witnesses, settings=Settings(home=tmp_path / "guest")) as record:
        assert sealed_names(record._store) == {}
