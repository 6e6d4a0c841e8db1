"""`onrecord admit`: a further laptop is let in, or what its person may do changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from onrecord.cli.asking import is_asked
from onrecord.cli.call import Call
from onrecord.cli.terminal.amounts import counted
from onrecord.cli.terminal.laptop_view import show_laptop, show_namesakes
from onrecord.cli.terminal.page import Page
from onrecord.cli.verb import verb


@verb(
    "admit",
    parameters=(
        click.Argument(["device"]),
        click.Option(["--handle"], metavar="NAME", help="What its person is called in this record."),
        click.Option(
            ["--role"],
            type=click.Choice(["member", "keeper"]),
            help="A keeper can open what is sealed from now on; only a keeper makes one [default: member].",
        ),
        click.Option(["--yes"], is_flag=True, help="Without being asked."),
    ),
    examples=("onrecord admit DEVICE --handle noam",),
)
def command(call: Call, device: str, handle: str | None, role: str | None, yes: bool) -> None:
    """DEVICE is a person's name, its id, its log, or four letters or more of its fingerprint: onrecord laptops. Compare
    the whole fingerprint with what its owner reads to you first: whoever is let in may write, and let others in.
    Of a laptop that is let in already, --role and --handle change what its person may do and is called."""
    with call.open() as record:
        row = record.laptop(device)
        called = (handle or str(row["handle"])).casefold()
        namesakes = [
            one
            for one in record.laptops()
            if one["state"] == "admitted"
            and one["device"] != row["device"]
            and str(one["handle"]).casefold() == called
        ]
        if not call.json:
            show_laptop(call.page, row)
            show_namesakes(call.page, namesakes)
        if is_asked(call, yes):
            click.confirm("Is this the fingerprint that its owner read to you?", abort=True)
        admitted = record.admit(device, handle, role)
    if call.json:
        return call.emit(admitted | {"namesakes": [one["device"] for one in namesakes]})
    return _show(call.page, admitted)


def _show(page: Page, admitted: Mapping[str, Any]) -> None:
    who = page.shown(str(admitted["handle"]))
    if admitted["again"]:
        page.line(f"{who} is a {admitted['role']}, and this laptop's word for them is in the record.")
        return page.line("Send next, so that the others know.")
    page.line(f"{who} is let in; {counted(admitted['entries'], 'entry', 'entries')} stand now.")
    page.line("Send next, so that they can read what is here:")
    page.line("  onrecord send PATH")
    return page.line("Was it the wrong laptop? onrecord revoke shuts it out.")
