"""`add` of 5,000 files as a card or a partner's folder has them: files a second on all cores, and the memory it takes.

3,000 pictures, 1,000 PDF documents of three pages, 250 DOCX and 250 XLSX, 500 clips and sound files. The peer is reading,
hashing and writing the same files once. Memory is the proportional set size of the program and all it starts.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
from pathlib import Path

import onrecord
from benchmarks.add_binary import raw
from benchmarks.measure import cost_of, say, workplace
from benchmarks.originals import clip, docx, pdf, picture, xlsx

PICTURES, DOCUMENTS, OFFICE, CLIPS = 3_000, 1_000, 500, 500
WORST_BYTES = 400 * 1024**2


def make(folder: Path) -> None:
    folder.mkdir()
    chosen = random.Random(4)
    for n in range(PICTURES):
        (folder / f"{n:04}.jpg").write_bytes(picture(chosen, (1600, 1200)))
    for n in range(DOCUMENTS):
        (folder / f"{n:04}.pdf").write_bytes(pdf(chosen, 3))
    for n in range(OFFICE):
        content = docx(chosen) if n % 2 else xlsx(chosen)
        (folder / f"{n:04}.{'docx' if n % 2 else 'xlsx'}").write_bytes(content)
    base = clip(folder.parent)
    for n in range(CLIPS):
        # A free box at the end makes each clip a file of its own.
        (folder / f"{n:04}.mp4").write_bytes(base + (12).to_bytes(4, "big") + b"free" + n.to_bytes(4, "big"))


class Memory(threading.Thread):
    """Watches how much memory a process and its descendants take at most."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid, self.most, self._go_on = pid, 0, True

    def run(self) -> None:
        while self._go_on:
            self.most = max(self.most, sum(map(_pss, _family(self._pid))))
            time.sleep(0.25)

    def stop(self) -> None:
        self._go_on = False
        self.join()


def _family(pid: int) -> list[int]:
    found, waiting = [], [pid]
    while waiting:
        here = waiting.pop()
        found.append(here)
        try:
            children = Path(f"/proc/{here}/task/{here}/children").read_text()
            for task in Path(f"/proc/{here}/task").iterdir():
                children += " " + (task / "children").read_text()
        except OSError:
            continue
        waiting += [int(child) for child in set(children.split())]
    return list(dict.fromkeys(found))


def _pss(pid: int) -> int:
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in rollup.splitlines() if line.startswith("Pss:")), 0)


def add_watched(record: Path, home: Path, folder: Path) -> tuple[float, int]:
    """The seconds that the command takes, and its memory at most."""
    command = [sys.executable, "-m", "onrecord.cli", "-r", str(record), "--json", "add", str(folder)]
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, env={**os.environ, "ONRECORD_HOME": str(home)}
    )
    memory = Memory(process.pid)
    memory.start()
    cost = cost_of(process.wait)
    memory.stop()
    return cost.wall, memory.most


def main() -> None:
    with workplace() as (folder, settings):
        make(folder / "card")
        limit = raw(folder / "card", folder / "copied")
        onrecord.new(folder / "record", settings=settings)
        seconds, most = add_watched(folder / "record", settings.home, folder / "card")
        files = PICTURES + DOCUMENTS + OFFICE + CLIPS
        rate = files / seconds
        say(
            "add of 5,000 mixed files",
            f"{rate:.0f} files a second, {seconds / limit.wall:.1f}x copying them",
            "100 a second on two cores",
            rate >= 100,
        )
        say(
            "memory of that add, with all it starts",
            f"{most / 1024**2:.0f} MB",
            "400 MB",
            most <= WORST_BYTES,
        )


if __name__ == "__main__":
    main()
