"""`onrecord add`: originals come in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from onrecord.cli.call import Call
from onrecord.cli.outcome import DONE, WRONG_IN_PLACES
from onrecord.cli.terminal.amounts import counted, size_said
from onrecord.cli.verb import verb

STATUSES = ("added", "already held", "refused")


@verb(
    "add",
    parameters=(
        click.Argument(["paths"], nargs=-1, required=True, metavar="PATH…", type=click.Path(path_type=Path)),
    ),
    examples=(
        "onrecord add notes.txt",
        "onrecord add notes.txt photographs",
        "onrecord --json add notes.txt",
    ),
)
def command(call: Call, paths: tuple[Path, ...]) -> int:
    """Each file is copied in, hashed, and made read-only; it stays where it was, too. Bytes that the record
    holds already are not taken twice. Links are not followed. Ends with exit code 1 if a file was refused."""
    statuses: Counter[str] = Counter()
    with call.open() as record, call.progress() as progress:
        for row in record.add(paths, progress=progress):
            statuses[row["status"]] += 1
            if call.json:
                call.emit(row)
            else:
                progress.clear()
                _show(call, row)
    if not call.json:
        _sum_up(call, statuses)
    return WRONG_IN_PLACES if statuses["refused"] else DONE


def _show(call: Call, row: Mapping[str, Any]) -> None:
    page = call.page
    name = page.shown(str(row["path"]))
    if row["status"] == "refused":
        page.line(f"{page.bold('refused')}       {name}")
        page.paragraph(page.shown(str(row.get("reason") or "no reason was given")), indent=14)
        return
    what = f"{row['media_type']}, {size_said(row['size'])}"
    page.line(f"{row['status']:<13} {name}")
    page.line(page.dim(f"{'':13} {what}  item {row['item']}"))
    if row.get("back"):
        page.line(f"{'':13} Its original had gone missing here, and is back.")
    told = notes_said(row)
    if told:
        page.line(page.dim(f"{'':13} {page.shown(told)}"))


def notes_said(row: Mapping[str, Any]) -> str:
    """How the text was read, where somebody should look at it: a guessed encoding, what was left out."""
    notes = row.get("notes") or () if row.get("text", True) else ()
    return "; ".join(map(str, notes))


def _sum_up(call: Call, statuses: Mapping[str, int]) -> None:
    said = ", ".join(f"{statuses[status]} {status}" for status in STATUSES if statuses.get(status))
    call.page.line()
    call.page.line(
        f"{counted(sum(statuses.values()), 'file')}: {said}." if said else "There was no file to take in."
    )
