"""Measuring: CPU and wall time of a piece of work or of a command, and a place to work in."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from onrecord.settings import Settings


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of CPU (user and system, children included) and of the clock."""

    cpu: float
    wall: float


def cost_of(work: Callable[[], Any]) -> Cost:
    """What a piece of work in this process costs, with the processes it starts and ends."""
    cpu, wall = _cpu(), time.perf_counter()
    work()
    return Cost(_cpu() - cpu, time.perf_counter() - wall)


def cost_of_command(command: Sequence[str | Path], **variables: str) -> Cost:
    """What a command costs from start to end. Raises if it fails."""
    environment = {**os.environ, **variables}
    return cost_of(lambda: subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL))


def cost_of_add(record: Path, settings: Settings, source: Path) -> Cost:
    """What it costs to take a file or folder in with the command line, start-up included."""
    command = [sys.executable, "-m", "onrecord.cli", "-r", record, "--json", "add", source]
    return cost_of_command(command, ONRECORD_HOME=str(settings.home))


def median_cost(work: Callable[[], Cost], runs: int = 3) -> Cost:
    """The medians of several runs."""
    costs = [work() for _ in range(runs)]
    return Cost(statistics.median(one.cpu for one in costs), statistics.median(one.wall for one in costs))


def _cpu() -> float:
    own, ended = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + ended.ru_utime + ended.ru_stime


@contextmanager
def workplace() -> Iterator[tuple[Path, Settings]]:
    """A folder that is gone afterwards, and settings that keep keys inside it."""
    with tempfile.TemporaryDirectory(prefix="onrecord-bench-") as folder:
        yield Path(folder), Settings(home=Path(folder) / "home", handle="bench", zone="UTC")


def say(what: str, measured: str, bar: str, holds: bool) -> None:
    """One line a figure: what, measured, the bar, and whether it holds."""
    print(f"{'ok  ' if holds else 'MISS'}  {what:<58} {measured:<34} bar: {bar}", flush=True)
