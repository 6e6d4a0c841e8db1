"""Joining where it cannot be: on a laptop that has the record, at a web folder, at a stick that others wait on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import onrecord
from onrecord.record.checkpoint import fingerprint, parse_verifier_key
from onrecord.record.errors import ExchangeRefused
from onrecord.settings import Settings
from onrecord.store.device import KeyFolder
from onrecord.store.record_store import begin_copy
from tests.exchange.laptops import Laptop, a_stick

Team = Callable[..., list[Laptop]]


def test_a_laptop_that_writes_to_a_record_does_not_join_it_again(stick: Path, tmp_path: Path) -> None:
    mira, noam = Laptop.new(tmp_path, "mira"), Laptop.empty(tmp_path, "noam")
    mira.send(stick)
    noam.join(stick)
    before = sorted(stick.rglob("*")), sorted(noam.place.rglob("*"))
    for code in (None, mira.send(a_stick(tmp_path, "other"), invite=True)["code"]):
        with pytest.raises(ExchangeRefused, match="already"):
            place = stick if code is None else tmp_path / "other"
            onrecord.join(place, tmp_path / "again", code=code, settings=noam.settings)
    assert not (tmp_path / "again").exists()
    assert before == (sorted(stick.rglob("*")), sorted(noam.place.rglob("*")))


def test_a_join_that_fails_before_anything_came_can_be_tried_again(stick: Path, tmp_path: Path) -> None:
    mira, noam = Laptop.new(tmp_path, "mira"), Laptop.empty(tmp_path, "noam")
    code = mira.send(stick, invite=True)["code"]
    mira.put({"kind": "actor", "names": ["Anna"]})
    segment = next(stick.glob("*/*.seg"))
    whole = segment.read_bytes()

    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        onrecord.join(stick, noam.path, code=code, settings=noam.settings, progress=stopped)
    assert not noam.path.exists() and segment.read_bytes() == whole
    record = mira.send(stick, invite=False) and next(iter((mira.home / "records").iterdir())).name
    assert KeyFolder(noam.home, record).log_keys() == []
    assert noam.join(stick)["missing"] == []


def test_a_web_folder_is_joined_with_a_code_only_and_nothing_is_made(tmp_path: Path) -> None:
    noam = Laptop.empty(tmp_path, "noam")
    with pytest.raises(ExchangeRefused, match="only be joined with a code"):
        noam.join("http://127.0.0.1:1/stick")
    assert not noam.path.exists() and not noam.home.exists()


def test_parts_without_an_invitation_are_no_trouble_to_a_code(stick: Path, tmp_path: Path) -> None:
    mira = Laptop.new(tmp_path, "mira")
    mira.send(stick)
    waiting, noam = Laptop.empty(tmp_path, "waiting"), Laptop.empty(tmp_path, "noam")
    waiting.join(stick)
    joined = noam.join(stick, mira.send(stick, invite=True)["code"])
    assert joined["missing"] == []
    assert [one["handle"] for one in joined["colleagues"]] == ["mira"]


def test_without_a_code_every_laptop_that_wrote_there_is_shown(stick: Path, tmp_path: Path) -> None:
    mira = Laptop.new(tmp_path, "mira")
    mira.send(stick)
    first, second = Laptop.empty(tmp_path, "first"), Laptop.empty(tmp_path, "second")
    assert len(first.join(stick)["colleagues"]) == 1
    assert len(second.join(stick)["colleagues"]) == 2


def test_a_laptop_that_lost_its_keys_keeps_its_handle_and_is_told_its_fingerprint(
    team: Team, stick: Path, tmp_path: Path
) -> None:
    mira, noam = team("mira", "noam")
    bare = Settings(home=tmp_path / "bare", handle="noam", zone="UTC")
    with onrecord.open(noam.path, settings=bare) as record:
        record.put([{"kind": "actor", "names": ["Anna"]}])
        (notice,) = record.notices
        record.send(stick)
    (resting,) = mira.merge(stick)["resting"]
    assert resting["handle"] == "noam"
    assert resting["fingerprint"] in notice and "onrecord send" in notice


def test_a_stick_for_travel_is_joined_without_becoming_one_for_the_team(stick: Path, tmp_path: Path) -> None:
    mira, noam = Laptop.new(tmp_path, "mira"), Laptop.empty(tmp_path, "noam")
    mira.put({"kind": "actor", "names": ["Voice one"], "sealed": {"name": "Anna Karam"}})
    with mira.record() as record:
        code = record.send(stick, purpose="travel", invite=True)["code"]
    noam.join(stick, code)
    with pytest.raises(ExchangeRefused, match="written for travel"):
        noam.send(stick)


def test_a_second_beginning_under_the_same_keys_rests_under_its_own_fingerprint_and_is_admitted_by_its_log(
    team: Team, stick: Path, tmp_path: Path
) -> None:
    mira, noam = team("mira", "noam")
    with mira.record() as record:
        id = record.id
    log = begin_copy(tmp_path / "again", noam.home, id, "noam")
    mira.send(stick)
    with onrecord.open(tmp_path / "again", settings=noam.settings) as again:
        again.merge(stick)
        again.send(stick)
    (resting,) = mira.merge(stick)["resting"]
    public = parse_verifier_key((tmp_path / "again" / "keys" / f"{log}.vkey").read_text().strip())[1]
    assert (resting["log"], resting["admit"], resting["fingerprint"]) == (log, log, fingerprint(public))
    assert mira.admit(log)["entries"] > 0
    assert mira.merge(stick)["resting"] == []
