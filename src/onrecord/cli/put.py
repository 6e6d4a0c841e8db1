"""`onrecord put`: things go in, all lines or none; or the rows of a sheet, by a mapping."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

import click

from onrecord.cli.call import Call
from onrecord.cli.lines import slip_in
from onrecord.cli.outcome import DONE
from onrecord.cli.sheet_rows import put_sheet
from onrecord.cli.terminal.amounts import counted
from onrecord.cli.terminal.clean import clean, clean_line
from onrecord.cli.verb import verb
from onrecord.record.errors import PutRefused

ERRORS_SHOWN = 100
# Bytes that are not UTF-8 come through as lone surrogates, which are refused with the number of their line.
LINES = click.File("r", encoding="utf-8-sig", errors="surrogateescape")
ROWS_SHOWN = 20
MANY = {"terms": "terms", "custody": "custody", "property": "properties"}


@verb(
    "put",
    parameters=(
        click.Argument(["file"], metavar="FILE.jsonl", type=LINES, required=False),
        click.Option(
            ["--from", "source"],
            metavar="SHEET",
            help="Put the rows of a sheet: a CSV, TSV or XLSX file, or an item.",
        ),
        click.Option(
            ["--map", "mapping"],
            metavar="MAP.json",
            type=click.Path(path_type=Path, exists=True, dir_okay=False),
            help="With --from: how each row becomes things.",
        ),
        click.Option(
            ["--preview"], is_flag=True, help="With --from: show what would be put, and write nothing."
        ),
        click.Option(
            ["--reason"], metavar="TEXT", help="With --from: why things that are there already change."
        ),
    ),
    examples=(
        "onrecord put accounts.jsonl",
        "onrecord put - < accounts.jsonl",
        "onrecord put --from visits.csv --map visits.map.json --preview",
    ),
)
def command(
    call: Call,
    file: TextIO | None,
    source: str | None,
    mapping: Path | None,
    preview: bool,
    reason: str | None,
) -> int:
    """One JSON object a line: {"kind": …, "id": a name of your choice, fields…}. A line on a thing that is
    there changes the fields it names and needs a "reason"; put again as it stands, it changes nothing. A line without
    an "id" makes a new thing each time. `-` reads standard input. With --from and --map, the rows of a sheet are put, and
    the sheet is taken in: all of it, or nothing where a row cannot be put."""
    if source is not None and mapping is not None and file is None:
        return put_sheet(call, source, mapping, preview, reason)
    if file is None or source is not None or mapping is not None or preview or reason is not None:
        raise click.UsageError(
            "Name either a file of lines, or a sheet and its mapping: --from SHEET --map MAP.json.",
            click.get_current_context(),
        )
    _put_lines(call, file)
    return DONE


def _put_lines(call: Call, file: TextIO) -> None:
    with call.open() as record, call.progress() as progress:
        text = file.read()
        _refuse_slip(call, text, _name_of(file))
        try:
            rows = record.put(text.split("\n"), progress=progress)
        except PutRefused as refused:
            progress.clear()
            _show_errors(call, refused.errors[:ERRORS_SHOWN])
            raise
    if call.json:
        for row in rows:
            call.emit(row)
    else:
        _show(call, rows)
    _notice_twice(rows)
    _warn_of_place(call, _name_of(file))


def _name_of(file: TextIO) -> str:
    name = str(getattr(file, "name", "-"))
    return "standard input" if name in ("-", "<stdin>") else name


def _refuse_slip(call: Call, text: str, name: str) -> None:
    slip = slip_in(text, name)
    if slip is None:
        return
    if call.json:
        call.emit({"line": 1, "error": f"{slip.reason}. {slip.mend}"})
    raise slip


def _warn_of_place(call: Call, name: str) -> None:
    file = Path(name)
    if file.is_file() and file.resolve().is_relative_to(call.path.resolve()):
        click.echo(
            f"notice: {clean(name)} lies in the record's own folder, and verify names what does not belong "
            "there. Keep working files outside it.",
            err=True,
        )


def _show(call: Call, rows: Sequence[Mapping[str, Any]]) -> None:
    page = call.page
    if not rows:
        return page.line("There was no line to put.")
    if len(rows) <= ROWS_SHOWN:
        page.table([_row(row) for row in rows])
        page.line()
    page.paragraph(_summary(rows))


def _row(row: Mapping[str, Any]) -> tuple[str, ...]:
    said = "unchanged" if row.get("unchanged") else ""
    return (f"line {row['line']}", row["kind"], row["id"], row.get("slug") or "", said)


def _summary(rows: Sequence[Mapping[str, Any]]) -> str:
    written = [row for row in rows if not row.get("unchanged")]
    if not written:
        return f"Nothing changed: {counted(len(rows), 'line')}, and all of it stands already."
    kinds = Counter(row["kind"] for row in written)
    listed = ", ".join(counted(n, kind, MANY.get(kind)) for kind, n in kinds.items())
    if len(written) == len(rows):
        return f"Put {counted(len(rows), 'line')}: {listed}."
    same = len(rows) - len(written)
    return f"Put {counted(len(rows), 'line')}: {len(written):,} written ({listed}), {same:,} unchanged."


def _notice_twice(rows: Sequence[Mapping[str, Any]]) -> None:
    """Say where a line without an id was put again, and so made a further thing."""
    again = [row for row in rows if "like" in row]
    for row in again[:ROWS_SHOWN]:
        click.echo(
            f"notice: line {row['line']} says the same as {row['kind']} {row['like']}, and as it has no id, a further "
            f"one was made: {row['id']}. Give lines an id of your own: then putting them again changes nothing.",
            err=True,
        )
    if len(again) > ROWS_SHOWN:
        click.echo(f"notice: and so do {len(again) - ROWS_SHOWN:,} further lines.", err=True)


def _show_errors(call: Call, errors: Sequence[Mapping[str, Any]]) -> None:
    for row in errors:
        error = str(row["error"]).removeprefix("line: ")
        if call.json:
            call.emit({"line": row["line"], "error": error})
        else:
            click.echo(f"line {row['line']}: {clean_line(error)}", err=True)
