"""One message of a chat as its export tells it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

# Marks of direction, which exports put around names, dates and notices; nobody wrote or said them.
MARKS = "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"


@dataclass(frozen=True, slots=True)
class Told:
    """`start` and `end` are in code points of the text; `sender` and `time` are as written, None where there is none.

    `left_out` says that something was sent with it that the export does not hold.
    """

    start: int
    end: int
    sender: str | None
    time: str | None
    attachments: tuple[str, ...] = ()
    left_out: bool = False


Finder = Callable[[str], Iterator[Told]]


def unmarked(text: str) -> str:
    """Without marks of direction and white space around it."""
    return text.strip(MARKS + " \t\n\u00a0\u202f")


def trimmed(text: str, start: int, end: int) -> int:
    """Where the text from `start` ends, without the white space at its end."""
    return start + len(text[start:end].rstrip())
