"""`onrecord mark`: a passage from exact words."""

from __future__ import annotations

import click

from onrecord.cli.call import Call
from onrecord.cli.verb import verb


@verb(
    "mark",
    parameters=(
        click.Argument(["item"]),
        click.Option(
            ["--quote"],
            required=True,
            metavar="TEXT",
            help="The exact words. Runs of white space count as one.",
        ),
        click.Option(
            ["--nth"],
            type=click.IntRange(1),
            metavar="N",
            help="Which one, where the words stand several times.",
        ),
    ),
    examples=(
        'onrecord mark ITEM --quote "stretcher and a door"',
        'onrecord mark ITEM --quote "people of the Ford" --nth 2',
    ),
)
def command(call: Call, item: str, quote: str, nth: int | None) -> None:
    """Words that stand several times need --nth; without it, the places are listed and nothing is marked."""
    with call.open() as record:
        passage = record.mark(item, quote, nth)
    if call.json:
        return call.emit(passage)
    page = call.page
    page.words(passage["exact"])
    page.line(page.dim(f"Marked at {passage['start']:,} to {passage['end']:,}, passage {passage['passage']}"))
