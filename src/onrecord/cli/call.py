"""One call of a verb: which record, for whom (a person or a program), and how its words go out."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from onrecord.cli.passphrases import ask
from onrecord.cli.progress import Progress
from onrecord.cli.terminal.clean import clean
from onrecord.cli.terminal.page import Page
from onrecord.record.errors import RecordMissing
from onrecord.settings import Settings

if TYPE_CHECKING:
    from onrecord.api import Record

WIDTH_WITHOUT_TERMINAL = 100
WAITS = (
    "This copy still waits: a member has to merge what it sent, admit this laptop, and send; then merge. Until then "
    "nothing of the record is here."
)


@dataclass(frozen=True, slots=True)
class Call:
    """What a verb is given beside its own arguments."""

    settings: Settings
    json: bool
    page: Page
    named: Path | None = None

    @classmethod
    def made(cls, named: Path | None, json: bool) -> Call:
        settings = Settings.from_environment()
        terminal = sys.stdout.isatty()
        width = settings.width or shutil.get_terminal_size((WIDTH_WITHOUT_TERMINAL, 24)).columns
        return cls(settings, json, Page(width, styled=terminal and not settings.plain), named)

    @property
    def path(self) -> Path:
        """The record that is meant. Raises `RecordMissing` when none was named and none is near."""
        return self.named or self.settings.record or _record_near(Path.cwd())

    @contextmanager
    def open(self) -> Iterator[Record]:
        """Open the record that is meant. What a person should know about how it was written to is said at the end."""
        from onrecord import api

        with api.open(self.path, settings=self.settings, ask=ask) as record:
            waited = record.waiting
            try:
                yield record
            finally:
                if waited and self.path.exists() and record.waiting:
                    click.echo(f"notice: {WAITS}", err=True)
            for notice in record.notices:
                click.echo(f"notice: {clean(notice)}", err=True)

    def emit(self, document: Mapping[str, Any]) -> None:
        """Print one JSON document on a line. A file name that is not text goes out as JSON escapes."""
        line = json.dumps(document, ensure_ascii=False)
        click.echo(line.encode("utf-8", "backslashreplace"))

    def progress(self) -> Progress:
        return Progress(sys.stderr, self.page.width)


def record_around(here: Path) -> Path | None:
    """The record whose folder this is or lies in."""
    return next((folder for folder in (here, *here.parents) if (folder / "record.db").is_file()), None)


def _record_near(here: Path) -> Path:
    found = record_around(here)
    if found is not None:
        return found
    raise RecordMissing(
        str(here),
        "no record stands here or in a folder above",
        "Name one with -r PATH, set ONRECORD, or make one: onrecord new PATH.",
    )
