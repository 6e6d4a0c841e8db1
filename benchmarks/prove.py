"""One proof in a log of a million entries, against reading the log's heads and hashing them into a tree."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable
from typing import Any

import onrecord
from benchmarks.measure import say, workplace
from onrecord.publishing.prove import build, find_entry
from onrecord.record.entries import Draft
from onrecord.record.ids import mint
from onrecord.record.merkle import Frontier, leaf_hash
from onrecord.stamping.histories import listing_of
from onrecord.store.record_store import RecordStore

ENTRIES = 1_000_000
BATCH = 50_000
PROOFS = 200


def filled(store: RecordStore) -> str:
    """Write the entries, and a stamp over them without a token; the log's name."""
    left = ENTRIES - 4
    while left:
        with store.writing() as writer:
            count = min(BATCH, left)
            writer.append_all(Draft("custody", mint(), {"step": "copied"}) for _ in range(count))
            left -= count
            log = writer.log
    with store.writing(keep_checkpoint=True) as writer:
        writer.checkpoint(keep=True)
        listing = listing_of(store.db.connection, store.id)
    with store.writing() as writer:
        writer.append(Draft("stamp", mint(), {"listing": listing.text, "root": listing.root, "tokens": []}))
    return log


def seconds_of(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def whole_tree(store: RecordStore) -> None:
    """The limit without tiles: every head read and hashed once."""
    frontier = Frontier()
    for (head,) in store.db.connection.execute("SELECT bytes FROM head ORDER BY entry"):
        frontier.append(leaf_hash(head))
    frontier.root()


def main() -> None:
    with workplace() as (folder, settings):
        onrecord.new(folder / "record", settings=settings)
        store = RecordStore(folder / "record", settings.home)
        log = filled(store)
        names = [f"{log}/{at * (ENTRIES // PROOFS) + 17}" for at in range(PROOFS)]
        proofs: list[dict[str, Any]] = []
        spent = [
            seconds_of(lambda name=name: proofs.append(build(store, find_entry(store, name), False)[0]))  # type: ignore[misc]
            for name in names
        ]
        each, limit = statistics.median(spent), seconds_of(lambda: whole_tree(store))
        longest = max(len(json.dumps(proof["path"], separators=(",", ":"))) for proof in proofs)
        whole = max(
            len(json.dumps({**proof, "stamps": []}, separators=(",", ":"), ensure_ascii=False).encode())
            for proof in proofs
        )
        store.close()
    told = f"{each * 1000:.2f} ms, 1/{limit / each:,.0f} of hashing all heads"
    say("one proof in a log of 1,000,000 entries", told, "5 ms", each <= 0.005)
    say("its inclusion proof", f"{longest:,} bytes", "1.5 KB", longest <= 1536)
    say("the proof without stamps and body", f"{whole:,} bytes", "none", True)


if __name__ == "__main__":
    main()
