"""Reading pages in a confined process of its own: kept between pages, replaced when one is too much for it."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from typing import Any

from onrecord.intake.pages.page import Page
from onrecord.intake.reading import MAIN, OUTSIDE, Segment
from onrecord.intake.worker import LENGTH_BYTES, Limits
from onrecord.record.errors import ReaderFailed

_PIPE_BYTES = 1 << 16
_LONGEST_ANSWER = 1 << 30
_MEND = "The original is kept; its text can be read again with another reader."


class ConfinedReader:
    """A `PageReader` in a limited process, started when first needed. Threads may share it; they take turns."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0
        self._turn = threading.Lock()

    @property
    def pid(self) -> int | None:
        """The process that read last, if it still stands ready."""
        return self._process.pid if self._process else None

    def read(self, source: str, with_main_text: bool = True) -> Page:
        asked = json.dumps({"source": source, "with_main_text": with_main_text}).encode("ascii")
        with self._turn:
            answer = self._ask(len(asked).to_bytes(LENGTH_BYTES, "big") + asked)
        if "failed" in answer:
            raise ReaderFailed("page", str(answer["failed"]), _MEND)
        try:
            return _as_page(answer, len(source))
        except (KeyError, TypeError, ValueError):
            raise ReaderFailed("page", "it gave an answer that cannot be right", _MEND) from None

    def close(self) -> None:
        """End the process. A later `read` starts another."""
        process, self._process = self._process, None
        if process is None or self._owner != os.getpid():
            return
        for pipe in (process.stdin, process.stdout):
            if pipe:
                with contextlib.suppress(OSError):
                    pipe.close()
        process.kill()
        process.wait()

    def _ask(self, frame: bytes) -> dict[str, Any]:
        """One question and its answer. A process that failed once is not asked again."""
        try:
            process = self._started()
        except OSError as wrong:
            raise ReaderFailed("page", f"its process cannot be started ({wrong.strerror})", _MEND) from None
        try:
            answer = json.loads(_exchange(process, frame, time.monotonic() + self._limits.wall_seconds))
            if not isinstance(answer, dict):
                raise ValueError(answer)
        except TimeoutError:
            self.close()
            raise ReaderFailed("page", "it takes too long", _MEND) from None
        except (OSError, EOFError, ValueError):
            code = _end_of(process)
            self.close()
            raise ReaderFailed("page", _why_ended(code), _MEND) from None
        if "failed" in answer:
            self.close()
        return answer

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process and self._owner == os.getpid() and self._process.poll() is None:
            return self._process
        self.close()
        self._owner = os.getpid()
        self._process = _start(self._limits)
        return self._process


_shared = ConfinedReader()
atexit.register(_shared.close)


def shared_reader() -> ConfinedReader:
    """The one reader of this process."""
    return _shared


def _start(limits: Limits) -> subprocess.Popen[bytes]:
    """Nothing of our environment goes along, and `-P` keeps the folder one stands in from lending it modules."""
    command = [sys.executable, "-P", "-s", "-m", "onrecord.intake.worker", limits.as_json()]
    known = os.pathsep.join(place for place in sys.path if place)
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env={"PYTHONPATH": known, "PYTHONHASHSEED": "0", "PYTHONUTF8": "1"},
        bufsize=0,
    )
    for pipe in (process.stdin, process.stdout):
        os.set_blocking(_fileno(pipe), False)
    return process


def _exchange(process: subprocess.Popen[bytes], frame: bytes, deadline: float) -> bytes:
    """Write the frame and read one back. Raises `TimeoutError`, `EOFError`, or `OSError` when the process is gone."""
    into, out = _fileno(process.stdin), _fileno(process.stdout)
    _pump_in(into, memoryview(frame), deadline)
    length = int.from_bytes(_pump_out(out, LENGTH_BYTES, deadline), "big")
    if length > _LONGEST_ANSWER:
        raise ValueError(length)
    return _pump_out(out, length, deadline)


def _pump_in(into: int, left: memoryview, deadline: float) -> None:
    while left:
        _wait(into, selectors.EVENT_WRITE, deadline)
        with contextlib.suppress(BlockingIOError):
            left = left[os.write(into, left[:_PIPE_BYTES]) :]


def _pump_out(out: int, size: int, deadline: float) -> bytes:
    parts: list[bytes] = []
    while size > 0:
        _wait(out, selectors.EVENT_READ, deadline)
        part = os.read(out, min(size, 1 << 20))
        if not part:
            raise EOFError
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _wait(handle: int, event: int, deadline: float) -> None:
    with selectors.DefaultSelector() as selector:
        selector.register(handle, event)
        if not selector.select(max(0.0, deadline - time.monotonic())):
            raise TimeoutError


def _end_of(process: subprocess.Popen[bytes]) -> int | None:
    try:
        return process.wait(timeout=1)
    except subprocess.TimeoutExpired:
        return None


def _why_ended(code: int | None) -> str:
    if code == -signal.SIGXCPU:
        return "it takes too long"
    if code is not None and code < 0:
        return f"it ended the reader ({signal.Signals(-code).name})"
    return "it ended the reader" if code is None else f"it ended the reader (code {code})"


def _as_page(answer: dict[str, Any], source_length: int) -> Page:
    """The answer as a page, checked as what a process that read hostile input may have been made to say."""
    text = str(answer["text"])
    text.encode("utf-8")
    segments = tuple(_as_segment(part, len(text), source_length) for part in answer["segments"])
    title, engine = answer["title"], answer["main_text_by"]
    notes = tuple(str(note) for note in answer["notes"])
    return Page(text, segments, title and str(title), engine and str(engine), notes)


def _as_segment(told: list[Any], length: int, source_length: int) -> Segment:
    start, end, kind, (begins, ends), part = told
    if not (0 <= int(start) < int(end) <= length and 0 <= int(begins) < int(ends) <= source_length):
        raise ValueError(told)
    if part not in (None, MAIN, OUTSIDE):
        raise ValueError(told)
    return Segment(int(start), int(end), str(kind), (int(begins), int(ends)), part)


def _fileno(pipe: Any) -> int:
    return int(pipe.fileno())
