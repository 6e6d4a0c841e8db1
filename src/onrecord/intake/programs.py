"""Running a program of the system on an original: without network, writing nowhere but in its scratch folder, and limited."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from onrecord.record.errors import ProgramMissing, ReaderFailed

_MEND = "The original is kept; it can be read again with another version of the program."
_COMPLAINT_BYTES = 64 * 1024
_PACKAGES = {"ffprobe": "ffmpeg", "ffmpeg": "ffmpeg", "tesseract": "tesseract-ocr"}


@dataclass(frozen=True, slots=True)
class ProgramLimits:
    """What one run may use. `output_bytes` bounds standard output and each file in the scratch folder."""

    cpu_seconds: int = 60
    memory_bytes: int = 2 * 1024**3
    wall_seconds: float = 120.0
    output_bytes: int = 64 * 1024**2
    threads: int = 1


def find_program(name: str) -> str | None:
    """Where a program of the system lies, if it is installed."""
    return shutil.which(name)


def run_confined(
    command: Sequence[str],
    stdin: BinaryIO | None = None,
    limits: ProgramLimits | None = None,
    scratch: Path | None = None,
) -> bytes:
    """What the program prints. Its standard input is the file given, from its beginning; `/dev/stdin` names it.

    Raises `ProgramMissing` where it is not installed, and `ReaderFailed` where it fails, takes or prints too much.
    """
    limits = limits or ProgramLimits()
    name = Path(command[0]).name
    found = find_program(command[0])
    if found is None:
        package = _PACKAGES.get(name, name)
        raise ProgramMissing(
            name, "this program is not installed", f"On Debian or Ubuntu: sudo apt-get install {package}."
        )
    with (
        tempfile.TemporaryFile() as printed,
        tempfile.TemporaryFile() as complained,
        tempfile.TemporaryDirectory() as nowhere,
        Path(os.devnull).open("rb") as nothing,
    ):
        room = scratch or Path(nowhere)
        given = _from_its_beginning(stdin) if stdin else nothing.fileno()
        # Where nobody looks for what it leaves, it may leave nothing: a disk is soon filled.
        told = _told([found, *command[1:]], limits, room) | {"writes": scratch is not None}
        with _turns, _a_launcher() as launcher:
            code = launcher.run(told, (given, printed.fileno(), complained.fileno()), limits.wall_seconds)
        if code is None:
            raise ReaderFailed(name, "it takes too long", _MEND)
        if code != 0:
            complained.seek(0)
            raise ReaderFailed(name, _why(code, complained.read(_COMPLAINT_BYTES)), _MEND)
        printed.seek(0)
        return printed.read(limits.output_bytes)


def _told(command: list[str], limits: ProgramLimits, scratch: Path) -> dict[str, Any]:
    return {
        "command": command,
        "scratch": str(scratch),
        "cpu": limits.cpu_seconds,
        "memory": limits.memory_bytes,
        "output": limits.output_bytes,
        "environment": _environment(scratch, limits.threads),
    }


def _from_its_beginning(stdin: BinaryIO) -> int:
    stdin.seek(0)
    os.lseek(stdin.fileno(), 0, os.SEEK_SET)
    return stdin.fileno()


class _Launcher:
    """A small process that starts programs, one at a time. It ends when its socket is closed, so also with this process."""

    def __init__(self) -> None:
        self._socket, theirs = socket.socketpair()
        confinement = Path(__file__).with_name("confinement.py")
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", str(confinement)],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env={"PATH": os.defpath},
            )
        self.owner = os.getpid()

    def run(self, told: Mapping[str, Any], files: Sequence[int], seconds: float) -> int | None:
        """What the program ended with, negative for a signal; None where it was ended, as it took too long."""
        self._socket.settimeout(seconds)
        socket.send_fds(self._socket, [json.dumps(told).encode("utf-8")], list(files))
        child = int(self._line())
        ended = True
        try:
            code = int(self._line())
        except TimeoutError:
            ended = False
        finally:
            # Whatever it started goes with it.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(child, signal.SIGKILL)
        if ended:
            return code
        self._socket.settimeout(None)
        self._line()
        return None

    def _line(self) -> bytes:
        line = b""
        while not line.endswith(b"\n"):
            part = self._socket.recv(1)
            if not part:
                raise OSError("the launcher is gone")
            line += part
        return line

    def close(self) -> None:
        self._socket.close()
        if self.owner == os.getpid():
            self._process.wait()


_ready: list[_Launcher] = []
_guard = threading.Lock()
_turns = threading.BoundedSemaphore(max(2, os.cpu_count() or 2))


@contextlib.contextmanager
def _a_launcher() -> Iterator[_Launcher]:
    """One that is free, or a further one; one that failed is not used again."""
    with _guard:
        while _ready and _ready[-1].owner != os.getpid():
            _ready.pop()
        launcher = _ready.pop() if _ready else None
    launcher = launcher or _Launcher()
    try:
        yield launcher
    except BaseException:
        launcher.close()
        raise
    with _guard:
        _ready.append(launcher)


@atexit.register
def _close_launchers() -> None:
    with _guard:
        while _ready:
            _ready.pop().close()


def _environment(scratch: Path, threads: int) -> dict[str, str]:
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "LC_ALL": "C.UTF-8",
        "HOME": str(scratch),
        "TMPDIR": str(scratch),
        "OMP_THREAD_LIMIT": str(threads),
    }


def _why(code: int, said: bytes) -> str:
    if code in (-signal.SIGXCPU, 128 + signal.SIGXCPU):
        return "it takes too long"
    if code in (-signal.SIGXFSZ, 128 + signal.SIGXFSZ):
        return "it gives too much"
    if code < 0:
        return f"it was ended ({signal.Signals(-code).name})"
    last = said.decode("utf-8", "replace").strip().splitlines()[-1:]
    return f"it says: {last[0][:200]}" if last else f"it ended with code {code}"
