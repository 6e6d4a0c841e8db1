"""Words from originals, made safe to show: no escape sequence and no hidden reordering reaches the terminal."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

FIRST_STRONG, LEFT_TO_RIGHT, RIGHT_TO_LEFT, END = "\u2068", "\u2066", "\u2067", "\u2069"

# Control characters except line feed and tab, the bidirectional embeddings, overrides and isolates, line and
# paragraph separators, invisible tags, and halves of characters. Marks that languages need (joiners, U+200E) stay.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f\ud800-\udfff]"
)
_HARMFUL = re.compile(
    "(?!\x1b\\[[012]m)[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\U000e0000-\U000e007f\ud800-\udfff]"
)
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)


def clean(text: str) -> str:
    """Show control and reordering characters as visible escapes. Line feeds and tabs stay."""
    return _UNSAFE.sub(lambda found: _escape(found.group()), text)


def clean_line(text: str) -> str:
    """The same on one line: runs of white space become one space."""
    return clean(" ".join(text.split()))


def isolated(text: str) -> str:
    """Keep right-to-left text from reordering what stands beside it."""
    return f"{FIRST_STRONG}{text}{END}" if has_right_to_left(text) else text


def has_right_to_left(text: str) -> bool:
    """Whether any letter runs from right to left."""
    return _RIGHT_TO_LEFT.search(text) is not None


def runs_right_to_left(text: str) -> bool:
    """Whether the first letter that has a direction runs from right to left (UAX 9, rules P2 and P3)."""
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction in ("L", "R", "AL"):
            return direction != "L"
    return False


def balanced(lines: Iterable[str]) -> Iterator[str]:
    """Close what is isolated at the end of every line, and open it again on the next, where lines were broken."""
    still_open = False
    for line in lines:
        begun = FIRST_STRONG + line if still_open else line
        still_open = begun.count(FIRST_STRONG) > begun.count(END)
        yield begun + END if still_open else begun


def guarded(line: str) -> str:
    """The last look at a line of ours: what could still harm a terminal or reorder what follows is escaped."""
    return _HARMFUL.sub(lambda found: _escape(found.group()), line)


def _escape(character: str) -> str:
    point = ord(character)
    if point < 0x100:
        return f"\\x{point:02x}"
    return f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"
