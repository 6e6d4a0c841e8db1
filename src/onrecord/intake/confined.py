"""Reading originals in confined processes: kept between originals, and replaced when one is too much for them."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import re
import selectors
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, BinaryIO

from onrecord.intake import memory
from onrecord.intake.formats import Format
from onrecord.intake.frames import Frame
from onrecord.intake.packed import Packed, checked, plain
from onrecord.intake.reading import (
    LARGEST_TEXT_BYTES,
    MOST_SEGMENTS,
    Fingerprint,
    Observation,
    Reading,
    Skipped,
)
from onrecord.intake.worker import CHUNK_BYTES, Limits
from onrecord.record.errors import ReaderFailed

MEND = "The original is kept; its text can be read again with another reader."
MOST_SAID, LONGEST_SAID = 1_000, 4_000
MOST_SKIPPED, MOST_SAID_OF_A_MEMBER = 10_000, 20
MOST_PRINTS, LONGEST_PRINT, LATEST_PRINT = 2_000, 16_384, 1e9
LARGEST_FRAME = 64 * 1024**2
LARGEST_SEGMENTS = 96 * 1024**2
_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9.+_-]{0,60}/[a-z0-9][a-z0-9.+_-]{0,80}", re.IGNORECASE)
RECYCLED_BEYOND_KB = 96 * 1024
_START_SECONDS = 60.0
_ENVIRONMENT = {"PYTHONHASHSEED": "0", "PYTHONUTF8": "1", "OMP_NUM_THREADS": "1", **memory.ENVIRONMENT}
_HEAD_BYTES = 9


@dataclass(frozen=True, slots=True)
class Inside:
    """What a container says of a file inside it; see `Member`."""

    name: str
    media_type: str | None
    about: Mapping[str, str]


NO_ANSWER = Reading(None, why_none="the reader gives no answer")


@dataclass(slots=True)
class Answer:
    """What came of reading one original, and what was left inside it."""

    reading: Reading = NO_ANSWER
    skipped: list[Skipped] = field(default_factory=list)
    more: int = 0

    def skip(self, name: Any, reason: Any) -> None:
        """Name what is left inside; of very much, the rest is counted."""
        if len(self.skipped) < MOST_SKIPPED:
            self.skipped.append(Skipped(_text(name), _text(reason)))
        else:
            self.more += 1

    def end(self) -> None:
        if self.more:
            self.skipped.append(Skipped("", f"{self.more:,} more are not taken out of it"))


OnMember = Callable[[Inside, Iterator[bytes]], None]


class MemberBroken(Exception):
    """Raised from a member's chunks where the rest of it cannot be read."""


class Worker:
    """One confined process. Asked by one thread at a time."""

    def __init__(self, family: str, limits: Limits) -> None:
        self._limits = limits
        ours, theirs = socket.socketpair()
        with theirs:
            self.process = _start(family, limits, theirs)
        self._socket = ours
        self._socket.setblocking(False)
        self._buffer = bytearray()
        self._patience = limits.wall_seconds
        self.owner = os.getpid()
        self.tired = False
        try:
            self._next(Frame.READY, seconds=_START_SECONDS)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        self._socket.close()
        if self.owner == os.getpid():
            self.process.kill()
            self.process.wait()

    def ask(self, question: Mapping[str, Any], original: BinaryIO, on_member: OnMember | None) -> Answer:
        """Read one original. Raises `ReaderFailed`, after which this process is not to be asked again."""
        try:
            os.lseek(original.fileno(), 0, os.SEEK_SET)
            self._require_silence()
            self._patience = self._limits.patience(question["size"])
            self._send(json.dumps(question).encode("ascii"), original.fileno())
            return self._answered(on_member)
        except TimeoutError:
            raise ReaderFailed(question["name"], "it takes too long", MEND) from None
        except (OSError, EOFError):
            raise ReaderFailed(question["name"], self._why_ended(), MEND) from None
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise ReaderFailed(question["name"], "it gave an answer that cannot be right", MEND) from None

    def _send(self, question: bytes, original: int) -> None:
        length = len(question).to_bytes(8, "big")
        deadline = time.monotonic() + self._limits.wall_seconds
        _wait(self._socket, selectors.EVENT_WRITE, deadline)
        sent = socket.send_fds(self._socket, [length], [original])
        left = memoryview(length[sent:] + question)
        while left:
            _wait(self._socket, selectors.EVENT_WRITE, deadline)
            with contextlib.suppress(BlockingIOError):
                left = left[self._socket.send(left) :]

    def _require_silence(self) -> None:
        """What is said before it is asked is no answer."""
        with contextlib.suppress(BlockingIOError):
            if self._buffer or self._socket.recv(1):
                raise ValueError("unasked")
            raise EOFError

    def _answered(self, on_member: OnMember | None) -> Answer:
        answer = Answer()
        text: str | None = None
        segments = Packed()
        failed: str | None = None
        while True:
            kind, content = self._next()
            if kind is Frame.TEXT and text is None and len(content) <= LARGEST_TEXT_BYTES:
                text = content.decode("utf-8")
            elif kind is Frame.SEGMENTS and answer.reading is NO_ANSWER:
                _add_segments(segments, json.loads(content), text)
            elif kind is Frame.READING and answer.reading is NO_ANSWER:
                answer.reading = _as_reading(json.loads(content), text, segments)
            elif kind is Frame.SKIPPED:
                told = json.loads(content)
                answer.skip(told["name"], told["reason"])
            elif kind is Frame.MEMBER:
                self._member(json.loads(content), on_member, answer)
            elif kind is Frame.FAILED:
                failed = _text(json.loads(content)["reason"])
            elif kind is Frame.DONE:
                self.tired = failed is not None or int(json.loads(content)["held"]) > RECYCLED_BEYOND_KB
                break
            else:
                raise ValueError(kind)
        answer.end()
        if failed is not None and answer.reading is NO_ANSWER:
            answer.reading = Reading(None, why_none=f"the reader failed on this: {failed}")
        return answer

    def _member(self, told: Mapping[str, Any], on_member: OnMember | None, answer: Answer) -> None:
        about = {
            _text(name): _text(value) for name, value in islice(told["about"].items(), MOST_SAID_OF_A_MEMBER)
        }
        kind = _text(told["media_type"] or "")
        inside = Inside(_text(told["name"]), kind if _MEDIA_TYPE.fullmatch(kind) else None, about)
        chunks = self._chunks()
        try:
            if on_member is not None:
                on_member(inside, chunks)
            for _ in chunks:
                pass
        except MemberBroken as wrong:
            answer.skip(inside.name, wrong)

    def _chunks(self) -> Iterator[bytes]:
        while True:
            kind, content = self._next()
            if kind is Frame.CHUNK and 0 < len(content) <= CHUNK_BYTES:
                yield content
                continue
            if kind is not Frame.END:
                raise ValueError(kind)
            broken = json.loads(content)["broken"]
            if broken is not None:
                raise MemberBroken(_text(broken))
            return

    def _next(self, wanted: Frame | None = None, seconds: float | None = None) -> tuple[Frame, bytes]:
        began = time.monotonic()
        deadline = began + (seconds or min(self._limits.wall_seconds, self._patience))
        head = self._read(_HEAD_BYTES, deadline)
        kind, length = Frame(head[:1]), int.from_bytes(head[1:], "big")
        if length > LARGEST_FRAME or wanted not in (None, kind):
            raise ValueError(kind)
        content = self._read(length, deadline)
        self._patience += self._limits.patience(length, 0) - (time.monotonic() - began)
        return kind, content

    def _read(self, size: int, deadline: float) -> bytes:
        while len(self._buffer) < size:
            _wait(self._socket, selectors.EVENT_READ, deadline)
            with contextlib.suppress(BlockingIOError):
                part = self._socket.recv(min(max(size - len(self._buffer), 1 << 16), 1 << 20))
                if not part:
                    raise EOFError
                self._buffer += part
        with memoryview(self._buffer) as held:
            content = bytes(held[:size])
        del self._buffer[:size]
        return content

    def _why_ended(self) -> str:
        try:
            code = self.process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            return "it ended the reader"
        if code == -signal.SIGXCPU:
            return "it takes too long"
        return f"it ended the reader ({signal.Signals(-code).name if code < 0 else f'code {code}'})"


class Readers:
    """The confined processes of this process: those that stand ready, by family. Any thread may ask."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._ready: dict[str, list[Worker]] = defaultdict(list)
        self._turns = threading.BoundedSemaphore(max(2, os.cpu_count() or 2))
        self._guard = threading.Lock()

    def read(
        self,
        known: Format,
        question: Mapping[str, Any],
        original: BinaryIO,
        on_member: OnMember | None = None,
    ) -> Answer:
        """Ask a process of this format's family. Raises `ReaderFailed` where the original was too much for it.

        As many are read at a time as there are processors; more threads wait.
        """
        with self._turns:
            return self._read(known, question, original, on_member)

    def _read(
        self, known: Format, question: Mapping[str, Any], original: BinaryIO, on_member: OnMember | None
    ) -> Answer:
        worker = self._taken(known.family)
        try:
            answer = worker.ask({"module": known.module, **question}, original, on_member)
        except BaseException:
            worker.close()
            raise
        if worker.tired:
            worker.close()
        else:
            with self._guard:
                self._ready[known.family].append(worker)
        return answer

    def close(self) -> None:
        """End the processes that stand ready. A later question starts others."""
        with self._guard:
            workers = [worker for ready in self._ready.values() for worker in ready]
            self._ready.clear()
        for worker in workers:
            worker.close()

    def pids(self) -> list[int]:
        """The processes that stand ready."""
        with self._guard:
            return [worker.process.pid for ready in self._ready.values() for worker in ready]

    def _taken(self, family: str) -> Worker:
        with self._guard:
            while self._ready[family]:
                worker = self._ready[family].pop()
                if worker.owner == os.getpid() and worker.process.poll() is None:
                    return worker
                worker.close()
        try:
            return Worker(family, self._limits)
        except (OSError, EOFError, ValueError, TimeoutError):
            raise ReaderFailed(family, "its process cannot be started", MEND) from None


_shared = Readers()
atexit.register(_shared.close)


def shared_readers() -> Readers:
    """The readers of this process."""
    return _shared


def _start(family: str, limits: Limits, theirs: socket.socket) -> subprocess.Popen[bytes]:
    """Nothing of our environment goes along, and `-P` keeps the folder one stands in from lending it modules."""
    command = [sys.executable, "-P", "-s", "-m", "onrecord.intake.worker", family, limits.as_json()]
    known = os.pathsep.join(place for place in sys.path if place)
    return subprocess.Popen(
        command,
        stdin=theirs.fileno(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env={"PYTHONPATH": known, **_ENVIRONMENT},
    )


def _wait(channel: socket.socket, event: int, deadline: float) -> None:
    with selectors.DefaultSelector() as selector:
        selector.register(channel, event)
        if not selector.select(max(0.0, deadline - time.monotonic())):
            raise TimeoutError


def _as_reading(told: Mapping[str, Any], text: str | None, segments: Packed) -> Reading:
    """An answer, checked as what a process that read hostile input may have been made to say."""
    why = told["why_none"]
    if text is None:
        why = why or "the reader gives no text"
    elif "\0" in text:
        raise ValueError("text")
    return Reading(
        text,
        _text(told["engine"]),
        _text(told["version"]),
        {_text(name): _text(value) for name, value in islice(told["parameters"].items(), MOST_SAID)},
        segments,
        told["encoding"] and _text(told["encoding"]),
        tuple(_text(note) for note in told["notes"][:MOST_SAID]),
        why and _text(why),
        told["title"] and _text(told["title"]),
        tuple(_as_observation(one) for one in told["observations"][:MOST_SAID]),
        tuple(_as_fingerprint(*one) for one in told["fingerprints"][:MOST_PRINTS]),
    )


def _add_segments(segments: Packed, told: Any, text: str | None) -> None:
    if text is None or len(segments) + len(told) > MOST_SEGMENTS:
        raise ValueError("segments")
    segments.add(checked(told, segments[-1].end if segments else 0, len(text)))
    if segments.size > LARGEST_SEGMENTS:
        raise ValueError("segments")


def _text(said: Any) -> str:
    """Words as the record's JSON can hold them: no half characters, no zeros, not endless."""
    return str(said)[:LONGEST_SAID].encode("utf-8", "replace").decode("utf-8").replace("\0", "\ufffd")


def _as_observation(told: Mapping[str, Any]) -> Observation:
    of, name, value = (_text(told[part]) for part in ("of", "name", "value"))
    return Observation(of, name, value, _as_reads(told.get("reads")))


def _as_reads(told: Any) -> Any:
    """What an observation reads as, where the record's JSON can hold it."""
    try:
        reads = plain(told)
    except ValueError:
        return None
    return reads if len(json.dumps(reads)) <= LONGEST_SAID else None


def _as_fingerprint(kind: Any, bits: Any, at: Any) -> Fingerprint:
    when = None if at is None else float(at)
    if len(bits) > LONGEST_PRINT or not (when is None or 0 <= when < LATEST_PRINT):
        raise ValueError("fingerprint")
    return Fingerprint(_text(kind)[:40], bytes.fromhex(bits).hex(), when)
