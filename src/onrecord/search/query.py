"""Answering a search: newest first, each hit at its exact place in the original's text."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from onrecord.text.index import find, match_query

_HITS = (
    "SELECT paragraph.thing, entry, layer, start, at, length FROM words JOIN paragraph ON paragraph.row = words.rowid"
    " WHERE words MATCH ? ORDER BY words.rowid DESC"
)
_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Hit:
    """Words that match, in an item's layer or (`layer` None) in a thing's own words. Code point offsets."""

    thing: str
    layer: str | None
    start: int
    end: int
    exact: str


def search(
    connection: sqlite3.Connection,
    query: str,
    layer_part: Callable[[str, int, int], str],
    own_words: Callable[[int], str],
) -> Iterator[Hit]:
    """Hits, newest paragraph first. `own_words` gives the joined words of the version that an entry states."""
    match = match_query(query)
    if not match:
        return
    for thing, entry, layer, start, at, length in connection.execute(_HITS, (match,)):
        text = own_words(entry) if layer is None else layer_part(layer, at, length)
        for first, last in find(query, text) or [(0, min(len(text), _SHOWN))]:
            yield Hit(thing, layer, start + first, start + last, text[first:last])
