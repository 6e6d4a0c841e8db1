"""Text set in columns of terminal cells: wrapped by words, in its own direction. Expects text that was cleaned."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from wcwidth import wcswidth, wcwidth

from onrecord.cli.terminal.clean import (
    END,
    LEFT_TO_RIGHT,
    RIGHT_TO_LEFT,
    balanced,
    has_right_to_left,
    runs_right_to_left,
)

SPINE = " │ "
# A left-to-right mark on each side keeps two right-to-left columns from changing places.
MARKED_SPINE = "\u200e │ \u200e"


def cells(text: str) -> int:
    """How many terminal cells the text takes; combining marks and direction marks take none."""
    return max(wcswidth(text), 0)


def wrapped(text: str, width: int) -> list[str]:
    """Break into lines of at most `width` cells, between words; only a longer word is broken inside."""
    return [line for paragraph in text.split("\n") for line in _wrapped_paragraph(paragraph, max(width, 1))]


def cut(text: str, width: int) -> str:
    """The text on one line, shortened to `width` cells with an ellipsis."""
    if cells(text) <= width:
        return text
    kept = next(_pieces(text, max(width - 1, 1)))
    return (kept if cells(kept) < width else "") + "…"


def set_in(text: str, width: int, indent: int = 0) -> list[str]:
    """Wrap and fill lines to exactly `width` cells: right-to-left text stands at the right edge."""
    leftward = runs_right_to_left(text)
    return [_placed(line, width, indent, leftward) for line in wrapped(text, width - indent)]


def noted(text: str, width: int, indent: int = 0) -> list[str]:
    """Wrap and fill a line of our own, which runs left to right and may hold isolated names."""
    return [_filled(line, width, indent) for line in balanced(wrapped(text, width - indent))]


def side_by_side(columns: Sequence[Sequence[str]], width: int) -> Iterator[str]:
    """Join columns of lines, each line already `width` cells wide."""
    blank = " " * width
    for row in zip_longest(*columns, fillvalue=blank):
        spine = MARKED_SPINE if any(has_right_to_left(cell) for cell in row) else SPINE
        yield spine.join(row).rstrip()


def _placed(line: str, width: int, indent: int, leftward: bool) -> str:
    if leftward:
        space = " " * (width - indent - cells(line))
        return f"{space}{RIGHT_TO_LEFT}{line}{END}{' ' * indent}"
    return _filled(f"{LEFT_TO_RIGHT}{line}{END}" if has_right_to_left(line) else line, width, indent)


def _filled(line: str, width: int, indent: int) -> str:
    return f"{' ' * indent}{line}{' ' * (width - indent - cells(line))}"


def _wrapped_paragraph(paragraph: str, width: int) -> Iterator[str]:
    line = ""
    for word in paragraph.split():
        for piece in _pieces(word, width):
            joined = f"{line} {piece}" if line else piece
            if cells(joined) > width:
                yield line
                line = piece
            else:
                line = joined
    yield line


def _pieces(word: str, width: int) -> Iterator[str]:
    if cells(word) <= width:
        yield word
        return
    piece, taken = "", 0
    for character in word:
        needs = max(wcwidth(character), 0)
        if piece and taken + needs > width:
            yield piece
            piece, taken = "", 0
        piece, taken = piece + character, taken + needs
    yield piece
