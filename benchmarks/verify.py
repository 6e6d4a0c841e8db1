"""`verify` of a long log, of originals beside hashlib, bagit and git fsck, and making a large log's views again.

Originals are 1 GB in all by default: python -m benchmarks.verify --gigabytes 10 for the full measure.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from itertools import repeat
from pathlib import Path

import onrecord
from benchmarks.append import ENTRIES, drafts
from benchmarks.measure import Cost, cost_of, cost_of_command, median_cost, say, workplace
from onrecord.store.record_store import RecordStore
from onrecord.store.refold import view_problems

LOG = 1_000_000
SIZE = 2_000_000
HASH = "import hashlib, pathlib, sys\nfor f in pathlib.Path(sys.argv[1]).rglob('*'):\n    f.is_file() and hashlib.file_digest(f.open('rb'), 'sha256')"
BAG = "import bagit, sys\nbagit.make_bag(sys.argv[1], checksums=['sha256'])"
UNBAG = "import bagit, sys\nbagit.Bag(sys.argv[1]).validate()"
VERIFY = [sys.executable, "-m", "onrecord.cli", "--json", "verify"]


def make(folder: Path, files: int) -> None:
    folder.mkdir()
    block = os.urandom(SIZE - 8)
    for n in range(files):
        (folder / f"clip-{n:05}.bin").write_bytes(n.to_bytes(8, "big") + block)


def log() -> None:
    """A log of a million entries, with its million heads, bodies and commitments."""
    with workplace() as (folder, settings):
        onrecord.new(folder / "record", settings=settings)
        store = RecordStore(folder / "record", settings.home)
        for made in repeat(drafts, LOG // ENTRIES):
            with store.writing() as writer:
                writer.append_all(made())
        store.close()
        start = median_cost(lambda: cost_of_command([*VERIFY[:-1], "--help"]))
        ours = cost_of_command([*VERIFY, folder / "record"])
        each = (ours.cpu - start.cpu) / LOG * 1e6
        said = f"{ours.cpu:.1f} CPU-s, {each:.1f} us an entry"
        say("verify of a log of 1,000,000 entries", said, "10 CPU-s", ours.cpu <= 10)


def originals(gigabytes: float) -> None:
    """The same files hashed by hashlib, in a record, in a bag and in a git repository. Start-up is taken off."""
    files = int(gigabytes * 1e9 / SIZE)
    with workplace() as (folder, settings):
        make(folder / "card", files)
        onrecord.new(folder / "record", settings=settings)
        empty = median_cost(lambda: cost_of_command([*VERIFY, folder / "record"]))
        with onrecord.open(folder / "record", settings=settings) as record:
            for _ in record.add([folder / "card"]):
                pass
        bare = median_cost(lambda: cost_of_command([sys.executable, "-c", HASH, folder / "home"]))
        limit = median_cost(lambda: cost_of_command([sys.executable, "-c", HASH, folder / "card"]))
        ours = median_cost(lambda: cost_of_command([*VERIFY, folder / "record"]))
        hashing = limit.cpu - bare.cpu
        ratio = (ours.cpu - empty.cpu) / hashing
        what = f"verify of {gigabytes:g} GB in {files:,} originals"
        said = f"{ratio:.2f}x hashlib ({ours.cpu - empty.cpu:.1f} s to {hashing:.1f} s)"
        say(what, said, "1.1x", ratio <= 1.1)
        shutil.rmtree(folder / "record", ignore_errors=True)
        for name, cost in (("bagit", bag(folder)), ("git fsck --full", git(folder))):
            ratio = (ours.cpu - empty.cpu) / cost.cpu
            said = f"{ratio:.2f}x {name} ({ours.cpu - empty.cpu:.1f} s to {cost.cpu:.1f} s)"
            say(what, said, "1.1x", ratio <= 1.1)


def bag(folder: Path) -> Cost:
    """The files as a bag, validated by bagit in Python."""
    subprocess.run([sys.executable, "-c", BAG, folder / "card"], check=True, stderr=subprocess.DEVNULL)
    cost = median_cost(lambda: cost_of_command([sys.executable, "-c", UNBAG, folder / "card"]))
    (folder / "card" / "data").rename(folder / "files")
    return cost


def git(folder: Path) -> Cost:
    """The files in a git repository, checked by git fsck. Uncompressed, so that only hashing is compared."""
    place = folder / "files"
    for words in (
        ["init", "-q"],
        ["config", "core.compression", "0"],
        ["add", "-A"],
        ["-c", "user.name=b", "-c", "user.email=b", "commit", "-qm", "b"],
    ):
        subprocess.run(["git", "-C", place, *words], check=True)
    return median_cost(lambda: cost_of_command(["git", "-C", place, "fsck", "--full", "--no-progress"]))


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
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gigabytes", type=float, default=1)
    wanted = parser.parse_args()
    log()
    originals(wanted.gigabytes)
    views()
