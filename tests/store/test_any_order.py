"""Five laptops, cut-off copies, restored backups, the same things changed at once: all end with the same things."""

from __future__ import annotations

import random
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

import onrecord
from onrecord.api import Record
from onrecord.record.ids import log_of
from onrecord.settings import Settings
from onrecord.store.record_store import RecordStore
from onrecord.store.run import Run
from tests.branches import admit, runs_of, take

LAPTOPS = 5
_KINDS = ("actor", "place")


class Team:
    """Laptops with copies of one record, their backups, and every text that any of them acknowledged."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder, self.chance = folder, random.Random(seed)
        self.acknowledged: set[str] = set()
        self.count = 0
        onrecord.new(folder / "0", settings=self.settings(0))
        for n in range(1, LAPTOPS):
            shutil.copytree(folder / "0", folder / str(n))
        for n in range(1, LAPTOPS):
            self.put(n)
            self.merge(0, n)
        with self.open(0) as first:
            for log in first._store.db.log_numbers():
                if not first._store.membership().counts(log):
                    admit(first, log)
            first.put([{"kind": "place", "id": f"shared{n}", "names": [f"shared {n}"]} for n in range(3)])
        for n in range(1, LAPTOPS):
            self.merge(n, 0)

    def settings(self, n: int) -> Settings:
        return Settings(home=self.folder / f"home {n}", handle=f"person {n}", zone="UTC")

    def open(self, n: int) -> Record:
        return onrecord.open(self.folder / str(n), settings=self.settings(n))

    def put(self, n: int) -> None:
        self.count += 1
        text = f"written as number {self.count}"
        with self.open(n) as record:
            record.put([{"kind": "actor", "names": [text]}])
        self.acknowledged.add(text)

    def change(self, n: int) -> None:
        """Change something shared: whichever of its heads this laptop sees."""
        self.count += 1
        with self.open(n) as record:
            shared = sorted(record._store.db.as_now().of_kind("place"), key=lambda one: one.id)
            thing = self.chance.choice(shared)
            line = {
                "kind": "place",
                "id": thing.id,
                "names": [f"change {self.count}"],
                "reason": "seen again",
            }
            record.put([line | {"supersedes": sorted(head.name for head in thing.heads)}])
        self.acknowledged.add(f"change {self.count}")

    def merge(self, into: int, other: int, cut: bool = False) -> None:
        there = RecordStore(self.folder / str(other), self.folder / "nobody")
        logs = sorted({log_of(name) for name in there.db.log_numbers()})
        runs = [run for log in logs for run in runs_of(there, log)]
        there.close()
        if cut:
            runs = [self.cut(run) for run in runs if self.chance.random() < 0.8]
        with self.open(into) as record:
            take(record._store, runs)

    def cut(self, run: Run) -> Run:
        return replace(run, entries=run.entries[: self.chance.randrange(len(run.entries) + 1)])

    def save(self, n: int) -> None:
        saved = self.folder / f"saved {n}"
        shutil.rmtree(saved, ignore_errors=True)
        for source, name in ((self.folder / str(n), "record"), (self.settings(n).home, "home")):
            shutil.copytree(source, saved / name)

    def restore(self, n: int) -> None:
        """What was written since and reached nobody is gone with the disk that broke."""
        saved = self.folder / f"saved {n}"
        if not saved.exists():
            return
        for other in range(LAPTOPS):
            if other != n:
                self.merge(other, n)
        for place, name in ((self.folder / str(n), "record"), (self.settings(n).home, "home")):
            shutil.rmtree(place)
            shutil.copytree(saved / name, place)

    def step(self) -> None:
        n, other = self.chance.sample(range(LAPTOPS), 2)
        act = self.chance.choices(
            (
                lambda: self.put(n),
                lambda: self.change(n),
                lambda: self.merge(n, other),
                lambda: self.merge(n, other, cut=True),
                lambda: self.save(n),
                lambda: self.restore(n),
            ),
            weights=(4, 4, 5, 4, 2, 3),
        )[0]
        act()

    def finish(self) -> list[dict[str, list[object]]]:
        for _ in range(2):
            for n in range(LAPTOPS):
                for other in self.chance.sample(range(LAPTOPS), LAPTOPS):
                    if n != other:
                        self.merge(n, other)
        return [self.told(n) for n in range(LAPTOPS)]

    def told(self, n: int) -> dict[str, list[object]]:
        with self.open(n) as record:
            problems = record.verify(views=True)["problems"]
            assert problems == [], problems[:3]
            view = record._store.db.as_now()
            return {
                thing.id: sorted(([head.clock, dict(head.fields)] for head in thing.heads), key=str)
                for kind in _KINDS
                for thing in view.of_kind(kind)
            }


def _words(team: Team) -> set[str]:
    with team.open(0) as record:
        query = "SELECT body.bytes FROM body"
        bodies = b"\n".join(body for (body,) in record._store.db.connection.execute(query))
    return {text for text in team.acknowledged if f'"{text}"'.encode() in bodies}


def run_one(seed: int, steps: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        team = Team(Path(folder), seed)
        for _ in range(steps):
            team.step()
        told = team.finish()
        assert all(one == told[0] for one in told[1:]), f"seed {seed}"
        assert _words(team) == team.acknowledged, f"seed {seed}"


@pytest.mark.parametrize("seed", range(4))
def test_any_order_of_merges_ends_in_the_same_things(seed: int) -> None:
    run_one(seed, 30)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 140))
def test_any_order_of_many_merges_ends_in_the_same_things(seed: int) -> None:
    run_one(seed, 80)
