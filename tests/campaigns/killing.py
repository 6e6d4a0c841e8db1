"""Running the command line in a process that is killed: at a chosen step, a moment after one, or at any moment."""

from __future__ import annotations

import fcntl
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
from typing import Any

from onrecord.cli.program import onrecord

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
    kill: Kill | None = None,
    first: Callable[[], object] | None = None,
) -> Ended:
    """Run `onrecord` with these arguments in a child. `first` is done in the child before anything else."""
    out, err, steps = _Pipe(), _Pipe(), _Pipe()
    began = time.monotonic()
    child = os.fork()
    if child == 0:
        try:
            _redirect(out.write, err.write)
            os.environ.update(surroundings)
            counted = _count_steps(steps.write, kill)
            if first:
                first()
            code = _command([str(argument) for argument in arguments])
            os.write(steps.write, b"%d\n" % counted())
            os._exit(code)
        finally:
            os._exit(99)
    os.close(steps.write)
    taken = _watch(child, steps.read, kill)
    _, status = os.waitpid(child, 0)
    os.close(steps.read)
    code = os.waitstatus_to_exitcode(status)
    return Ended(code < 0, code, out.told(), err.told(), taken, time.monotonic() - began)


class _Pipe:
    """What a child says, up to a megabyte; what it said stays when it is killed."""

    def __init__(self) -> None:
        self.read, self.write = os.pipe()
        fcntl.fcntl(self.write, fcntl.F_SETPIPE_SZ, 1 << 20)

    def told(self) -> str:
        """All of it, when the child is gone."""
        os.close(self.write)
        with os.fdopen(self.read, "rb") as said:
            return said.read().decode("utf-8", "replace")


def _command(arguments: list[str]) -> int:
    try:
        onrecord.main(arguments, prog_name="onrecord")
    except SystemExit as ended:
        sys.stdout.flush()
        sys.stderr.flush()
        return int(ended.code or 0)
    return 98


def _redirect(out: int, err: int) -> None:
    os.dup2(out, 1)
    os.dup2(err, 2)
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
