"""Five laptops that write at once, half copies, and backups that are restored: all end with the same things."""

from __future__ import annotations

import random
import shutil
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from onrecord.record.errors import ExchangeRefused
from tests.exchange.laptops import Laptop, a_stick, a_team

WITHOUT_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)
HANDLES = ("mira", "noam", "dalia", "yusuf", "hana")
STEPS = (
    *("put", "put", "edit", "edit", "edit", "add"),
    *("send", "send", "send", "merge", "merge", "merge"),
    *("damage", "back up", "restore"),
)


@pytest.fixture(scope="module")
def gathered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return five_laptops(tmp_path_factory.mktemp("gathered"))


def five_laptops(place: Path) -> Path:
    """Five laptops of one team, up to date, to be copied."""
    first, *_ = laptops = a_team(place, *HANDLES)
    first.put(*({"kind": "actor", "id": f"w{n}", "names": [f"Witness {n}"]} for n in range(3)))
    stick = a_stick(place, "stick")
    first.send(stick)
    for laptop in laptops[1:]:
        laptop.merge(stick)
    shutil.rmtree(stick)
    return place


@dataclass
class World:
    """The laptops and sticks of one run, and a source of chance that the run's seed fixes."""

    laptops: list[Laptop]
    sticks: list[Path]
    chance: random.Random
    backups: dict[str, list[Path]] = field(default_factory=dict)
    made: int = 0
    counts: Counter[str] = field(default_factory=Counter)

    def step(self, what: str) -> None:
        self.counts["steps"] += 1
        getattr(self, what.replace(" ", "_"))(
            self.chance.choice(self.laptops), self.chance.choice(self.sticks)
        )

    def put(self, laptop: Laptop, _: Path) -> None:
        self.made += 1
        laptop.put({"kind": "actor", "names": [f"Person {self.made}"]})

    def edit(self, laptop: Laptop, _: Path) -> None:
        """A change of a thing that others change too; where it is in conflict, mostly a decision."""
        self.made += 1
        things = laptop.things()
        thing = self.chance.choice(sorted(id for id, told in things.items() if told["kind"] == "actor"))
        line = {"kind": "actor", "id": thing, "names": [f"Name {self.made}"], "reason": "heard again"}
        heads = [str(head["version"]) for head in things[thing]["heads"]]
        laptop.put(line | ({"supersedes": heads} if len(heads) > 1 else {}))

    def add(self, laptop: Laptop, _: Path) -> None:
        self.made += 1
        words = f"Note {self.made}.\n\n" + "The gate was shut. " * self.chance.randrange(9000)
        item = laptop.add(f"note-{self.made}.txt", words)
        with laptop.record() as record:
            record.mark(item, f"Note {self.made}.")

    def send(self, laptop: Laptop, stick: Path) -> None:
        try:
            laptop.send(stick)
        except ExchangeRefused:
            laptop.merge(stick)
            laptop.send(stick)

    def merge(self, laptop: Laptop, stick: Path) -> None:
        try:
            self.count(laptop.merge(stick))
        except ExchangeRefused:
            assert not whole_prefixes(stick)

    def count(self, told: dict[str, Any]) -> None:
        self.counts["merges"] += 1
        self.counts["of them incomplete"] += bool(told["missing"])
        self.counts["forks found"] += len(told["forks"])
        self.counts["conflicts found"] += len(told["conflicts"])

    def damage(self, _: Laptop, stick: Path) -> None:
        """As a stick that was pulled out too early, or lost a file."""
        files = sorted(path for path in stick.rglob("*") if path.is_file())
        for path in self.chance.sample(files, min(len(files), 2)):
            if self.chance.random() < 0.5:
                path.unlink()
            else:
                path.write_bytes(path.read_bytes()[: self.chance.randrange(path.stat().st_size + 1)])

    def back_up(self, laptop: Laptop, _: Path) -> None:
        self.backups.setdefault(laptop.handle, []).append(laptop.back_up())

    def restore(self, laptop: Laptop, _: Path) -> None:
        """Only what the others hold of it by then is known to be kept."""
        for backup in self.backups.get(laptop.handle, [])[-1:]:
            laptop.restore(backup)

    def come_together(self, place: Path) -> None:
        last = a_stick(place, "last")
        for _ in range(3):
            for laptop in self.laptops:
                if any(last.iterdir()):
                    laptop.merge(last)
                self.send(laptop, last)
        for laptop in self.laptops:
            missing = laptop.merge(last)["missing"]
            assert all(one["what"] in ("original", "layer") for one in missing), missing
            assert not {one["where"] for one in missing} & self.files_held(), missing

    def files_held(self) -> set[str]:
        """Originals and layers that some laptop has. One that was damaged on its stick and restored away is nowhere."""
        rooms = (laptop.path / room for laptop in self.laptops for room in ("originals", "layers"))
        return {path.name for room in rooms for path in room.rglob("*") if path.is_file()}


def whole_prefixes(stick: Path) -> list[Path]:
    return [path for path in stick.glob("*/hello.json") if path.read_bytes().endswith(b"}\n")]


def held(laptop: Laptop) -> set[tuple[bytes, bytes]]:
    """Every entry a laptop holds, head and body."""
    with laptop.record() as record:
        run = record._store.db.connection.execute
        query = "SELECT head.bytes, body.bytes FROM head JOIN body ON body.entry = head.entry"
        return set(run(query).fetchall())


def run_through(gathered: Path, steps: list[str], seed: int) -> Counter[str]:
    """Go through the steps, come together, and compare; what was counted."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        laptops = [Laptop(place / handle, handle) for handle in HANDLES]
        for laptop in laptops:
            shutil.copytree(gathered / laptop.handle, laptop.place)
        world = World(laptops, [a_stick(place, f"stick {n}") for n in range(3)], random.Random(seed))
        for what in steps:
            world.step(what)
        kept = set().union(*map(held, laptops))
        world.come_together(place)
        check_all_agree(laptops, kept)
        return world.counts


def check_all_agree(laptops: list[Laptop], kept: set[tuple[bytes, bytes]]) -> None:
    first, *others = laptops
    things = first.things()
    for laptop in others:
        assert laptop.things() == things, f"{laptop.handle} has other things than {first.handle}"
    for laptop in laptops:
        assert kept <= held(laptop), f"{laptop.handle} lost entries"
        told = laptop.verify()
        assert told["problems"] == [], told["problems"]


@settings(max_examples=4, suppress_health_check=list(HealthCheck), deadline=None, phases=WITHOUT_SHRINKING)
@given(steps=st.lists(st.sampled_from(STEPS), min_size=10, max_size=32), seed=st.integers(0, 2**32))
def test_any_order_of_merges_ends_in_the_same_things(gathered: Path, steps: list[str], seed: int) -> None:
    run_through(gathered, steps, seed)
