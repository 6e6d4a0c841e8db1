"""Several programs that write to one record at once: they wait for each other, nothing is lost, and no branch begins."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import onrecord
from tests.campaigns.verbs import Add, Merge, Put, Verb
from tests.campaigns.world import World, rows

ROUNDS = 2
AT_ONCE: tuple[Verb, ...] = (Put(), Add(), Merge(), Put(), Add())


def started(world: World, arguments: list[object]) -> subprocess.Popen[str]:
    """A program of its own at work on the record."""
    command = [sys.executable, "-m", "onrecord.cli", "--json", "-r", world.record, *arguments]
    surroundings = {**os.environ, **world.surroundings}
    return subprocess.Popen(
        [str(part) for part in command],
        env=surroundings,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def test_programs_that_write_at_once_lose_nothing_and_begin_no_branch(
    world: World, tally: Counter[str], tmp_path: Path
) -> None:
    here = world.copied(tmp_path / "world")
    for round in range(ROUNDS):
        work = {10 * round + number: verb for number, verb in enumerate(AT_ONCE)}
        programs = {turn: started(here, verb.arguments(here, turn)) for turn, verb in work.items()}
        tally["verified meanwhile"] += _verified_while_running(here, list(programs.values()))
        for turn, program in programs.items():
            out, err = program.communicate()
            assert program.returncode == 0 and (not err or "waited" in err), (out, err)
            tally["lines acknowledged"] += len(rows(out))
            here.promised |= work[turn].acknowledged(here, turn, out)
    assert here.logs() == 2, "that of this laptop and that of the colleague"
    assert here.verified()["problems"] == []
    with here.opened() as record:
        for check in here.promised.values():
            check(record)
        for turn, verb in work.items():
            verb.check_whole(here, turn, record)


def _verified_while_running(world: World, programs: list[subprocess.Popen[str]]) -> int:
    count = 0
    while any(program.poll() is None for program in programs):
        assert onrecord.verify(world.record)["problems"] == []
        count += 1
    return count


def test_two_copies_with_one_home_each_keep_what_they_acknowledged(
    world: World, tally: Counter[str], tmp_path: Path
) -> None:
    """A second copy of the folder is a second history: one of the two goes on in a further log, and never both as one."""
    here = world.copied(tmp_path / "world")
    twin = World(here.folder / "twin")
    (twin.folder / "out").mkdir(parents=True)
    (twin.folder / "record").symlink_to(_copy(here))
    (twin.folder / "home").symlink_to(here.folder / "home")
    put = Put()
    programs = [
        (one, turn, started(one, put.arguments(one, turn))) for turn in range(6) for one in (here, twin)
    ]
    for one, turn, program in programs:
        out, _ = program.communicate()
        assert program.returncode == 0
        tally["lines acknowledged"] += len(rows(out))
        one.promised |= put.acknowledged(one, turn, out)
    for one in (here, twin):
        assert one.verified()["problems"] == []
        with one.opened() as record:
            for check in one.promised.values():
                check(record)
    assert sorted((here.logs(), twin.logs())) == [2, 3]


def _copy(world: World) -> Path:
    return world.copied(world.folder.with_name("copied")).record
