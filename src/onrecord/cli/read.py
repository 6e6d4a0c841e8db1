"""`onrecord read`: an original is read again, as somebody chose."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

import click

from onrecord.cli.call import Call
from onrecord.cli.passphrases import ask_hidden
from onrecord.cli.terminal.amounts import counted
from onrecord.cli.terminal.clean import clean_line
from onrecord.cli.verb import verb
from onrecord.record.errors import PassphraseMissing


@verb(
    "read",
    parameters=(
        click.Argument(["item"]),
        click.Option(
            ["--password"],
            is_flag=True,
            help="It is locked: ask for its password, or take $ONRECORD_FILE_PASSWORD.",
        ),
        click.Option(["--encoding"], metavar="NAME", help="Read plain text or a page in this encoding."),
        click.Option(
            ["--ocr"],
            metavar="LANGUAGES",
            help="Recognise words in pictures of pages, such as --ocr ara+heb+eng.",
        ),
        click.Option(["--all-pages"], is_flag=True, help="With --ocr: also the pages that have text."),
        click.Option(
            ["--speech"],
            metavar="MODEL",
            help="Write down what is said in a recording, with this model of whisper.cpp or faster-whisper.",
        ),
        click.Option(["--language"], metavar="CODE", help="With --speech: the language spoken, such as ar."),
    ),
    examples=("onrecord read ITEM", "onrecord read ITEM --json"),
)
def command(
    call: Call,
    item: str,
    password: bool,
    encoding: str | None,
    ocr: str | None,
    all_pages: bool,
    speech: str | None,
    language: str | None,
) -> None:
    """The text that comes of it takes the place of the one before, unless passages rest on that one. What --ocr recognises
    or --speech hears is kept beside the original as an item made from it, as a program can be wrong; they need tesseract,
    and whisper.cpp or faster-whisper with a model that is on this laptop. A password is used once and kept nowhere."""
    if all_pages and not ocr:
        raise click.UsageError("--all-pages goes with --ocr.")
    if ocr and encoding:
        raise click.UsageError("Give --ocr or --encoding, not both.")
    if speech and (ocr or encoding or password):
        raise click.UsageError("Give --speech alone.")
    if language and not speech:
        raise click.UsageError("--language goes with --speech.")
    with call.open() as record, call.progress() as progress:
        given = (call.settings.file_password or _asked(item)) if password else None
        done = record.read(
            item,
            password=given,
            encoding=encoding,
            ocr=ocr,
            all_pages=all_pages,
            speech=speech,
            language=language or "auto",
            progress=progress,
        )
        progress.clear()
    if call.json:
        return call.emit(done)
    _show(call, done)


def _asked(item: str) -> str:
    if sys.stderr.isatty():
        return ask_hidden(f"Password of {clean_line(item)}")
    raise PassphraseMissing(
        item,
        "it is locked, and nobody can be asked for its password here",
        "Run this on a terminal, or give it in ONRECORD_FILE_PASSWORD.",
    )


def _show(call: Call, done: Mapping[str, Any]) -> None:
    page = call.page
    if "rendition" in done and "pages" not in done:
        page.line(
            f"What was heard is item {done['rendition']}, made from {done['item']}. A program can mishear."
        )
    elif "rendition" in done:
        page.line(f"Words were looked for on {counted(len(done['pages']), 'page')}.")
        page.line(f"What was recognised is item {done['rendition']}, made from {done['item']}.")
    elif "taken_out" in done:
        for row in done["taken_out"]:
            said = row["reason"] if row["status"] == "refused" else f"item {row['item']}"
            page.line(
                f"{row['status']:<13} {page.shown(str(row['path']))}  {page.dim(page.shown(str(said)))}"
            )
        page.line(f"{counted(len(done['taken_out']), 'file')} lay inside it.")
    elif done["changed"] and not done["text"]:
        page.line(f"It was looked into again, and has no text: onrecord get {done['item']}")
    elif done["changed"]:
        page.line(f"Its text is read and can be searched: onrecord text {done['item']}")
    else:
        page.line("Its text is the same as before.")
    for note in done["notes"]:
        page.paragraph(page.dim(page.shown(str(note))))
