"""Appending to the log with its views, against the same rows as plain SQL with a chained audit hash."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import time
from pathlib import Path

import onrecord
from benchmarks.measure import Cost, cost_of, say, workplace
from onrecord.record.entries import Draft
from onrecord.record.ids import mint
from onrecord.store.record_store import RecordStore

ENTRIES = 200_000


def drafts() -> list[Draft]:
    return [
        Draft(
            "statement",
            mint(),
            {"about": [mint()], "act": "asserts", "basis": "saw", "passages": [mint()], "speaker": mint()},
        )
        for _ in range(ENTRIES)
    ]


def plain(path: Path, things: list[Draft]) -> Cost:
    """The peer: one row a thing, one audit row chained to the one before, the same durability and indexes."""
    db = sqlite3.connect(path, isolation_level=None)
    db.executescript(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE thing (id TEXT PRIMARY KEY, kind TEXT, fields TEXT);"
        "CREATE TABLE audit (n INTEGER PRIMARY KEY, thing TEXT, hash BLOB); CREATE INDEX by_thing ON audit (thing);"
    )

    def write() -> None:
        chain = b""
        db.execute("BEGIN IMMEDIATE")
        for n, thing in enumerate(things):
            fields = json.dumps(thing.fields, sort_keys=True)
            chain = hashlib.sha256(chain + fields.encode()).digest()
            db.execute("INSERT INTO thing VALUES (?, ?, ?)", (thing.thing, thing.kind, fields))
            db.execute("INSERT INTO audit VALUES (?, ?, ?)", (n, thing.thing, chain))
        db.execute("COMMIT")

    return cost_of(write)


def main() -> None:
    with workplace() as (folder, settings):
        onrecord.new(folder / "record", settings=settings)
        store = RecordStore(folder / "record", settings.home)
        things = drafts()

        def bulk() -> None:
            with store.writing() as writer:
                writer.append_all(things)

        ours, peer = cost_of(bulk), plain(folder / "plain.db", things)
        each = ours.cpu / ENTRIES * 1e6
        ratio = ours.cpu / peer.cpu
        say(
            "append in bulk with views",
            f"{each:.1f} us an entry, {ratio:.2f}x plain SQL",
            "50 us",
            each <= 50,
        )

        times = []
        for thing in drafts()[:200]:
            began = time.perf_counter()
            with store.writing() as writer:
                writer.append(thing)
            times.append(time.perf_counter() - began)
        middle = sorted(times)[len(times) // 2] * 1000
        say("one kept entry, durable", f"{middle:.2f} ms, median of 200", "10 ms", middle < 10)


if __name__ == "__main__":
    main()
