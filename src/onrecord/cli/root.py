"""`onrecord root`: what somebody outside keeps, so that no later rewriting goes unseen."""

from __future__ import annotations

from pathlib import Path

import click

from onrecord.cli.call import Call
from onrecord.cli.terminal.amounts import counted
from onrecord.cli.verb import verb


@verb(
    "root",
    parameters=(
        click.Option(
            ["--out"],
            type=click.Path(path_type=Path),
            metavar="FILE",
            help="Also write it to a file that names every log, its key and its entries' hashes.",
        ),
    ),
    examples=("onrecord root", "onrecord root --out root.json"),
)
def command(call: Call, out: Path | None) -> None:
    """The record root is one hash over everything signed so far. Whoever keeps it, or better the file, can later show
    whether the record was rewritten, and from which entry on: onrecord verify --against FILE. It holds nothing that
    anybody said or is called. Read it to somebody over the telephone, or give them the file."""
    with call.open() as record:
        made = record.root(out)
    if call.json:
        return call.emit(made)
    call.page.line(f"{call.page.bold('The record root')}, of {counted(len(made['logs']), 'log')}:")
    words = made["spoken"].split(" ")
    call.page.lines(f"  {' '.join(words[at : at + 8])}" for at in range(0, len(words), 8))
    if out:
        call.page.line(
            f"It is written, with what finds the first rewritten entry, to {call.page.shown(str(out))}"
        )
    return None
