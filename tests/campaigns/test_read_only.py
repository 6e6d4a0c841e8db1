"""A disk that may only be read: what is there can be read and verified, and what would write says that it cannot."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.campaigns.disks import WRITES_TO, on_small_disk, read_only
from tests.campaigns.verbs import VERBS
from tests.campaigns.world import World

READING = (
    *(["items"], ["get", "rosa"], ["history", "rosa"], ["search", "gate"], ["check"]),
    *(["windows", "day"], ["verify"], ["verify", "--views"]),
)


@pytest.mark.parametrize("folder", WRITES_TO)
def test_reading_goes_on_and_writing_says_that_it_cannot(folder: str, world: World, tmp_path: Path) -> None:
    here = world.copied(tmp_path / "world")
    with on_small_disk(here, folder) as disk:
        work = {turn: verb.arguments(here, turn) for turn, verb in enumerate(VERBS)}
        with read_only(disk):
            for reading in READING:
                read = here.run(list(reading))
                assert read.code == 0, (reading, read.err, read.out)
            for turn, verb in enumerate(VERBS):
                ended = here.run(work[turn])
                assert (ended.code != 0) == (verb.name in WRITES_TO[folder]), (verb.name, ended)
                said = ended.out + ended.err
                assert "itself failed" not in said and ended.code in (0, 1, 2)
                assert not ended.code or any(word in said for word in ("Read-only", "written", "kept")), said
        for arguments in work.values():
            again = here.run(arguments)
            assert again.code == 0 or "already" in again.err, again
        assert here.verified()["problems"] == []
