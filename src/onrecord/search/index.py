"""Keeping the index: one row per paragraph, in the writer's transaction, contentless.

A contentless table needs the very text again to forget a row, so each row says whose words it holds.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence

from onrecord.text.index import index_text, index_texts

LINE = "\n"
LONGEST_ROW = 100_000
_PORTION_CHARACTERS, _PORTION_ROWS = 500_000, 10_000

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
    for places in _in_portions(_byte_places(text, _not_too_long(text, segments))):
        _insert(connection, (thing, None, layer), text, places)


def index_thing(connection: sqlite3.Connection, thing: str, entry: int, words: Iterable[str]) -> None:
    """Index the words of one version of a thing, by the entry that states it: one row, whatever their number."""
    text = LINE.join(words)
    if text:
        _insert(connection, (thing, entry, None), text, [(0, len(text), 0, 0)])


def index_things(connection: sqlite3.Connection, things: Iterable[tuple[str, int, Iterable[str]]]) -> None:
    """Index the words of many versions, each given by its thing and entry. Costs a fraction of one by one."""
    texts = [(thing, entry, text) for thing, entry, words in things if (text := LINE.join(words))]
    if not texts:
        return
    (last,) = connection.execute("SELECT coalesce(max(row), 0) FROM paragraph").fetchone()
    rows = [
        (last + n, thing, entry, None, 0, len(text), 0, 0) for n, (thing, entry, text) in enumerate(texts, 1)
    ]
    connection.executemany(_INSERT, rows)
    folded = index_texts([text for _, _, text in texts])
    connection.executemany(_ADD_WORDS, zip((row[0] for row in rows), folded, strict=True))


def is_indexed(connection: sqlite3.Connection, entry: int) -> bool:
    """Whether a version's words are in the index."""
    return connection.execute(_ROW, (entry,)).fetchone() is not None


def forget_everything(connection: sqlite3.Connection) -> None:
    """Empty the index, before it is made again."""
    connection.execute("INSERT INTO words (words) VALUES ('delete-all')")
    connection.execute("DELETE FROM paragraph")


def forget_version(connection: sqlite3.Connection, entry: int, words: Iterable[str]) -> None:
    """Take a superseded version's words out of the index."""
    for (row,) in connection.execute(_ROW, (entry,)).fetchall():
        connection.execute(_DROP_WORDS, (row, index_text(LINE.join(words))))
        connection.execute("DELETE FROM paragraph WHERE row = ?", (row,))


def forget_layer(connection: sqlite3.Connection, thing: str, layer: str, text: str) -> None:
    """Take the paragraphs of an item's text layer out of the index."""
    query = "SELECT row, start, end FROM paragraph WHERE layer = ? AND thing = ?"
    rows = connection.execute(query, (layer, thing)).fetchall()
    folded = index_texts([text[start:end] for _, start, end in rows])
    connection.executemany(_DROP_WORDS, zip((row for row, _, _ in rows), folded, strict=True))
    connection.executemany("DELETE FROM paragraph WHERE row = ?", [(row,) for row, _, _ in rows])


def leave_no_trace(connection: sqlite3.Connection) -> None:
    """Rewrite the index without what was taken out of it: until then FTS5 keeps the words, marked as deleted."""
    connection.execute("INSERT INTO words (words) VALUES ('optimize')")


def _insert(connection: sqlite3.Connection, source: Source, text: str, places: Sequence[Place]) -> None:
    (last,) = connection.execute("SELECT coalesce(max(row), 0) FROM paragraph").fetchone()
    rows = [(last + n, *source, *place) for n, place in enumerate(places, 1)]
    connection.executemany(_INSERT, rows)
    folded = index_texts([text[start:end] for start, end, _, _ in places])
    connection.executemany(_ADD_WORDS, zip((row[0] for row in rows), folded, strict=True))


def _in_portions(places: Iterator[Place]) -> Iterator[list[Place]]:
    """Some paragraphs together, so that the words of a large layer are not in memory all at once."""
    portion: list[Place] = []
    characters = 0
    for place in places:
        portion.append(place)
        characters += place[1] - place[0]
        if characters >= _PORTION_CHARACTERS or len(portion) >= _PORTION_ROWS:
            yield portion
            portion, characters = [], 0
    if portion:
        yield portion


def _not_too_long(text: str, segments: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """A paragraph that is a book is several rows, parted where white space is."""
    for start, end in segments:
        while end - start > LONGEST_ROW:
            gap = max(
                text.rfind(" ", start + 1, start + LONGEST_ROW),
                text.rfind("\n", start + 1, start + LONGEST_ROW),
            )
            cut = gap if gap > start else start + LONGEST_ROW
            yield start, cut
            start = cut
        yield start, end


def _byte_places(text: str, segments: Iterable[tuple[int, int]]) -> Iterator[Place]:
    """(start, end, byte offset, byte length) of each segment, in one pass over the text."""
    plain = text.isascii()
    done = at = 0
    for start, end in segments:
        at += start - done if plain else len(text[done:start].encode())
        length = end - start if plain else len(text[start:end].encode())
        yield start, end, at, length
        at, done = at + length, end
