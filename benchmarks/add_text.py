"""`add` of 2,000 text files of 90 KB, with layer, index and log entry, on one core, against reading and hashing them."""

from __future__ import annotations

import hashlib
import random
from pathlib import Path

import onrecord
from benchmarks.measure import cost_of, cost_of_add, say, workplace
from benchmarks.originals import ARABIC, HEBREW, LATIN

FILES, SIZE = 2_000, 90_000
SCRIPTS = (LATIN[:10], LATIN[:10], LATIN[:10], ARABIC[:8], HEBREW[:8])


def make(folder: Path) -> None:
    """Files like transcripts: paragraphs of ordinary words, three in five files English, the rest Arabic and Hebrew."""
    folder.mkdir()
    chosen = random.Random(7)
    for n in range(FILES):
        words, text = SCRIPTS[n % 5], [f"File {n}\n\n"]
        length = 0
        while length < SIZE:
            line = " ".join(chosen.choices(words, k=60)) + f" {chosen.randrange(10**6)}\n\n"
            text.append(line)
            length += len(line.encode())
        (folder / f"t{n:04}.txt").write_text("".join(text), encoding="utf-8")


def main() -> None:
    with workplace() as (folder, settings):
        make(folder / "texts")
        least = cost_of(lambda: [hashlib.sha256(file.read_bytes()) for file in (folder / "texts").iterdir()])
        onrecord.new(folder / "record", settings=settings)
        ours = cost_of_add(folder / "record", settings, folder / "texts")
        rate = FILES / ours.cpu
        say(
            "add of 2,000 texts of 90 KB",
            f"{rate:.0f} a second of CPU, {ours.cpu / least.cpu:.0f}x hashing",
            "150 a second",
            rate >= 150,
        )


if __name__ == "__main__":
    main()
