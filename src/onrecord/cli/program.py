"""The root command. A verb's module is imported when that verb runs, and not before."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from typing import Any

import click

from onrecord.cli.outcome import hang_up, outcome_of, show_trace
from onrecord.cli.verb import shared_options
from onrecord.cli.verbs import GROUPS, PURPOSES, module_of
from onrecord.version import __version__

ABOUT = """Onrecord keeps the record of who says what, on what evidence, and under which terms.

A record is a folder on this laptop. The network is used only where you name an address: of a time authority for
`stamp`, or an s3:// or https:// place."""


class Root(click.Group):
    """The group of all verbs. Errors become messages and exit codes in `outcome_of`, for every caller."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(PURPOSES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in PURPOSES:
            return None
        command = importlib.import_module(module_of(cmd_name)).command
        assert isinstance(command, click.Command)  # noqa: S101 - for the type checker
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in PURPOSES and not name.startswith("-") and not ctx.resilient_parsing:
            raise click.UsageError(f"There is no verb “{name}”. {_nearest(name)}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for group, verbs in GROUPS.items():
            with formatter.section(group):
                formatter.write_dl(list(verbs.items()), col_max=12)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Begin with"):
            formatter.write_text("onrecord demo")
        formatter.write_paragraph()
        formatter.write_text("onrecord VERB --help shows a verb's options and examples.")

    def invoke(self, ctx: click.Context) -> Any:
        try:
            with show_trace(ctx):
                return super().invoke(ctx)
        except BrokenPipeError:
            ctx.exit(hang_up())

    def main(self, *args: Any, standalone_mode: bool = True, **extra: Any) -> Any:
        main: Callable[..., Any] = super().main
        if not standalone_mode:
            return main(*args, standalone_mode=False, **extra)
        sys.exit(outcome_of(lambda: main(*args, standalone_mode=False, **extra)))


def _nearest(name: str) -> str:
    import difflib

    near = difflib.get_close_matches(name, PURPOSES, n=1)
    return f"Did you mean “{near[0]}”?" if near else "onrecord --help lists them."


onrecord = Root(
    name="onrecord",
    help=ABOUT,
    params=[*shared_options()],
    context_settings={"help_option_names": ["-h", "--help"]},
    no_args_is_help=True,
    subcommand_metavar="VERB …",
)
onrecord = click.version_option(__version__, "--version", message="onrecord %(version)s")(onrecord)
