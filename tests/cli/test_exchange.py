"""Several laptops on the command line: what is said, what is printed as JSON, and with which exit code it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import Result

from tests.cli.conftest import Run, document


class Desk:
    """One person's laptop: keys in a folder of its own, and a copy of the record."""

    def __init__(self, run: Run, place: Path, name: str) -> None:
        self._run, self.home, self.path = run, place / f"{name}-home", place / f"{name}-record"
        self.name = name

    def __call__(self, *arguments: str | Path, **more: str) -> Result:
        around = {"ONRECORD_HOME": str(self.home), "ONRECORD_HANDLE": self.name}
        if self.path.exists():
            around["ONRECORD"] = str(self.path)
        return self._run(*arguments, **around, **more)


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    (tmp_path / "stick").mkdir()
    return tmp_path / "stick"


@pytest.fixture
def desks(run: Run, tmp_path: Path) -> tuple[Desk, Desk]:
    """The first has a record with one thing in it; the second has nothing yet."""
    mira, noam = Desk(run, tmp_path, "mira"), Desk(run, tmp_path, "noam")
    assert mira("new", mira.path).exit_code == 0
    lines = '{"kind": "actor", "id": "anna", "names": ["Anna"]}\n'
    assert mira("put", "-", input=lines).exit_code == 0
    return mira, noam


def test_two_laptops_over_a_stick(desks: tuple[Desk, Desk], stick: Path) -> None:
    mira, noam = desks
    sent = mira("send", stick)
    assert sent.exit_code == 0 and "Sent " in sent.stdout
    joined = noam("join", stick, noam.path)
    assert joined.exit_code == 0 and "fingerprint" in joined.stdout
    merged = mira("merge", stick)
    assert merged.exit_code == 0 and "nobody admitted" in merged.stdout and "noam" in merged.stdout
    (line,) = (line for line in merged.stdout.splitlines() if "onrecord admit" in line)
    admitted = mira(*line.split()[1:], "--handle", "Noam B")
    assert admitted.exit_code == 0 and "Noam B is let in" in admitted.stdout
    assert mira("send", stick).exit_code == 0
    merged = noam("merge", stick)
    assert merged.exit_code == 0 and "from mira" in merged.stdout
    assert document(noam("--json", "get", "anna"))["names"] == [{"text": "Anna"}]
    assert "has everything already" in mira("send", stick).stdout
    assert "Nothing new" in noam("merge", stick).stdout


def test_json_has_what_the_contract_says(desks: tuple[Desk, Desk], stick: Path) -> None:
    mira, noam = desks
    sent = document(mira("--json", "send", stick))
    assert {"entries", "originals", "missing", "forks"} <= sent.keys()
    joined = document(noam("--json", "join", stick, noam.path))
    assert {"record", "device", "admitted"} <= joined.keys() and joined["admitted"] is False
    merged = document(mira("--json", "merge", stick))
    assert {"entries", "originals", "missing", "forks"} <= merged.keys()
    admitted = document(mira("--json", "admit", joined["device"]))
    assert admitted["admitted"] is True and admitted["device"] == joined["device"]
    revoked = document(mira("--json", "revoke", joined["device"], "--reason", "lost"))
    assert revoked["revoked"] is True, "who alone let a laptop in takes that back alone"
    (own, other) = (json.loads(line) for line in mira("--json", "laptops").stdout.splitlines())
    assert (own["here"], own["state"], other["state"]) == (True, "admitted", "revoked")


def test_whose_laptops_there_are_is_listed_and_a_name_is_enough(
    desks: tuple[Desk, Desk], stick: Path, run: Run, tmp_path: Path
) -> None:
    mira, noam = desks
    second = Desk(run, tmp_path, "second")
    mira("send", stick)
    noam("join", stick, noam.path)
    mira("merge", stick)
    assert "waits to be let in" in mira("laptops").stdout
    admitted = mira("admit", "noam")
    assert "Laptop " in admitted.stdout and "noam is let in" in admitted.stdout
    assert "already" not in admitted.stdout
    second.name = "noam"
    second("join", stick, second.path)
    mira("merge", stick)
    several = mira("admit", "noam")
    assert several.exit_code == 2 and "more than one laptop" in several.stderr
    waiting = next(
        row
        for line in mira("--json", "laptops").stdout.splitlines()
        if (row := json.loads(line))["state"] == "waiting"
    )
    twice = mira("admit", waiting["device"][:6])
    assert "There is already a laptop called noam" in twice.stdout and "by mira" in twice.stdout
    keeper = mira("admit", waiting["device"], "--role", "keeper")
    assert "is a keeper" in keeper.stdout
    revoked = mira("revoke", waiting["device"], "--reason", "the wrong one")
    assert "Until a second member agrees" in " ".join(revoked.stdout.split())
    mira("send", stick)
    merged = noam("merge", stick)
    assert "revoked noam's laptop" not in merged.stdout, "what a copy begins with is no news"


def test_a_merge_says_who_was_let_in_and_who_opened_what(desks: tuple[Desk, Desk], stick: Path) -> None:
    mira, noam = desks
    mira("send", stick)
    noam("join", stick, noam.path)
    for step in (("merge", stick), ("admit", "noam"), ("send", stick)):
        mira(*step)
    noam("merge", stick)
    lines = '{"kind": "actor", "id": "v", "names": ["Witness 3"], "sealed": {"name": "Zeinab"}}\n'
    mira("put", "-", input=lines)
    mira("unseal", "v", "--reason", "court hearing")
    mira("send", stick)
    merged = noam("merge", stick)
    assert "mira opened what is sealed in Witness 3: 'court hearing'" in " ".join(merged.stdout.split())
    for verb in ("get", "history"):
        told = noam(verb, "v").stdout
        assert "Opened" in told and "court hearing" in told


def test_a_code_is_taken_from_the_option_or_the_surroundings(desks: tuple[Desk, Desk], stick: Path) -> None:
    mira, noam = desks
    code = document(mira("--json", "send", stick, "--invite"))["code"]
    assert noam("join", stick, noam.path, "--code", "not these words").exit_code == 2
    joined = noam("join", stick, noam.path, ONRECORD_CODE=code)
    assert joined.exit_code == 0, joined.stderr
    assert document(noam("--json", "get", "anna"))["names"] == [{"text": "Anna"}]


def test_what_is_missing_is_named_and_ends_with_1(desks: tuple[Desk, Desk], stick: Path) -> None:
    mira, noam = desks
    mira("send", stick)
    noam("join", stick, noam.path)
    merged = noam("merge", stick)
    assert merged.exit_code == 1 and "could not be taken" in merged.stdout
    assert document(noam("--json", "merge", stick))["missing"]


def test_things_with_two_versions_are_named(desks: tuple[Desk, Desk], stick: Path) -> None:
    mira, noam = desks
    mira("send", stick)
    device = document(noam("--json", "join", stick, noam.path))["device"]
    for step in (("merge", stick), ("admit", device), ("send", stick)):
        mira(*step)
    noam("merge", stick)
    id = document(noam("--json", "get", "anna"))["id"]
    for desk, name in ((mira, "Hana"), (noam, "Ana")):
        line = f'{{"kind": "actor", "id": "{id}", "names": ["{name}"], "reason": "heard again"}}\n'
        assert desk("put", "-", input=line).exit_code == 0
    noam("send", stick)
    merged = mira("merge", stick)
    assert merged.exit_code == 0
    assert "1 thing with two versions" in merged.stdout and "onrecord conflicts" in merged.stdout


@pytest.mark.parametrize("verb", ["send", "merge"])
def test_a_place_that_is_not_there_is_a_wrong_request(
    desks: tuple[Desk, Desk], verb: str, tmp_path: Path
) -> None:
    mira, _ = desks
    ended = mira(verb, tmp_path / "nowhere")
    assert ended.exit_code == 2 and "nowhere" in ended.stderr


def test_a_copy_that_waits_says_so_after_whatever_is_asked_of_it(
    desks: tuple[Desk, Desk], stick: Path
) -> None:
    mira, noam = desks
    mira("send", stick)
    assert noam("join", stick, noam.path).exit_code == 0
    line = '{"kind": "place", "id": "ford", "names": ["Ford"]}\n'
    for verb in (("items",), ("search", "anna"), ("put", "-"), ("windows", "anna"), ("get", "anna")):
        asked = noam(*verb, input=line)
        assert asked.stderr.count("notice: This copy still waits: a member has to merge") == 1
    assert document(noam("--json", "get", "ford"))["slug"] == "ford"
    assert "waits" not in mira("items").stderr
