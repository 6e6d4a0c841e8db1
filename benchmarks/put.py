"""`put` of 10,000 actor lines, against reading and writing the same lines as canonical JSON."""

from __future__ import annotations

import json

import onrecord
from benchmarks.measure import cost_of, say, workplace
from onrecord.record.canonical import encode

LINES = 10_000


def main() -> None:
    lines = [
        json.dumps(
            {
                "kind": "actor",
                "id": f"a{n}",
                "type": "person",
                "names": [{"text": f"שם מספר {n}", "language": "he"}, f"Name {n}"],
            }
        )
        for n in range(LINES)
    ]
    with workplace() as (folder, settings):
        onrecord.new(folder / "record", settings=settings)
        with onrecord.open(folder / "record", settings=settings) as record:
            ours = cost_of(lambda: record.put(lines))
        least = cost_of(
            lambda: (folder / "lines").write_bytes(b"\n".join(encode(json.loads(line)) for line in lines))
        )
        rate = LINES / ours.wall
        say(
            "put of 10,000 actor lines",
            f"{rate:,.0f} a second, {ours.cpu / least.cpu:.0f}x bare JSON",
            "1,000 a second",
            rate >= 1000,
        )


if __name__ == "__main__":
    main()
