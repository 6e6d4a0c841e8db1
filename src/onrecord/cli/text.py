"""`onrecord text`: the text layer that passages count in."""

from __future__ import annotations

import click

from onrecord.cli.add import notes_said
from onrecord.cli.call import Call
from onrecord.cli.terminal.clean import clean
from onrecord.cli.terminal.columns import set_in
from onrecord.cli.terminal.page import Page
from onrecord.cli.verb import verb


@verb(
    "text",
    parameters=(click.Argument(["item"]),),
    examples=("onrecord text ITEM", "onrecord text ITEM --json"),
)
def command(call: Call, item: str) -> None:
    """Offsets everywhere count the characters of this text. --json gives it unchanged, with its layer and
    segments; on the terminal, control characters are shown as escapes."""
    with call.open() as record:
        layer = record.text(item)
    if call.json:
        return call.emit(layer)
    _show(call.page, layer["text"])
    page = call.page
    page.line(page.dim(f"— read by {layer['engine']}, layer {layer['layer'][:12]}…"))
    told = notes_said(layer)
    if told:
        page.line(page.dim(f"— {page.shown(told)}"))


def _show(page: Page, text: str) -> None:
    for paragraph in clean(text).split("\n"):
        page.lines(line.rstrip() for line in set_in(paragraph, page.width))
