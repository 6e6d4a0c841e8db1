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


@verb(
    "verify",
    parameters=(
        click.Argument(["path"], required=False, type=click.Path(path_type=Path)),
        click.Option(["--views"], is_flag=True, help="Also make the record's views again and compare."),
    ),
    examples=("onrecord verify", "onrecord verify dossier", "onrecord verify --views"),
)
def command(call: Call, path: Path | None, views: bool) -> int:
    """PATH is a record or a dossier; without it, the record you work on. Every file is hashed again, every
    signature and proof checked. Ends with exit code 1 if anything is wrong."""
    from onrecord import api

    place = path or call.path
    with call.progress() as progress:
        found = api.verify(place, views=views, progress=progress)
    if call.json:
        call.emit(found)
    else:
        show_verified(call.page, place, found)
    return DONE if found["ok"] else WRONG_IN_PLACES


def show_verified(page: Page, place: Path, found: Mapping[str, Any]) -> None:
    """Proven or not, every problem by place, and the fingerprint to compare."""
    verdict = "Proven unaltered" if found["ok"] else "Not proven"
    page.line(f"{page.bold(verdict)}: {page.shown(str(place))}")
    seen = counted(found["entries"], "entry", "entries")
    page.line(f"  {seen} and {counted(found['items'], 'original')} checked.")
    problems = found["problems"]
    if problems:
        page.heading(counted(len(problems), "problem"))
        for problem in problems:
            page.paragraph(
                f"{page.shown(str(problem['where']))}: {page.shown(str(problem['what']))}", indent=2
            )
    prints = fingerprints(found)
    if prints:
        page.line()
        page.paragraph("Fingerprint of the key. Compare it with the one you were given another way:")
        for fingerprint in prints:
            page.line(f"  {page.bold(fingerprint)}")


def fingerprints(found: Mapping[str, Any]) -> list[str]:
    """The fingerprints a verification names, whatever was verified."""
    named = found.get("fingerprints") or found.get("fingerprint") or ()
    return [named] if isinstance(named, str) else [str(one) for one in named]
