"""`onrecord verify`: is it unaltered?"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from onrecord.cli.call import Call
from onrecord.cli.outcome import DONE, WRONG_IN_PLACES
from onrecord.cli.terminal.amounts import counted
from onrecord.cli.terminal.page import Page
from onrecord.cli.verb import verb
from onrecord.record.errors import RecordMissing

Report = Mapping[str, Any]
KEYS = ("The fingerprint of its key.", "The fingerprints of its keys.")
_VERDICTS = (("Proven unaltered", "Not proven"), ("Whole, as it was sent", "Not whole"))


@verb(
    "verify",
    parameters=(
        click.Argument(["path"], required=False, type=click.Path(path_type=Path)),
        click.Option(["--views"], is_flag=True, help="Also make the record's views again and compare."),
        click.Option(
            ["--original"],
            type=click.Path(path_type=Path, exists=True, dir_okay=False),
            metavar="FILE",
            help="For a proof: the file that it is about.",
        ),
        click.Option(
            ["--against"],
            type=click.Path(path_type=Path, exists=True),
            multiple=True,
            metavar="KEPT",
            help="For a record: a root file, checkpoint, proof, dossier or other copy of it that was kept elsewhere.",
        ),
    ),
    examples=(
        "onrecord verify",
        "onrecord verify dossier",
        "onrecord verify --views",
        "onrecord verify --against dossier",
    ),
)
def command(
    call: Call, path: Path | None, views: bool, original: Path | None, against: tuple[Path, ...]
) -> int:
    """PATH is a record, a dossier or a proof; without it, the record you work on. Every file is hashed again, every
    signature and proof checked. What was kept of a record elsewhere shows whether it was rewritten since, and from
    which entry on, whoever did it. Ends with exit code 1 if anything is wrong."""
    from onrecord import api

    place = path or call.path
    _require_something(place, original)
    roots = call.settings.authority_roots
    with call.progress() as progress:
        found = api.verify(
            place, views=views, progress=progress, original=original, roots=roots, against=against
        )
    if call.json:
        call.emit(found)
    else:
        show_verified(call.page, place, found)
    return DONE if found["ok"] else WRONG_IN_PLACES


def show_verified(page: Page, place: Path, found: Report) -> None:
    """Proven or not, every problem by place, and the fingerprints to compare."""
    verdict = _VERDICTS[found.get("kind") == "exchange"][not found["ok"]]
    page.line(f"{page.bold(verdict)}: {page.shown(str(place))}")
    if found.get("kind") == "proof":
        _show_proof(page, found)
    else:
        page.line(f"  {_extent(found)}")
    for one in found.get("against") or ():
        goes_on = "It goes on from" if one["extends"] else "It does NOT go on from"
        page.line(f"  {goes_on} {page.shown(one['evidence'])}")
    _show_problems(page, found)
    _show_notes(page, found)
    prints = [str(fingerprint) for fingerprint in found.get("fingerprints") or ()]
    if prints:
        page.line()
        page.paragraph(f"{KEYS[len(prints) > 1]} Compare with what you were given another way:")
        page.lines(f"  {page.bold(fingerprint)}" for fingerprint in prints)


def _show_notes(page: Page, found: Report) -> None:
    notes = found.get("notes") or ()
    if notes:
        page.heading("Worth knowing, and no problem")
    for told in notes:
        page.paragraph(page.shown(str(told)), indent=2)


def _extent(found: Report) -> str:
    entries = counted(found["entries"], "entry", "entries")
    if found.get("kind") == "exchange":
        return f"{entries} and {counted(found['items'], 'original')}, as their writers list them."
    if found.get("kind") != "dossier":
        return f"{entries} and {counted(found['items'], 'original')} checked."
    if found["ok"]:
        return f"{entries} of the record proven beneath it; every file is as it was published."
    return f"Every file, and the proofs of {entries} beneath it, checked."


def _show_proof(page: Page, found: Report) -> None:
    """What a proof says, who says since when, and what it shows and does not show."""
    for line in found["lines"]:
        page.paragraph(page.shown(line.strip()), indent=2)
    for heading, points in found["proven"] if found["ok"] else ():
        page.heading(heading)
        for point in points:
            page.paragraph(f"- {page.shown(point)}", indent=2)


def _require_something(place: Path, original: Path | None) -> None:
    if not place.exists():
        raise RecordMissing(
            str(place), "nothing stands there", "Name the folder of a record or a dossier, or a proof's file."
        )
    if original and place.is_dir():
        raise RecordMissing(
            str(place), "it is a folder, and only a proof is compared with a file", "Name the proof."
        )


def _show_problems(page: Page, found: Report) -> None:
    problems = found["problems"]
    unlisted = found.get("unlisted_problems", 0)
    if problems:
        page.heading(counted(len(problems) + unlisted, "problem"))
    for problem in problems:
        page.paragraph(f"{page.shown(str(problem['where']))}: {page.shown(str(problem['what']))}", indent=2)
    if unlisted:
        page.line(f"  and {unlisted:,} more.")
