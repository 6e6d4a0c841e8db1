"""Keeping the index: one row per paragraph, in the writer's transaction, contentless.

A contentless table needs the very text again to forget a row, so each row says whose words it holds.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence

from onrecord.text.index import index_text, index_texts

LINE = "\n"

_INSERT = (
    "INSERT INTO paragraph (row, thing, entry, layer, start, end, at, length) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
_ADD_WORDS = "INSERT INTO words (rowid, folded) VALUES (?, ?)"
_DROP_WORDS = "INSERT INTO words (words, rowid, folded) VALUES ('delete', ?, ?)"
_ROW = "SELECT row FROM paragraph WHERE entry = ?"

Place = tuple[int, int, int, int]
Source = tuple[str, int | None, str | None]


def index_layer(
    connection: sqlite3.Connection, thing: str, layer: str, text: str, segments: Iterable[tuple[int, int]]
) -> None:
    """Index a text layer's paragraphs under the item they belong to."""
    places = list(_byte_places(text, segments))
    _insert(connection, (thing, None, layer), text, places)


def index_thing(connection: sqlite3.Connection, thing: str, entry: int, words: Iterable[str]) -> None:
    """Index the words of one version of a thing, by the entry that states it: one row, whatever their number."""
    text = LINE.join(words)
    if text:
        _insert(connection, (thing, entry, None), text, [(0, len(text), 0, 0)])


def forget_version(connection: sqlite3.Connection, entry: int, words: Iterable[str]) -> None:
    """Take a superseded version's words out of the index."""
    for (row,) in connection.execute(_ROW, (entry,)).fetchall():
        connection.execute(_DROP_WORDS, (row, index_text(LINE.join(words))))
        connection.execute("DELETE FROM paragraph WHERE row = ?", (row,))


def _insert(connection: sqlite3.Connection, source: Source, text: str, places: Sequence[Place]) -> None:
    (last,) = connection.execute("SELECT coalesce(max(row), 0) FROM paragraph").fetchone()
    rows = [(last + n, *source, *place) for n, place in enumerate(places, 1)]
    connection.executemany(_INSERT, rows)
    folded = index_texts([text[start:end] for start, end, _, _ in places])
    connection.executemany(_ADD_WORDS, zip((row[0] for row in rows), folded, strict=True))


def _byte_places(text: str, segments: Iterable[tuple[int, int]]) -> Iterator[Place]:
    """(start, end, byte offset, byte length) of each segment, in one pass over the text."""
    plain = text.isascii()
    done = at = 0
    for start, end in segments:
        at += start - done if plain else len(text[done:start].encode())
        length = end - start if plain else len(text[start:end].encode())
        yield start, end, at, length
        at, done = at + length, end
