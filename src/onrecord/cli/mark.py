"""`onrecord mark`: a passage from exact words."""

from __future__ import annotations

import re

import click

from onrecord.cli.call import Call
from onrecord.cli.verb import verb
from onrecord.record.errors import LayerMissing, OnrecordError, PassageLost, QuoteAmbiguous


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
        try:
            passage = record.mark(item, quote, nth)
        except OnrecordError as wrong:
            raise _in_the_words_of_the_verb(wrong) from None
    if call.json:
        return call.emit(passage)
    page = call.page
    page.words(passage["exact"])
    page.line(page.dim(f"Marked at {passage['start']:,} to {passage['end']:,}, passage {passage['passage']}"))


def _in_the_words_of_the_verb(wrong: OnrecordError) -> OnrecordError:
    """The same error, with a mend that this verb can take."""
    mend = wrong.mend
    if isinstance(wrong, LayerMissing):
        mend = "Put a passage with its page, region, seconds or cell instead."
    if isinstance(wrong, QuoteAmbiguous | PassageLost):
        mend = re.sub(r"(?<!-)\bnth\b", "--nth", mend)
    return type(wrong)(wrong.thing, wrong.reason, mend)
