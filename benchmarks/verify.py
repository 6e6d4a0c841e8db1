"""`verify` against hashing the same bytes with hashlib, start-up included; and making the views of a large log again."""

from __future__ import annotations

import sys
from pathlib import Path

import onrecord
from benchmarks.append import ENTRIES, drafts
from benchmarks.measure import Cost, cost_of, cost_of_command, median_cost, say, workplace
from onrecord.store.record_store import RecordStore
from onrecord.store.refold import view_problems

FILES, SIZE = 1_000, 2_000_000
HASH = "import hashlib, pathlib, sys\nfor f in pathlib.Path(sys.argv[1]).rglob('*'):\n    f.is_file() and hashlib.file_digest(f.open('rb'), 'sha256')"


def make(folder: Path) -> None:
    import os

    folder.mkdir()
    block = os.urandom(SIZE - 8)
    for n in range(FILES):
        (folder / f"clip-{n:04}.bin").write_bytes(n.to_bytes(8, "big") + block)


def originals() -> None:
    with workplace() as (folder, settings):
        make(folder / "card")
        onrecord.new(folder / "record", settings=settings)
        with onrecord.open(folder / "record", settings=settings) as record:
            list(record.add([folder / "card"]))
        limit = median_cost(lambda: cost_of_command([sys.executable, "-c", HASH, folder / "record"]))
        command = [sys.executable, "-m", "onrecord.cli", "--json", "verify", folder / "record"]
        ours = median_cost(lambda: cost_of_command(command))
        ratio = ours.cpu / limit.cpu
        say(
            "verify of 2 GB in 1,000 originals",
            f"{ratio:.2f}x hashlib ({ours.cpu:.1f} s to {limit.cpu:.1f} s)",
            "1.3x",
            ratio <= 1.3,
        )


def views() -> None:
    with workplace() as (folder, settings):
        onrecord.new(folder / "record", settings=settings)
        store = RecordStore(folder / "record", settings.home)
        with store.writing() as writer:
            writer.append_all(drafts())
        again: Cost = cost_of(lambda: list(view_problems(store.folder.database)))
        each = again.cpu / ENTRIES * 1e6
        say(
            "views of 200,000 entries made again and compared", f"{each:.1f} us an entry", "40 us", each <= 40
        )


if __name__ == "__main__":
    originals()
    views()
