"""Five laptops, any order of merges, half copies and restored backups, many times over: never a difference at the end."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest

from tests.exchange.test_any_order import STEPS, five_laptops, run_through

SCHEDULES = 300


@pytest.mark.slow
def test_whatever_happens_on_the_way_all_end_with_the_same_things(
    tally: Counter[str], tmp_path: Path
) -> None:
    gathered = five_laptops(tmp_path)
    for seed in range(SCHEDULES):
        chance = random.Random(seed)
        steps = [chance.choice(STEPS) for _ in range(chance.randrange(20, 120))]
        tally["schedules"] += 1
        tally.update(run_through(gathered, steps, seed))
