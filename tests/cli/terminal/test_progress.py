"""How far long work is."""

from __future__ import annotations

import io
from collections.abc import Iterator

from onrecord.cli.progress import Progress, progress_line


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def ticking(step: float) -> Iterator[float]:
    now = 0.0
    while True:
        yield now
        now += step


def test_a_rate_and_the_time_left_are_said_once_they_are_steady() -> None:
    assert progress_line(10, 100, "Hashing", 10, 0.5) == "Hashing: 10 of 100"
    assert progress_line(1200, 9000, "Hashing", 1200, 3) == "Hashing: 1,200 of 9,000, 400 a second, 20 s left"
    assert progress_line(6, 30, "Reading", 6, 60) == "Reading: 6 of 30, 6 a minute, 4 min left"
    assert progress_line(40, None, "Reading", 40, 10) == "Reading: 40, 4 a second"


def test_on_a_terminal_one_line_is_kept_up_to_date_and_gone_at_the_end() -> None:
    terminal, clock = Terminal(), ticking(1.0)
    with Progress(terminal, 80, lambda: next(clock)) as progress:
        progress(1, 4, "files")
        progress(2, 4, "files")
    assert "\n" not in terminal.getvalue()
    assert "files: 2 of 4" in terminal.getvalue()
    assert terminal.getvalue().endswith("\r\x1b[K")


def test_it_does_not_write_more_often_than_a_person_can_read() -> None:
    terminal, clock = Terminal(), ticking(0.001)
    with Progress(terminal, 80, lambda: next(clock)) as progress:
        for done in range(50):
            progress(done, None, "files")
    assert terminal.getvalue().count("files") == 1


def test_where_nobody_watches_nothing_is_written() -> None:
    file = io.StringIO()
    with Progress(file, 80) as progress:
        progress(1, 4, "files")
    assert file.getvalue() == ""


def test_a_file_name_cannot_command_the_terminal() -> None:
    terminal = Terminal()
    with Progress(terminal, 80) as progress:
        progress(1, None, "a\x1b[2Jb")
    assert "\x1b[2J" not in terminal.getvalue()
