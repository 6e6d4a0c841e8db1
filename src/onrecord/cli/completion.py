"""`onrecord completion`: what a shell needs to complete verbs and options."""

from __future__ import annotations

import click

from onrecord.cli.call import Call
from onrecord.cli.verb import verb

SHELLS = ("bash", "zsh", "fish")


@verb(
    "completion",
    parameters=(click.Argument(["shell"], type=click.Choice(SHELLS)),),
    examples=("onrecord completion bash",),
)
def command(call: Call, shell: str) -> None:
    """Source what it prints from your shell's start-up file; for fish, keep it in
    ~/.config/fish/completions/onrecord.fish."""
    from click.shell_completion import get_completion_class

    from onrecord.cli.program import onrecord

    made = get_completion_class(shell)
    assert made is not None  # noqa: S101 - the choice names only shells that click knows
    script = made(onrecord, {}, "onrecord", "_ONRECORD_COMPLETE")
    text = script.source_template % script.source_vars()
    if call.json:
        return call.emit({"shell": shell, "script": text})
    click.echo(text)
