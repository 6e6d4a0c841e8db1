"""`onrecord prove`: one thing, shown to have existed by a date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from onrecord.cli.call import Call
from onrecord.cli.outcome import DONE, WRONG_IN_PLACES
from onrecord.cli.publish import show_refusal
from onrecord.cli.terminal.page import Page
from onrecord.cli.terminal.values import Labels
from onrecord.cli.verb import reader_option, verb

Row = Mapping[str, Any]
NO_PROOF = (
    "No proof was written.",
    "Settle these and prove it again, or name another reader with --for. --without-body always passes: it proves only "
    "that something existed.",
)


@verb(
    "prove",
    parameters=(
        click.Argument(["name"], metavar="ID"),
        click.Option(
            ["--out"],
            required=True,
            type=click.Path(path_type=Path),
            metavar="FILE",
            help="The file to write.",
        ),
        reader_option(),
        click.Option(
            ["--without-body"],
            is_flag=True,
            help="Leave out what it says: the proof then shows only that something existed.",
        ),
    ),
    examples=("onrecord prove ITEM --out existed.json --without-body",),
)
def command(call: Call, name: str, out: Path, audience: str, without_body: bool) -> int:
    """ID is a thing, or the name of one of its entries. The proof is one file. It says nothing of anything else in
    the record, and is checked with: onrecord verify FILE, or with the stand-alone verifier. What the thing says
    passes the terms first. Exit code 1 if they forbid it: then nothing is written."""
    with call.open() as record:
        result = record.prove(name, out, audience, not without_body)
        if call.json:
            call.emit(result)
        elif result["refused"]:
            show_refusal(call.page, result["refused"], Labels(record), NO_PROOF)
        else:
            _show(call.page, out, result)
    return WRONG_IN_PLACES if result["refused"] else DONE


def _show(page: Page, out: Path, result: Row) -> None:
    page.line(f"{page.bold('The proof is written to')} {page.shown(str(out))}")
    said = (
        "this was entered as it stands" if result["body"] else "something was entered; what, it does not say"
    )
    page.paragraph(f"It shows that {said}{_by(result['times'])}.")
    if not result["times"]:
        page.paragraph(
            "No time authority has stamped it yet. Ask some with onrecord stamp, and prove it again."
        )
    _show_what_it_rests_on(page, result["rests_on"])
    page.line("Anyone can check it with the folder verifier/, which is Python alone, and without Onrecord:")
    page.line(f"  python3 verifier/verify.py {page.argument(str(out))}")


def _show_what_it_rests_on(page: Page, rests_on: Sequence[Row]) -> None:
    if not rests_on:
        return
    called = [f"{row['kind']} {row['slug'] or row['id']}" for row in rests_on]
    it, them = ("it", "") if len(called) == 1 else ("each", " in files of their own")
    page.paragraph(
        f"It names what it rests on, and does not hold those words. They are in {page.shown(', '.join(called))}: prove "
        f"{it}, too{them}."
    )


def _by(times: Sequence[Row]) -> str:
    return f", by {times[0]['time']} at the latest" if times else ""
