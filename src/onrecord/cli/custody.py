"""`onrecord custody`: the printed report on one item's life with us."""

from __future__ import annotations

from pathlib import Path

import click

from onrecord.cli.call import Call
from onrecord.cli.outcome import DONE, WRONG_IN_PLACES
from onrecord.cli.publish import show_refusal
from onrecord.cli.terminal.page import Page
from onrecord.cli.terminal.values import Labels
from onrecord.cli.verb import reader_option, verb

NO_REPORT = (
    "No report was written.",
    "Settle these and ask for the report again, or name another reader with --for. Every report asks the terms afresh.",
)
STATES = {
    True: "The file was read again and is the same as when it came in.",
    False: "The file was read again and is NOT the one that came in. Run verify.",
    None: "The file is not on this laptop, so it could not be read again. The report says so.",
}


@verb(
    "custody",
    parameters=(
        click.Argument(["item"], metavar="ITEM"),
        click.Option(
            ["--out"],
            required=True,
            type=click.Path(path_type=Path),
            metavar="FILE",
            help="Where to write it: a name that ends in .html, or in .pdf.",
        ),
        reader_option(),
        click.Option(
            ["--language"], default="en", show_default=True, metavar="TAG", help="Its words: ar, en or he."
        ),
    ),
    examples=("onrecord custody ITEM --out report.html --for team",),
)
def command(call: Call, item: str, out: Path, audience: str, language: str) -> int:
    """Who took the file in, when, from whom, every step since, whether it is unaltered, and what cannot be said.
    For anybody outside the team it passes the terms: names that may not go are described. Exit code 1 where terms
    forbid it, and where the file is not what came in."""
    with call.open() as record:
        result = record.custody(item, out, audience, language)
        if call.json:
            call.emit(result)
        elif result["refused"]:
            show_refusal(call.page, result["refused"], Labels(record), NO_REPORT)
        else:
            _show(call.page, out, result["unaltered"], result["withheld"])
    return WRONG_IN_PLACES if result["refused"] or result["unaltered"] is False else DONE


def _show(page: Page, out: Path, unaltered: bool | None, withheld: list[dict[str, str]]) -> None:
    page.line(f"{page.bold('The report is written at')} {page.shown(str(out))}")
    page.paragraph(STATES[unaltered])
    if withheld:
        page.paragraph("Its checksum is left out, because the file itself may not go to this reader:")
        for why in dict.fromkeys(row["why"] or row["term"] for row in withheld):
            page.paragraph(f"– {page.shown(why)}", indent=2)
