"""Keeping the index: one row per paragraph, in the writer's transaction, contentless.

A contentless table needs the old text again to forget a row, so forgetting takes what was indexed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence

from onrecord.text.index import index_text

LINE = "\n"

_INSERT = "INSERT INTO paragraph (row, thing, layer, start, end, at, length) VALUES (?, ?, ?, ?, ?, ?, ?)"
_ADD_WORDS = "INSERT INTO words (rowid, folded) VALUES (?, ?)"
_DROP_WORDS = "INSERT INTO words (words, rowid, folded) VALUES ('delete', ?, ?)"
_ROWS = "SELECT row, start, end FROM paragraph WHERE thing = ? AND layer IS ?"

Place = tuple[int, int, int, int]


def index_layer(
    connection: sqlite3.Connection, thing: str, layer: str, text: str, segments: Iterable[tuple[int, int]]
) -> None:
    """Index a text layer's paragraphs under the item they belong to."""
    places = list(_byte_places(text, segments))
    _insert(connection, thing, layer, text, places)


def index_thing(connection: sqlite3.Connection, thing: str, words: Iterable[str]) -> None:
    """Index the words of a thing's head version: one row, whatever their number."""
    text = LINE.join(words)
    if text:
        _insert(connection, thing, None, text, [(0, len(text), 0, 0)])


def forget_thing(connection: sqlite3.Connection, thing: str, words: Iterable[str]) -> None:
    """Take a superseded version's words out of the index."""
    text = LINE.join(words)
    wanted = len(text)
    for row, _, end in connection.execute(_ROWS, (thing, None)).fetchall():
        if end == wanted:
            connection.execute(_DROP_WORDS, (row, index_text(text)))
            connection.execute("DELETE FROM paragraph WHERE row = ?", (row,))
            return


def _insert(
    connection: sqlite3.Connection, thing: str, layer: str | None, text: str, places: Sequence[Place]
) -> None:
    (last,) = connection.execute("SELECT coalesce(max(row), 0) FROM paragraph").fetchone()
    rows = [(last + n, thing, layer, *place) for n, place in enumerate(places, 1)]
    connection.executemany(_INSERT, rows)
    connection.executemany(_ADD_WORDS, ((row[0], index_text(text[row[3] : row[4]])) for row in rows))


def _byte_places(text: str, segments: Iterable[tuple[int, int]]) -> Iterator[Place]:
    """(start, end, byte offset, byte length) of each segment, in one pass over the text."""
    plain = text.isascii()
    done = at = 0
    for start, end in segments:
        at += start - done if plain else len(text[done:start].encode())
        length = end - start if plain else len(text[start:end].encode())
        yield start, end, at, length
        at, done = at + length, end
