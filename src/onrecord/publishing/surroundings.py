"""How far the words around a passage may reach: never into words that are closed, and never cutting a word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Fields = Mapping[str, Any]


def clear(
    layer: str, here: Fields, span: tuple[int, int], withheld: Iterable[Fields], reach: int
) -> tuple[int, int]:
    """Where the context of the words at `span` begins and ends; `withheld` are closed passages of the same item."""
    start, end = span
    low, high = max(0, start - reach), min(len(layer), end + reach)
    for first, last in (place for closed in withheld for place in places(closed, here, layer, low, high)):
        if first < start and last > low:
            low = min(last, start)
        if last > end and first < high:
            high = max(first, end)
    return _word_begins(layer, low, start), _word_ends(layer, end, high)


def places(closed: Fields, here: Fields, layer: str, low: int, high: int) -> Iterator[tuple[int, int]]:
    """Where the words of another passage stand near the passage `here`: at their offsets in this layer, or found again where those count in another."""
    start, end, quote = closed.get("start"), closed.get("end"), closed.get("quote")
    if closed.get("layer") == here.get("layer") and isinstance(start, int) and isinstance(end, int):
        yield start, end
    elif isinstance(quote, str) and quote:
        at = layer.find(quote, max(0, low - len(quote)))
        while at != -1 and at < high:
            yield at, at + len(quote)
            at = layer.find(quote, at + 1)


def _word_begins(layer: str, low: int, start: int) -> int:
    at = low
    while 0 < at < start and not layer[at - 1].isspace():
        at += 1
    return at


def _word_ends(layer: str, end: int, high: int) -> int:
    at = high
    while end < at < len(layer) and not layer[at].isspace():
        at -= 1
    return at
