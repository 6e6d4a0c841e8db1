"""The confined reader: a page that is too much for it costs that page its answer, and no other."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from onrecord.intake.confined import ConfinedReader
from onrecord.intake.pages.main_text import Trafilatura
from onrecord.intake.pages.page import WalkingReader, read_page
from onrecord.intake.worker import Limits
from onrecord.record.errors import ReaderFailed
from tests.intake.pages import ARTICLE

HEAVY = "<p>words that take some time to walk through</p>" * 200_000


@pytest.fixture(scope="module")
def reader() -> Iterator[ConfinedReader]:
    reader = ConfinedReader()
    yield reader
    reader.close()


def test_it_gives_what_reading_here_gives(reader: ConfinedReader) -> None:
    assert reader.read(ARTICLE) == WalkingReader(Trafilatura()).read(ARTICLE)


def test_one_process_serves_many_pages(reader: ConfinedReader) -> None:
    reader.read(ARTICLE)
    first = reader.pid
    reader.read("<p>another")
    assert reader.pid == first


def test_a_killed_reader_is_replaced(reader: ConfinedReader) -> None:
    reader.read(ARTICLE)
    first = reader.pid
    assert first
    os.kill(first, signal.SIGKILL)
    os.waitid(os.P_PID, first, os.WEXITED | os.WNOWAIT)
    assert reader.read("<p>still answered").text == "still answered"
    assert reader.pid != first


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (Limits(cpu_seconds=1), "it takes too long"),
        (Limits(memory_bytes=110 * 1024**2), "it takes too much memory"),
    ],
    ids=["time", "memory"],
)
def test_a_page_beyond_the_limits_gets_a_reason_and_the_next_page_its_answer(
    limits: Limits, reason: str
) -> None:
    reader = ConfinedReader(limits)
    try:
        with pytest.raises(ReaderFailed, match=reason):
            reader.read(HEAVY)
        assert reader.read("<p>next").text == "next"
    finally:
        reader.close()


def test_a_reader_that_hangs_is_not_waited_for() -> None:
    reader = ConfinedReader(Limits(wall_seconds=4))
    try:
        reader.read("<p>first")
        assert reader.pid
        os.kill(reader.pid, signal.SIGSTOP)
        with pytest.raises(ReaderFailed, match="it takes too long"):
            reader.read("<p>words " * 20_000)
        assert reader.read("<p>next").text == "next"
    finally:
        reader.close()


def test_a_page_that_no_reader_survives_is_kept_without_a_layer() -> None:
    reader = ConfinedReader(Limits(cpu_seconds=1))
    try:
        reading = read_page(HEAVY.encode(), reader)
    finally:
        reader.close()
    assert reading.layer_text is None
    assert reading.why_none == "the reader failed on this: it takes too long"


@pytest.mark.parametrize(
    "attempt",
    ["open('/etc/hostname')", "open('/dev/null', 'w')", "import socket; socket.socket()", "os.pipe()"],
)
def test_the_process_can_open_no_file_and_no_socket(attempt: str) -> None:
    program = f"""
import os, socket
from onrecord.intake.worker import Limits, confine
confine(Limits())
try:
    {attempt}
except OSError as wrong:
    os.write(1, str(wrong.errno).encode())
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stdout == b"24"


def test_threads_take_turns(reader: ConfinedReader) -> None:
    answers: dict[int, str] = {}

    def ask(number: int) -> None:
        answers[number] = reader.read(f"<p>page {number}").text

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {number: f"page {number}" for number in range(8)}


def test_a_process_made_by_forking_does_not_take_its_parents_answers(reader: ConfinedReader) -> None:
    reader.read(ARTICLE)
    child = os.fork()
    if child == 0:
        right = reader.read("<p>child").text == "child"
        reader.close()
        os._exit(0 if right else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert reader.read("<p>parent").text == "parent"
