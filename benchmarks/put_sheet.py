"""`put --from` of 20,000 rows of a sheet: an actor, a statement and two claims a row, and the passages they rest on.

Against `put` of the same things without their passages, as ready lines.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import onrecord
from benchmarks.measure import cost_of, say, workplace

ROWS = 20_000
VILLAGES = ("the weir", "the ford", "السدّ", "המעבר")
MAPPING: dict[str, Any] = {
    "map": 1,
    "speaker": "clinic",
    "columns": {
        "Date": {"as": "date", "form": "day/month/year"},
        "Hurt": {"as": "number"},
        "Days": {"as": "number", "form": "1,234.5"},
    },
    "things": [
        {"kind": "actor", "id": "clinic", "fields": {"type": "body", "names": ["The clinic"]}},
        {
            "kind": "actor",
            "id": "person-{No}",
            "fields": {"type": "person", "names": [{"text": {"column": "Name"}}], "note": "from {Village}"},
        },
        {
            "kind": "claim",
            "id": "hurt-{No}",
            "fields": {
                "subject": "person-{No}",
                "property": "injury",
                "value": {"column": "Hurt"},
                "when": {"column": "Date"},
            },
        },
        {
            "kind": "claim",
            "id": "days-{No}",
            "fields": {
                "subject": "person-{No}",
                "property": "duration",
                "value": {"column": "Days"},
                "unit": "day",
            },
        },
    ],
}


def main() -> None:
    with workplace() as (folder, settings):
        sheet = folder / "register.csv"
        sheet.write_text("".join(_rows()), encoding="utf-8")
        onrecord.new(folder / "record", settings=settings)
        with onrecord.open(folder / "record", settings=settings) as record:
            ours = cost_of(lambda: record.put_sheet(sheet, MAPPING))
            again = cost_of(lambda: record.put_sheet(sheet, MAPPING))
        least = _cost_of_lines(folder, settings)
        rate = ROWS / ours.wall
        measured = f"{rate:,.0f} rows a second, {ours.cpu / least:.1f}x bare lines"
        say("put of a sheet of 20,000 rows, 10 things a row", measured, "1,000 rows a second", rate >= 1000)
        rate = ROWS / again.wall
        say("put of the same sheet again", f"{rate:,.0f} rows a second", "1,000 rows a second", rate >= 1000)


def _cost_of_lines(folder: Path, settings: Any) -> float:
    onrecord.new(folder / "bare", settings=settings)
    with onrecord.open(folder / "bare", settings=settings) as record:
        return cost_of(lambda: record.put(list(_lines()))).cpu


def _rows() -> Any:
    yield "No,Name,Village,Date,Hurt,Days\n"
    for n in range(ROWS):
        day = f"{n % 28 + 1:02}/{n % 12 + 1:02}/2019"
        yield f'{n},Name {n},{VILLAGES[n % 4]},{day},{n % 7},"1,{n % 1000:03}"\n'


def _lines() -> Any:
    yield {"kind": "actor", "id": "clinic", "type": "body", "names": ["The clinic"]}
    for n in range(ROWS):
        yield {"kind": "actor", "id": f"a{n}", "type": "person", "names": [{"text": f"Name {n}"}]}
        about = {"about": [f"a{n}"], "act": "asserts"}
        yield {"kind": "statement", "id": f"s{n}", "speaker": "clinic", "text": "A row.", **about}
        for name in ("injury", "duration"):
            claim = {"statement": f"s{n}", "subject": f"a{n}", "property": name, "value": n % 7}
            yield {"kind": "claim", "id": f"{name}{n}", **claim, "as_written": str(n % 7)}


if __name__ == "__main__":
    main()
