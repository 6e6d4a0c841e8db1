"""Running a program of the system on an original: without network, writing nowhere but in its scratch folder, and limited."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from onrecord.record.errors import ProgramMissing, ReaderFailed

_MEND = "The original is kept; it can be read again with another version of the program."
_PACKAGES = {"ffprobe": "ffmpeg", "ffmpeg": "ffmpeg", "tesseract": "tesseract-ocr"}


@dataclass(frozen=True, slots=True)
class ProgramLimits:
    """What one run may use. `output_bytes` bounds standard output and each file in the scratch folder."""

    cpu_seconds: int = 60
    memory_bytes: int = 2 * 1024**3
    wall_seconds: float = 120.0
    output_bytes: int = 64 * 1024**2


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
    with tempfile.TemporaryFile() as printed, tempfile.TemporaryDirectory() as nowhere:
        _run(name, [found, *command[1:]], stdin, limits, scratch or Path(nowhere), printed.fileno())
        printed.seek(0)
        return printed.read(limits.output_bytes)


def _run(
    name: str, command: list[str], stdin: BinaryIO | None, limits: ProgramLimits, scratch: Path, out: int
) -> None:
    process = subprocess.Popen(
        [*_launcher(limits, scratch), *command],
        stdin=_from_its_beginning(stdin),
        stdout=out,
        stderr=subprocess.PIPE,
        cwd=scratch,
        env=_environment(scratch),
        start_new_session=True,
    )
    try:
        _, said = process.communicate(timeout=limits.wall_seconds)
    except subprocess.TimeoutExpired:
        raise ReaderFailed(name, "it takes too long", _MEND) from None
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    if process.returncode != 0:
        raise ReaderFailed(name, _why(process.returncode, said), _MEND)


def _from_its_beginning(stdin: BinaryIO | None) -> int:
    if stdin is None:
        return subprocess.DEVNULL
    stdin.seek(0)
    os.lseek(stdin.fileno(), 0, os.SEEK_SET)
    return stdin.fileno()


def _launcher(limits: ProgramLimits, scratch: Path) -> list[str]:
    told = [str(limits.cpu_seconds), str(limits.memory_bytes), str(limits.output_bytes), str(scratch)]
    confinement = Path(__file__).with_name("confinement.py")
    return [sys.executable, "-I", "-S", str(confinement), *told, "--"]


def _environment(scratch: Path) -> dict[str, str]:
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "LC_ALL": "C.UTF-8",
        "HOME": str(scratch),
        "TMPDIR": str(scratch),
        "OMP_THREAD_LIMIT": "1",
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
