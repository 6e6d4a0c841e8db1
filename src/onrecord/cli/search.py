"""`onrecord search`: words, wherever they stand and however they are spelt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import TYPE_CHECKING, Any

import click

from onrecord.cli.call import Call
from onrecord.cli.terminal.amounts import counted
from onrecord.cli.terminal.clean import clean_line, isolated
from onrecord.cli.terminal.page import Page
from onrecord.cli.terminal.values import Labels
from onrecord.cli.verb import verb

if TYPE_CHECKING:
    from onrecord.api import Record

SHOWN = 50
CONTEXT = 60
Hit = Mapping[str, Any]


@verb(
    "search",
    parameters=(
        click.Argument(["query"], nargs=-1, required=True, metavar="QUERY"),
        click.Option(
            ["--limit"],
            type=click.IntRange(1),
            metavar="N",
            help=f"Stop after N places [default: {SHOWN} for a person, no limit with --json].",
        ),
    ),
    examples=("onrecord search stretcher", "onrecord search الجدار", "onrecord search שער --json"),
)
def command(call: Call, query: tuple[str, ...], limit: int | None) -> None:
    """Finds Arabic and Hebrew words with and without vowel marks and joined particles, and shows them as the
    original has them. All words must stand in one place. Newest first."""
    words = " ".join(query)
    if not words.strip():
        raise click.UsageError("There is no word to search for.", click.get_current_context())
    with call.open() as record:
        if call.json:
            for hit in record.search(words, limit=limit):
                call.emit(hit)
            return
        _show(call.page, record, words, limit or SHOWN)


def _show(page: Page, record: Record, words: str, limit: int) -> None:
    hits = list(record.search(words, limit=limit + 1))
    shown = hits[:limit]
    label = Labels(record)
    for id, places in groupby(shown, key=lambda hit: str(hit["id"])):
        _show_thing(page, record, label, id, list(places))
    if not hits:
        page.line(f"Nothing found for {page.shown(words)}.")
    elif len(hits) > limit:
        first = "The first place" if limit == 1 else f"The first {limit:,} places"
        page.line(f"{first}; --limit shows more.")
    else:
        page.line(f"{counted(len(shown), 'place')}.")


def _show_thing(page: Page, record: Record, label: Labels, id: str, places: Iterable[Hit]) -> None:
    hits = list(places)
    page.line(f"{page.bold(page.shown(label(id)))}  {page.dim(hits[0]['kind'])}")
    text = record.text(id)["text"] if any(hit["layer"] for hit in hits) else ""
    for hit in hits:
        if hit["layer"]:
            page.line(f"  {_in_context(page, text, hit['start'], hit['end'])}  {page.dim(str(hit['start']))}")
        else:
            page.line(f"  {page.bold(page.shown(str(hit['exact'])))}")
    page.line()


def _in_context(page: Page, text: str, start: int, end: int) -> str:
    """The exact words with what stands around them, broken at spaces, isolated as one run."""
    room = max((page.width - 16 - (end - start)) // 2, 12)
    span = min(room, CONTEXT)
    before, after = text[max(start - span, 0) : start], text[end : end + span]
    if start > span:
        before = "…" + before[before.find(" ") + 1 :]
    if end + span < len(text):
        after = after[: after.rfind(" ") + 1 or None].rstrip() + "…"
    exact = page.bold(_kept_ends(text[start:end])) if page.styled else f"[{_kept_ends(text[start:end])}]"
    return isolated(f"{_kept_ends(before)}{exact}{_kept_ends(after)}")


def _kept_ends(text: str) -> str:
    """On one line, still with a space at an end that had white space."""
    middle = clean_line(text)
    if not middle:
        return " " if text else ""
    return (" " if text[0].isspace() else "") + middle + (" " if text[-1].isspace() else "")
