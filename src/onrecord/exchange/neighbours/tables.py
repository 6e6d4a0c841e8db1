"""Rows of a CSV file with the lines that they stand in, so that a passage can rest on the exact words of a row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from onrecord.exchange.neighbours.plan import Words

_LONGEST_CELL = 10_000_000


@dataclass(frozen=True, slots=True)
class Row:
    """A row below the header: its number in the sheet, counted from 1, its cells by column, and its lines as they stand."""

    number: int
    cells: dict[str, str]
    raw: str
    values: tuple[str, ...]

    def words(self) -> Words:
        """As a plain text has the row, and as a sheet has it."""
        return Words((self.raw, "\t".join(self.values)))

    @property
    def range(self) -> str:
        """The cells of the row, such as A7:K7."""
        return f"A{self.number}:{letters(len(self.values))}{self.number}"


def rows(text: str) -> Iterator[Row]:
    """Raises `csv.Error` at the row that cannot be read."""
    csv.field_size_limit(_LONGEST_CELL)
    lines = _Lines(text)
    reader = csv.reader(lines)
    named = next(reader, [])
    lines.taken()
    for number, values in enumerate(reader, 2):
        raw = lines.taken()
        if values:
            yield Row(number, dict(zip(named, values, strict=False)), raw, tuple(values))


class _Lines:
    """The lines of a text, which remembers those that were read since it was last asked."""

    def __init__(self, text: str) -> None:
        self._lines = io.StringIO(text, newline="")
        self._since: list[str] = []

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self._since.append(line)
        return line

    def taken(self) -> str:
        told, self._since = "".join(self._since), []
        return told


def header(text: str) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(text, newline="")), [])
    except csv.Error:
        return []


def letters(column: int) -> str:
    """The letters of a column, counted from 1."""
    named = ""
    while column > 0:
        column, left = divmod(column - 1, 26)
        named = chr(ord("A") + left) + named
    return named
