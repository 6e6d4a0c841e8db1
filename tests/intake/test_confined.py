"""Confined reading: an original that is too much for its process costs that original its answer, and no other."""

from __future__ import annotations

import importlib
import io
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from onrecord.intake.confined import Answer, Inside, Readers
from onrecord.intake.formats import format_of
from onrecord.intake.media import media_type
from onrecord.intake.pages.main_text import Trafilatura
from onrecord.intake.pages.page import WalkingReader
from onrecord.intake.reading import Member, Reading, Source
from onrecord.intake.reads import read_original
from onrecord.intake.worker import Limits
from tests import samples
from tests.intake.articles import ARTICLE
from tests.samples.archives import seven_zipped
from tests.samples.raw_zip import locked, locked_aes, raw_zip

HEAVY = "<p>words that take some time to walk through</p>" * 400_000


@pytest.fixture(scope="module")
def readers() -> Iterator[Readers]:
    readers = Readers()
    yield readers
    readers.close()


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "original"


def ask(readers: Readers, place: Path, content: str, kind: str = "text/html") -> Reading:
    place.write_text(content, encoding="utf-8")
    with place.open("rb") as original:
        return read_original(original, place.stat().st_size, kind, "page.html", readers=readers).reading


def test_it_gives_what_reading_here_gives(readers: Readers, place: Path) -> None:
    here = WalkingReader(Trafilatura()).read(ARTICLE)
    there = ask(readers, place, ARTICLE)
    assert (there.layer_text, there.segments, there.title) == (here.text, here.segments, here.title)
    assert there.parameters["main text"] == here.main_text_by


def test_one_process_serves_many_originals(readers: Readers, place: Path) -> None:
    ask(readers, place, ARTICLE)
    first = readers.pids()
    ask(readers, place, "<p>another")
    assert readers.pids() == first


def test_a_killed_process_is_replaced(readers: Readers, place: Path) -> None:
    ask(readers, place, ARTICLE)
    (first, *_) = readers.pids()
    os.kill(first, signal.SIGKILL)
    os.waitid(os.P_PID, first, os.WEXITED | os.WNOWAIT)
    assert ask(readers, place, "<p>still answered").layer_text == "still answered"
    assert first not in readers.pids()


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (Limits(cpu_seconds=1), "it takes too long"),
        (Limits(memory_bytes=130 * 1024**2), "it takes too much memory"),
    ],
    ids=["time", "memory"],
)
def test_an_original_beyond_the_limits_gets_a_reason_and_the_next_its_answer(
    limits: Limits, reason: str, place: Path
) -> None:
    readers = Readers(limits)
    try:
        assert ask(readers, place, HEAVY).why_none == f"the reader failed on this: {reason}"
        assert ask(readers, place, "<p>next").layer_text == "next"
    finally:
        readers.close()


def test_a_process_that_hangs_is_not_waited_for(place: Path) -> None:
    readers = Readers(Limits(wall_seconds=4))
    try:
        ask(readers, place, "first", "text/plain")
        (pid,) = readers.pids()
        os.kill(pid, signal.SIGSTOP)
        reading = ask(readers, place, "words " * 20_000, "text/plain")
        assert reading.why_none == "the reader failed on this: it takes too long"
        assert ask(readers, place, "next", "text/plain").layer_text == "next"
    finally:
        readers.close()


@pytest.mark.parametrize(
    "attempt",
    [
        "open('/etc/hostname')",
        "open('/dev/null', 'w')",
        "os.unlink(sys.argv[1])",
        "os.mkdir(sys.argv[1] + 'x')",
        "os.execv('/bin/true', ['true'])",
        "socket.socket()",
        "socket.create_connection(('127.0.0.1', 9))",
    ],
)
def test_the_process_can_open_no_file_and_no_socket_although_a_descriptor_is_free(
    attempt: str, place: Path
) -> None:
    program = f"""
import os, socket, sys
from onrecord.intake.worker import Limits, confine
confine(Limits())
try:
    {attempt}
except OSError as wrong:
    os.write(1, str(wrong.errno).encode())
"""
    place.write_text("still here")
    done = subprocess.run([sys.executable, "-c", program, place], capture_output=True, check=True)
    assert done.stdout in (b"13", b"24"), "refused by right, or as no descriptor is left"
    assert place.read_text() == "still here"


def test_threads_are_served_side_by_side(readers: Readers, tmp_path: Path) -> None:
    answers: dict[int, str | None] = {}

    def asking(number: int) -> None:
        answers[number] = ask(readers, tmp_path / str(number), f"<p>page {number}").layer_text

    threads = [threading.Thread(target=asking, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {number: f"page {number}" for number in range(8)}


def test_a_process_made_by_forking_does_not_take_its_parents_answers(readers: Readers, place: Path) -> None:
    ask(readers, place, ARTICLE)
    child = os.fork()
    if child == 0:
        right = ask(readers, place.with_name("child"), "<p>child").layer_text == "child"
        readers.close()
        os._exit(0 if right else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert ask(readers, place, "<p>parent").layer_text == "parent"


def test_what_lies_inside_comes_with_its_bytes(readers: Readers, tmp_path: Path) -> None:
    import zipfile

    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("السوق/شاهد.txt", "x" * 700_000)
        made.writestr("שער.txt", "שער")
    met: list[tuple[str, int]] = []

    def take(inside: Inside, chunks: Iterator[bytes]) -> None:
        met.append((inside.name, sum(map(len, chunks))))

    with archive.open("rb") as original:
        answer: Answer = read_original(
            original,
            archive.stat().st_size,
            "application/zip",
            "a.zip",
            on_member=take,
            readers=readers,
        )
    assert met == [("السوق/شاهد.txt", 700_000), ("שער.txt", 6)]
    assert not answer.skipped


def test_members_that_nobody_asks_for_are_passed_over(readers: Readers, tmp_path: Path) -> None:
    content = io.BytesIO()
    import zipfile

    with zipfile.ZipFile(content, "w") as made:
        made.writestr("a.txt", "words")
    (tmp_path / "a.zip").write_bytes(content.getvalue())
    with (tmp_path / "a.zip").open("rb") as original:
        answer = read_original(original, len(content.getvalue()), "application/zip", "a.zip", readers=readers)
    assert answer.reading.layer_text is None and not answer.skipped


LOCKED = {
    **seven_zipped(password="the ford"),
    "locked.zip": raw_zip([locked(b"words.txt", "שער".encode(), b"the ford")]),
    "locked-aes.zip": raw_zip([locked_aes(b"words.txt", "بوابة".encode(), b"the ford")]),
}


@pytest.mark.parametrize("name", sorted({**samples.every(), **LOCKED}))
def test_every_kind_is_read_in_confinement_as_it_is_without(
    readers: Readers, tmp_path: Path, name: str
) -> None:
    """Whatever a reader's library loads late is missing there, and only there."""
    content = {**samples.every(), **LOCKED}[name]
    kind = media_type(content[:65536], name, content[-65536:])
    known = format_of(kind)
    if known is None:
        return
    (tmp_path / name).write_bytes(content)
    module = importlib.import_module(f"onrecord.intake.{known.module}")
    here: list[tuple[str, int]] = []
    reading = None
    for part in module.read(Source(io.BytesIO(content), len(content), kind, name, password="the ford")):
        if isinstance(part, Member):
            here.append((part.name, sum(map(len, part.chunks))))
        elif isinstance(part, Reading):
            reading = part
    there: list[tuple[str, int]] = []
    with (tmp_path / name).open("rb") as original:
        answer = read_original(
            original,
            len(content),
            kind,
            name,
            password="the ford",
            on_member=lambda inside, chunks: there.append((inside.name, sum(map(len, chunks)))),
            readers=readers,
        )
    assert there == here
    assert reading is not None
    for field in ("layer_text", "why_none", "notes", "title", "segments", "observations"):
        assert getattr(answer.reading, field) == getattr(reading, field), field
