"""A confined process that a hostile file has taken over: what it may say, and what it can still do."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from onrecord.intake import confined
from onrecord.intake.confined import Answer, Inside, Worker
from onrecord.intake.frames import Frame
from onrecord.intake.worker import CHUNK_BYTES, Limits
from onrecord.record.errors import ReaderFailed

PATIENT = Limits(wall_seconds=5)
SAID: dict[str, Any] = {
    "engine": "e",
    "version": "1",
    "parameters": {},
    "notes": [],
    "why_none": None,
    "title": None,
}
SAID |= {"encoding": None, "observations": [], "fingerprints": []}
SEGMENT = {"start": 0, "end": 4, "kind": "paragraph"}
Told = tuple[Frame, Any]


def frame(kind: Frame, content: Any) -> bytes:
    told = content if isinstance(content, bytes) else json.dumps(content).encode("ascii")
    return kind.value + len(told).to_bytes(8, "big") + told


def reading(**other: Any) -> Told:
    return Frame.READING, {**SAID, **other}


DONE: Told = (Frame.DONE, {"held": 1})


class Liar:
    """Stands where a confined process would: says the frames it is told to, whatever it is asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, said: list[Told], unasked: bytes = b"") -> None:
        self._said, self._unasked = said, unasked
        monkeypatch.setattr(confined, "_start", self._start)

    def _start(self, family: str, limits: Limits, theirs: Any) -> subprocess.Popen[bytes]:
        channel = theirs.dup()
        channel.sendall(frame(Frame.READY, {}) + self._unasked)
        threading.Thread(target=self._answer, args=(channel,), daemon=True).start()
        return subprocess.Popen(["sleep", "1000"])

    def _answer(self, channel: Any) -> None:
        with contextlib.suppress(OSError):
            channel.recv(1 << 16)
            for kind, content in self._said:
                channel.sendall(frame(kind, content))
            while channel.recv(1 << 16):
                pass
        channel.close()


@pytest.fixture
def original(tmp_path: Path) -> Path:
    path = tmp_path / "original"
    path.write_bytes(b"words")
    return path


def told(
    monkeypatch: pytest.MonkeyPatch, original: Path, said: list[Told], take: Any = None, unasked: bytes = b""
) -> Answer:
    Liar(monkeypatch, said, unasked)
    worker = Worker("text", PATIENT)
    try:
        with original.open("rb") as file:
            return worker.ask({"name": "a", "size": 5}, file, take)
    finally:
        worker.close()


@pytest.mark.parametrize(
    "said",
    [
        [(Frame.TEXT, b"gate"), (Frame.TEXT, b"x"), reading(), DONE],
        [(Frame.TEXT, b"gate"), reading(), (Frame.SEGMENTS, [SEGMENT]), DONE],
        [(Frame.TEXT, b"gate"), reading(), reading(), DONE],
        [(Frame.SEGMENTS, [SEGMENT]), reading(), DONE],
        [(Frame.TEXT, b"gat"), (Frame.SEGMENTS, [SEGMENT]), reading(), DONE],
        [(Frame.TEXT, b"gate"), (Frame.SEGMENTS, [SEGMENT, SEGMENT]), reading(), DONE],
        [(Frame.TEXT, b"gate"), (Frame.SEGMENTS, [SEGMENT]), (Frame.SEGMENTS, [SEGMENT]), reading(), DONE],
        [(Frame.TEXT, b"gate"), (Frame.SEGMENTS, [SEGMENT | {"page": 1.5}]), reading(), DONE],
        [(Frame.TEXT, b"gate"), (Frame.SEGMENTS, [SEGMENT | {"page": 10**30}]), reading(), DONE],
        [(Frame.TEXT, b"gate"), (Frame.SEGMENTS, [SEGMENT | {"place": [0, "x"]}]), reading(), DONE],
        [(Frame.TEXT, b"gate"), (Frame.SEGMENTS, [SEGMENT | {"raw": [[[[[[1]]]]]]}]), reading(), DONE],
        [(Frame.TEXT, b"gate"), (Frame.SEGMENTS, b"[" * 200_000), reading(), DONE],
        [(Frame.TEXT, b"gate"), (Frame.SEGMENTS, b'[{"start": NaN}]'), reading(), DONE],
        [(Frame.TEXT, b"ga\0te"), reading(), DONE],
        [(Frame.TEXT, b"ga\xff"), reading(), DONE],
        [reading(observations="no list"), DONE],
        [reading(fingerprints=[["k", "zz", 1]]), DONE],
        [reading(fingerprints=[["k", "00", float("nan")]]), DONE],
        [(Frame.END, {"broken": None})],
        [(Frame.CHUNK, b"bytes of no member")],
        [(Frame.READY, {})],
        [(Frame.DONE, b"no json")],
        [(Frame.DONE, b"[]")],
    ],
)
def test_what_no_reader_would_say_is_no_answer(
    monkeypatch: pytest.MonkeyPatch, original: Path, said: list[Told]
) -> None:
    with pytest.raises(ReaderFailed, match="cannot be right"):
        told(monkeypatch, original, said)


def test_what_is_said_before_it_is_asked_is_no_answer(
    monkeypatch: pytest.MonkeyPatch, original: Path
) -> None:
    ready_made = frame(Frame.TEXT, b"gate") + frame(*reading()) + frame(*DONE)
    with pytest.raises(ReaderFailed, match="cannot be right"):
        told(monkeypatch, original, [], unasked=ready_made)


def test_half_characters_and_zeros_stand_as_what_can_be_kept(
    monkeypatch: pytest.MonkeyPatch, original: Path
) -> None:
    seen = {"of": "EXIF", "name": "\ud800", "value": "x\0y", "reads": {"a": float("inf")}}
    large = {"of": "EXIF", "name": "n", "value": "v", "reads": 10**400}
    right = {"of": "EXIF", "name": "n", "value": "v", "reads": {"edtf": "2026"}}
    said = [
        (Frame.TEXT, b"gate"),
        (Frame.SEGMENTS, [SEGMENT | {"sender": "\udfffשער"}]),
        (Frame.SKIPPED, {"name": "\ud800", "reason": "r" * 100_000}),
        reading(title="\ud900", engine="\udc00", notes=["\udc01"], observations=[seen, large, right]),
        DONE,
    ]
    answer = told(monkeypatch, original, said)
    found = answer.reading
    (segment,) = found.segments
    assert segment.about == {"sender": "?שער"}
    assert [one.reads for one in found.observations] == [None, None, {"edtf": "2026"}]
    assert (found.title, found.engine, found.notes) == ("?", "?", ("?",))
    assert (found.observations[0].name, found.observations[0].value) == ("?", "x\ufffdy")
    assert (answer.skipped[0].name, len(answer.skipped[0].reason)) == ("?", confined.LONGEST_SAID)


def test_a_flood_of_what_is_left_out_is_counted(monkeypatch: pytest.MonkeyPatch, original: Path) -> None:
    monkeypatch.setattr(confined, "MOST_SKIPPED", 3)
    flood = [(Frame.SKIPPED, {"name": f"{n}", "reason": "locked"}) for n in range(10)]
    answer = told(monkeypatch, original, [*flood, reading(), DONE])
    assert [one.name for one in answer.skipped] == ["0", "1", "2", ""]
    assert answer.skipped[-1].reason == "7 more are not taken out of it"


def test_a_flood_of_broken_members_is_counted(monkeypatch: pytest.MonkeyPatch, original: Path) -> None:
    monkeypatch.setattr(confined, "MOST_SKIPPED", 2)
    head: dict[str, Any] = {"name": "a", "media_type": None, "about": {}}
    broken: list[Told] = [(Frame.MEMBER, head), (Frame.END, {"broken": "it breaks off"})]
    answer = told(monkeypatch, original, [*broken * 5, reading(), DONE])
    assert [one.reason for one in answer.skipped] == ["it breaks off"] * 2 + [
        "3 more are not taken out of it"
    ]


@pytest.mark.parametrize("content", [b"", bytes(CHUNK_BYTES + 1)], ids=["empty", "too large"])
def test_pieces_of_a_member_are_neither_endless_nor_large(
    monkeypatch: pytest.MonkeyPatch, original: Path, content: bytes
) -> None:
    head: dict[str, Any] = {"name": "a", "media_type": None, "about": {}}
    with pytest.raises(ReaderFailed, match="cannot be right"):
        told(monkeypatch, original, [(Frame.MEMBER, head), (Frame.CHUNK, content)], take=lambda *_: None)


@pytest.mark.parametrize(
    "stated", ["text/plain\x1b[31m", "\ud800/x", "x" * 500, "text/plain\n", "/", "a b/c"]
)
def test_a_kind_that_is_no_media_type_is_not_taken_over(
    monkeypatch: pytest.MonkeyPatch, original: Path, stated: str
) -> None:
    met: list[Inside] = []

    def take(inside: Inside, chunks: Iterator[bytes]) -> None:
        met.append(inside)

    head = {"name": "a", "media_type": stated, "about": {"\ud800": "\ud800"}}
    said = [(Frame.MEMBER, head), (Frame.END, {"broken": None}), reading(), DONE]
    told(monkeypatch, original, said, take)
    assert [(one.media_type, dict(one.about)) for one in met] == [(None, {"?": "?"})]


def test_it_is_not_waited_for_without_end_although_it_always_says_something(
    monkeypatch: pytest.MonkeyPatch, original: Path
) -> None:
    def drip(limits: Limits, size: int, turns: int = 10) -> float:
        return 0.2 if turns else 0.0

    monkeypatch.setattr(Limits, "patience", drip)

    def said() -> Iterator[Told]:
        while True:
            threading.Event().wait(0.05)
            yield Frame.SKIPPED, {"name": "a", "reason": "b"}

    with pytest.raises(ReaderFailed, match="too long"):
        told(monkeypatch, original, said())  # type: ignore[arg-type]


ATTEMPTS = [
    "os.kill(os.getppid(), 0)",
    "os.kill(0, 9)",
    "os.kill(-1, 9)",
    "signal.pidfd_send_signal(os.pidfd_open(os.getppid()), 0)",
    "os.fork()",
    "os.chmod(sys.argv[1], 0o777)",
    "os.fchmod(held, 0o777)",
    "os.truncate(sys.argv[1], 0)",
    "os.utime(sys.argv[1], (1, 1))",
    "os.utime(held, (1, 1))",
    "os.setxattr(held, 'user.x', b'1')",
    "os.memfd_create('x')",
    "os.setpriority(os.PRIO_PROCESS, os.getppid(), 19)",
    "resource.prlimit(os.getppid(), resource.RLIMIT_CPU)",
    "fcntl.fcntl(0, fcntl.F_SETOWN, os.getppid())",
    "fcntl.fcntl(0, fcntl.F_SETSIG, 9)",
    "socket.socket(socket.AF_UNIX)",
    "socket.socketpair()",
]
PROGRAM = """
import ctypes, fcntl, os, resource, signal, socket, sys
from onrecord.intake.worker import CHUNK_BYTES, Limits, confine
held = os.open(sys.argv[1], os.O_RDONLY)
confine(Limits())
try:
    {attempt}
except OSError as wrong:
    os.write(1, str(wrong.errno).encode())
"""


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_it_reaches_no_other_process_and_changes_no_file(attempt: str, original: Path) -> None:
    before = original.stat()
    program = PROGRAM.format(attempt=attempt)
    done = subprocess.run(
        [sys.executable, "-c", program, original], capture_output=True, check=True, start_new_session=True
    )
    assert done.stdout == b"13"
    assert original.stat() == before and original.read_bytes() == b"words"


def test_it_may_still_end_itself(original: Path) -> None:
    attempt = "os.write(1, b'ran'); os.abort()"
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(attempt=attempt), original], capture_output=True, check=False
    )
    assert (done.stdout, done.returncode) == (b"ran", -6)


def test_it_holds_nothing_open_but_its_answers(tmp_path: Path) -> None:
    with (tmp_path / "ours").open("wb") as ours:
        os.set_inheritable(ours.fileno(), True)
        worker = Worker("text", PATIENT)
        folder = Path(f"/proc/{worker.process.pid}/fd")
        held = sorted(str(one.readlink()) for one in folder.iterdir())
        worker.close()
    own = {f"/proc/{worker.process.pid}/statm"}
    assert held[:3] == [os.devnull] * 3
    assert all(one.startswith("socket:") or one in own for one in held[3:])
    assert sum(one.startswith("socket:") for one in held) == 1
