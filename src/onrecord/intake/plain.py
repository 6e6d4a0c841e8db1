"""Plain text: decoded, line ends as LF, and nothing else changed. Its parts are paragraphs between blank lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from onrecord.intake.encoding import Decoded, decode
from onrecord.intake.reading import LARGEST_TEXT_BYTES, MOST_SEGMENTS, Reading, Segment, Source

ENGINE, VERSION = "onrecord plain text", "1"
_BLANK_LINES = re.compile(r"\n[^\S\n]*+\n\s*+")


def read(source: Source) -> Iterator[Reading]:
    """A `Reader` of text that is as it stands."""
    content, notes = beginning_of(source)
    reading = read_plain(content, source.encoding)
    yield replace(reading, notes=(*reading.notes, *notes)) if notes else reading


def beginning_of(source: Source) -> tuple[bytes, tuple[str, ...]]:
    """As much of a text as is read, ending with a line where it can, and what a person should know where it is not all."""
    content = source.file.read(LARGEST_TEXT_BYTES + 1)
    if len(content) <= LARGEST_TEXT_BYTES:
        return content, ()
    end = content.rfind(b"\n", LARGEST_TEXT_BYTES // 2, LARGEST_TEXT_BYTES) + 1
    end = (end or LARGEST_TEXT_BYTES) // 4 * 4 if b"\0" in content[:4096] else end or _whole(content)
    return content[:end], (f"more than {LARGEST_TEXT_BYTES // 2**20} MB of text: the rest is not read",)


def _whole(content: bytes) -> int:
    """Where the last whole character of UTF-8 ends."""
    end = LARGEST_TEXT_BYTES
    while LARGEST_TEXT_BYTES - end < 4 and content[end] & 0xC0 == 0x80:
        end -= 1
    return end


def read_plain(content: bytes, encoding: str | None = None) -> Reading:
    """The layer of a plain text file. Redoing it takes its bytes and the `encoding` among the parameters."""
    decoded = decode(content, chosen=encoding)
    if decoded.text is None:
        return Reading(None, ENGINE, VERSION, why_none="; ".join(decoded.notes))
    text = with_line_feeds(decoded.text)
    segments = tuple(Segment(start, end) for start, end in islice(paragraphs(text), MOST_SEGMENTS + 1))
    return Reading(text, ENGINE, VERSION, _parameters(decoded), segments, decoded.encoding, decoded.notes)


def with_line_feeds(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Runs of lines between blank lines, in code points, without the white space around them."""
    start = 0
    for blank in _BLANK_LINES.finditer(text):
        yield from _trimmed(text, start, blank.start())
        start = blank.end()
    yield from _trimmed(text, start, len(text))


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    part = text[start:end]
    if words := part.strip():
        begin = start + len(part) - len(part.lstrip())
        yield begin, begin + len(words)


def _parameters(decoded: Decoded) -> dict[str, str]:
    return {"encoding": decoded.encoding or ""}
