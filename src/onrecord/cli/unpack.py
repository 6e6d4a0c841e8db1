"""`onrecord unpack`: a packed record, back as a folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from onrecord.cli.call import Call
from onrecord.cli.new import require_room
from onrecord.cli.outcome import DONE, WRONG_IN_PLACES
from onrecord.cli.passphrases import ask
from onrecord.cli.terminal.amounts import counted
from onrecord.cli.verb import verb

FILE = click.Path(path_type=Path)


@verb(
    "unpack",
    parameters=(
        click.Argument(["file"], metavar="FILE.age", type=FILE),
        click.Argument(["path"], type=FILE),
        click.Option(
            ["--share", "shares"],
            multiple=True,
            type=FILE,
            metavar="FILE",
            help="A recovery share, where no key here opens it. Give as many as are needed.",
        ),
    ),
    examples=("onrecord unpack sample-record.age opened",),
)
def command(call: Call, file: Path, path: Path, shares: Sequence[Path]) -> int:
    """Into a folder that is new or empty: all of it or nothing. What was unpacked is then verified; exit code 1 if
    that finds a problem."""
    from onrecord import api

    require_room(path)
    with call.progress() as progress:
        told = api.unpack(file, path, shares=shares, settings=call.settings, ask=ask, progress=progress)
    if call.json:
        call.emit(told)
        return DONE if told["ok"] else WRONG_IN_PLACES
    page = call.page
    page.paragraph(f"The record stands at {page.shown(str(path))}: {counted(told['files'], 'file')}.")
    if told["ok"]:
        page.paragraph("It verifies.")
    else:
        page.paragraph(f"{counted(len(told['problems']), 'problem')} in it. See them:")
        page.line(f"  onrecord verify {page.argument(str(path))}")
    for notice in told["notices"]:
        page.paragraph(page.shown(notice))
    return DONE if told["ok"] else WRONG_IN_PLACES
