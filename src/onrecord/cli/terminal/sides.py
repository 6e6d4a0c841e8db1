"""Sides set beside each other where the terminal is wide, and in turn where it is narrow. None is ever left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from onrecord.cli.terminal.clean import clean_line
from onrecord.cli.terminal.columns import SPINE, cells, noted, set_in, side_by_side
from onrecord.cli.terminal.page import PROSE_WIDTH, Page

WIDE = 100
NARROWEST_COLUMN = 40
INDENT = 2

Block = Callable[[int], list[str]]
"""Lines, each filled to the width asked for."""


@dataclass(frozen=True, slots=True)
class Sides:
    """How the sides of one event share the page. `whole`: none that somebody here sits on is left out."""

    page: Page
    names: tuple[str, ...]
    whole: bool = True

    def elsewhere(self, text: str) -> str:
        """What those are called who sit on no side that is shown, put into the text."""
        return text.format("speakers on no side" if self.whole else "speakers on no side shown here")

    @property
    def column(self) -> int:
        """The width of one side."""
        count = max(len(self.names), 1)
        return (self.page.width - cells(SPINE) * (count - 1)) // count

    @property
    def in_columns(self) -> bool:
        return len(self.names) > 1 and self.page.width >= WIDE and self.column >= NARROWEST_COLUMN

    def headings(self, below: Sequence[str]) -> None:
        """The sides' names, each over a line of its own; in turn, the names come with what they head."""
        if not self.in_columns:
            return
        blocks = [self._heading(name, said) for name, said in zip(self.names, below, strict=True)]
        self.page.lines(side_by_side([block(self.column) for block in blocks], self.column))
        self.page.line("─┼─".join("─" * self.column for _ in self.names))

    def flow(self, told: Sequence[Sequence[Block]]) -> None:
        """Each side's blocks run down its own column; in turn, the first of every side, then the second."""
        if self.in_columns:
            blank = " " * self.column
            columns = [
                [line for block in blocks for line in (blank, *block(self.column))][1:] for blocks in told
            ]
            self.page.lines(side_by_side(columns, self.column))
            return
        for number, row in enumerate(zip_longest(*told)):
            for name, block in zip(self.names, row, strict=True):
                if block is not None:
                    self.page.lines([""] if number or name != self.names[0] else [])
                    self._in_turn(name, block, 0)

    def row(self, blocks: Sequence[Block | None], indent: int = 0) -> None:
        """One block for each side. A side without one stays empty in its column, and is passed over in turn.

        `indent` is how far a side's name stands in, where the sides take turns.
        """
        if self.in_columns:
            blank: Block = lambda width: [" " * width]  # noqa: E731
            lines = [(block or blank)(self.column) for block in blocks]
            self.page.lines(side_by_side(lines, self.column))
            return
        for name, block in zip(self.names, blocks, strict=True):
            if block is not None:
                self._in_turn(name, block, indent)

    def _heading(self, name: str, below: str) -> Block:
        def lines(width: int) -> list[str]:
            named = [self.page.bold(line) for line in set_in(clean_line(name), width)]
            return [*named, *(self.page.dim(line) for line in noted(below, width))]

        return lines

    def _in_turn(self, name: str, block: Block, indent: int) -> None:
        inner = indent + INDENT
        self.page.line(" " * indent + self.page.dim(self.page.shown(name)))
        lines = block(min(self.page.width, PROSE_WIDTH) - inner)
        self.page.lines((" " * inner + line).rstrip() for line in lines)


def stacked(blocks: Sequence[Block]) -> Block:
    """Blocks one under the other, as one."""
    return lambda width: [line for block in blocks for line in block(width)]


def words(text: str, indent: int = 0, style: Callable[[str], str] = str) -> Block:
    """Words from an original, in their own direction, as a block."""

    def lines(width: int) -> list[str]:
        return [style(line) for line in set_in(clean_line(text), width, indent)]

    return lines


def note(text: str, indent: int = 0, style: Callable[[str], str] = str) -> Block:
    """A line of ours about the words, as a block. Untrusted text inside it has passed `shown`."""
    return lambda width: [style(line) for line in noted(text, width, indent)]
