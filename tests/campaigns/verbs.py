"""What each verb is asked to do while it is killed, and what has to hold afterwards. A further verb is one class."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import onrecord
from onrecord.api import Record
from tests.campaigns.world import World, rows


class Verb(Protocol):
    """A verb under attack. `turn` numbers its runs, so that each has work of its own."""

    name: str

    def arguments(self, world: World, turn: int) -> list[object]:
        """Prepare what the run works on, and give its command line."""

    def acknowledged(self, world: World, turn: int, out: str) -> dict[str, Callable[[Record], object]]:
        """What the run promised by what it printed: a check for each, by a name to show."""

    def check_whole(self, world: World, turn: int, record: Record) -> None:
        """Raise unless the run's work stands whole or not at all."""

    def left(self, world: World, turn: int) -> bool:
        """Whether something half-made lies outside the record, of which the next run has to tell."""


class Add:
    name = "add"
    files = 3

    def arguments(self, world: World, turn: int) -> list[object]:
        card = world.folder / "cards" / str(turn)
        card.mkdir(parents=True, exist_ok=True)
        for number in range(self.files):
            (card / f"{turn}-{number}.txt").write_text(f"Letter {number} of card {turn}.", encoding="utf-8")
        return ["add", card]

    def acknowledged(self, world: World, turn: int, out: str) -> dict[str, Callable[[Record], object]]:
        return {row["item"]: _item_is_whole(row) for row in rows(out) if row["status"] != "refused"}

    def check_whole(self, world: World, turn: int, record: Record) -> None:
        taken = [item for item in record.items() if item["name"].startswith(f"{turn}-")]
        assert len(taken) in (0, self.files), f"{len(taken)} of {self.files} files are entered"

    def left(self, world: World, turn: int) -> bool:
        return False


def _item_is_whole(row: dict[str, Any]) -> Callable[[Record], object]:
    def check(record: Record) -> None:
        assert record._store.originals.verify(row["sha256"], row["size"]) is None
        assert record.text(row["item"])["text"].startswith("Letter ")

    return check


class Put:
    name = "put"
    lines = 4

    def arguments(self, world: World, turn: int) -> list[object]:
        file = world.folder / f"put-{turn}.jsonl"
        told = [
            {
                "kind": "actor",
                "id": f"voice-{turn}-{number}",
                "type": "voice",
                "names": [f"Voice {turn}x{number}"],
            }
            for number in range(self.lines)
        ]
        told.append({"kind": "actor", "id": "rosa", "reason": "heard again", "names": [f"Rosa {turn}"]})
        file.write_text("".join(json.dumps(line) + "\n" for line in told), encoding="utf-8")
        return ["put", file]

    def acknowledged(self, world: World, turn: int, out: str) -> dict[str, Callable[[Record], object]]:
        return {row["id"]: _is_known(row) for row in rows(out) if "error" not in row}

    def check_whole(self, world: World, turn: int, record: Record) -> None:
        held = [record._store.db.slugs(f"voice-{turn}-{number}") != [] for number in range(self.lines)]
        assert len(set(held)) == 1, f"a part of the lines is put: {held}"
        named = any(f"Rosa {turn}" in str(one["fields"]) for one in record.history("rosa")["versions"])
        assert named == held[0], "a change and what was put beside it stand apart"

    def left(self, world: World, turn: int) -> bool:
        return False


def _is_known(row: dict[str, Any]) -> Callable[[Record], object]:
    return lambda record: record.get(row["id"])


class Publish:
    name = "publish"

    def arguments(self, world: World, turn: int) -> list[object]:
        return ["publish", "release", "--out", self._out(world, turn)]

    def acknowledged(self, world: World, turn: int, out: str) -> dict[str, Callable[[Record], object]]:
        return {
            f"dossier {turn}": lambda record: _is_sound(self._out(world, turn))
            for row in rows(out)
            if row.get("out", True)
        }

    def check_whole(self, world: World, turn: int, record: Record) -> None:
        if self._out(world, turn).exists():
            _is_sound(self._out(world, turn))

    def left(self, world: World, turn: int) -> bool:
        return self._out(world, turn).with_name(f".dossier-{turn}.part").exists()

    def _out(self, world: World, turn: int) -> Path:
        return world.folder / "out" / f"dossier-{turn}"


def _is_sound(dossier: Path) -> None:
    assert onrecord.verify(dossier)["problems"] == []


class New:
    name = "new"

    def arguments(self, world: World, turn: int) -> list[object]:
        return ["new", self._place(world, turn)]

    def acknowledged(self, world: World, turn: int, out: str) -> dict[str, Callable[[Record], object]]:
        return {
            f"record {turn}": lambda record: _is_sound(self._place(world, turn))
            for row in rows(out)
            if row.get("out", True)
        }

    def check_whole(self, world: World, turn: int, record: Record) -> None:
        if (self._place(world, turn) / "record.db").exists():
            _is_sound(self._place(world, turn))

    def left(self, world: World, turn: int) -> bool:
        return False

    def _place(self, world: World, turn: int) -> Path:
        return world.folder / "out" / f"new-{turn}"


VERBS: tuple[Verb, ...] = (Add(), Put(), Publish(), New())
