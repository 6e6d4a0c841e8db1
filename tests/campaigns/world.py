"""A small record on a laptop of its own, driven by the command line, and what it must never lose."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import onrecord
from onrecord.api import Record
from onrecord.settings import Settings
from tests.campaigns.killing import Ended, Kill, run

LETTER = "The gate was shut, says Rosa."
CASE = (
    {"kind": "actor", "id": "rosa", "type": "person", "names": [{"text": "Rosa"}]},
    {"kind": "passage", "id": "p1", "item": None, "quote": "The gate was shut"},
    {"kind": "statement", "id": "s1", "speaker": "rosa", "act": "asserts", "basis": "saw", "passages": ["p1"]},
    {"kind": "terms", "id": "t1", "over": ["rosa", "s1"], "agreed_with": "rosa", "agreed_at": "2019-05-14",
     "uses": {"keep": "yes", "media": "yes", "words": "yes", "name": "yes"}},
    {"kind": "event", "id": "day", "title": "The day at the gate", "when": "2019-05-14", "sides": {"one": ["rosa"]}},
    {"kind": "publication", "id": "release", "title": "The gate", "audience": "public", "language": "en",
     "text": "One account.[[s1]]"},
)  # fmt: skip


@dataclass
class World:
    """One folder with everything in it: the record, the laptop's home, what is taken in and what is given out."""

    folder: Path
    promised: dict[str, Callable[[Record], object]] = field(default_factory=dict)

    @property
    def record(self) -> Path:
        return self.folder / "record"

    @property
    def settings(self) -> Settings:
        return Settings(home=self.folder / "home", handle="mira", zone="UTC")

    @property
    def stick(self) -> Path:
        return self.folder / "stick"

    @property
    def surroundings(self) -> dict[str, str]:
        return {"ONRECORD_HOME": str(self.settings.home), "ONRECORD_HANDLE": "mira", "ONRECORD_ZONE": "UTC"}

    @classmethod
    def begun(cls, folder: Path) -> World:
        """A record with one letter, what was said in it, and a publication that may be given out."""
        world = cls(folder)
        (folder / "out").mkdir(parents=True)
        onrecord.new(world.record, settings=world.settings)
        (folder / "letter.txt").write_text(LETTER, encoding="utf-8")
        with world.opened() as record:
            (taken,) = record.add([folder / "letter.txt"])
            record.put([line | {"item": taken["item"]} if "item" in line else line for line in CASE])
            world.stick.mkdir()
            record.send(world.stick)
        joined = onrecord.join(world.stick, folder / "colleague", settings=world.colleagues_settings)
        with world.colleague() as theirs:
            theirs.send(world.stick)
        with world.opened() as record:
            record.merge(world.stick)
            record.admit(joined["device"])
            record.send(world.stick)
        with world.colleague() as theirs:
            theirs.merge(world.stick)
        return world

    def copied(self, folder: Path) -> World:
        """This world once more elsewhere, on a laptop that thinks it is the same one."""
        shutil.copytree(self.folder, folder, symlinks=True)
        return World(folder, dict(self.promised))

    def opened(self) -> Record:
        return onrecord.open(self.record, settings=self.settings)

    @property
    def colleagues_settings(self) -> Settings:
        return Settings(home=self.folder / "colleagues-home", handle="noam", zone="UTC")

    def colleague(self) -> Record:
        """The copy of the record on a colleague's laptop."""
        return onrecord.open(self.folder / "colleague", settings=self.colleagues_settings)

    def run(
        self,
        arguments: list[object],
        kill: Kill | None = None,
        first: Callable[[], object] | None = None,
        **surroundings: str,
    ) -> Ended:
        """Run a command on this laptop, or as `surroundings` say."""
        return run(["--json", "-r", self.record, *arguments], self.surroundings | surroundings, kill, first)

    def verified(self) -> dict[str, Any]:
        return onrecord.verify(self.record, views=True)

    def logs(self) -> int:
        with self.opened() as record:
            return len(record._store.db.log_numbers())


def rows(out: str) -> list[dict[str, Any]]:
    """What was acknowledged: the lines that were printed whole."""
    return [json.loads(line) for line in out.splitlines(keepends=True) if line.endswith("\n")]


def left_over(found: dict[str, Any]) -> bool:
    """Whether verify notes what only a write that was stopped leaves, and an add clears away or enters."""
    return any("no entry names" in note or "temporary file" in note for note in found["notes"])
