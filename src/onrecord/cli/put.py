"""`onrecord put`: things go in, all lines or none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, TextIO

import click

from onrecord.cli.call import Call
from onrecord.cli.terminal.amounts import counted
from onrecord.cli.terminal.clean import clean_line
from onrecord.cli.verb import verb
from onrecord.record.errors import PutRefused

ERRORS_SHOWN = 100
# Bytes that are not UTF-8 come through as lone surrogates, which are refused with the number of their line.
LINES = click.File("r", encoding="utf-8-sig", errors="surrogateescape")
ROWS_SHOWN = 20
MANY = {"terms": "terms", "custody": "custody", "property": "properties"}


@verb(
    "put",
    parameters=(click.Argument(["file"], metavar="FILE.jsonl", type=LINES),),
    examples=("onrecord put accounts.jsonl", "onrecord put - < accounts.jsonl"),
)
def command(call: Call, file: TextIO) -> None:
    """One JSON object a line: {"kind": …, "id": a name of your choice, fields…}. A line on a thing that is
    there changes the fields it names and needs a "reason". `-` reads standard input."""
    with call.open() as record, call.progress() as progress:
        try:
            rows = record.put(file, progress=progress)
        except PutRefused as refused:
            progress.clear()
            _show_errors(call, refused.errors[:ERRORS_SHOWN])
            raise
    if call.json:
        for row in rows:
            call.emit(row)
        return
    _show(call, rows)


def _show(call: Call, rows: Sequence[Mapping[str, Any]]) -> None:
    page = call.page
    if not rows:
        return page.line("There was no line to put.")
    if len(rows) <= ROWS_SHOWN:
        page.table([(f"line {row['line']}", row["kind"], row["id"], row.get("slug") or "") for row in rows])
        page.line()
    kinds = Counter(row["kind"] for row in rows)
    page.paragraph(
        f"Put {counted(len(rows), 'line')}: {', '.join(counted(n, kind, MANY.get(kind)) for kind, n in kinds.items())}."
    )


def _show_errors(call: Call, errors: Sequence[Mapping[str, Any]]) -> None:
    for row in errors:
        if call.json:
            call.emit({"line": row["line"], "error": row["error"]})
        else:
            click.echo(f"line {row['line']}: {clean_line(str(row['error']))}", err=True)
