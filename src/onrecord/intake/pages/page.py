"""Saved web pages: all visible text as one layer, each part with its place in the source, main text told apart."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Protocol

from onrecord.intake.encoding import Decoded, decode
from onrecord.intake.pages.blocks import Block, visible_blocks
from onrecord.intake.pages.main_text import MainText, told_apart, with_headings
from onrecord.intake.reading import MAIN, OUTSIDE, Reading, Segment
from onrecord.record.errors import ReaderFailed

ENGINE, VERSION = "onrecord page", "1"
DEEPEST, LONGEST = 2_000, 4_000_000
_DECLARED = re.compile(
    rb"""<meta[^>]{0,400}?charset\s{0,9}=\s{0,9}["']?\s{0,9}([\w.:-]{1,40})|<\?xml[^>]{0,200}?encoding=["']([\w.:-]{1,40})""",
    re.IGNORECASE,
)
_DECLARED_WITHIN = 4096


@dataclass(frozen=True, slots=True)
class Page:
    """A page's layer and parts. `main_text_by` is the engine that told the main text apart, or None."""

    text: str
    segments: tuple[Segment, ...]
    title: str | None
    main_text_by: str | None
    notes: tuple[str, ...]


class PageReader(Protocol):
    """Reads a page's decoded source. `with_main_text=False` leaves the foreign engine out; the text is the same."""

    def read(self, source: str, with_main_text: bool = True) -> Page:
        """Raises `ReaderFailed` where the page is too much for the reader."""
        ...


class WalkingReader:
    """Reads a page in this process: our own walk for the text, the given engine for what of it is main text, if any."""

    def __init__(self, main_text: MainText | None) -> None:
        self._main_text = main_text

    def read(self, source: str, with_main_text: bool = True) -> Page:
        walked = visible_blocks(source)
        text, segments = _joined(walked.blocks)
        notes = [_not_shown(walked.not_shown)] if walked.not_shown.total() else []
        engine = self._main_text if with_main_text else None
        main, why = _find_main(engine, source, walked.depth) if engine else (None, None)
        if main:
            answers = told_apart([block.text for block in walked.blocks], main)
            answers = with_headings(answers, [block.kind == "heading" for block in walked.blocks])
            segments = [_in_part(segment, inside) for segment, inside in zip(segments, answers, strict=True)]
        elif why:
            notes.append(f"the main text was not told apart: {why}")
        return Page(
            text, tuple(segments), walked.title, engine.name if engine and main else None, tuple(notes)
        )


def _find_main(engine: MainText, source: str, depth: int) -> tuple[str | None, str | None]:
    if depth > DEEPEST:
        return None, f"elements are nested {depth} deep"
    if len(source) > LONGEST:
        return None, f"the page has more than {LONGEST:,} characters"
    try:
        main = engine.of(source)
    except Exception as wrong:  # A foreign parser on foreign input; the text does not depend on it.
        return None, f"{engine.name} failed ({type(wrong).__name__})"
    return main, None if main else f"{engine.name} finds none"


def read_page(content: bytes, reader: PageReader, encoding: str | None = None) -> Reading:
    """The layer of a saved page. Redoing it takes its bytes and the `encoding` among the parameters."""
    decoded = decode(content, declared=declared_encoding(content), chosen=encoding)
    if decoded.text is None:
        return Reading(None, ENGINE, VERSION, why_none="; ".join(decoded.notes))
    try:
        return _as_reading(decoded, reader.read(decoded.text))
    except ReaderFailed as first:
        note = f"the main text was not told apart: the reader failed on it ({first.reason})"
    try:
        return _as_reading(decoded, reader.read(decoded.text, with_main_text=False), note)
    except ReaderFailed as wrong:
        why = f"the reader failed on this: {wrong.reason}"
        return Reading(None, ENGINE, VERSION, encoding=decoded.encoding, notes=decoded.notes, why_none=why)


def declared_encoding(content: bytes) -> str | None:
    """The label in the page's own `<meta>` or XML declaration."""
    found = _DECLARED.search(content[:_DECLARED_WITHIN])
    return (found[1] or found[2]).decode("ascii", "replace") if found else None


def _as_reading(decoded: Decoded, page: Page, *notes: str) -> Reading:
    parameters = {"encoding": decoded.encoding or "", "main text": page.main_text_by or "not told apart"}
    notes = (*decoded.notes, *page.notes, *notes)
    if not page.text:
        why = "the page shows no text"
        return Reading(None, ENGINE, VERSION, parameters, (), decoded.encoding, notes, why, page.title)
    return Reading(
        page.text, ENGINE, VERSION, parameters, page.segments, decoded.encoding, notes, None, page.title
    )


def _joined(blocks: list[Block]) -> tuple[str, list[Segment]]:
    """Blocks with an empty line between them; the rows of one table are lines below each other."""
    parts: list[str] = []
    segments: list[Segment] = []
    at = 0
    for block in blocks:
        between = "" if not parts else "\n" if block.continues_table else "\n\n"
        start = at + len(between)
        at = start + len(block.text)
        parts += (between, block.text)
        segments.append(Segment(start, at, block.kind, (block.start, block.end)))
    return "".join(parts), segments


def _in_part(segment: Segment, inside: bool) -> Segment:
    return Segment(segment.start, segment.end, segment.kind, segment.place, MAIN if inside else OUTSIDE)


def _not_shown(counts: Counter[str]) -> str:
    listed = ", ".join(f"{what}: {number}" for what, number in sorted(counts.items()) if number)
    return f"in the page but not in its text: {listed}"
