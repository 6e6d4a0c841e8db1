"""Plain text: decoded, line ends as LF, and nothing else changed. Its parts are paragraphs between blank lines."""

from __future__ import annotations

import re
from collections.abc import Iterator

from onrecord.intake.encoding import Decoded, decode
from onrecord.intake.reading import LARGEST_TEXT_BYTES, Reading, Segment, Source

ENGINE, VERSION = "onrecord plain text", "1"
_BLANK_LINES = re.compile(r"\n[^\S\n]*+\n\s*+")


def read(source: Source) -> Iterator[Reading]:
    """A `Reader` of text that is as it stands."""
    if source.size > LARGEST_TEXT_BYTES:
        why = f"no text layer for text of more than {LARGEST_TEXT_BYTES // 2**20} MB"
        yield Reading(None, ENGINE, VERSION, why_none=why)
    else:
        yield read_plain(source.file.read(), source.encoding)


def read_plain(content: bytes, encoding: str | None = None) -> Reading:
    """The layer of a plain text file. Redoing it takes its bytes and the `encoding` among the parameters."""
    decoded = decode(content, chosen=encoding)
    if decoded.text is None:
        return Reading(None, ENGINE, VERSION, why_none="; ".join(decoded.notes))
    text = with_line_feeds(decoded.text)
    segments = tuple(Segment(start, end) for start, end in paragraphs(text))
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
