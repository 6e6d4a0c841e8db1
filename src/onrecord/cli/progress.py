"""How far long work is: on stderr, only for a person at a terminal, and gone when the work is."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import TracebackType
from typing import Self, TextIO

from onrecord.cli.terminal.clean import clean
from onrecord.cli.terminal.columns import cut

BETWEEN_SECONDS = 0.1
UNSTEADY_SECONDS = 2.0


class Progress:
    """A callable `(done, total, what)` that keeps one line up to date: count, rate, time left."""

    def __init__(self, stream: TextIO, width: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream, self._width, self._clock = stream, width, clock
        self._shown = stream.isatty()
        self._what: str | None = None
        self._began = self._last = 0.0
        self._first = 0

    def __call__(self, done: int, total: int | None, what: str) -> None:
        if not self._shown:
            return
        now = self._clock()
        if what != self._what:
            self._what, self._began, self._first, self._last = what, now, done, -BETWEEN_SECONDS
        if now - self._last < BETWEEN_SECONDS and done != total:
            return
        self._last = now
        line = progress_line(done, total, what, done - self._first, now - self._began)
        self._stream.write("\r\x1b[K" + cut(line, self._width - 1))
        self._stream.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.clear()

    def clear(self) -> None:
        """Take the line away, so that something else can be said in its place."""
        if self._shown and self._what is not None:
            self._stream.write("\r\x1b[K")
            self._stream.flush()


def progress_line(done: int, total: int | None, what: str, since: int, seconds: float) -> str:
    """Say `Reading: 1,200 of 9,000, 400 a second, 20 s left`. A rate is said once it is steady."""
    said = f"{clean(what)}: {done:,}" + (f" of {total:,}" if total is not None else "")
    if seconds < UNSTEADY_SECONDS or not since:
        return said
    rate = since / seconds
    said += f", {rate:,.0f} a second" if rate >= 1 else f", {rate * 60:,.0f} a minute"
    return said if total is None else f"{said}, {_time_left((total - done) / rate)} left"


def _time_left(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
