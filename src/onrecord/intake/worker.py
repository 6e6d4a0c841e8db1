"""The process in which originals are read: it can open no file, reach no network and use only so much time and memory.

It takes questions on its standard input, a socket, each with the original as an open file, and answers there in frames
until the input ends. What the frames hold is said in `frames`.
"""

from __future__ import annotations

import gc
import importlib
import io
import json
import math
import os
import resource
import signal
import socket
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from types import ModuleType
from typing import Any, BinaryIO

from onrecord.intake import encoding
from onrecord.intake.archives.broken import BadMember
from onrecord.intake.confinement import limit, open_nothing, refuse_calls
from onrecord.intake.fingerprints.text import text_fingerprints
from onrecord.intake.formats import FORMATS
from onrecord.intake.frames import Frame, write_frame, write_json
from onrecord.intake.packed import in_packs
from onrecord.intake.reading import Member, Reading, Skipped, Source, bounded_reading

RENEWED_AFTER_BYTES = 64 * 1024**2
CHUNK_BYTES = 256 * 1024
PACKAGE = "onrecord.intake"


@dataclass(frozen=True, slots=True)
class Limits:
    """What one original may use. The wall clock is watched from outside, as a stopped process cannot stop itself."""

    cpu_seconds: int = 20
    memory_bytes: int = 768 * 1024**2
    wall_seconds: float = 60.0

    def patience(self, size: int, turns: int = 10) -> float:
        """How long to wait in all for an answer on so many bytes, or for what comes with so many, in seconds."""
        return self.wall_seconds * (turns + 2 * size / RENEWED_AFTER_BYTES)

    def as_json(self) -> str:
        return json.dumps(asdict(self))


def main(family: str, told: str) -> None:
    limits = Limits(**json.loads(told))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = _take_socket()
    readers = _load(family)
    memory = _Memory()
    confine(limits)
    write_json(answers, Frame.READY, {})
    while (asked := _next_question(answers)) is not None:
        allow_cpu(limits.cpu_seconds)
        question, handle = asked
        with io.BufferedReader(_Paced(handle, question["size"], limits)) as original:
            _answer(answers, readers[question["module"]], question, original, limits)
        write_json(answers, Frame.DONE, {"held": memory.held()})


class _Memory:
    """How much memory this process holds. The system's own peak would count what the parent held when it started this."""

    def __init__(self) -> None:
        try:
            self._told = os.open("/proc/self/statm", os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            self._told = -1

    def held(self) -> int:
        """In kilobytes."""
        if self._told < 0:
            return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return int(os.pread(self._told, 100, 0).split()[1]) * resource.getpagesize() // 1024


class _Paced(io.FileIO):
    """An original, whose reader is allowed more processor time as it goes on in it: twice over all of it, at most."""

    def __init__(self, handle: int, size: int, limits: Limits) -> None:
        super().__init__(handle, "rb")
        self._limits, self._since = limits, 0
        self._renewals = 2 * size // RENEWED_AFTER_BYTES

    def readinto(self, buffer: Any) -> int | None:
        length = super().readinto(buffer)
        self._since += length or 0
        if self._since >= RENEWED_AFTER_BYTES and self._renewals:
            self._since, self._renewals = 0, self._renewals - 1
            allow_cpu(self._limits.cpu_seconds)
        return length


def _load(family: str) -> dict[str, ModuleType]:
    """Every reader of a family, with all that it needs: nothing can be loaded later."""
    encoding.load_codecs()
    names = {known.module for known in FORMATS.values() if known.family == family}
    readers = {name: importlib.import_module(f"{PACKAGE}.{name}") for name in sorted(names)}
    for module in readers.values():
        _warm_up(module)
    gc.freeze()
    return readers


def _warm_up(module: ModuleType) -> None:
    """Read a tiny sample, where the module has one, so that what its libraries load late is loaded."""
    sample = getattr(module, "WARM_UP", None)
    if sample:
        for part in module.read(Source(io.BytesIO(sample), len(sample), "", "sample")):
            if isinstance(part, Member):
                for _ in part.chunks:
                    pass


def confine(limits: Limits) -> None:
    """Give up, for good, whatever reading does not need. One descriptor is left, which the original takes up."""
    sys.dont_write_bytecode = True
    free = os.dup(0)
    os.close(free)
    open_nothing()
    refuse_calls(alone=True)
    limit(resource.RLIMIT_NOFILE, free + 1)
    limit(resource.RLIMIT_FSIZE, 0)
    limit(resource.RLIMIT_CORE, 0)
    limit(resource.RLIMIT_NPROC, 0)
    limit(resource.RLIMIT_AS, limits.memory_bytes)


def allow_cpu(seconds: int) -> None:
    """The system ends this process when it has used this much more processor time."""
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    most = math.ceil(time.process_time()) + seconds
    resource.setrlimit(
        resource.RLIMIT_CPU, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard)
    )


def _answer(
    answers: socket.socket,
    module: ModuleType,
    question: Mapping[str, Any],
    original: BinaryIO,
    limits: Limits,
) -> None:
    source = Source(
        original,
        question["size"],
        question["media_type"],
        question["name"],
        question["encoding"],
        question["password"],
        question["pieces"],
    )
    try:
        for part in module.read(source):
            _tell(answers, part, question["members"], limits)
    except MemoryError:
        write_json(answers, Frame.FAILED, {"reason": "it takes too much memory"})
    except (BrokenPipeError, ConnectionError):
        raise
    except Exception as wrong:  # Whatever a file does to its reader is an answer, not an end.
        write_json(answers, Frame.FAILED, {"reason": f"{type(wrong).__name__}: {wrong}"[:200]})


def _tell(answers: socket.socket, part: Member | Skipped | Reading, members: bool, limits: Limits) -> None:
    if isinstance(part, Reading):
        _tell_reading(answers, part)
    elif isinstance(part, Skipped):
        write_json(answers, Frame.SKIPPED, {"name": part.name, "reason": part.reason})
    elif members:
        _tell_member(answers, part, limits)


def _tell_member(answers: socket.socket, member: Member, limits: Limits) -> None:
    head = {"name": member.name, "media_type": member.media_type, "about": dict(member.about)}
    write_json(answers, Frame.MEMBER, head)
    broken, since = None, 0
    try:
        for chunk in _in_pieces(member.chunks):
            write_frame(answers, Frame.CHUNK, chunk)
            since += len(chunk)
            if since >= RENEWED_AFTER_BYTES:
                allow_cpu(limits.cpu_seconds)
                since = 0
    except BadMember as wrong:
        broken = str(wrong)
    write_json(answers, Frame.END, {"broken": broken})


def _in_pieces(chunks: Any) -> Iterator[bytes]:
    for chunk in chunks:
        for at in range(0, len(chunk), CHUNK_BYTES):
            yield bytes(chunk[at : at + CHUNK_BYTES])


def _tell_reading(answers: socket.socket, reading: Reading) -> None:
    reading = bounded_reading(reading)
    prints = reading.fingerprints
    if reading.layer_text is not None:
        write_frame(answers, Frame.TEXT, reading.layer_text.encode("utf-8"))
        prints = (*prints, *text_fingerprints(reading.layer_text))
    for pack in in_packs(reading.segments):
        write_frame(answers, Frame.SEGMENTS, json.dumps(pack).encode("ascii"))
    told = {
        "engine": reading.engine,
        "version": reading.version,
        "parameters": dict(reading.parameters),
        "encoding": reading.encoding,
        "notes": list(reading.notes),
        "why_none": reading.why_none,
        "title": reading.title,
        "observations": [one.as_json() for one in reading.observations],
        "fingerprints": [[one.kind, one.bits, one.at] for one in prints],
    }
    write_json(answers, Frame.READING, told)


def _take_socket() -> socket.socket:
    """Keep the socket for answers, so that nothing a library prints can get into it."""
    answers = socket.socket(fileno=os.dup(0))
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1):
        os.dup2(nothing, standard)
    os.close(nothing)
    return answers


def _next_question(answers: socket.socket) -> tuple[dict[str, Any], int] | None:
    length, handles, _, _ = socket.recv_fds(answers, 8, 1)
    if not length:
        return None
    while len(length) < 8:
        length += answers.recv(8 - len(length))
    parts, left = [], int.from_bytes(length, "big")
    while left:
        parts.append(answers.recv(min(left, 1 << 20)))
        left -= len(parts[-1])
    return json.loads(b"".join(parts)), handles[0]


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
