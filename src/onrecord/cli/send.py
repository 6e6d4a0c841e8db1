"""`onrecord send`: what colleagues lack goes out, encrypted to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from onrecord.cli.call import Call
from onrecord.cli.outcome import DONE, WRONG_IN_PLACES
from onrecord.cli.terminal.amounts import counted
from onrecord.cli.terminal.exchange_view import show_missing
from onrecord.cli.terminal.page import Page
from onrecord.cli.verb import verb


@verb(
    "send",
    parameters=(
        click.Argument(["place"], metavar="PATH"),
        click.Option(
            ["--for", "purpose"],
            type=click.Choice(["team", "travel"]),
            help="For a journey, leave out what is sealed [default: team; a folder written for travel asks for it to be said].",
        ),
        click.Option(
            ["--invite"], is_flag=True, help="Also make a code with which a further laptop joins at once."
        ),
    ),
    examples=("onrecord send stick", "onrecord send journey --for travel"),
)
def command(call: Call, place: str, purpose: str | None, invite: bool) -> int:
    """PATH is a folder, such as one on a stick, or s3://bucket/prefix. Only what is not there yet is written, and
    only into this laptop's own part of it. Ends with exit code 1 if something did not go in; send again then."""
    with call.open() as record, call.progress() as progress:
        sent = record.send(place, purpose=purpose, invite=invite, progress=progress)
    if call.json:
        call.emit(sent)
    else:
        show_sent(call.page, place, sent)
    return WRONG_IN_PLACES if sent["missing"] else DONE


def show_sent(page: Page, place: str, sent: Mapping[str, Any]) -> None:
    if sent["entries"] or sent["originals"]:
        amount = (
            f"{counted(sent['entries'], 'entry', 'entries')} and {counted(sent['originals'], 'original')}"
        )
        page.line(f"Sent {amount} to {page.shown(place)}.")
    elif not sent["missing"]:
        page.line(f"{page.shown(place)} has everything already.")
    if "left_out" in sent:
        _show_left_out(page, sent["left_out"])
    show_missing(page, sent["missing"], "did not go in", "Send again when there is room.")
    if "code" in sent:
        page.line()
        page.paragraph("The code for a further laptop. Give it by another way than the stick:")
        page.line(f"  {page.bold(sent['code'])}")
        page.paragraph("Whoever has both can read the whole record. It works until you next send there.")


def _show_left_out(page: Page, things: int) -> None:
    """What a copy for a journey does not have, and what it has all the same."""
    sealed = (
        f"{counted(things, 'thing')} with sealed fields stayed here" if things else "Nothing here is sealed"
    )
    page.paragraph(
        f"{sealed}. Originals and their file names travel whole, and so does the text read from them."
    )
