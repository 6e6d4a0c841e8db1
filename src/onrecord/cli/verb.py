"""What every verb shares: how it is declared, its help, and the options that work before and after its name."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from onrecord.cli.verbs import PURPOSES

MEMORY = "onrecord.cli"


class Verb(click.Command):
    """A command with the shared options and an Examples section. `examples` run in the sample record."""

    examples: Sequence[str] = ()

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        if not self.examples:
            return
        with formatter.section("Examples"):
            for example in self.examples:
                formatter.write(f"{'':>{formatter.current_indent}}{example}\n")


def verb(
    name: str, *, examples: Sequence[str], parameters: Sequence[click.Parameter] = ()
) -> Callable[[Callable[..., int | None]], Verb]:
    """Declare a verb. The function takes the call first; it returns an exit code, or None for 0."""

    def declare(function: Callable[..., int | None]) -> Verb:
        command = Verb(
            name,
            callback=_with_call(function),
            params=[*parameters, *shared_options()],
            help=f"{PURPOSES[name]}\n\n{inspect.getdoc(function) or ''}".strip(),
            short_help=PURPOSES[name],
            context_settings={"help_option_names": ["-h", "--help"]},
        )
        command.examples = examples
        return command

    return declare


def shared_options() -> list[click.Option]:
    """`-r`, `--json` and `--debug`. Given after the verb, they win over those before it."""
    return [
        click.Option(
            ["-r", "--record"],
            type=click.Path(path_type=Path),
            metavar="PATH",
            expose_value=False,
            callback=remember,
            help="The record to work on [default: $ONRECORD, else the folder you stand in or a parent].",
        ),
        click.Option(
            ["--json"],
            is_flag=True,
            expose_value=False,
            callback=remember,
            help="Print JSON, and nothing else.",
        ),
        click.Option(
            ["--debug"],
            is_flag=True,
            expose_value=False,
            callback=remember,
            help="On an error inside Onrecord, show where.",
        ),
    ]


def reader_option() -> click.Option:
    """`--for`: who will read what leaves. The terms are asked for them."""
    return click.Option(
        ["--for", "audience"],
        default="court",
        show_default=True,
        metavar="AUDIENCE",
        help="Who will read it: team, partner, court, un or public.",
    )


def remember(context: click.Context, parameter: click.Parameter, value: Any) -> Any:
    """Keep a shared option's value where both the root and the verb find it."""
    if value:
        context.meta[f"{MEMORY}.{parameter.name}"] = value
    return value


def remembered(context: click.Context, name: str) -> Any:
    return context.meta.get(f"{MEMORY}.{name}")


def _with_call(function: Callable[..., int | None]) -> Callable[..., int | None]:
    def run(**given: Any) -> int | None:
        from onrecord.cli.call import Call

        context = click.get_current_context()
        call = Call.made(remembered(context, "record"), bool(remembered(context, "json")))
        return function(call, **given)

    run.__doc__ = function.__doc__
    return run
