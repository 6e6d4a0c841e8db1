"""Erasing 100 statements, spread over a record of 200,000 entries, against what SQLite has for leaving nothing of them:
to merge the index into one and to VACUUM, on a copy of the same file."""

from __future__ import annotations

import random
import sqlite3
from itertools import accumulate
from pathlib import Path

import onrecord
from benchmarks.measure import Cost, cost_of, say, workplace
from onrecord.api import Record
from onrecord.record.entries import Draft
from onrecord.record.ids import mint
from onrecord.search.index import index_thing
from onrecord.store.record_store import RecordStore

ENTRIES, ERASED, WORDS = 200_000, 100, 20
ALPHABETS = ("abcdefghijklmnopqrstuvwxyz", "ابتثجحخدذرزسشصضطظعغفقكلمنهوي", "אבגדהוזחטיכלמנסעפצקרשת")


def texts() -> list[str]:
    """Short statements in three scripts, each with a word that stands in no other."""
    chosen = random.Random(5)
    pools = [
        ["".join(chosen.choices(letters, k=chosen.randint(3, 9))) for _ in range(20_000)]
        for letters in ALPHABETS
    ]
    weights = list(accumulate(1 / place for place in range(1, 20_001)))
    return [
        " ".join([*chosen.choices(pools[n % 3], cum_weights=weights, k=WORDS), f"unlike{n:06d}"])
        for n in range(ENTRIES)
    ]


def fill(store: RecordStore) -> list[tuple[str, str]]:
    made = []
    with store.writing() as writer:
        for text in texts():
            thing = mint()
            writer.append(Draft("statement", thing, {"speaker": thing, "text": text}))
            index_thing(store.db.connection, thing, writer.last_entry, [text])
            made.append((thing, text))
    return made


def merge_and_vacuum(path: Path, copy: Path) -> Cost:
    source = sqlite3.connect(path)
    target = sqlite3.connect(copy, isolation_level=None)
    source.backup(target)
    source.close()
    target.execute("PRAGMA secure_delete = ON")
    spent = cost_of(lambda: target.executescript("INSERT INTO words (words) VALUES ('optimize'); VACUUM;"))
    target.close()
    return spent


def traces(folder: Path, texts: list[str]) -> int:
    """How many of these texts, or of their own words, stand in some file, as UTF-8 or UTF-16."""
    found = 0
    files = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    for text in texts:
        for words in (text, text.rpartition(" ")[2]):
            encoded = [words.encode(name) for name in ("utf-8", "utf-16-le", "utf-16-be")]
            found += any(one in data for data in files for one in encoded)
    return found


def main() -> None:
    with workplace() as (folder, settings):
        onrecord.new(folder / "record", settings=settings)
        store = RecordStore(folder / "record", settings.home)
        made = fill(store)
        store.close()
        chosen = random.Random(7).sample(made, ERASED)
        peer = merge_and_vacuum(folder / "record" / "record.db", folder / "copy.db")
        with onrecord.open(folder / "record", settings=settings) as record:
            ours = cost_of(lambda: erase(record, [thing for thing, _ in chosen]))
        ratio = ours.cpu / peer.cpu
        say(
            f"erase {ERASED} statements of {ENTRIES:,} entries",
            f"{ours.cpu:.2f} CPU-s, {ratio:.2f}x merging and VACUUM",
            "1 s",
            ours.cpu < 1,
        )
        left = traces(folder / "record", [text for _, text in chosen])
        say("traces of what was erased", str(left), "0", left == 0)


def erase(record: Record, things: list[str]) -> None:
    record.erase(things, "for protection", ["the editor"])


if __name__ == "__main__":
    main()
