"""kill -9 at any moment of any verb: what was acknowledged stays, nothing half stands, and the next start goes on."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.campaigns.killing import Ended, Kill, Usual
from tests.campaigns.verbs import VERBS, Join, Verb
from tests.campaigns.world import World, left_over

SERIES = 20
CLEARED = ("left unfinished by a write", "an earlier write had copied in", "was being built when")
BRANCHED = "goes on in a new branch"


def test_a_few_kills_lose_nothing(world: World, tally: Counter[str], tmp_path: Path) -> None:
    campaign(VERBS, world, tally, tmp_path, kills=20)


@pytest.mark.slow
def test_a_thousand_kills_lose_nothing(world: World, tally: Counter[str], tmp_path: Path) -> None:
    campaign(VERBS, world, tally, tmp_path, kills=1000)


@pytest.mark.slow
def test_kills_while_a_laptop_joins_lose_nothing(world: World, tally: Counter[str], tmp_path: Path) -> None:
    """Apart, as a code is made to be slow to try."""
    campaign((Join(),), world, tally, tmp_path, kills=20)


def campaign(verbs: Sequence[Verb], world: World, tally: Counter[str], folder: Path, kills: int) -> None:
    """Kill each verb in turn, in series of which each works on a record of its own; the counts go into `tally`."""
    tally.update({"kills": 0, "entries lost": 0, "half states": 0})
    chance = random.Random(20190514)
    usual = {verb.name: _seen_once(verb, world.copied(folder / verb.name)) for verb in verbs}
    series = 0
    while tally["kills"] < kills:
        one = Series(world.copied(folder / f"series-{series}"), usual, tally, chance)
        for turn in range(SERIES):
            if tally["kills"] < kills:
                one.attack(verbs[turn % len(verbs)], turn)
        series += 1
    assert tally["entries lost"] == tally["half states"] == 0


def _seen_once(verb: Verb, world: World) -> Usual:
    usual = Usual()
    usual.learn(world.run(verb.arguments(world, 0), **verb.surroundings(world, 0)))
    return usual


class Series:
    """One record through many kills: everything that was ever acknowledged in it is looked for after each of them."""

    def __init__(
        self, world: World, usual: dict[str, Usual], tally: Counter[str], chance: random.Random
    ) -> None:
        self.world, self.usual, self.tally, self.chance = world, usual, tally, chance

    def attack(self, verb: Verb, turn: int) -> None:
        kill = self.usual[verb.name].draw(self.chance)
        ended = self._run(verb, turn, verb.arguments(self.world, turn), kill)
        self._count(verb, ended)
        self._note_promises(verb, turn, ended)
        self.check(verb, turn)
        if self.chance.random() < 0.7:
            self.go_on(verb, turn)

    def _run(self, verb: Verb, turn: int, arguments: list[object], kill: Kill | None = None) -> Ended:
        return self.world.run(arguments, kill, **verb.surroundings(self.world, turn))

    def _count(self, verb: Verb, ended: Ended) -> None:
        if ended.killed:
            self.tally["kills"] += 1
            self.tally[f"of {verb.name}"] += 1
        else:
            assert ended.code == 0, ended.err + ended.out[:4000]
            self.usual[verb.name].learn(ended)

    def _note_promises(self, verb: Verb, turn: int, ended: Ended) -> None:
        promised = verb.acknowledged(self.world, turn, ended.out)
        self.tally["entries acknowledged"] += len(promised.keys() - self.world.promised.keys())
        self.world.promised |= promised

    def check(self, verb: Verb, turn: int) -> None:
        """The record verifies, holds what was acknowledged, and the work that was stopped is whole or not there."""
        assert self.world.verified()["problems"] == []
        with self.world.opened() as record:
            for name, check in self.world.promised.items():
                try:
                    check(record)
                except Exception as wrong:
                    self.tally["entries lost"] += 1
                    raise AssertionError(f"{name} was acknowledged and is not there") from wrong
            try:
                verb.check_whole(self.world, turn, record)
            except AssertionError:
                self.tally["half states"] += 1
                raise

    def go_on(self, verb: Verb, turn: int) -> None:
        """The same once more, to its end: it says what it found, and the next start after it has nothing to say."""
        left = (verb.wary and left_over(self.world.verified())) or verb.left(self.world, turn)
        logs = self.world.logs()
        again = self._run(verb, turn, verb.again(self.world, turn))
        if again.code == 2 and "already" in again.err:
            return
        assert again.code == 0, again.err
        assert any(said in again.err for said in CLEARED) == left, (left, again.err)
        assert (BRANCHED in again.err) == (self.world.logs() > logs), again.err
        self.tally["branches begun"] += BRANCHED in again.err
        self._note_promises(verb, turn, again)
        self.check(verb, turn)
        with self.world.opened() as record:
            verb.check_done(self.world, turn, record)
        self._is_quiet(verb, turn + 100 * SERIES)

    def _is_quiet(self, verb: Verb, turn: int) -> None:
        waiting = verb.wary and left_over(self.world.verified())
        quiet = self._run(verb, turn, verb.arguments(self.world, turn))
        self.usual[verb.name].learn(quiet)
        self._note_promises(verb, turn, quiet)
        assert quiet.code == 0 and (not quiet.err or waiting), quiet
