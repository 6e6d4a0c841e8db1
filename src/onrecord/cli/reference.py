"""Writes `docs/reference/` from the code: `python -m onrecord.cli.reference`. A test holds the two together."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from onrecord import settings
from onrecord.cli.program import onrecord
from onrecord.cli.verb import Verb, shared_options
from onrecord.cli.verbs import GROUPS
from onrecord.record import errors
from onrecord.record.fields import ABSENCES, Field
from onrecord.record.ideas import KINDS
from onrecord.record.ideas.kind import COMMON

FOLDER = Path("docs/reference")
MADE_BY = "<!-- Made by `make reference` from the code. Changes here are lost. -->"
EXIT_CODES = """| Exit code | Means |
|---|---|
| 0 | done, also when a search finds nothing |
| 1 | done, and something is wrong: a file was refused, a publication is blocked, a check found something, a verification found a problem |
| 2 | the request itself was wrong, and nothing was done; or Onrecord itself failed, and says so |
| 130 | stopped from the keyboard; nothing is half-written |
| 141 | whoever read the output went away, as `head` does |"""


def pages() -> dict[str, str]:
    """Every page of the reference by its file name."""
    made = {"commands.md": _commands(), "errors.md": _errors(), "settings.md": _settings()}
    made["fields.md"] = _fields()
    return {name: "\n".join((MADE_BY, "", *lines)).rstrip() + "\n" for name, lines in made.items()}


def write(folder: Path) -> list[Path]:
    """Write the pages, and say which."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in pages()]


def _commands() -> Iterator[str]:
    yield from ("# Commands", "", "Examples run in the sample record that `onrecord demo` builds.")
    yield from ("ITEM stands for an id from `onrecord items`.", "")
    yield from ("## For every verb", "", "These work before and after the verb.", "")
    yield from _options(shared_options())
    yield from ("", EXIT_CODES, "")
    for group, verbs in GROUPS.items():
        yield from (f"## {group}", "")
        for name in verbs:
            yield from _verb(name)


def _verb(name: str) -> Iterator[str]:
    context = click.Context(onrecord, info_name="onrecord")
    command = onrecord.get_command(context, name)
    assert isinstance(command, Verb)  # noqa: S101 - for the type checker
    inner = click.Context(command, info_name=name, parent=context)
    own = [
        each for each in command.params if isinstance(each, click.Option) and each.name not in _shared_names()
    ]
    pieces = [piece for piece in command.collect_usage_pieces(inner) if piece != "[OPTIONS]"]
    yield from (
        f"### {name}",
        "",
        f"`{' '.join(['onrecord', name, *pieces, *(['[OPTIONS]'] if own else [])])}`",
        "",
    )
    yield from (command.help or "", "")
    if own:
        yield from (*_options(own), "")
    yield from ("```sh", *command.examples, "```", "")


def _options(options: list[click.Option]) -> Iterator[str]:
    yield from ("| Option | What it does |", "|---|---|")
    for option in options:
        name, what = option.get_help_record(click.Context(onrecord)) or ("", "")
        yield f"| `{name}` | {' '.join(what.split())} |"


def _shared_names() -> set[str | None]:
    return {option.name for option in shared_options()}


def _errors() -> Iterator[str]:
    yield from ("# Errors", "", "An error names the thing, the reason and the mend.", "")
    yield from ("| Error | What is wrong | Exit code |", "|---|---|---|")
    for name, error in declared_errors().items():
        yield f"| `{name}` | {' '.join((error.__doc__ or '').split())} | {error.exit_code} |"


def declared_errors() -> Mapping[str, type[errors.OnrecordError]]:
    """Every error a person can meet, in the order in which they are declared."""
    root = errors.OnrecordError
    named = {name: each for name, each in vars(errors).items() if isinstance(each, type)}
    return {name: each for name, each in named.items() if issubclass(each, root) and each is not root}


def _fields() -> Iterator[str]:
    yield from (
        "# Fields by kind",
        "",
        "What a line for `put` may hold, and what `get` gives back. A reference is an id",
    )
    yield from ("or the name that a writer gave. Any field may state why it is absent:", "")
    yield from (
        '`{"none": "not asked"}`, or '
        + ", ".join(f"`{one}`" for one in ABSENCES if one != "not asked")
        + ".",
        "",
    )
    yield from ("These may stand in every kind:", "")
    yield from _field_table(COMMON)
    for kind in KINDS.values():
        yield from ("", f"## {kind.name}", "", kind.says, "")
        yield from _field_table(kind.fields)


def _field_table(fields: Mapping[str, Field]) -> Iterator[str]:
    yield from ("| Field | Holds |", "|---|---|")
    for name, field in fields.items():
        said = field.says + (" (required)" if field.required else "")
        yield f"| `{name}` | {said.replace('|', chr(92) + '|')} |"


def _settings() -> Iterator[str]:
    yield from ("# Settings", "", "Read from the environment once, when Onrecord starts.", "")
    yield from ("| Setting | Variables | Without them | What it is for |", "|---|---|---|---|")
    for name, variables, default, about in settings.described():
        yield f"| {name} | {', '.join(f'`{variable}`' for variable in variables)} | {default} | {about} |"


if __name__ == "__main__":
    for page in write(FOLDER):
        sys.stdout.write(f"{page}\n")
