"""Making every view and the index again from a log of a million entries, against parsing the same bodies once."""

from __future__ import annotations

import json
import sys

import onrecord
from benchmarks.measure import Cost, cost_of, say, workplace
from onrecord.record.entries import Draft
from onrecord.record.ids import mint
from onrecord.store.record_store import RecordStore
from onrecord.writing.indexing import rebuild

ENTRIES = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
_WORDS = [
    "gate",
    "road",
    "clinic",
    "permit",
    "soldier",
    "family",
    "morning",
    "order",
    "water",
    "court",
    "school",
    "wall",
    "tower",
    "field",
]


def drafts() -> list[Draft]:
    """Half of them with words of their own, half claims about those; every tenth a later version of the one before."""
    made: list[Draft] = []
    for n in range(ENTRIES // 2):
        words = " ".join(_WORDS[(n * step + step) % len(_WORDS)] for step in range(1, 13))
        text = f"{words} {n}"
        said = Draft("statement", mint(), {"act": "asserts", "speaker": mint(), "text": text})
        fields = {"statement": said.thing, "subject": mint(), "property": "count", "value": str(n)}
        made += [said, Draft("claim", mint(), fields)]
    return made


def parse(store: RecordStore) -> Cost:
    """The raw limit: reading every body and parsing it."""
    bodies = store.db.connection.cursor().execute("SELECT bytes FROM body ORDER BY entry")
    return cost_of(lambda: [json.loads(body) for (body,) in bodies] and None)


def main() -> None:
    with workplace() as (folder, settings):
        onrecord.new(folder / "record", settings=settings)
        store = RecordStore(folder / "record", settings.home)
        with store.writing() as writer:
            for draft in drafts():
                writer.append(draft)
        raw = parse(store)
        made = cost_of(lambda: rebuild(store))
        store.close()
    bar = 40 * ENTRIES / 1_000_000
    say(
        f"rebuild of the views and the index of {ENTRIES:,} entries",
        f"{made.cpu:.1f} CPU-s, {made.cpu / raw.cpu:.1f}x parsing",
        f"{bar:.0f} CPU-s",
        made.cpu <= bar,
    )


if __name__ == "__main__":
    main()
