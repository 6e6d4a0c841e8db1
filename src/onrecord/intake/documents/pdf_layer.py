"""Putting a document's lines together into one text: lines below each other, paragraphs and pages with an empty line between."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from onrecord.intake.documents.pdf_extra import Extra
from onrecord.intake.documents.pdf_line import Line
from onrecord.intake.documents.pdf_place import Shown
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
        regions = shown.regions([line.box for line in lines])
        for (text, _), region, begins in zip(lines, regions, _begins_paragraph(lines), strict=True):
            about = {"page": page} if region is None else {"page": page, "region": region}
            self._add(text, "line", about, "\n\n" if begins else "\n")
            letters += len(text)
            if not text.isascii():
                unknown += len(_UNKNOWN.findall(text))
        return unknown > _MANY_UNKNOWN * letters

    def add_extras(self, page: int, extras: Iterable[Extra], shown: Shown) -> None:
        """Add what stands on a page without being printed on it: notes, and what is filled in."""
        for extra in extras:
            region = shown.region(extra.box)
            about = {"page": page} if region is None else {"page": page, "region": region}
            self._add(extra.text, extra.kind, about, "\n\n")

    def finished(self) -> tuple[str, tuple[Segment, ...]]:
        return "".join(self._parts), tuple(self._segments)

    def _add(self, text: str, kind: str, about: Mapping[str, Any], between: str) -> None:
        start = self.length
        if start:
            self._parts.append(between)
            start += len(between)
        self._parts.append(text)
        self.length = start + len(text)
        self._segments.append(Segment(start, self.length, kind, None, None, about))


def _begins_paragraph(lines: Sequence[Line]) -> list[bool]:
    """Whether each line begins a paragraph: the page's first, and one much farther below the line before than is usual, or above."""
    heights = [box[1] + box[3] if box else None for _, box in lines]
    steps = [
        0.0 if one is None or next_one is None else one - next_one for one, next_one in pairwise(heights)
    ]
    downwards = sorted(step for step in steps if step > 2)
    usual = downwards[(len(downwards) - 1) // 2] if downwards else 0.0
    most = _FARTHER * usual
    return [True, *(step < -usual or step > most for step in steps)] if lines else []
