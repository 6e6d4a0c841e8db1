"""`onrecord publish`: a dossier, or the list of what stands in its way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from onrecord.cli.call import Call
from onrecord.cli.outcome import DONE, WRONG_IN_PLACES
from onrecord.cli.progress import Progress
from onrecord.cli.terminal.amounts import counted
from onrecord.cli.terminal.page import Page
from onrecord.cli.terminal.values import Labels
from onrecord.cli.verb import verb

NOBODY_NAMED = "nobody named"
BUILT = "The dossier is built at"
Row = Mapping[str, Any]


@verb(
    "publish",
    parameters=(
        click.Argument(["publication"], required=False),
        click.Option(
            ["--as", "form"],
            metavar="FORM",
            help="Without a publication: copy the whole record, as bagit or as ro-crate.",
        ),
        click.Option(
            ["--out"],
            required=True,
            type=click.Path(path_type=Path),
            metavar="DIR",
            help="The folder to build: new, or empty.",
        ),
    ),
    examples=(
        "onrecord publish two-accounts --out dossier",
        "onrecord publish --as bagit --out whole-copy",
    ),
)
def command(call: Call, publication: str | None, form: str | None, out: Path) -> int:
    """Terms are evaluated now, for the publication's audience. What is closed blocks the build: then nothing
    is written, and each row says what to do. There is no way to allow everything. Exit code 1 if blocked.

    With --as, and no publication, the whole record is copied in a form that outlives this program. No terms are
    asked: that copy is for keeping, not for giving out. Exit code 1 if originals are missing in it."""
    with call.open() as record, call.progress() as progress:
        result = record.publish(publication, out, progress, form=form)
        if form:
            return _copied(call, progress, result)
        refused = result["refused"]
        if call.json:
            call.emit(result)
        elif refused:
            progress.clear()
            show_refusal(call.page, refused, Labels(record))
    if not call.json and not refused:
        show_dossier(call.page, Path(result["out"]))
    return WRONG_IN_PLACES if refused else DONE


def _copied(call: Call, progress: Progress, result: Row) -> int:
    progress.clear()
    if call.json:
        call.emit(result)
    else:
        _show_copy(call.page, result)
    return WRONG_IN_PLACES if result["missing"] else DONE


def _show_copy(page: Page, result: Row) -> None:
    page.line(f"{page.bold('The whole record is copied to')} {page.shown(str(result['out']))}")
    page.paragraph(
        f"{counted(result['files'], 'file')}. It is for keeping, not for giving out: no terms were asked."
    )
    if result["missing"]:
        page.paragraph(
            f"{counted(len(result['missing']), 'original')} not on this laptop, and not in the copy:"
        )
        page.lines(f"  {digest}" for digest in result["missing"])


NOT_BUILT = (
    "Not built. Nothing was written.",
    "Settle these and publish again. Every build asks the terms afresh.",
)


def show_refusal(
    page: Page,
    refused: Sequence[Row],
    label: Callable[[str], str] = str,
    told: tuple[str, str] = NOT_BUILT,
) -> None:
    """The to-do list: what stands in the way, by the person whose terms they are, each with its mend.

    `told` says first what was not made, and at the end what to do then.
    """
    first, last = told
    page.line(page.bold(first))
    page.paragraph(f"{counted(len(refused), 'thing')} to settle first:")
    for person in dict.fromkeys(_person(row) for row in refused):
        page.heading(page.shown(person))
        theirs = [row for row in refused if _person(row) == person]
        for thing in dict.fromkeys(str(row["thing"]) for row in theirs):
            page.paragraph(f"☐ {page.shown(label(thing))}", indent=2)
            for row in theirs:
                if row["thing"] == thing:
                    _show_row(page, row)
    page.line()
    page.paragraph(last)


def show_dossier(page: Page, out: Path, told: str = BUILT) -> None:
    """Where the dossier is, and how it is opened and checked."""
    place = page.argument(str(out))
    page.line(f"{page.bold(told)} {page.shown(str(out))}")
    page.line()
    page.line("Read it in any browser, with no network:")
    page.line(f"  {page.shown((out / 'index.html').resolve().as_uri())}")
    page.line("Anyone can check it, without Onrecord:")
    page.line(f"  python3 {place}/verify.py {place}")


def _person(row: Row) -> str:
    return str(row.get("person") or NOBODY_NAMED)


def _show_row(page: Page, row: Row) -> None:
    page.paragraph(page.shown(str(row.get("why") or row["term"])), indent=4)
    page.paragraph(f"→ {page.shown(str(row['mend']))}", indent=4)
