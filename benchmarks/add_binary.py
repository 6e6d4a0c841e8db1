"""`add` of 2 GB in 2,000 binary files, against reading, hashing and writing them once, and reading each copy back."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import onrecord
from benchmarks.measure import Cost, cost_of, cost_of_add, say, workplace

FILES, SIZE = 2_000, 1_000_000


def make(folder: Path) -> None:
    folder.mkdir()
    block = os.urandom(SIZE - 8)
    for n in range(FILES):
        (folder / f"clip-{n:04}.bin").write_bytes(n.to_bytes(8, "big") + block)


def once(source: Path, target: Path) -> None:
    """The raw limit: every file read, hashed, written and flushed to the disk, and read back from there."""
    target.mkdir()
    for file in sorted(source.iterdir()):
        data = file.read_bytes()
        name = hashlib.sha256(data).hexdigest()
        with (target / name).open("w+b") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
            os.posix_fadvise(out.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            out.seek(0)
            if out.read() != data:
                raise OSError(f"{name} was not written as it was read")


def raw(source: Path, target: Path) -> Cost:
    return cost_of(lambda: once(source, target))


def main() -> None:
    with workplace() as (folder, settings):
        make(folder / "card")
        limit = raw(folder / "card", folder / "copied")
        onrecord.new(folder / "record", settings=settings)
        ours = cost_of_add(folder / "record", settings, folder / "card")
        ratio = ours.cpu / limit.cpu
        say(
            "add of 2 GB in 2,000 files",
            f"{ratio:.2f}x the CPU ({ours.cpu:.1f} s to {limit.cpu:.1f} s)",
            "1.6x",
            ratio <= 1.6,
        )


if __name__ == "__main__":
    main()
