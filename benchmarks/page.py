"""Taking in a saved web page of 0.9 MB with its text layer, against parsing it with lxml alone."""

from __future__ import annotations

from pathlib import Path

import onrecord
from benchmarks.measure import cost_of, cost_of_add, say, workplace

PAGE = Path(__file__).resolve().parents[2] / "shared" / "data" / "casement" / "casement-1904.html"


def parse() -> None:
    from lxml import html

    html.fromstring(PAGE.read_bytes())


def main() -> None:
    if not PAGE.exists():
        print(f"skipped: {PAGE} is not here")
        return
    with workplace() as (folder, settings):
        onrecord.new(folder / "record", settings=settings)
        least = cost_of(parse)
        ours = cost_of_add(folder / "record", settings, PAGE)
        say(
            "a web page of 0.9 MB with its text layer",
            f"{ours.cpu:.2f} s of CPU, {ours.cpu / least.cpu:.0f}x parsing",
            "2 s",
            ours.cpu <= 2,
        )


if __name__ == "__main__":
    main()
