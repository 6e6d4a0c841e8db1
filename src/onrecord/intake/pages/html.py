"""A saved web page by itself: a `Reader` over the walk through its source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from onrecord.intake.encoding import decode
from onrecord.intake.pages.main_text import Trafilatura
from onrecord.intake.pages.page import WalkingReader, declared_encoding, read_page
from onrecord.intake.pages.stated import stated
from onrecord.intake.plain import beginning_of
from onrecord.intake.reading import Reading, Source

WARM_UP = b"<p>Load every module that reading needs, as none can be loaded later.</p>" * 9
_WITH_MAIN_TEXT, _WITHOUT = WalkingReader(Trafilatura()), WalkingReader(None)


def read(source: Source) -> Iterator[Reading]:
    """`{"main text": "no"}` among the pieces leaves the foreign engine out, as where it ended the process once."""
    content, notes = beginning_of(source)
    reading = read_stated(content, source.encoding, source.pieces.get("main text") != "no")
    yield replace(reading, notes=(*reading.notes, *notes)) if notes else reading


def read_stated(
    content: bytes, encoding: str | None = None, with_main_text: bool = True, declared: str | None = None
) -> Reading:
    """The layer of a page, and what the page states of itself. `declared` is what its server said of its encoding."""
    chosen = encoding or _fitting(content, declared)
    reading = read_page(content, _WITH_MAIN_TEXT if with_main_text else _WITHOUT, chosen)
    if not with_main_text:
        note = "the main text was not told apart: the engine for it failed on this page, or was not wanted"
        reading = replace(reading, notes=(*reading.notes, note))
    decoded = decode(content, declared=declared_encoding(content), chosen=chosen)
    return reading if decoded.text is None else replace(reading, observations=stated(decoded.text))


def _fitting(content: bytes, declared: str | None) -> str | None:
    """The encoding as which a page reads that its server's label is the only hint to."""
    if not declared or declared_encoding(content):
        return None
    return decode(content, declared=declared).encoding
