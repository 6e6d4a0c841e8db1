"""`merge` of 100,000 entries from a stick, against decrypting, inflating and hashing the same bytes, and against appending them here."""

from __future__ import annotations

import hashlib
import zlib
from pathlib import Path

import pyrage

import onrecord
from benchmarks.append import drafts
from benchmarks.measure import Cost, cost_of, say, workplace
from onrecord.exchange.ring import open_ring
from onrecord.settings import Settings
from onrecord.store.record_store import RecordStore

ENTRIES = 100_000


def two_laptops(folder: Path, first: Settings) -> tuple[Settings, Path]:
    """A second laptop that is let in, and a stick."""
    second, stick = Settings(home=folder / "second-home", handle="second", zone="UTC"), folder / "stick"
    stick.mkdir()
    onrecord.new(folder / "first", settings=first)
    with onrecord.open(folder / "first", settings=first) as record:
        record.send(stick)
        device = onrecord.join(stick, folder / "second", settings=second)["device"]
        record.merge(stick)
        record.admit(device)
    return second, stick


def write(folder: Path, settings: Settings) -> None:
    store = RecordStore(folder / "first", settings.home)
    with store.writing() as writer:
        writer.append_all(drafts()[:ENTRIES])
    store.close()


def raw(stick: Path, identity: str) -> Cost:
    """The raw limit: every segment decrypted, inflated and hashed once."""

    def once() -> None:
        for prefix in stick.iterdir():
            ring = open_ring((prefix / "ring.age").read_bytes(), [identity])
            for segment in prefix.rglob("*.seg"):
                assert ring
                hashlib.sha256(zlib.decompress(pyrage.decrypt(segment.read_bytes(), ring.opening()))).digest()

    return cost_of(once)


def main() -> None:
    with workplace() as (folder, first):
        second, stick = two_laptops(folder, first)
        appended = cost_of(lambda: write(folder, first))
        with onrecord.open(folder / "first", settings=first) as record:
            sent = cost_of(lambda: record.send(stick))
        with onrecord.open(folder / "second", settings=second) as record:
            limit = raw(stick, record._store.keys.exchange_identities()[0])
            merged = cost_of(lambda: record.merge(stick))
            again = cost_of(lambda: record.merge(stick))
        say(
            f"merge of {ENTRIES:,} entries from a stick",
            f"{merged.cpu:.1f} s of CPU, {merged.cpu / appended.cpu:.1f}x appending",
            "15 s",
            merged.cpu < 15,
        )
        say("the same, to decrypting and hashing", f"{merged.cpu / limit.cpu:.1f}x", "none", True)
        say(f"send of {ENTRIES:,} entries", f"{sent.cpu:.1f} s of CPU", "15 s", sent.cpu < 15)
        say("merge of a stick with nothing new", f"{again.cpu:.2f} s of CPU", "1 s", again.cpu < 1)


if __name__ == "__main__":
    main()
