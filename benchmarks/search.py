"""Search over 500,000 short texts: the first page for any word, against the bare FTS5 query for it."""

from __future__ import annotations

import random
import sqlite3
import time
from itertools import islice
from pathlib import Path

import onrecord
from benchmarks.measure import say, workplace
from onrecord.api import Record
from onrecord.record.entries import Draft
from onrecord.record.ids import mint
from onrecord.search.index import index_thing
from onrecord.store.record_store import RecordStore

TEXTS, PAGE = 500_000, 50
COMMON = ["the", "gate", "was", "shut", "and", "nobody", "said", "why", "on", "that", "day"]
ARABIC = ["البوابة", "أغلقت", "في", "الصباح", "ولم", "يقل", "أحد", "شيئا", "عن", "السوق"]
HEBREW = ["השער", "נסגר", "בבוקר", "ואיש", "לא", "אמר", "דבר", "על", "השוק", "הישן"]


def texts() -> list[str]:
    chosen = random.Random(11)
    made = []
    for n in range(TEXTS):
        words = chosen.choices((COMMON, ARABIC, HEBREW)[n % 3], k=8)
        made.append(" ".join([*words, f"word{chosen.randrange(200_000)}"]))
    return made


def fill(store: RecordStore) -> None:
    """Each text as an own statement, with its entry and its row in the index."""
    with store.writing() as writer:
        for text in texts():
            thing = mint()
            writer.append(Draft("statement", thing, {"speaker": thing, "text": text}))
            index_thing(store.db.connection, thing, writer.last_entry, [text])


def first_page(record: Record, word: str) -> float:
    began = time.perf_counter()
    found = list(islice(record.search(word, limit=PAGE), PAGE))
    taken = time.perf_counter() - began
    assert found, word
    return taken


def bare(path: Path, word: str) -> float:
    db = sqlite3.connect(path)
    began = time.perf_counter()
    db.execute(
        "SELECT rowid FROM words WHERE words MATCH ? ORDER BY rowid DESC LIMIT 50", (f'"{word}"',)
    ).fetchall()
    return time.perf_counter() - began


def main() -> None:
    with workplace() as (folder, settings):
        onrecord.new(folder / "record", settings=settings)
        store = RecordStore(folder / "record", settings.home)
        fill(store)
        with onrecord.open(folder / "record", settings=settings) as record:
            asked = [*COMMON, *ARABIC, *HEBREW, "word7", "word123456", "بوابه", "ולא"]
            found = [word for word in asked if next(record.search(word, limit=1), None)]
            times = {word: sorted(first_page(record, word) for _ in range(5))[2] for word in found}
            slowest = max(times, key=lambda word: times[word])
            limit = bare(store.folder.database, slowest)
            measured = f"{times[slowest] * 1000:.1f} ms at most ({slowest}; bare FTS5 {limit * 1000:.1f} ms)"
            say(
                f"first page over {TEXTS:,} texts, {len(found)} words",
                measured,
                "20 ms",
                times[slowest] < 0.02,
            )


if __name__ == "__main__":
    main()
