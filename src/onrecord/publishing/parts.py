"""The parts of a text layer, as far as a page has to know them: where a place stands, and how far its surroundings reach.

A neighbouring message, mail header or row of a sheet is somebody else's, who was not asked when this one was.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from onrecord.store.layers import Layers

Segment = Mapping[str, Any]
_BY_THEMSELVES = ("message", "header")
_CELLS = "row"
_AFTER_A_SENDER = ":\u200e\u200f \n\t"


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of layers, each layer's looked up once."""

    layers: Layers
    _known: dict[str, list[Segment]] = field(default_factory=dict)

    def number(self, layer: str, at: int, kind: str | None = None) -> int | None:
        """Which part of a layer a place stands in, counted from 1; with a kind, which message of the messages."""
        before = bisect_right(self._of(layer), at, key=_start)
        if kind == "message":
            return sum(part.get("kind") == kind for part in self._of(layer)[:before]) or None
        return before or None

    def met(self, layer: str, start: int, end: int) -> list[Segment]:
        """The parts that a passage stands in."""
        return [part for part in self._of(layer) if part["start"] < end and start < part["end"]]

    def reach(self, layer: str, text: str, start: int, end: int) -> tuple[int, int]:
        """How far the words around a passage may reach at the most. Where the parts are not known here, nowhere."""
        met = self.met(layer, start, end)
        kinds = {part.get("kind") for part in met}
        if not met or _CELLS in kinds:
            return start, end
        if kinds.isdisjoint(_BY_THEMSELVES):
            return 0, len(text)
        return min(start, _said_from(met[0], text, start)), max(end, met[-1]["end"])

    def _of(self, layer: str) -> list[Segment]:
        if layer not in self._known:
            self._known[layer] = list(self.layers.segments(layer))
        return self._known[layer]


def _start(part: Segment) -> int:
    return int(part["start"])


def _said_from(part: Segment, text: str, start: int) -> int:
    """Where the words of a message begin: after the time and the sender that the program wrote before them."""
    sender = part.get("sender")
    at = text.find(str(sender), part["start"], start) if sender else -1
    if at == -1:
        return start if sender else int(part["start"])
    after = at + len(str(sender))
    while after < start and text[after] in _AFTER_A_SENDER:
        after += 1
    return after
