"""`onrecord revoke`: a laptop no longer writes for the team."""

from __future__ import annotations

from pathlib import Path

import click

from onrecord.cli.call import Call
from onrecord.cli.terminal.amounts import counted
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
    ),
    examples=('onrecord revoke DEVICE --reason "Taken at the crossing."',),
)
def command(call: Call, device: str, reason: str, shares: tuple[Path, ...]) -> None:
    """It takes effect when a second member says the same, or at once with recovery shares. What was seen of that
    laptop by then stands; what it wrote later is kept, and rests. What you send from then on it cannot read."""
    with call.open() as record:
        told = record.revoke(device, reason, shares)
    if call.json:
        return call.emit(told)
    page = call.page
    if not told["revoked"]:
        page.line("Noted. One more member has to revoke it too; send, so that they can.")
        return None
    page.line(
        f"Revoked; {counted(told['resting'], 'entry', 'entries')} of {page.shown(told['device'])} rest."
    )
    page.line("Send next: the keys of what you send are changed then.")
    return None
