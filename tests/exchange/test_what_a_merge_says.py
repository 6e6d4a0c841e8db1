"""What a merge says of what did not come: why, from whom it can be had, and what came back."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.exchange.laptops import Laptop, a_stick, exchange

Team = Callable[..., list[Laptop]]


def original_of(laptop: Laptop, words: str) -> Path:
    (found,) = (path for path in laptop.path.rglob("originals/*/*") if path.read_text() == words)
    return found


def test_a_missing_original_is_fetched_though_no_merge_awaits_it(team: Team, stick: Path) -> None:
    mira, noam = team("mira", "noam")
    mira.add("note.txt", "The gate was shut.")
    mira.send(stick)
    noam.merge(stick)
    original = original_of(noam, "The gate was shut.")
    original.unlink()
    told = noam.merge(stick)
    assert (told["originals"], told["back"], told["missing"]) == (1, 1, [])
    assert original.read_text() == "The gate was shut."
    assert noam.merge(stick)["back"] == 0 and noam.verify()["problems"] == []


def test_a_missing_original_that_is_not_there_is_named_with_whom_to_ask(team: Team, stick: Path) -> None:
    mira, noam = team("mira", "noam")
    mira.add("note.txt", "The gate was shut.")
    exchange([mira, noam], stick)
    original_of(noam, "The gate was shut.").unlink()
    shutil.rmtree(next(stick.glob("*/originals")))
    (missing,) = noam.merge(stick)["missing"]
    assert (missing["what"], missing["ask"]) == ("original", "mira") and "cut off" in missing["why"]


def test_adding_the_file_brings_a_missing_original_back_and_says_so(tmp_path: Path) -> None:
    mira = Laptop.new(tmp_path, "mira")
    mira.add("note.txt", "The gate was shut.")
    original_of(mira, "The gate was shut.").unlink()
    file = tmp_path / "again.txt"
    file.write_text("The gate was shut.")
    with mira.record() as record:
        first, second = record.add([file]), record.add([file])
        (first_line,), (second_line,) = first, second
    assert first_line["status"] == "already held" and first_line["back"] is True
    assert "back" not in second_line and mira.verify()["problems"] == []


def test_bodies_left_out_for_a_journey_are_counted_and_so_is_their_coming(team: Team, stick: Path) -> None:
    mira, noam = team("mira", "noam")
    mira.put({"kind": "actor", "names": ["Voice one"], "sealed": {"name": "Anna Karam"}})
    mira.send(stick, purpose="travel")
    assert noam.merge(stick)["withheld"] == {"new": 1, "came": 0, "left": 1}
    assert noam.merge(stick)["withheld"] == {"new": 0, "came": 0, "left": 1}
    mira.send(stick, purpose="team")
    assert noam.merge(stick)["withheld"] == {"new": 0, "came": 1, "left": 0}


@pytest.mark.parametrize("state", ["waits", "admitted"])
def test_keys_that_are_not_for_a_laptop_are_explained_to_it(
    stick: Path, tmp_path: Path, team: Team, state: str
) -> None:
    mira, noam = team("mira", "noam")
    late = Laptop.empty(tmp_path, "late")
    mira.send(stick)
    device = late.join(stick)["device"]
    if state == "admitted":
        noam_only = a_stick(tmp_path, "second")
        mira.merge(stick)
        mira.admit(device)
        mira.send(stick)
        late.merge(stick)
        noam.send(noam_only)
        (missing,) = late.merge(noam_only)["missing"]
        assert missing["why"].startswith("noam sent it before learning") and missing["ask"] == "noam"
    else:
        (missing,) = late.merge(stick)["missing"]
        assert "is not admitted yet: ask whoever has the laptop" in missing["why"]


def test_members_of_whom_nothing_lies_there_are_named(team: Team, stick: Path) -> None:
    mira, noam, dalia = team("mira", "noam", "dalia")
    for laptop in (mira, noam, dalia):
        laptop.send(stick)
    assert mira.merge(stick)["absent"] == []
    shutil.rmtree(stick / dalia.log)
    for carried in stick.glob(f"*/others/{dalia.log}"):
        shutil.rmtree(carried)
    for listed in stick.glob("*/list.json"):
        listed.unlink()
    assert [one["handle"] for one in mira.merge(stick)["absent"]] == ["dalia"]
