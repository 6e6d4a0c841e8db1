"""`add` of video, against reading, hashing with hashlib and writing it once. `GB` in the environment sets how much."""

from __future__ import annotations

import os
from pathlib import Path

import onrecord
from benchmarks.measure import cost_of, cost_of_add, say, workplace
from benchmarks.mixed import WORST_BYTES, add_watched
from benchmarks.originals import clip

FILE_BYTES = 1_000_000_000


def make(folder: Path, gigabytes: int) -> None:
    """Clips that play, each followed by a free box that makes it large."""
    folder.mkdir()
    base, noise = clip(folder.parent), os.urandom(1_000_000)
    for n in range(gigabytes):
        with (folder / f"{n:03}.mp4").open("wb") as out:
            out.write(base)
            out.write((FILE_BYTES + 8).to_bytes(4, "big") + b"free")
            for m in range(FILE_BYTES // len(noise)):
                out.write((n * 1_000_000 + m).to_bytes(8, "big") + noise[8:])


def main() -> None:
    gigabytes = int(os.environ.get("GB", "4"))
    with workplace() as (folder, settings):
        make(folder / "card", gigabytes)
        limit = cost_of(lambda: _once_by_pieces(folder / "card", folder / "copied"))
        onrecord.new(folder / "record", settings=settings)
        ours = cost_of_add(folder / "record", settings, folder / "card")
        ratio = ours.cpu / limit.cpu
        say(
            f"add of {gigabytes} GB of video",
            f"{ratio:.2f}x the CPU ({ours.cpu:.1f} s to {limit.cpu:.1f} s)",
            "1.5x",
            ratio <= 1.5,
        )
        onrecord.new(folder / "again", settings=settings)
        _, most = add_watched(folder / "again", settings.home, folder / "card")
        say(
            "memory of that add, with all it starts",
            f"{most / 1024**2:.0f} MB",
            "400 MB",
            most <= WORST_BYTES,
        )


def _once_by_pieces(source: Path, target: Path) -> None:
    """The raw limit, in pieces of one megabyte: files of this size do not go into memory whole."""
    import hashlib

    target.mkdir()
    buffer = memoryview(bytearray(1 << 20))
    for file in sorted(source.iterdir()):
        digest = hashlib.sha256()
        with file.open("rb", buffering=0) as into, (target / file.name).open("wb", buffering=0) as out:
            while length := into.readinto(buffer):
                digest.update(buffer[:length])
                out.write(buffer[:length])
            os.fsync(out.fileno())


if __name__ == "__main__":
    main()
