"""A disk that is full at any moment, under the record, under the laptop's keys or where something is given out.

It is said in plain words, nothing that was kept is lost, the record goes on being read and verified while the disk is
full, and the same work succeeds when there is room again.
"""

from __future__ import annotations

from collections import Counter
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

import pytest

from tests.campaigns.disks import WRITES_TO, filled, limit_files, on_small_disk
from tests.campaigns.killing import Ended
from tests.campaigns.verbs import VERBS, Verb
from tests.campaigns.world import World

READING = (["items"], ["get", "rosa"], ["history", "rosa"], ["search", "gate"], ["check"], ["verify"])
BLOCK = 4096
FULL = ("is full", "No space left", "Make room")


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_files_that_may_not_grow_are_said_and_lose_nothing(
    verb: Verb, world: World, tally: Counter[str], tmp_path: Path
) -> None:
    here = world.copied(tmp_path / "world")
    for turn, size in enumerate((0, 2048, 40_000, 180_000)):
        ended = here.run(verb.arguments(here, turn), first=partial(limit_files, size))
        _check(
            verb, here, turn, ended, tally, (*FULL, "I/O error", "File too large", "nothing can be written")
        )
    assert tally["refusals"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("verb", "folder"),
    [(verb, folder) for folder, names in WRITES_TO.items() for verb in VERBS if verb.name in names],
    ids=lambda one: getattr(one, "name", one),
)
def test_a_disk_that_is_full_at_any_write_loses_nothing(
    verb: Verb, folder: str, world: World, tally: Counter[str], tmp_path: Path
) -> None:
    here = world.copied(tmp_path / "world")
    with on_small_disk(here, folder) as disk:
        for turn, blocks in enumerate((*range(0, 12, 2), *range(12, 60, 6), *range(60, 400, 40))):
            ended = _run_on(filled(disk, blocks * BLOCK), verb, here, turn, tally)
            if ended.code == 0 and blocks > 60:
                break
        assert ended.code == 0, f"there was room enough: {ended.err}"


def _run_on(
    disk: AbstractContextManager[None], verb: Verb, here: World, turn: int, tally: Counter[str]
) -> Ended:
    """Run a verb on a full disk, look at the record while it is full, and run the verb again when it is not."""
    arguments = verb.arguments(here, turn)
    with disk:
        ended = here.run(arguments)
        for reading in READING:
            read = here.run(list(reading))
            assert read.code == 0, (reading, read.err, read.out)
        _check(verb, here, turn, ended, tally)
    again = here.run(arguments)
    assert again.code == 0 or "already" in again.err, again.err
    return ended


def _check(
    verb: Verb, here: World, turn: int, ended: Ended, tally: Counter[str], said_of: tuple[str, ...] = FULL
) -> None:
    tally["runs"] += 1
    tally["refusals"] += ended.code != 0
    assert ended.code in (0, 1, 2), ended
    said = ended.err + ended.out
    assert "itself failed" not in said and "Traceback" not in said, said
    if ended.code:
        assert any(word in said for word in said_of), said
    here.promised |= verb.acknowledged(here, turn, ended.out)
    assert here.verified()["problems"] == []
    with here.opened() as record:
        for check in here.promised.values():
            check(record)
        if ended.code != 1:
            verb.check_whole(here, turn, record)
