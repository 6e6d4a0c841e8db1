"""`onrecord admit`: a further laptop is let in."""

from __future__ import annotations

import click

from onrecord.cli.call import Call
from onrecord.cli.terminal.amounts import counted
from onrecord.cli.verb import verb


@verb(
    "admit",
    parameters=(
        click.Argument(["device"]),
        click.Option(["--handle"], metavar="NAME", help="What its person is called in this record."),
        click.Option(
            ["--role"],
            type=click.Choice(["member", "keeper"]),
            default="member",
            help="A keeper can open what is sealed from now on [default: member].",
        ),
    ),
    examples=("onrecord admit DEVICE --handle noam",),
)
def command(call: Call, device: str, handle: str | None, role: str) -> None:
    """DEVICE is its id, its log, or four letters or more of its fingerprint, as merge shows them. Compare the whole
    fingerprint with what its owner reads to you first: whoever is let in may write, and let others in."""
    with call.open() as record:
        admitted = record.admit(device, handle, role)
    if call.json:
        return call.emit(admitted)
    page = call.page
    page.line(
        f"{page.shown(str(admitted['handle']))} is let in; {counted(admitted['entries'], 'entry', 'entries')} stand now."
    )
    page.line("Send next, so that they can read what is here:")
    page.line("  onrecord send PATH")
    return None
