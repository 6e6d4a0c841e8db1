"""How near-duplicate pictures are found: of 20,000 made in code, 1,040 of them copies, and many nearly alike and no copies.

Fingerprints are made from JPEG and WebP files as `add` makes them, by two processes. The time is set beside decoding
the same files once, and doing nothing with them.
"""

from __future__ import annotations

import io
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time

from PIL import Image

from benchmarks.measure import cost_of, say
from benchmarks.pictures import COPIES, encoded, picture
from onrecord.intake.fingerprints.picture import picture_fingerprints
from onrecord.intake.reading import Fingerprint
from onrecord.matching.likeness import Likeness
from onrecord.matching.near import Near
from onrecord.matching.pictures import Pictures, kept_pictures, marked, thumbnails_of
from onrecord.store.fingerprints import Fingerprints
from onrecord.store.sqlite import connect, create_database

PICTURES = 20_000
COPIED = 80
CPU_BAR_MS, WALL_BAR_S, RECALL_BAR, FALSE_BAR = 9.0, 180.0, 0.95, 0.001
Made = tuple[str, bytes]
Printed = tuple[str, tuple[Fingerprint, ...]]


@dataclass(frozen=True, slots=True)
class Costs:
    """Seconds of CPU, of two processes together."""

    decoding: float
    fingerprints: float


def main(pictures: int = PICTURES, copied: int = COPIED) -> None:
    originals = pictures - copied * len(COPIES)
    with tempfile.TemporaryDirectory(prefix="onrecord-bench-") as folder:
        path = Path(folder) / "record.db"
        create_database(path)
        connection = connect(path)
        kept = Fingerprints(connection)
        every = max(originals // copied, 1)
        began = perf_counter()
        costs, count = _fill(kept, originals, every)
        print(f"{count:,} pictures were made and fingerprinted in {perf_counter() - began:.0f} s", flush=True)
        found: list[Likeness] = []
        matching = cost_of(lambda: found.extend(_matched(kept)))
        _tell_time(costs, matching.wall, count)
        _tell_found(found, count, originals, every)
        loading = cost_of(lambda: kept_pictures(kept))
        say(f"reading {count:,} held pictures", f"{loading.wall:.2f} s", "1 s", loading.wall < 1)
        _tell_lookup(kept)
        connection.close()


def _fill(kept: Fingerprints, originals: int, every: int) -> tuple[Costs, int]:
    """Fingerprint everything, as two processes do it."""
    decoding = fingerprints = 0.0
    count = 0
    with ProcessPoolExecutor(min(2, os.cpu_count() or 1)) as pool:
        jobs = [(number, number % every == 0) for number in range(originals)]
        for rows, cost in pool.map(_one, jobs, chunksize=50):
            for name, prints in rows:
                kept.keep(name, prints)
            count += len(rows)
            decoding, fingerprints = decoding + cost.decoding, fingerprints + cost.fingerprints
    return Costs(decoding, fingerprints), count


def _one(job: tuple[int, bool]) -> tuple[list[Printed], Costs]:
    files = list(_files(*job))
    began = process_time()
    for _, content in files:
        Image.open(io.BytesIO(content)).load()
    decoded = process_time()
    rows = [(name, picture_fingerprints(Image.open(io.BytesIO(content)))) for name, content in files]
    return rows, Costs(decoded - began, process_time() - decoded)


def _files(number: int, is_copied: bool) -> Iterator[Made]:
    """A picture as a camera saves it, and the copies of it, made from that file."""
    first = encoded(picture(number), quality=85)
    yield str(number), first
    if is_copied:
        image = Image.open(io.BytesIO(first))
        image.load()
        for name, made in COPIES.items():
            yield f"{number} {name}", made(image)


def _matched(kept: Fingerprints) -> Iterator[Likeness]:
    pictures = Pictures(thumbnails_of(kept))
    for one in marked(kept):
        yield from pictures.like(one)
        pictures.add(one)


def _tell_time(costs: Costs, matching: float, count: int) -> None:
    each = costs.fingerprints / count * 1000
    say(
        "fingerprints of a picture, decoding it included",
        f"{each:.1f} ms",
        f"{CPU_BAR_MS} ms",
        each <= CPU_BAR_MS,
    )
    ratio = costs.fingerprints / costs.decoding
    say(
        "the same, beside decoding it and nothing else",
        f"{ratio:.2f} times",
        "none",
        True,
    )
    both = costs.fingerprints / min(2, os.cpu_count() or 1) + matching
    share = WALL_BAR_S * count / PICTURES
    say(
        f"{count:,} pictures, on two cores",
        f"{both:.0f} s (matching {matching:.1f})",
        f"{share:.0f} s",
        both <= share,
    )


def _tell_found(found: list[Likeness], count: int, originals: int, every: int) -> None:
    copied = range(0, originals, every)
    pairs = {frozenset((one.one, one.other)) for one in found}
    for name in COPIES:
        hits = sum(frozenset((str(number), f"{number} {name}")) in pairs for number in copied)
        recall = hits / len(copied)
        say(
            f"found: {name}",
            f"{hits} of {len(copied)} ({recall:.1%})",
            f"{RECALL_BAR:.0%}",
            recall >= RECALL_BAR,
        )
    false = [one for one in found if one.one.split()[0] != one.other.split()[0]]
    rates = len(false) / max(len(found), 1), len(false) / count
    for rate, of in zip(rates, ("proposals", "pictures"), strict=True):
        say(
            f"false proposals among {of}", f"{len(false)} ({rate:.3%})", f"{FALSE_BAR:.1%}", rate <= FALSE_BAR
        )
    kinds = Counter(
        (one.kind, *sorted(int(name.split()[0]) % 20 for name in (one.one, one.other))) for one in false
    )
    if kinds:
        print(f"      of which: {dict(kinds)}; such as {false[0]}")


def _tell_lookup(kept: Fingerprints) -> None:
    near = Near(kept, str)
    all_names = [one.original for one in marked(kept)]
    names = all_names[:: max(len(all_names) // 500, 1)]
    near(names[0])
    cost = cost_of(lambda: [near(name) for name in names])
    each = cost.wall * 1000 / len(names)
    say("looking one picture up among them", f"{each:.2f} ms", "5 ms", each <= 5)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
