"""Reads a Taguette project in a process of its own, and prints what it holds as JSON: the file may be hostile.

Offsets of a highlight count the UTF-8 bytes of the document's text, its tags left out.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from html.parser import HTMLParser
from typing import Any

from onrecord.exchange.neighbours.placing import times

MOST_ROWS, MOST_CHARACTERS = 200_000, 50_000_000
TABLES = ("projects", "documents", "tags", "highlights", "highlight_tags")
_ASKED = {
    "projects": "SELECT id, name, description FROM projects ORDER BY id",
    "documents": "SELECT id, name, filename, description, contents FROM documents ORDER BY id",
    "tags": "SELECT id, path, description FROM tags ORDER BY id",
    "highlights": "SELECT id, document_id, start_offset, end_offset, snippet FROM highlights ORDER BY id",
    "highlight_tags": "SELECT highlight_id, tag_id FROM highlight_tags ORDER BY highlight_id, tag_id",
}


class _Text(HTMLParser):
    """The text of a document, as its highlights count it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def text_of(html: str) -> str:
    reader = _Text()
    reader.feed(html.replace("\r\n", "\n").replace("\r", "\n"))
    reader.close()
    return "".join(reader.parts)


def read(path: str) -> dict[str, Any]:
    """Every table that is carried, with the words of each highlight. Raises `sqlite3.Error`, `ValueError`."""
    connection = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 4 * MOST_CHARACTERS)
    connection.setlimit(sqlite3.SQLITE_LIMIT_VDBE_OP, 100_000)
    for pragma in ("trusted_schema = OFF", "cell_size_check = ON", "mmap_size = 0", "query_only = ON"):
        connection.execute(f"PRAGMA {pragma}")
    connection.row_factory = sqlite3.Row
    held: dict[str, Any] = {name: _rows(connection, name) for name in TABLES}
    held["others"] = _others(connection)
    texts = {row["id"]: text_of(str(row["contents"])) for row in held["documents"]}
    for row in held["highlights"]:
        row |= _words(texts.get(row["document_id"], ""), row)
    return held


def _rows(connection: sqlite3.Connection, table: str) -> list[dict[str, Any]]:
    kind = connection.execute("SELECT type FROM sqlite_schema WHERE name = ?", (table,)).fetchone()
    if kind is None or kind[0] != "table":
        raise ValueError(f"there is no table {table}")
    return [dict(row) for row in connection.execute(_ASKED[table]).fetchmany(MOST_ROWS)]


def _others(connection: sqlite3.Connection) -> dict[str, int]:
    """How many rows stand in the tables that are not carried."""
    found = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").fetchmany(
        100
    )
    others = [str(name) for (name,) in found if name not in TABLES and not str(name).startswith("sqlite_")]
    quoted = {name: '"' + name.replace('"', '""') + '"' for name in others}
    return {name: connection.execute(f"SELECT count(*) FROM {quoted[name]}").fetchone()[0] for name in others}  # noqa: S608


def _words(text: str, row: dict[str, Any]) -> dict[str, Any]:
    """The words that a highlight marks, and the how manieth they are in its document."""
    raw = text.encode("utf-8")
    start, end = row.get("start_offset"), row.get("end_offset")
    if not isinstance(start, int) or not isinstance(end, int) or not 0 <= start < end <= len(raw):
        return {"words": None}
    words = raw[start:end].decode("utf-8", "replace")
    until = len(raw[:start].decode("utf-8", "replace"))
    lead = len(words) - len(words.lstrip())
    return {"words": words, "nth": times(words, text, until + lead) + 1, "times": times(words, text)}


def main() -> None:
    try:
        told = read(sys.argv[1])
    except (sqlite3.Error, ValueError, OverflowError) as wrong:
        told = {"wrong": str(wrong)[:300]}
    json.dump(told, sys.stdout, default=lambda value: value.decode("utf-8", "replace"))


if __name__ == "__main__":
    main()
