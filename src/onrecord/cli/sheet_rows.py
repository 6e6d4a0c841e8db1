"""`onrecord put --from`: what became of each row of a sheet, or would."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from onrecord.cli.call import Call
from onrecord.cli.outcome import DONE, WRONG_REQUEST
from onrecord.cli.terminal.amounts import counted
from onrecord.cli.terminal.clean import clean_line
from onrecord.record.errors import PutRefused

ERRORS_SHOWN = 100
ROWS_SHOWN = 20
MANY = {"terms": "terms", "custody": "custody", "property": "properties"}


def put_sheet(call: Call, source: str, mapping: Path, preview: bool, reason: str | None) -> int:
    """Put the rows, or with `preview` only show them. Every row is told by its number."""
    with call.open() as record, call.progress() as progress:
        try:
            told = record.put_sheet(source, mapping, preview=preview, reason=reason, progress=progress)
        except PutRefused as refused:
            progress.clear()
            _show_errors(call, refused.errors)
            raise
    if call.json:
        _emit(call, told, preview)
    else:
        _show(call, told, preview)
    for note in told["notices"]:
        click.echo(f"notice: {clean_line(note)}", err=True)
    return WRONG_REQUEST if told.get("refused") else DONE


def _emit(call: Call, told: Mapping[str, Any], preview: bool) -> None:
    for error in told.get("errors", ()):
        call.emit(error)
    for line in told["lines"]:
        call.emit(line if preview else {name: one for name, one in line.items() if name != "fields"})
    for row in told["rows"]:
        call.emit(row)


def _show_errors(call: Call, errors: Sequence[Mapping[str, Any]]) -> None:
    for error in errors[:ERRORS_SHOWN]:
        if call.json:
            call.emit(error)
        else:
            click.echo(_error_line(error), err=True)


def _error_line(error: Mapping[str, Any]) -> str:
    cell = f", {error['cell']}" if error["cell"] else ""
    return clean_line(f"row {error['row']}{cell}: {error['error']}")


def _show(call: Call, told: Mapping[str, Any], preview: bool) -> None:
    if preview:
        _show_preview(call, told)
    _show_rows(call, told["rows"])
    if told.get("refused"):
        for error in told["errors"]:
            call.page.line(_error_line(error))
        more = told["refused"] - len(told["errors"])
        further = f", of which {more:,} are not shown" if more else ""
        call.page.line(
            f"{counted(told['refused'], 'mistake')}{further}. Nothing can be put until they are mended."
        )
        return
    call.page.paragraph(_summary(told, preview))


def _show_preview(call: Call, told: Mapping[str, Any]) -> None:
    page = call.page
    for line in told["lines"]:
        if "fields" in line and line["kind"] != "passage":
            state = "unchanged" if line.get("unchanged") else ""
            page.table([(f"row {line['row']}", line["kind"], line["slug"] or line["id"], state)])
            for name, value in line["fields"].items():
                page.paragraph(page.shown(f"{name}: {_plain(value)}"), indent=4)
    page.line()


def _plain(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_plain(one)}" for name, one in value.items())
    if isinstance(value, list):
        return "; ".join(map(_plain, value))
    return "nothing" if value is None else str(value)


def _show_rows(call: Call, rows: Sequence[Mapping[str, Any]]) -> None:
    """The rows that need somebody to look, and how many there are of each sort."""
    page = call.page
    looked = [row for row in rows if row.get("left_out")]
    for row in looked[:ROWS_SHOWN]:
        page.paragraph(
            page.shown(f"row {row['row']}: {row['status']}; left out: {'; '.join(row['left_out'])}")
        )
    if len(looked) > ROWS_SHOWN:
        page.line(
            f"and {counted(len(looked) - ROWS_SHOWN, 'further row')} with something left out; --json names each."
        )


def _summary(told: Mapping[str, Any], preview: bool) -> str:
    statuses = Counter(row["status"] for row in told["rows"])
    rows = ", ".join(f"{n:,} {status}" for status, n in statuses.items())
    listed = ", ".join(counted(n, kind, MANY.get(kind)) for kind, n in told["kinds"].items()) or "nothing new"
    if preview:
        return f"{counted(len(told['rows']), 'row')} ({rows}) would put: {listed}. Nothing was written."
    taken = " The sheet was taken in." if told["added"] else ""
    return f"{counted(len(told['rows']), 'row')}: {rows}. Put: {listed}.{taken} It is item {told['item']}."
