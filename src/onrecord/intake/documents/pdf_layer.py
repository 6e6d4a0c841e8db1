"""Putting a document's lines together into one text: lines below each other, paragraphs and pages with an empty line between."""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from onrecord.intake.documents.pdf_extra import Extra
from onrecord.intake.documents.pdf_line import Line
from onrecord.intake.documents.pdf_place import Box, Shown
from onrecord.intake.reading import Segment

_FARTHER = 1.5
_UNKNOWN = re.compile("[\ue000-\uf8ff\ufffd]")
_MANY_UNKNOWN = 0.1


class LayerText:
    """The text so far and its segments."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._segments: list[Segment] = []
        self.length = 0

    def add_page(self, page: int, lines: Sequence[Line], shown: Shown) -> bool:
        """Add a page's lines; whether many of their letters are unknown."""
        unknown = letters = 0
        for line, begins in zip(lines, _begins_paragraph(lines), strict=True):
            self._add(line.text, "line", _about(page, line.box, shown), "\n\n" if begins else "\n")
            if not line.text.isascii():
                unknown += len(_UNKNOWN.findall(line.text))
            letters += len(line.text)
        return unknown > _MANY_UNKNOWN * letters

    def add_extras(self, page: int, extras: Iterable[Extra], shown: Shown) -> None:
        """Add what stands on a page without being printed on it: notes, and what is filled in."""
        for extra in extras:
            self._add(extra.text, extra.kind, _about(page, extra.box, shown), "\n\n")

    def finished(self) -> tuple[str, tuple[Segment, ...]]:
        return "".join(self._parts), tuple(self._segments)

    def _add(self, text: str, kind: str, about: Mapping[str, Any], between: str) -> None:
        if self._parts:
            self._parts.append(between)
            self.length += len(between)
        start = self.length
        self._parts.append(text)
        self.length += len(text)
        self._segments.append(Segment(start, self.length, kind, about=about))


def _about(page: int, box: Box | None, shown: Shown) -> dict[str, Any]:
    region = shown.region(box) if box else None
    return {"page": page} if region is None else {"page": page, "region": region}


def _begins_paragraph(lines: Sequence[Line]) -> Iterator[bool]:
    """Whether each line begins a paragraph: the page's first, and one much farther below the line before than is usual, or above."""
    middles = [None if line.box is None else (line.box[1] + line.box[3]) / 2 for line in lines]
    steps = [0.0 if a is None or b is None else a - b for a, b in pairwise(middles)]
    downwards = [step for step in steps if step > 1]
    usual = statistics.median_low(downwards) if downwards else 0.0
    for number in range(len(lines)):
        step = steps[number - 1] if number else 0.0
        yield number == 0 or step < -usual or step > _FARTHER * usual
