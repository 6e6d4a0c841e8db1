"""Where an error becomes a message and an exit code.

0: done. 1: done, and something is wrong. 2: the request was wrong, or Onrecord was (it says which).
130: stopped by the keyboard. 141: whoever read the output went away.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TextIO

import click

from onrecord.cli.terminal.clean import clean
from onrecord.record.errors import OnrecordError

DONE, WRONG_IN_PLACES, WRONG_REQUEST, STOPPED, READER_GONE = 0, 1, 2, 130, 141


def outcome_of(work: Callable[[], Any]) -> int:
    """Run the command line and say on stderr what went wrong."""
    for stream in (sys.stdout, sys.stderr):
        _write_what_can_be_written(stream)
    try:
        code = work()
        sys.stdout.flush()
        return code if isinstance(code, int) else DONE
    except BaseException as error:
        if isinstance(error, SystemExit | GeneratorExit):
            raise
        return _told(error)


@contextmanager
def show_trace(context: click.Context) -> Iterator[None]:
    """With `--debug`, print where an error came from, before it becomes a message."""
    try:
        yield
    except Exception as error:
        from onrecord.cli.verb import remembered

        if remembered(context, "debug") and not isinstance(
            error, click.ClickException | click.exceptions.Exit
        ):
            import traceback

            traceback.print_exc()
        raise


def _told(error: BaseException) -> int:
    if isinstance(error, KeyboardInterrupt | EOFError | click.Abort):
        return _say("stopped; nothing half-written", STOPPED)
    if isinstance(error, BrokenPipeError):
        return hang_up()
    if isinstance(error, OnrecordError):
        return _say(f"error: {clean(str(error))}", error.exit_code)
    if isinstance(error, click.ClickException):
        return _say(f"error: {clean(_asked_wrongly(error))}", WRONG_REQUEST)
    if isinstance(error, OSError) and error.strerror:
        return _say(f"error: {clean(str(error.filename or 'this laptop'))}: {error.strerror}.", WRONG_REQUEST)
    fault = f"{type(error).__name__}: {error}"
    return _say(
        f"error: Onrecord itself failed ({clean(fault)}). This is our mistake, not yours. "
        "--debug shows where; please report it.",
        WRONG_REQUEST,
    )


def _asked_wrongly(error: click.ClickException) -> str:
    message = error.format_message()
    context = getattr(error, "ctx", None)
    return f"{message}\n{context.command_path} --help shows what can be asked." if context else message


def _say(message: str, code: int) -> int:
    click.echo(message, err=True)
    return code


def hang_up() -> int:
    """Nobody reads on. Python would complain at exit when it flushes, so what is left goes nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    return READER_GONE


def _write_what_can_be_written(stream: TextIO) -> None:
    """A terminal without Unicode shows an escape instead of stopping half-way."""
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="backslashreplace")
