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

    def back_up(self) -> Path:
        """A copy of the record and of the keys, as a backup of the whole laptop holds them."""
        kept = self.place.with_name(f"{self.place.name}-backup-{len(list(self.place.parent.iterdir()))}")
        shutil.copytree(self.place, kept)
        return kept

    def restore(self, backup: Path) -> None:
        """Put the laptop back to what it was when `back_up` was called."""
        shutil.rmtree(self.place)
        shutil.copytree(backup, self.place)


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
    """The first begins the record; the others join over a stick with a code and are admitted by the first."""
    first = Laptop.new(tmp_path, handles[0])
    others = [Laptop.empty(tmp_path, handle) for handle in handles[1:]]
    carrier = tmp_path / "carrier"
    carrier.mkdir()
    for other in others:
        code = first.send(carrier, invite=True)["code"]
        device = other.join(carrier, code)["device"]
        first.merge(carrier)
        first.admit(device, handle=other.handle)
    if others:
        first.send(carrier)
        for other in others:
            other.merge(carrier)
    shutil.rmtree(carrier)
    return [first, *others]
