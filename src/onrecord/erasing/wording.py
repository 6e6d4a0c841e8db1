"""The words that an erasure is about: which they are, and where else they stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from onrecord.record.ideas import KINDS
from onrecord.record.ideas.kind import name_texts
from onrecord.record.ids import is_id
from onrecord.record.things import Version
from onrecord.store.record_store import RecordStore
from onrecord.text.fold import fold
from onrecord.text.index import match_query

LEAST_LETTERS = 12
"""Shorter words stand in many texts by chance."""
_MOST_PLACES = 100
_LONGEST_PHRASE = 12
_PUBLISHED = ("title", "standfirst", "text")
_FOUND = (
    "SELECT DISTINCT paragraph.thing, paragraph.entry FROM words JOIN paragraph ON paragraph.row = words.rowid"
    " WHERE words MATCH ? LIMIT ?"
)


def words_of(versions: Iterable[Version]) -> list[str]:
    """The words of statements, passages and claims, folded; those too short to be told from others are left out."""
    found = dict.fromkeys(_folded(text) for version in versions for text in _own_words(version))
    return [words for words in found if len(words) >= LEAST_LETTERS]


def in_text(words: Iterable[str], publication: Mapping[str, Any]) -> bool:
    """Whether a publication's own text holds some of these words."""
    text = _folded(" ".join(str(publication.get(field) or "") for field in _PUBLISHED))
    return any(one in text for one in words)


def found_elsewhere(store: RecordStore, words: Iterable[str], gone: set[str]) -> dict[str, str]:
    """Things in whose words, or in whose original's text, the same words stand, by id; their entries are not `gone`."""
    found: dict[str, str] = {}
    for one in words:
        match = match_query(f'"{" ".join(one.split()[:_LONGEST_PHRASE])}"')
        rows = store.db.connection.execute(_FOUND, (match, _MOST_PLACES)).fetchall() if match else []
        for thing, entry in rows:
            if entry is None or store.db.name_of(entry) not in gone:
                found.setdefault(
                    thing, "its text holds the same words" if entry is None else "it says the same words"
                )
    return found


def _own_words(version: Version) -> Iterable[str]:
    if version.kind == "passage":
        return (str(version.fields.get("quote") or ""),)
    if version.kind in ("statement", "claim"):
        return [words for words in KINDS[version.kind].words(version.fields) if not is_id(words)]
    return ()


def _folded(text: str) -> str:
    return " ".join(fold(text).split())


def names_gone(versions: Iterable[Version], standing: Iterable[Version]) -> list[str]:
    """Names that versions of an actor or place give and no version that stays does, folded."""
    left = set(_names(standing))
    return [name for name in dict.fromkeys(_names(versions)) if name not in left]


def _names(versions: Iterable[Version]) -> Iterator[str]:
    for version in versions:
        if version.kind in ("actor", "place"):
            yield from (_folded(name) for name in name_texts(version.fields))
