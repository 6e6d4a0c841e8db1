"""`onrecord join`: a further laptop gets its own copy."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from onrecord.cli.call import Call
from onrecord.cli.new import require_room
from onrecord.cli.outcome import DONE, WRONG_IN_PLACES
from onrecord.cli.terminal.amounts import counted
from onrecord.cli.terminal.exchange_view import show_missing
from onrecord.cli.terminal.page import Page
from onrecord.cli.verb import verb


@verb(
    "join",
    parameters=(
        click.Argument(["stick"], metavar="STICK"),
        click.Argument(["path"], type=click.Path(path_type=Path)),
        click.Option(
            ["--code"],
            metavar="WORDS",
            help="The code of an invitation [default: $ONRECORD_CODE, or asked for].",
        ),
        click.Option(["--which"], metavar="RECORD", help="Which record, where several lie there."),
    ),
    examples=("onrecord join stick crossing",),
)
def command(call: Call, stick: str, path: Path, code: str | None, which: str | None) -> int:
    """STICK is what a colleague sent to; PATH a new folder for the copy. With a code the copy is whole at once. Without
    one it waits: a member merges the stick, admits this laptop, and sends again. Until then what you write rests."""
    from onrecord import api

    require_room(path)
    code = code or call.settings.code or _asked(call, stick)
    with call.progress() as progress:
        joined = api.join(stick, path, code=code, record=which, settings=call.settings, progress=progress)
    if call.json:
        call.emit(joined)
    else:
        show_joined(call.page, path, joined, code is not None)
    return WRONG_IN_PLACES if joined["missing"] and code is not None else DONE


def _asked(call: Call, stick: str) -> str | None:
    """The code, asked for where somebody sits and an invitation lies."""
    if call.json or not sys.stderr.isatty():
        return None
    from onrecord.exchange.join import invited
    from onrecord.exchange.place import place_at

    if not invited(place_at(stick)):
        return None
    said: str = click.prompt(
        "Code of the invitation (Enter to join without)",
        hide_input=True,
        err=True,
        default="",
        show_default=False,
    )
    return said or None


def show_joined(page: Page, path: Path, joined: Mapping[str, Any], whole: bool) -> None:
    if whole:
        page.line(
            f"A copy of the record stands at {page.shown(str(path))}: {counted(joined['entries'], 'entry', 'entries')}."
        )
    else:
        page.line(f"A copy that waits for its first merge stands at {page.shown(str(path))}.")
    page.line()
    page.paragraph(
        "The fingerprint of this laptop. Read it to a member, who compares it before admitting you:"
    )
    page.line(f"  {page.bold(joined['fingerprint'])}")
    for one in joined["colleagues"]:
        page.paragraph(
            f"That of {page.shown(str(one['handle'] or one['device']))}, to compare with what they read to you:"
        )
        page.line(f"  {page.bold(one['fingerprint'])}")
    for notice in joined["notices"]:
        page.paragraph(page.shown(str(notice)))
    page.line()
    if not joined["sent"]:
        page.paragraph(
            "Nothing can be written there, so take a stick or a shared folder for what comes next:"
        )
        page.line("  onrecord send STICK")
    page.paragraph("Then a member does this with the stick, and you merge it:")
    page.line("  onrecord merge STICK")
    page.line(f"  onrecord admit {joined['device']}")
    page.line("  onrecord send STICK")
    if whole:
        show_missing(
            page, joined["missing"], "could not be taken", "Ask for it to be sent again, and merge again."
        )
