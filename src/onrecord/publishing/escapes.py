"""Names that an address, a page or a program wrote in signs: %D7%93, &#1491;, \\u05d3 and xn-- read as letters.

A browser or a search engine turns these back, so a name in them is a name.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

_ESCAPES = re.compile(
    r"(?P<address>(?:%[0-9A-Fa-f]{2})+)"
    r"|(?P<page>&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]{2,31});)"
    r"|(?P<program>(?:\\u[0-9A-Fa-f]{4})+)"
    r"|(?P<host>\bxn--[A-Za-z0-9-]+)"
)
_MOST_TIMES = 3


@dataclass(frozen=True, slots=True)
class Unescaped:
    """A text with its signs read as letters; its character `i` came from `[starts[i]:ends[i]]` of the original."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The place in the original of `text[start:end]`, which must not be empty."""
        return self.starts[start], self.ends[end - 1]


def unescaped(text: str) -> Unescaped | None:
    """The text as it reads, also where it was escaped twice; None where nothing in it is escaped."""
    read: Unescaped | None = None
    for _ in range(_MOST_TIMES):
        again = _once(read.text if read else text)
        if again is None:
            break
        read = _through(read, again)
    return read


def _once(text: str) -> Unescaped | None:
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    for match in _ESCAPES.finditer(text):
        letters = _letters(match)
        if letters == match.group():
            continue
        begin, end = match.span()
        pieces += [text[at:begin], letters]
        starts += [*range(at, begin), *([begin] * len(letters))]
        ends += [*range(at + 1, begin + 1), *([end] * len(letters))]
        at = end
    if not pieces:
        return None
    starts += range(at, len(text))
    ends += range(at + 1, len(text) + 1)
    return Unescaped("".join([*pieces, text[at:]]), starts, ends)


def _through(first: Unescaped | None, second: Unescaped) -> Unescaped:
    if first is None:
        return second
    spans = list(_spans(first, second))
    return Unescaped(second.text, [start for start, _ in spans], [end for _, end in spans])


def _spans(first: Unescaped, second: Unescaped) -> Iterator[tuple[int, int]]:
    for start, end in zip(second.starts, second.ends, strict=True):
        yield first.span(start, end)


def _letters(match: re.Match[str]) -> str:
    """What the signs stand for, or the signs themselves where they stand for nothing."""
    signs = match.group()
    if match.lastgroup == "address":
        return _of_bytes(unquote_to_bytes(signs))
    if match.lastgroup == "page":
        return html.unescape(signs)
    if match.lastgroup == "program":
        units = bytes.fromhex(signs.replace("\\u", ""))
        return units.decode("utf-16-be", "replace")
    try:
        return signs[4:].encode("ascii").decode("punycode")
    except UnicodeError:
        return signs


def _of_bytes(written: bytes) -> str:
    """UTF-8; in older addresses the letters of Windows."""
    try:
        return written.decode("utf-8")
    except UnicodeDecodeError:
        return written.decode("cp1256", "replace")
