"""`onrecord import`: what other tools hand over comes in, checked, with a line for everything in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from onrecord.cli.call import Call
from onrecord.cli.outcome import DONE, WRONG_IN_PLACES
from onrecord.cli.terminal.amounts import counted
from onrecord.cli.terminal.clean import clean_line
from onrecord.cli.verb import verb
from onrecord.record.errors import PutRefused

FORMS = "auto-archiver, bagit, proofmode, taguette, annotations, odk, ftm"
STATUSES = ("carried", "kept as a file", "not carried", "wrong")


@verb(
    "import",
    parameters=(
        click.Argument(["path"], metavar="PATH", type=click.Path(path_type=Path)),
        click.Option(
            ["--as", "form"], metavar="FORM", help=f"What it is, where that is not told from it: {FORMS}."
        ),
        click.Option(["--dry-run"], is_flag=True, help="Say what would come of it, and write nothing."),
    ),
    examples=(
        "onrecord import bag",
        "onrecord import bag --dry-run",
        "onrecord --json import bag --as bagit",
    ),
)
def command(call: Call, path: Path, form: str | None, dry_run: bool) -> int:
    """Every file is kept as `add` keeps it, also one whose stated hash or signature is wrong: that is said, and logged
    as a step in its life. Each line says where in the source something stands and what became of it: carried, kept as a
    file, not carried, or wrong. Nothing is fetched. Ends with exit code 1 if something is wrong."""
    statuses: Counter[str] = Counter()
    with call.open() as record, call.progress() as progress:
        try:
            for row in record.import_from(path, form, dry_run=dry_run, progress=progress):
                statuses[row["status"]] += 1
                progress.clear()
                _show(call, row)
        except PutRefused as refused:
            progress.clear()
            _show_errors(call, refused.errors)
            raise
    if not call.json:
        _sum_up(call, statuses, dry_run)
    return WRONG_IN_PLACES if statuses["wrong"] else DONE


def _show(call: Call, row: Mapping[str, Any]) -> None:
    if call.json:
        return call.emit(row)
    page = call.page
    status = f"{row['status']:<15}"
    page.line(f"{page.bold(status) if row['status'] == 'wrong' else status} {page.shown(str(row['from']))}")
    if row.get("reason"):
        page.paragraph(page.shown(str(row["reason"])), indent=16)
    ids = [f"{name} {row[name]}" for name in ("item", "thing") if row.get(name)]
    if ids:
        page.line(page.dim(f"{'':15} {'  '.join(ids)}"))


def _show_errors(call: Call, errors: Sequence[Mapping[str, Any]]) -> None:
    for row in errors:
        if call.json:
            call.emit(row)
        else:
            click.echo(f"{clean_line(str(row['from']))}: {clean_line(str(row['error']))}", err=True)


def _sum_up(call: Call, statuses: Mapping[str, int], dry_run: bool) -> None:
    said = ", ".join(f"{statuses[status]} {status}" for status in STATUSES if statuses.get(status))
    call.page.line()
    call.page.line(f"{counted(sum(statuses.values()), 'line')}: {said}.")
    if dry_run:
        call.page.line("Nothing was written.")
