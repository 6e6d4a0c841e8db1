"""The layer of a document as it is read: its paragraphs and table rows in order, and what stands beside them after them.

Words that a document holds and does not show in its text (deleted, hidden, remarked) each become a part of their own
behind a label that is no part of it, with `at`, the place in the text they belong to.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from onrecord.intake.reading import LARGEST_TEXT_BYTES, Segment

# Stands in a text for a place that something belongs to; no document's own text can hold it.
_MARK = "\0"
_SPACES = re.compile(r"[\t\n\r\v\f]+")
_ORDER = ("header", "footer", "footnote", "endnote", "comment", "deleted", "moved away", "hidden")
_BESIDE_NOTES = (
    ("deleted", "passages that were deleted with changes tracked stand after the text"),
    ("moved away", "passages that were moved elsewhere stand after the text as they were"),
    ("hidden", "passages of hidden text stand after the text"),
)
_DEEPEST_ASIDE = 20
Key = tuple[str, str]


@dataclass(slots=True)
class _Words:
    """Text with marks in it, and what each mark stands for, in order."""

    parts: list[str] = field(default_factory=list)
    marks: list[Key] = field(default_factory=list)

    def take(self, other: _Words, between: str) -> None:
        if self.parts and other.parts:
            self.parts.append(between)
        self.parts += other.parts
        self.marks += other.marks


@dataclass(slots=True)
class _Block:
    words: _Words
    kind: str
    about: dict[str, Any] = field(default_factory=dict)
    key: Key | None = None
    continues_table: bool = False


@dataclass(slots=True)
class _Place:
    """The text, or something beside it such as a footnote: what is open there. A table in a cell is one with the cell."""

    kind: str | None = None
    about: dict[str, Any] = field(default_factory=dict)
    key: Key | None = None
    blocks: list[_Block] = field(default_factory=list)
    words: _Words = field(default_factory=_Words)
    paragraph: str = "paragraph"
    tables: int = 0
    rows: int = 0
    cells: list[_Words] = field(default_factory=list)
    cell: _Words = field(default_factory=_Words)


@dataclass(slots=True)
class Flow:
    """What a reader tells as it walks through a document. `full` says that no more is taken."""

    full: bool = False
    largest: int = LARGEST_TEXT_BYTES
    counts: Counter[str] = field(default_factory=Counter)
    _places: list[_Place] = field(default_factory=lambda: [_Place()])
    _beside: list[_Block] = field(default_factory=list)
    _apart: _Block | None = None
    _spans: dict[Key, tuple[Key, Mapping[str, str]]] = field(default_factory=dict)
    _size: int = 0

    @property
    def _here(self) -> _Place:
        return self._places[-1]

    def begin_paragraph(self, kind: str = "paragraph") -> None:
        self.end_paragraph()
        self._here.paragraph = kind

    def call(self, kind: str) -> None:
        """Say of which kind the open paragraph is, where that shows only after its beginning."""
        self._here.paragraph = kind

    def words(self, text: str) -> None:
        if text and not self._is_full(text):
            self._end_apart()
            self._here.words.parts.append(_clean(text))

    def end_paragraph(self) -> None:
        self._end_apart()
        here = self._here
        words, here.words = here.words, _Words()
        if here.rows:
            here.cell.take(words, " ")
        elif words.parts or words.marks:
            here.blocks.append(_Block(words, here.kind or here.paragraph, dict(here.about), here.key))
        here.paragraph = "paragraph"

    def begin_table(self) -> None:
        self.end_paragraph()
        self._here.tables += 1

    def begin_row(self) -> None:
        self.end_paragraph()
        self._here.rows += 1

    def end_cell(self) -> None:
        self.end_paragraph()
        here = self._here
        if here.rows == 1:
            here.cells.append(here.cell)
            here.cell = _Words()

    def end_row(self) -> None:
        self.end_paragraph()
        here = self._here
        if here.rows == 1:
            if here.cell.parts or here.cell.marks:
                self.end_cell()
            self._add_row(here)
        here.rows = max(0, here.rows - 1)

    def end_table(self) -> None:
        here = self._here
        here.tables = max(0, here.tables - 1)
        if here.tables == 0 and here.blocks:
            here.blocks.append(_Block(_Words(), ""))

    def _add_row(self, here: _Place) -> None:
        row = _Words()
        for place, cell in enumerate(here.cells):
            row.parts.append("\t" if place else "")
            row.parts.append(_SPACES.sub(" ", "".join(cell.parts)))
            row.marks += cell.marks
        here.cells = []
        text = "".join(row.parts)
        if text.replace(_MARK, "").strip():
            row.parts = [text.rstrip("\t")]
            follows = bool(here.blocks) and here.blocks[-1].kind == "row"
            here.blocks.append(_Block(row, "row", dict(here.about), here.key, follows))

    def begin_beside(self, kind: str, key: str = "", **about: str | None) -> None:
        """Begin something beside the text; `key` is how a place in the text names it."""
        if len(self._places) < _DEEPEST_ASIDE:
            self._end_apart()
            told = {name: value[:500] for name, value in about.items() if value}
            self._places.append(_Place(kind, told, (kind, key) if key else None))
        else:
            self.begin_paragraph()
            self._places.append(self._here)

    def tell(self, **about: str) -> None:
        """Say more of what is open beside the text, where that shows only after its beginning."""
        if len(self._places) > 1:
            self._here.about.update((name, value[:500]) for name, value in about.items() if value)

    def end_beside(self) -> None:
        self.end_paragraph()
        if len(self._places) == 1:
            return
        place = self._places.pop()
        if place is self._here:
            return
        if place.kind == "text box":
            self._here.blocks += _close(place)
        else:
            self._beside += _close(place)

    def refer(self, kind: str, key: str) -> None:
        """Here stands the sign of something beside the text."""
        self._mark((kind, key))

    def apart(self, kind: str, text: str, **about: str | None) -> None:
        """Words of the file at this place that it does not show: deleted, hidden, moved away."""
        told = {name: value[:500] for name, value in about.items() if value}
        if not text or self._is_full(text):
            return
        if self._apart is None or self._apart.kind != kind or self._apart.about != told:
            self._end_apart()
            key = (kind, f"\0{len(self._beside)}")
            self._mark(key)
            self._apart = _Block(_Words(), kind, told, key)
        self._apart.words.parts.append(_clean(text))

    def begin_span(self, kind: str, **about: str | None) -> Key:
        """Words from here to `end_span` are shown, and something is said of them: that they were inserted, and by whom."""
        key = (kind, f"\0{len(self._spans)}")
        self._spans[key] = (
            (kind, key[1] + "\0"),
            {name: value[:500] for name, value in about.items() if value},
        )
        self._mark(key)
        return key

    def end_span(self, key: Key) -> None:
        self._mark(self._spans[key][0])

    def _mark(self, key: Key) -> None:
        if not self._is_full(_MARK):
            self._here.words.parts.append(_MARK)
            self._here.words.marks.append(key)

    def _end_apart(self) -> None:
        if self._apart is not None:
            self._beside.append(self._apart)
            self._apart = None

    def _is_full(self, text: str) -> bool:
        self._size += len(text) if text.isascii() else len(text.encode("utf-8", "replace"))
        self.full = self.full or self._size > self.largest
        return self.full

    def notes(self) -> Iterator[str]:
        """What a person should know of the layer, once it is composed."""
        if self.full:
            yield "it is too long: the rest of it is not read"
        for kind, words in _BESIDE_NOTES:
            if self.counts[kind]:
                yield f"{words}: {self.counts[kind]:,}"

    def composed(self) -> tuple[str, tuple[Segment, ...]]:
        """The layer and its parts: the text first, then what stands beside it, kind by kind."""
        while len(self._places) > 1:
            self.end_beside()
        self.end_row()
        order = {kind: place for place, kind in enumerate(_ORDER)}
        beside = sorted(self._beside, key=lambda block: order.get(block.kind, len(order)))
        self.counts.update(_named(beside))
        laid = _Laid(self._spans)
        for block in _close(self._here):
            laid.add(block)
        for block in beside:
            laid.add(block, f"{block.kind}: ")
        return "".join(laid.parts), tuple(laid.segments)


def _clean(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
    return text.replace(_MARK, "\ufffd")


def _close(place: _Place) -> list[_Block]:
    return [block for block in place.blocks if block.words.parts or block.words.marks]


def _named(blocks: list[_Block]) -> Counter[str]:
    return Counter(block.kind for block in blocks if "".join(block.words.parts).replace(_MARK, "").strip())


@dataclass(slots=True)
class _Laid:
    """Blocks put one after the other, with every mark's place in the whole."""

    spans: Mapping[Key, tuple[Key, Mapping[str, str]]]
    parts: list[str] = field(default_factory=list)
    segments: list[Segment] = field(default_factory=list)
    places: dict[Key, int] = field(default_factory=dict)
    length: int = 0

    def add(self, block: _Block, label: str = "") -> None:
        pieces = "".join(block.words.parts).split(_MARK)
        text = "".join(pieces)
        before = ("" if not self.parts else "\n" if block.continues_table else "\n\n") + label
        left = len(text) - len(text.lstrip("\n\r")) if text.strip() else len(text)
        words = text.strip("\n\r") if text.strip() else ""
        start = self.length + (len(before) if words else 0)
        self._place(block.words.marks, pieces, start - left, start, start + len(words))
        if words:
            self.parts += (before, words)
            self.length = start + len(words)
            self.segments.append(Segment(start, self.length, block.kind, about=self._about(block)))

    def _place(self, marks: list[Key], pieces: list[str], at: int, first: int, last: int) -> None:
        for key, piece in zip(marks, pieces, strict=False):
            at += len(piece)
            self.places.setdefault(key, min(max(at, first), last))

    def _about(self, block: _Block) -> dict[str, Any]:
        about = dict(block.about)
        if block.key in self.places:
            about["at"] = self.places[block.key]
        for key in block.words.marks:
            if key in self.spans:
                end, told = self.spans[key]
                place = [self.places[key], self.places.get(end, self.places[key])]
                about.setdefault(key[0], []).append({"place": place, **told})
        return about
