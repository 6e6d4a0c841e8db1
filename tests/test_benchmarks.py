"""`make bench` runs every benchmark there is."""

from __future__ import annotations

from pathlib import Path

from benchmarks import __main__ as all_of_them

NOT_BENCHMARKS = {"__init__", "__main__", "measure", "pictures", "originals"}


def test_every_benchmark_in_the_folder_is_run() -> None:
    there = {file.stem for file in Path(all_of_them.__file__).parent.glob("*.py")} - NOT_BENCHMARKS
    assert set(all_of_them.NAMES) == there and len(all_of_them.NAMES) == len(there)
