"""The page a person reads: plain lines, a little bold and dim where the terminal can."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import click

from onrecord.cli.terminal.clean import balanced, clean, clean_line, guarded, isolated
from onrecord.cli.terminal.columns import cells, cut, noted, set_in, wrapped

PROSE_WIDTH = 90
WORDS_WIDTH = 76


@dataclass(frozen=True, slots=True)
class Page:
    """Where lines go, how wide they may be, and whether they may be bold."""

    width: int
    styled: bool = False

    def line(self, text: str = "") -> None:
        click.echo(guarded(text), color=self.styled)

    def lines(self, texts: Iterable[str]) -> None:
        for text in texts:
            self.line(text)

    def heading(self, text: str) -> None:
        self.line()
        self.line(self.bold(text))

    def paragraph(self, text: str, indent: int = 0) -> None:
        """Our own words, wrapped. Untrusted text inside them has passed `shown`."""
        lines = balanced(wrapped(text, min(self.width, PROSE_WIDTH) - indent))
        self.lines(" " * indent + line for line in lines)

    def words(self, text: str, indent: int = 2) -> None:
        """Words from an original, in their own direction."""
        lines = set_in(clean_line(text), min(self.width, WORDS_WIDTH), indent)
        self.lines(line.rstrip() for line in lines)

    def table(self, rows: Sequence[Sequence[str]], indent: int = 0) -> None:
        """Rows of untrusted cells. The last column takes what is left of the line."""
        shown = [[clean_line(cell) for cell in row] for row in rows]
        widths = [max(cells(cell) for cell in column) for column in zip(*shown, strict=True)]
        for row in shown:
            self.line(" " * indent + self._row(row, widths, indent))

    def fields(self, rows: Sequence[tuple[str, str, bool]], indent: int = 0) -> None:
        """Names and values as `field_lines` gives them, the values wrapped beside their names."""
        wide = max((cells(name) for name, _, _ in rows), default=0) + 2
        for name, value, own_direction in rows:
            room = max(min(self.width, PROSE_WIDTH) - indent - wide, 20)
            first, *more = (set_in if own_direction else noted)(value, room)
            start = " " * indent + self.dim(name) + " " * (wide - cells(name))
            self.line((start + first).rstrip())
            self.lines((" " * (indent + wide) + line).rstrip() for line in more)

    def shown(self, text: str) -> str:
        """Untrusted text, safe inside a line of ours."""
        return isolated(clean_line(text))

    def argument(self, text: str) -> str:
        """Text as a shell takes it, for a command to copy."""
        return clean(shlex.quote(text))

    def bold(self, text: str) -> str:
        return f"\x1b[1m{text}\x1b[0m" if self.styled else text

    def dim(self, text: str) -> str:
        return f"\x1b[2m{text}\x1b[0m" if self.styled else text

    def _row(self, row: Sequence[str], widths: Sequence[int], indent: int) -> str:
        *leading, last = row
        start = "".join(
            isolated(cell) + " " * (wide - cells(cell) + 2)
            for cell, wide in zip(leading, widths, strict=False)
        )
        room = max(self.width - indent - cells(start), 20)
        return start + isolated(cut(last, room))
