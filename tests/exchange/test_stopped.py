"""A sending that is stopped, and a laptop whose log goes on in branches: colleagues get everything all the same."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pyrage
import pytest

from onrecord.exchange.local_folder import LocalFolder
from onrecord.exchange.place import Fill
from tests.exchange.laptops import Laptop

Team = Callable[..., list[Laptop]]


class Killed(BaseException):
    """Stands for a kill: nothing that cleans up after errors is meant to see it."""


def kill_after(writes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stop the next sending after so many files."""
    left, write = iter(range(writes)), LocalFolder.write

    def counted(self: LocalFolder, name: str, fill: Fill) -> int:
        if next(left, None) is None:
            raise Killed
        return write(self, name, fill)

    monkeypatch.setattr(LocalFolder, "write", counted)


def erase_something(laptop: Laptop) -> None:
    laptop.put({"kind": "actor", "id": "gone", "names": ["Anna Karam"]})
    with laptop.record() as record:
        record.erase("gone", "asked for", ["Mira"], whole=True)


@pytest.mark.parametrize("writes", range(6))
def test_a_sending_that_was_stopped_after_an_erasure_is_made_good_by_the_next(
    writes: int, team: Team, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mira, noam = team("mira", "noam")[:2]
    mira.put({"kind": "actor", "id": "early", "names": ["Early"]})
    mira.send(stick)
    erase_something(mira)
    mira.put({"kind": "actor", "id": "late", "names": ["Late"]})
    with monkeypatch.context() as patched:
        kill_after(writes, patched)
        with pytest.raises(Killed):
            mira.send(stick)
    sent = mira.send(stick)
    assert sent["missing"] == []
    assert noam.merge(stick)["missing"] == []
    assert noam.get("early")["heads"] and noam.get("late")["heads"]
    with mira.record() as record:
        waiting = {row.get("folder") for order in record.erasures() for row in order["unconfirmed"]}
    assert sent["folder"] not in waiting, "the folder has followed the order, and that is known"


def test_two_branches_between_two_sendings_both_come_in(team: Team, stick: Path, tmp_path: Path) -> None:
    mira, noam = team("mira", "noam")[:2]
    for number in range(2):
        shutil.copytree(mira.path, tmp_path / "before")
        mira.put({"kind": "actor", "id": f"lost-{number}", "names": ["Lost"]})
        shutil.rmtree(mira.path)
        (tmp_path / "before").rename(mira.path)
        mira.put({"kind": "actor", "id": f"kept-{number}", "names": ["Kept"]})
    mira.send(stick)
    merged = noam.merge(stick)
    assert (merged["missing"], merged["resting"]) == ([], [])
    assert noam.get("kept-0")["heads"] and noam.get("kept-1")["heads"]


def test_a_part_that_was_begun_and_holds_no_entries_is_nothing_to_miss(team: Team, stick: Path) -> None:
    mira, noam = team("mira", "noam")
    mira.send(stick)
    noam.merge(stick)
    (part,) = (folder for folder in stick.iterdir() if (folder / "hello.json").exists())
    for path in [*part.rglob("*.seg"), part / "list.json"]:
        path.unlink()
    of_nobody = pyrage.x25519.Identity.generate().to_public()
    (part / "ring.age").chmod(0o600)
    (part / "ring.age").write_bytes(pyrage.encrypt(b"{}", [of_nobody]))
    assert [one for one in noam.merge(stick)["missing"] if one["what"] == "keys"] == []
    assert [one for one in noam.merge(stick)["missing"] if one["what"] == "ring"] == []
