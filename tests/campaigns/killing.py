"""Running the command line in a process that is killed: at a chosen step, a moment after one, or at any moment."""

from __future__ import annotations

import io
import os
import random
import select
import signal
import sqlite3
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from onrecord.cli.root import onrecord

_WATCHED = (
    "open",
    "os.mkdir",
    "os.rename",
    "os.remove",
    "os.rmdir",
    "os.chmod",
    "os.truncate",
    "shutil.rmtree",
)
_LEFT_ALONE = ("/proc", "/sys", "/dev", "/usr", sys.prefix)


@dataclass(frozen=True, slots=True)
class Kill:
    """When: at step `step` where one is given, and `later` seconds after it, or else after the beginning."""

    step: int | None = None
    later: float = 0.0


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended. `steps` are those on files and in SQLite that it took, if it came to its end."""

    killed: bool
    code: int
    out: str
    err: str
    steps: int
    seconds: float


@dataclass(slots=True)
class Usual:
    """How many steps and seconds a verb takes here, as far as seen; moments to kill it at are drawn from these."""

    steps: int = 1
    seconds: float = 0.01

    def learn(self, ended: Ended) -> None:
        self.steps = max(self.steps, ended.steps)
        self.seconds = ended.seconds

    def draw(self, chance: random.Random) -> Kill:
        way = chance.randrange(4)
        if way == 0:
            return Kill(None, chance.uniform(0, self.seconds))
        step = chance.randint(1, self.steps)
        return Kill(step, 0.0 if way < 3 else chance.uniform(0, 0.004))


def run(
    arguments: Sequence[object],
    surroundings: Mapping[str, str],
    output: Path,
    kill: Kill | None = None,
    first: Callable[[], object] | None = None,
) -> Ended:
    """Run `onrecord` with these arguments in a child. What it prints goes to files below `output`. `first` is done
    in the child before anything else."""
    out, err = output / "stdout", output / "stderr"
    for path in (out, err):
        path.write_bytes(b"")
    reached, tell = os.pipe()
    began = time.monotonic()
    child = os.fork()
    if child == 0:
        os.close(reached)
        try:
            _redirect(out, err)
            os.environ.update(surroundings)
            steps = _count_steps(tell, kill)
            if first:
                first()
            code = _command([str(argument) for argument in arguments])
            os.write(tell, b"%d\n" % steps())
            os._exit(code)
        finally:
            os._exit(99)
    os.close(tell)
    steps_taken = _watch(child, reached, kill)
    _, status = os.waitpid(child, 0)
    os.close(reached)
    said = [path.read_text(encoding="utf-8", errors="replace") for path in (out, err)]
    code = os.waitstatus_to_exitcode(status)
    return Ended(code < 0, code, *said, steps_taken, time.monotonic() - began)


def _command(arguments: list[str]) -> int:
    try:
        onrecord.main(arguments, prog_name="onrecord")
    except SystemExit as ended:
        sys.stdout.flush()
        sys.stderr.flush()
        return int(ended.code or 0)
    return 98


def _redirect(out: Path, err: Path) -> None:
    for number, path in ((1, out), (2, err)):
        handle = os.open(path, os.O_WRONLY)
        os.dup2(handle, number)
        os.close(handle)
    sys.stdin = io.TextIOWrapper(io.BytesIO())
    sys.stdout = io.TextIOWrapper(io.FileIO(1, "wb"), encoding="utf-8", write_through=True)
    sys.stderr = io.TextIOWrapper(io.FileIO(2, "wb"), encoding="utf-8", write_through=True)


def _watch(child: int, reached: int, kill: Kill | None) -> int:
    """Kill the child when its time has come; how many steps it told of, where it came to its end."""
    if kill and kill.step is None:
        time.sleep(kill.later)
        os.kill(child, signal.SIGKILL)
    told = b""
    while select.select([reached], [], []) and (more := os.read(reached, 100)):
        told += more
        if kill and told.startswith(b"!"):
            time.sleep(kill.later)
            os.kill(child, signal.SIGKILL)
            told = b""
    return int(told) if told.strip().isdigit() else 0


def _count_steps(tell: int, kill: Kill | None) -> Callable[[], int]:
    """Count every change to files and every statement of SQLite from now on, and stop at the chosen one."""
    counted = 0
    at, write = kill.step if kill else None, os.write

    def step(*_: object) -> None:
        nonlocal counted
        counted += 1
        if counted == at:
            if kill and kill.later:
                write(tell, b"!")
            else:
                os.kill(os.getpid(), signal.SIGKILL)

    def heard(event: str, given: tuple[Any, ...]) -> None:
        if event in _WATCHED and _concerns_us(given):
            step()

    def connect(*given: Any, **named: Any) -> sqlite3.Connection:
        connection = connected(*given, **named)
        connection.set_trace_callback(step)
        return connection

    connected, sqlite3.connect = sqlite3.connect, connect
    sys.addaudithook(heard)
    for name in ("write", "fsync"):
        setattr(os, name, _stepping(getattr(os, name), step))
    return lambda: counted


def _concerns_us(given: tuple[Any, ...]) -> bool:
    place = given[0] if given else ""
    named = os.fsdecode(place) if isinstance(place, str | bytes | os.PathLike) else ""
    return bool(named) and not named.startswith(_LEFT_ALONE) and not named.endswith((".py", ".pyc"))


def _stepping(call: Callable[..., Any], step: Callable[[], None]) -> Callable[..., Any]:
    def stepping(*given: Any) -> Any:
        step()
        return call(*given)

    return stepping
