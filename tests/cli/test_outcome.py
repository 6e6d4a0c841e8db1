"""How things that go wrong come out: one message, one exit code, no trace unless it is asked for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click
import pytest

from onrecord.cli.outcome import outcome_of
from onrecord.record.errors import OnrecordError, TermsForbid, ThingUnknown
from tests.cli.conftest import Program, Run


def raising(error: BaseException) -> int:
    def work() -> None:
        raise error

    return outcome_of(work)


def test_an_error_names_the_thing_the_reason_and_the_mend(capsys: pytest.CaptureFixture[str]) -> None:
    assert raising(ThingUnknown("nobody", "no thing has this id", "Look it up with search.")) == 2
    assert capsys.readouterr().err == "error: nobody: no thing has this id. Look it up with search.\n"


def test_an_error_ends_with_the_code_of_its_class() -> None:
    assert raising(TermsForbid("s1", "closed to print")) == TermsForbid.exit_code == 1
    assert OnrecordError.exit_code == 2


def test_what_an_error_quotes_cannot_write_on_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    raising(ThingUnknown("\x1b[31mred\u202e", "no thing has this id"))
    assert "\\x1b[31mred\\u202e" in capsys.readouterr().err


@pytest.mark.parametrize("stop", [KeyboardInterrupt(), click.Abort()])
def test_the_keyboard_stops_with_130_and_a_calm_word(
    stop: BaseException, capsys: pytest.CaptureFixture[str]
) -> None:
    assert raising(stop) == 130
    assert capsys.readouterr().err == "stopped; nothing half-written\n"


def test_a_full_disk_is_said_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert raising(OSError(28, "No space left on device", "/media/card")) == 2
    assert capsys.readouterr().err == "error: /media/card: No space left on device.\n"


def test_our_own_mistake_is_called_ours(capsys: pytest.CaptureFixture[str]) -> None:
    assert raising(ZeroDivisionError("division by zero")) == 2
    said = capsys.readouterr().err
    assert "Onrecord itself failed (ZeroDivisionError: division by zero)" in said
    assert "Traceback" not in said


def test_debug_shows_where(run: Run, tmp_path: Path) -> None:
    assert "Traceback" in run("items", "-r", tmp_path / "absent", "--debug").stderr
    assert "Traceback" not in run("items", "-r", tmp_path / "absent").stderr


def test_a_reader_that_goes_away_is_no_mistake(
    program: Program, case: Path, surroundings: dict[str, str]
) -> None:
    """`onrecord … | head -0`: the pipe is closed before the first line."""
    writer = subprocess.Popen(
        [sys.executable, "-m", "onrecord.cli", "-r", str(case), "items"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=surroundings,
    )
    assert writer.stdout is not None
    assert writer.stderr is not None
    writer.stdout.close()
    assert writer.stderr.read() == b""
    writer.stderr.close()
    assert writer.wait() == 141


def test_a_terminal_without_arabic_still_gets_its_lines(program: Program, case: Path) -> None:
    ran = program("-r", case, "get", "vendor", encoding="latin-1", env={"PYTHONIOENCODING": "latin-1"})
    assert ran.returncode == 0, ran.stderr
    assert "\\u0628" in ran.stdout
