"""`onrecord alike`: originals that may be one, each with why, and the line that would say so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import click

from onrecord.cli.call import Call
from onrecord.cli.terminal.amounts import counted
from onrecord.cli.terminal.page import Page
from onrecord.cli.terminal.values import Labels
from onrecord.cli.verb import verb

HEADINGS = {
    "same picture": "The same picture",
    "cut of the same picture": "A picture, and a cut of it",
    "same clip": "The same clip",
    "cut of the same clip": "A clip, and a cut of it",
    "same text with small changes": "The same text with small changes",
    "transcript of": "A transcript, and what it may be of",
}


@verb(
    "alike",
    parameters=(
        click.Argument(["items"], nargs=-1, metavar="[ITEM]..."),
        click.Option(
            ["--video/--no-video"],
            default=True,
            help="Look at the frames of recordings that were not looked at yet, or leave them out.",
        ),
    ),
    examples=("onrecord alike", "onrecord alike ITEM --json", "onrecord alike --no-video"),
)
def command(call: Call, items: tuple[str, ...], video: bool) -> None:
    """Pictures that were resized, saved again or cropped, clips that were cut, texts with small changes, transcripts
    beside recordings. These are proposals: nothing is merged, and what somebody has judged is not proposed again."""
    with call.open() as record, call.progress() as progress:
        found = record.alike(items, video=video, progress=progress)
        if call.json:
            for proposal in found:
                call.emit(proposal)
            return
        proposals = list(found)
        progress.clear()
        _show(call.page, proposals, Labels(record))


def _show(page: Page, proposals: Iterable[Mapping[str, Any]], label: Labels) -> None:
    by_kind: dict[str, list[Mapping[str, Any]]] = {}
    for proposal in proposals:
        by_kind.setdefault(str(proposal["kind"]), []).append(proposal)
    if not by_kind:
        return page.line("No originals that may be one, beside those that somebody has judged.")
    for kind, found in by_kind.items():
        page.heading(HEADINGS.get(kind, kind))
        for proposal in found:
            _show_one(page, proposal, label)
    page.line()
    count = sum(map(len, by_kind.values()))
    page.paragraph(
        f"{counted(count, 'proposal')}. Nothing was merged. To confirm one, put its line with your reason; to deny one, "
        "put it with the judgement “not same origin”. It is not proposed again then."
    )


def _show_one(page: Page, proposal: Mapping[str, Any], label: Labels) -> None:
    for item in proposal["items"]:
        page.line(f"  {page.shown(label(str(item)))}")
    page.paragraph(page.dim(page.shown(str(proposal["why"]))), indent=4)
    page.line(f"    echo {page.argument(str(proposal['put']))} | onrecord put -")
