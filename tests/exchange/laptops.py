"""Several laptops that hold one record, and the sticks they carry it on. Every laptop has keys of its own."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import onrecord
from onrecord.api import Record
from onrecord.record.ideas import KINDS
from onrecord.settings import Settings


@dataclass(frozen=True, slots=True)
class Laptop:
    """One person's laptop: a folder for its keys and one for its copy of the record."""

    place: Path
    handle: str

    @classmethod
    def new(cls, tmp_path: Path, handle: str, title: str | None = None) -> Laptop:
        """A laptop on which a record is begun."""
        laptop = cls(tmp_path / handle, handle)
        laptop.place.mkdir()
        onrecord.new(laptop.path, title=title, settings=laptop.settings)
        return laptop

    @classmethod
    def empty(cls, tmp_path: Path, handle: str) -> Laptop:
        """A laptop without a record, which may join one."""
        laptop = cls(tmp_path / handle, handle)
        laptop.place.mkdir()
        return laptop

    @property
    def path(self) -> Path:
        return self.place / "record"

    @property
    def home(self) -> Path:
        return self.place / "home"

    @property
    def settings(self) -> Settings:
        return Settings(home=self.home, handle=self.handle, zone="UTC")

    @contextmanager
    def record(self) -> Iterator[Record]:
        with onrecord.open(self.path, settings=self.settings) as opened:
            yield opened

    def put(self, *things: dict[str, Any]) -> list[dict[str, Any]]:
        with self.record() as record:
            return record.put(list(things))

    def add(self, name: str, content: bytes | str) -> str:
        """Take a file in; its item."""
        file = self.place / name
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        with self.record() as record:
            (line,) = record.add([file])
        file.unlink()
        return str(line["item"])

    def get(self, name: str) -> dict[str, Any]:
        with self.record() as record:
            return record.get(name)

    def verify(self) -> dict[str, Any]:
        return onrecord.verify(self.path, views=True)

    def send(self, stick: Path | str, **how: Any) -> dict[str, Any]:
        with self.record() as record:
            return record.send(stick, **how)

    def merge(self, stick: Path | str) -> dict[str, Any]:
        with self.record() as record:
            return record.merge(stick)

    def join(self, stick: Path | str, code: str | None = None, **how: Any) -> dict[str, Any]:
        return onrecord.join(stick, self.path, code=code, settings=self.settings, **how)

    def admit(self, device: str, **how: Any) -> dict[str, Any]:
        with self.record() as record:
            return record.admit(device, **how)

    def revoke(self, device: str, reason: str = "stolen") -> dict[str, Any]:
        with self.record() as record:
            return record.revoke(device, reason)

    @property
    def device(self) -> str:
        """The id of this laptop in its record."""
        with self.record() as record:
            return record._store.keys.log_keys()[0].device

    @property
    def log(self) -> str:
        """The log that this laptop writes, in its latest incarnation."""
        with self.record() as record:
            return record._store.keys.log_keys()[0].log

    def things(self) -> dict[str, Any]:
        """Every thing as it stands here, by id: what all laptops have to agree on. Control entries are left out."""
        with self.record() as record:
            rows = record._store.db.connection.execute("SELECT DISTINCT thing, kind FROM version").fetchall()
            return {thing: _plain(record.get(thing)) for thing, kind in rows if kind in KINDS}

    def back_up(self) -> Path:
        """A copy of the record and of the keys, as a backup of the whole laptop holds them."""
        kept = self.place.with_name(f"{self.place.name}-backup-{len(list(self.place.parent.iterdir()))}")
        shutil.copytree(self.place, kept)
        return kept

    def restore(self, backup: Path) -> None:
        """Put the laptop back to what it was when `back_up` was called."""
        shutil.rmtree(self.place)
        shutil.copytree(backup, self.place)


def _plain(told: dict[str, Any]) -> dict[str, Any]:
    """Without the time at which this laptop received a version, which differs from one to the next."""
    heads = [{name: value for name, value in head.items() if name != "received"} for head in told["heads"]]
    return {**told, "heads": sorted(heads, key=lambda head: str(head["version"]))}


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """An empty stick."""
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


@pytest.fixture
def team(tmp_path: Path, stick: Path) -> Callable[..., list[Laptop]]:
    """Laptops with one record, all admitted and up to date: `team("mira", "noam", "dalia")`."""

    def gather(*handles: str) -> list[Laptop]:
        return a_team(tmp_path, *handles)

    return gather


def a_team(tmp_path: Path, *handles: str) -> list[Laptop]:
    """The first begins the record; the others join over a stick, are admitted by the first and merge what it sends."""
    first = Laptop.new(tmp_path, handles[0])
    others = [Laptop.empty(tmp_path, handle) for handle in handles[1:]]
    carrier = tmp_path / "carrier"
    carrier.mkdir()
    first.send(carrier)
    joined = [other.join(carrier)["device"] for other in others]
    first.merge(carrier)
    for device in joined:
        first.admit(device)
    first.send(carrier)
    for other in others:
        other.merge(carrier)
    shutil.rmtree(carrier)
    return [first, *others]


def a_stick(tmp_path: Path, name: str) -> Path:
    folder = tmp_path / name
    folder.mkdir()
    return folder


def exchange(laptops: list[Laptop], stick: Path, rounds: int = 2) -> None:
    """Everybody sends to a stick and merges it, in turn, until all have all."""
    for _ in range(rounds):
        for laptop in laptops:
            laptop.merge(stick) if any(stick.iterdir()) else None
            laptop.send(stick)
    for laptop in laptops:
        laptop.merge(stick)
