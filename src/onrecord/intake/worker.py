"""The process in which pages are read: it can open no file, reach no network and use only so much time and memory.

It answers frames on its standard input, one at a time, with frames on its standard output, until the input ends. A
frame is its length in eight bytes, the highest first, and JSON in ASCII.
"""

from __future__ import annotations

import json
import math
import os
import resource
import signal
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from onrecord.intake.pages.main_text import Trafilatura
from onrecord.intake.pages.page import Page, WalkingReader

LENGTH_BYTES = 8
_IN, _OUT = 0, 1


@dataclass(frozen=True, slots=True)
class Limits:
    """What one page may use. The wall clock is watched from outside, as a stopped process cannot stop itself."""

    cpu_seconds: int = 20
    memory_bytes: int = 2 * 1024**3
    wall_seconds: float = 60.0

    def as_json(self) -> str:
        return json.dumps(asdict(self))


def main(told: str) -> None:
    limits = Limits(**json.loads(told))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    out = _take_output()
    reader = WalkingReader(Trafilatura())
    reader.read("<p>Load every module that reading needs, as none can be loaded later.</p>" * 9)
    confine(limits)
    while (asked := _next_frame()) is not None:
        allow_cpu(limits.cpu_seconds)
        answer = json.dumps(_answer(reader, asked)).encode("ascii")
        _write(out, len(answer).to_bytes(LENGTH_BYTES, "big") + answer)


def confine(limits: Limits) -> None:
    """Give up, for good, whatever reading a page does not need. No new descriptor means no file and no socket."""
    sys.dont_write_bytecode = True
    free = os.dup(_IN)
    os.close(free)
    for what, most in (
        (resource.RLIMIT_NOFILE, free),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_AS, limits.memory_bytes),
    ):
        hard = resource.getrlimit(what)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (most, most))


def allow_cpu(seconds: int) -> None:
    """The system ends this process when it has used this much more processor time."""
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    most = math.ceil(time.process_time()) + seconds
    resource.setrlimit(
        resource.RLIMIT_CPU, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard)
    )


def _answer(reader: WalkingReader, asked: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return _as_json(reader.read(asked["source"], asked["with_main_text"]))
    except MemoryError:
        return {"failed": "it takes too much memory"}
    except Exception as wrong:  # Whatever a page does to the reader is an answer, not an end.
        return {"failed": f"{type(wrong).__name__}: {wrong}"[:200]}


def _as_json(page: Page) -> dict[str, Any]:
    segments = [[part.start, part.end, part.kind, part.place, part.part] for part in page.segments]
    told = {"text": page.text, "segments": segments, "title": page.title}
    return told | {"main_text_by": page.main_text_by, "notes": page.notes}


def _take_output() -> int:
    """Keep the pipe for answers, so that nothing a library prints can get into it."""
    out = os.dup(_OUT)
    os.dup2(2, _OUT)
    return out


def _next_frame() -> dict[str, Any] | None:
    length = _read(LENGTH_BYTES)
    content = _read(int.from_bytes(length, "big")) if length else None
    return json.loads(content) if content else None


def _read(size: int) -> bytes | None:
    parts: list[bytes] = []
    while size > 0:
        part = os.read(_IN, min(size, 1 << 20))
        if not part:
            return None
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _write(out: int, content: bytes) -> None:
    left = memoryview(content)
    while left:
        left = left[os.write(out, left) :]


if __name__ == "__main__":
    main(sys.argv[1])
