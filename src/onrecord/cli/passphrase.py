"""`onrecord passphrase`: over the key that opens what was sealed to you."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from onrecord.cli.call import Call
from onrecord.cli.passphrases import ask_twice
from onrecord.cli.terminal.amounts import counted
from onrecord.cli.verb import verb


@verb(
    "passphrase",
    parameters=(
        click.Option(["--remove"], is_flag=True, help="Keep the key without a passphrase."),
        click.Option(
            ["--new-identity"],
            is_flag=True,
            help="Make a new key for you. What is sealed from now on is sealed to it.",
        ),
        click.Option(
            ["--lost"],
            is_flag=True,
            help="With --new-identity: the passphrase of the former key is lost. Its file is put aside.",
        ),
    ),
    examples=("onrecord passphrase", "onrecord passphrase --new-identity"),
)
def command(call: Call, remove: bool, new_identity: bool, lost: bool) -> None:
    """Sets or changes the passphrase. It is asked for on the terminal and not shown. There is no way to find out
    a passphrase that is lost: then recovery shares, or a colleague, open what was sealed."""
    _require_sense(remove, new_identity, lost)
    with call.open() as record:
        done = record.passphrase(remove=remove, new_identity=new_identity, lost=lost, ask_new=ask_twice)
    if call.json:
        return call.emit(done)
    _show(call, done, new_identity)


def _require_sense(remove: bool, new_identity: bool, lost: bool) -> None:
    if lost and not new_identity:
        raise click.UsageError("--lost goes with --new-identity.")
    if remove and new_identity:
        raise click.UsageError("Give --remove or --new-identity, not both.")


def _show(call: Call, done: Mapping[str, Any], new_identity: bool) -> None:
    page = call.page
    if done["passphrase"]:
        page.paragraph(
            "Your key in this record is under a passphrase. Without it nobody opens what was sealed to you. It is for "
            "this record only."
        )
        if done.get("open"):
            page.paragraph(
                f"On this laptop your keys in {counted(done['open'], 'other record')} are without one: whoever reads "
                "your account's files has them. Run onrecord passphrase in each."
            )
    else:
        page.paragraph(
            "Your key in this record is not under a passphrase: whoever reads your account's files has it."
        )
    if new_identity:
        page.paragraph(
            f"You have a new key: {done['recipient']}. What was sealed before is not sealed to it:"
        )
        page.line("  onrecord recovery reseal")
        if done["aside"]:
            page.paragraph(
                f"The former key is kept at {page.shown(done['aside'])}, should its passphrase be remembered. Without "
                "it, reseal needs recovery shares, or a colleague who runs it."
            )
    page.paragraph(
        "Older copies of the key's file, in backups or in what a solid-state disk still holds, are as they were."
    )
