"""`onrecord pack`: the whole record as one encrypted file."""

from __future__ import annotations

from pathlib import Path

import click

from onrecord.cli.call import Call
from onrecord.cli.passphrases import ask_twice
from onrecord.cli.terminal.amounts import counted
from onrecord.cli.verb import verb


@verb(
    "pack",
    parameters=(
        click.Argument(["out"], metavar="OUT.age", type=click.Path(path_type=Path)),
        click.Option(
            ["--passphrase"],
            is_flag=True,
            help="Encrypt it under a passphrase of its own, and not to your key and the recovery key.",
        ),
        click.Option(["--remove"], is_flag=True, help="Then delete the record's folder."),
    ),
    examples=("onrecord pack sample-record.age",),
)
def command(call: Call, out: Path, passphrase: bool, remove: bool) -> None:
    """For a journey, a raid, or the bank vault: nobody reads the file without your key, recovery shares, or the
    passphrase. It is read back and compared before anything is deleted. Your keys stay in your own folder: on another
    laptop you need them, too."""
    with call.open() as record, call.progress() as progress:
        packed = record.pack(out, passphrase=passphrase, remove=remove, ask_new=ask_twice, progress=progress)
    if call.json:
        return call.emit(packed)
    page = call.page
    page.paragraph(
        f"The record is packed into {page.shown(str(out))}: {counted(packed['files'], 'file')}, read back and compared."
    )
    if remove:
        page.paragraph(
            "Its folder is deleted. A solid-state disk may still hold what was in it until it is used again, and so may "
            "backups: only a disk that is encrypted as a whole keeps that from a thief."
        )
    else:
        page.paragraph("The record's folder is still there. --remove would delete it once the file is made.")
    page.line("It comes back with:")
    page.line(f"  onrecord unpack {page.argument(str(out))} PATH")
