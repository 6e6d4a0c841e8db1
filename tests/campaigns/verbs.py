"""What each verb is asked to do while it is killed, and what has to hold afterwards. A further verb is one class."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import onrecord
from onrecord.api import Record
from tests.campaigns.world import World, rows

Checks = dict[str, Callable[[Record], object]]


class Verb:
    """A verb under attack. `turn` numbers its runs, so that each has work of its own."""

    name: str
    wary = False
    """Whether it tells what a stopped write left in the record's folder, and clears it away."""

    def arguments(self, world: World, turn: int) -> list[object]:
        """Prepare what the run works on, and give its command line."""
        raise NotImplementedError

    def surroundings(self, world: World, turn: int) -> dict[str, str]:
        """What its environment has besides, such as a laptop of its own."""
        return {}

    def again(self, world: World, turn: int) -> list[object]:
        """The command line that goes on where the run was stopped."""
        return self.arguments(world, turn)

    def acknowledged(self, world: World, turn: int, out: str) -> Checks:
        """What the run promised by what it printed: a check for each, by a name to show."""
        return {}

    def check_whole(self, world: World, turn: int, record: Record) -> None:
        """Raise unless the run's work stands whole or not at all."""

    def check_done(self, world: World, turn: int, record: Record) -> None:
        """Raise unless the run's work stands whole, and nothing that was only of use on the way."""

    def left(self, world: World, turn: int) -> bool:
        """Whether something half-made lies outside the record, of which the next run has to tell."""
        return False


class Add(Verb):
    name = "add"
    wary = True
    files = 3

    def arguments(self, world: World, turn: int) -> list[object]:
        card = world.folder / "cards" / str(turn)
        card.mkdir(parents=True, exist_ok=True)
        for number in range(self.files):
            (card / f"{turn}-{number}.txt").write_text(f"Letter {number} of card {turn}.", encoding="utf-8")
        return ["add", card]

    def acknowledged(self, world: World, turn: int, out: str) -> Checks:
        return {row["item"]: _item_is_whole(row) for row in rows(out) if row["status"] != "refused"}

    def check_whole(self, world: World, turn: int, record: Record) -> None:
        taken = [item for item in record.items() if item.get("name", "").startswith(f"{turn}-")]
        assert len(taken) in (0, self.files), f"{len(taken)} of {self.files} files are entered"


def _item_is_whole(row: dict[str, Any]) -> Callable[[Record], object]:
    def check(record: Record) -> None:
        assert record._store.originals.verify(row["sha256"], row["size"]) is None
        assert record.text(row["item"])["text"].startswith("Letter ")

    return check


class Put(Verb):
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

    def acknowledged(self, world: World, turn: int, out: str) -> Checks:
        return {row["id"]: _is_known(row) for row in rows(out) if "error" not in row}

    def check_whole(self, world: World, turn: int, record: Record) -> None:
        held = [record._store.db.slugs(f"voice-{turn}-{number}") != [] for number in range(self.lines)]
        assert len(set(held)) == 1, f"a part of the lines is put: {held}"
        named = any(f"Rosa {turn}" in str(one["fields"]) for one in record.history("rosa")["versions"])
        assert named == held[0], "a change and what was put beside it stand apart"


def _is_known(row: dict[str, Any]) -> Callable[[Record], object]:
    return lambda record: record.get(row["id"])


class Publish(Verb):
    name = "publish"

    def arguments(self, world: World, turn: int) -> list[object]:
        return ["publish", "release", "--out", self._out(world, turn)]

    def acknowledged(self, world: World, turn: int, out: str) -> Checks:
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


class New(Verb):
    name = "new"

    def arguments(self, world: World, turn: int) -> list[object]:
        return ["new", self._place(world, turn)]

    def acknowledged(self, world: World, turn: int, out: str) -> Checks:
        return {
            f"record {turn}": lambda record: _is_sound(self._place(world, turn))
            for row in rows(out)
            if row.get("out", True)
        }

    def check_whole(self, world: World, turn: int, record: Record) -> None:
        if (self._place(world, turn) / "record.db").exists():
            _is_sound(self._place(world, turn))

    def _place(self, world: World, turn: int) -> Path:
        return world.folder / "out" / f"new-{turn}"


class Send(Verb):
    name = "send"

    def arguments(self, world: World, turn: int) -> list[object]:
        with world.opened() as record:
            record.put([{"kind": "actor", "id": f"sent-{turn}", "type": "voice", "names": [f"Sent {turn}"]}])
        return ["send", world.stick]

    def again(self, world: World, turn: int) -> list[object]:
        return ["send", world.stick]

    def acknowledged(self, world: World, turn: int, out: str) -> Checks:
        return {f"sent-{turn}": lambda record: record.get(f"sent-{turn}")}

    def check_whole(self, world: World, turn: int, record: Record) -> None:
        """Whatever lies there, a colleague can take it in."""
        with world.colleague() as theirs:
            assert not theirs.merge(world.stick)["forks"]

    def check_done(self, world: World, turn: int, record: Record) -> None:
        assert not list(world.stick.rglob("*.part"))
        with world.colleague() as theirs:
            theirs.merge(world.stick)
            theirs.get(f"sent-{turn}")


class Merge(Verb):
    name = "merge"
    wary = True

    def arguments(self, world: World, turn: int) -> list[object]:
        card = world.folder / f"theirs-{turn}.txt"
        card.write_text(f"Letter that came with {turn}.", encoding="utf-8")
        with world.opened() as record:
            record.send(world.stick)  # an erasure gave this laptop a new key, which a colleague has to know
        with world.colleague() as theirs:
            theirs.merge(world.stick)
            theirs.put(
                [{"kind": "actor", "id": f"came-{turn}-{n}", "names": [f"Came {turn}x{n}"]} for n in range(3)]
            )
            list(theirs.add([card]))
            theirs.send(world.stick)
        return ["merge", world.stick]

    def again(self, world: World, turn: int) -> list[object]:
        return ["merge", world.stick]

    def acknowledged(self, world: World, turn: int, out: str) -> Checks:
        return {f"came-{turn}": lambda record: self._is_here(turn, record) for _ in rows(out)}

    def check_whole(self, world: World, turn: int, record: Record) -> None:
        assert len({record._store.db.slugs(f"came-{turn}-{n}") != [] for n in range(3)}) == 1, (
            "half of it is here"
        )

    def check_done(self, world: World, turn: int, record: Record) -> None:
        self._is_here(turn, record)

    def _is_here(self, turn: int, record: Record) -> None:
        for number in range(3):
            record.get(f"came-{turn}-{number}")
        (item,) = [item for item in record.items() if item.get("name") == f"theirs-{turn}.txt"]
        assert record.text(item["item"])["text"] == f"Letter that came with {turn}."


class Join(Verb):
    name = "join"

    def __init__(self) -> None:
        self._codes: dict[int, str] = {}

    def arguments(self, world: World, turn: int) -> list[object]:
        self._stick(world, turn).mkdir()
        with world.opened() as record:
            self._codes[turn] = record.send(self._stick(world, turn), invite=True)["code"]
        return self.again(world, turn)

    def again(self, world: World, turn: int) -> list[object]:
        return ["join", self._stick(world, turn), self._place(world, turn), "--code", self._codes[turn]]

    def surroundings(self, world: World, turn: int) -> dict[str, str]:
        return {"ONRECORD_HOME": str(world.folder / f"joiners-home-{turn}"), "ONRECORD_HANDLE": "dina"}

    def check_whole(self, world: World, turn: int, record: Record) -> None:
        if (self._place(world, turn) / "record.db").exists():
            _is_sound(self._place(world, turn))

    def _place(self, world: World, turn: int) -> Path:
        return world.folder / "out" / f"joined-{turn}"

    def _stick(self, world: World, turn: int) -> Path:
        return world.folder / f"stick-{turn}"


class Erase(Verb):
    name = "erase"
    both = ("--authority", "Mira", "--authority", "Noam")

    def __init__(self) -> None:
        self._items: dict[int, str] = {}

    def arguments(self, world: World, turn: int) -> list[object]:
        file = world.folder / "private.txt"
        file.write_text(_private(turn), encoding="utf-8")
        with world.opened() as record:
            (taken,) = record.add([file])
            passage = record.mark(taken["item"], _private(turn))["passage"]
            record.put(
                [{"kind": "statement", "id": f"said-{turn}", "speaker": "rosa", "passages": [passage]}]
            )
        self._items[turn] = taken["item"]
        return ["erase", taken["item"], "--reason", "asked for", *self.both, "--yes"]

    def again(self, world: World, turn: int) -> list[object]:
        return ["erase", "--finish"]

    def acknowledged(self, world: World, turn: int, out: str) -> Checks:
        return {
            f"erasure {turn}": lambda record: self.check_gone(world, turn)
            for row in rows(out)
            if "order" in row
        }

    def check_done(self, world: World, turn: int, record: Record) -> None:
        """A run that was stopped before the order was kept leaves all of it, and any other nothing of it."""
        if self._items[turn] in {item["item"] for item in record.items() if "name" in item}:
            assert record.text(self._items[turn])["text"] == _private(turn)
            assert record.get(f"said-{turn}")["heads"][0]["fields"]
        else:
            self.check_gone(world, turn)

    def check_gone(self, world: World, turn: int) -> None:
        for file in filter(Path.is_file, world.record.rglob("*")):
            assert _private(turn).encode() not in file.read_bytes(), f"{file} still holds it"


def _private(turn: int) -> str:
    return f"It was whispered in house {turn * 7919}."


VERBS: tuple[Verb, ...] = (Add(), Put(), Merge(), Publish(), Erase(), Send(), New())
