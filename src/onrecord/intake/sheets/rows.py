"""The layer of sheets as it grows: a line a row, cells with tabs between, an empty line between sheets. It is bounded."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from onrecord.intake.reading import LARGEST_TEXT_BYTES, MOST_SEGMENTS, Segment
from onrecord.intake.sheets.cells import letters_of

MOST_ROWS = 1_048_576
# Short strings take more memory than their characters, so they are joined now and then.
_FEW = 20_000
_BREAKS = re.compile(r"\r\n|[\t\n\r]")
_SPOILT = re.compile("[\0\ud800-\udfff]")


@dataclass(slots=True)
class Rows:
    """Rows as they are met. `full` says that no more may be added; `sheet` is None where a file has no sheets."""

    sheet: str | None = None
    full: bool = False
    largest: int = LARGEST_TEXT_BYTES
    _joined: list[str] = field(default_factory=list)
    _parts: list[str] = field(default_factory=list)
    _segments: list[Segment] = field(default_factory=list)
    _length: int = 0
    _bytes: int = 0
    _between: str = ""

    @property
    def text(self) -> str:
        return "".join([*self._joined, *self._parts])

    @property
    def segments(self) -> tuple[Segment, ...]:
        return tuple(self._segments)

    def begin(self, sheet: str | None) -> None:
        self.sheet = sheet
        self._between = "\n\n" if self._segments else ""

    def add(
        self, row: int, cells: Sequence[str], raw: Mapping[str, str] = {}, **more: Mapping[str, str] | bool
    ) -> None:
        """One row. `raw` has the kept values, by column letter, of the cells that show something else."""
        line = "\t".join(cells)
        if line.count("\t") >= max(1, len(cells)) or "\n" in line or "\r" in line:
            cells, raw = _on_one_line(cells, raw)
            line = "\t".join(cells)
        line = line.rstrip("\t")
        if not line:
            return
        about: dict[str, Any] = {"row": row}
        if self.sheet is not None:
            about["sheet"] = self.sheet
        if raw:
            about["raw"] = dict(raw)
        about.update((name, value) for name, value in more.items() if value)
        self._put(line, "row", about)

    def remark(self, label: str, words: str, kind: str, about: Mapping[str, Any]) -> None:
        """Something said about the sheet, such as a comment on a cell: on lines of its own, after its label."""
        words = _SPOILT.sub("\ufffd", words.replace("\r\n", "\n").replace("\r", "\n")).strip()
        if words:
            self._between = "\n\n" if self._segments else ""
            self._put(words, kind, {**about, **({"sheet": self.sheet} if self.sheet else {})}, f"{label}: ")
            self._between = "\n\n"

    def _put(self, line: str, kind: str, about: dict[str, Any], label: str = "") -> None:
        before = self._between + label
        self._bytes += len(before) + (len(line) if line.isascii() else len(line.encode("utf-8")))
        if self.full or self._bytes > self.largest or len(self._segments) >= MOST_SEGMENTS:
            self.full = True
            return
        start = self._length + len(before)
        self._length = start + len(line)
        self._parts += (before, line)
        if len(self._parts) > _FEW:
            self._joined, self._parts = [*self._joined, "".join(self._parts)], []
        self._segments.append(Segment(start, self._length, kind, about=about))
        self._between = "\n"


def _on_one_line(cells: Sequence[str], raw: Mapping[str, str]) -> tuple[list[str], dict[str, str]]:
    """Tabs and line ends inside a cell stand as one space each, and what is kept for it says how it was written."""
    kept = dict(raw)
    shown = []
    for place, cell in enumerate(cells):
        line = _BREAKS.sub(" ", cell)
        if line != cell:
            kept.setdefault(letters_of(place), cell)
        shown.append(line)
    return shown, kept
