"""`onrecord revoke`: a laptop no longer writes for the team."""

from __future__ import annotations

from pathlib import Path

import click

from onrecord.cli.asking import is_asked
from onrecord.cli.call import Call
from onrecord.cli.terminal.amounts import counted
from onrecord.cli.terminal.laptop_view import show_laptop
from onrecord.cli.terminal.page import Page
from onrecord.cli.verb import verb


@verb(
    "revoke",
    parameters=(
        click.Argument(["device"]),
        click.Option(["--reason"], required=True, metavar="TEXT", help="Why. It stays."),
        click.Option(
            ["--share", "shares"],
            multiple=True,
            type=click.Path(path_type=Path),
            metavar="FILE",
            help="A recovery share. With enough of them one person can do it.",
        ),
        click.Option(["--yes"], is_flag=True, help="Without being asked."),
    ),
    examples=('onrecord revoke DEVICE --reason "Taken at the crossing."',),
)
def command(call: Call, device: str, reason: str, shares: tuple[Path, ...], yes: bool) -> None:
    """DEVICE is a person's name, an id, or the beginning of a fingerprint: onrecord laptops. It takes effect when a
    second member says the same; at once with recovery shares, or where there are only the two of you and you let that laptop in. What was seen of
    it by then stands; what it wrote later is kept, and rests. What you send from now on it cannot read, in any case."""
    with call.open() as record:
        row = record.laptop(device)
        if not call.json:
            show_laptop(call.page, row)
        if is_asked(call, yes):
            _say_what_it_does(call.page)
            click.confirm("Revoke this laptop?", abort=True)
        told = record.revoke(device, reason, shares)
    if call.json:
        return call.emit(told)
    page = call.page
    if told["revoked"]:
        page.line(
            f"Revoked; {counted(told['resting'], 'entry', 'entries')} of {page.shown(told['device'])} rest."
        )
    else:
        page.line("Noted. One more member has to revoke it too; send, so that they can.")
    page.line("Send next: the keys of what you send are changed then, and it is left out.")
    return _say_if_mistaken(page, bool(told["revoked"]))


def _say_what_it_does(page: Page) -> None:
    page.paragraph(
        "What it wrote that you have seen stands; what it writes later rests. From now on nothing that you send can be "
        "read on it. What was sent to it before stays on it. This cannot be taken back."
    )


def _say_if_mistaken(page: Page, revoked: bool) -> None:
    page.paragraph(
        "Was it a mistake? That laptop joins again under new keys, with an empty ONRECORD_HOME, and you admit it."
        + ("" if revoked else " Until a second member agrees, the others still send to it.")
    )
