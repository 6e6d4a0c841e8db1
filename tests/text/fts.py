"""A real index, as the search room keeps it."""

from __future__ import annotations

import sqlite3

from onrecord.text.index import index_text, match_query


class Index:
    """Texts in a contentless FTS5 table, by their number."""

    def __init__(self, *texts: str) -> None:
        self._db = sqlite3.connect(":memory:")
        self._db.execute(
            "CREATE VIRTUAL TABLE words USING fts5(terms, content='', tokenize='unicode61 remove_diacritics 0')"
        )
        for text in texts:
            self._db.execute("INSERT INTO words (terms) VALUES (?)", (index_text(text),))

    def finds(self, query: str) -> list[int]:
        match = match_query(query)
        if not match:
            return []
        rows = self._db.execute("SELECT rowid FROM words WHERE words MATCH ? ORDER BY rowid", (match,))
        return [row[0] - 1 for row in rows]
