"""`onrecord stamp`: outside time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from onrecord.cli.call import Call
from onrecord.cli.outcome import DONE, WRONG_IN_PLACES
from onrecord.cli.terminal.amounts import counted
from onrecord.cli.terminal.page import Page
from onrecord.cli.verb import verb

COMPARE = "Compare the SHA-256 of each root certificate with what its authority publishes:"
Row = Mapping[str, Any]


@verb(
    "stamp",
    parameters=(
        click.Option(
            ["--authority", "authorities"],
            multiple=True,
            metavar="URL",
            help="A time authority (RFC 3161) to ask, instead of those in $ONRECORD_AUTHORITIES. May be repeated.",
        ),
        click.Option(
            ["--calendar", "calendars"],
            multiple=True,
            metavar="URL",
            help="An OpenTimestamps calendar to ask. May be repeated.",
        ),
        click.Option(
            ["--crl", "lists"],
            multiple=True,
            type=click.Path(path_type=Path, exists=True, dir_okay=False),
            metavar="FILE",
            help="Ask nobody: keep this list of revoked certificates with the tokens it concerns. May be repeated.",
        ),
        click.Option(
            ["--forget", "forgotten"],
            multiple=True,
            metavar="URL",
            help="Ask nobody, and this one no more: it was mistyped, or is gone. May be repeated.",
        ),
        click.Option(["--list", "listing"], is_flag=True, help="Ask nobody: say which days are stamped."),
    ),
    examples=("onrecord stamp --list",),
)
def command(
    call: Call,
    authorities: Sequence[str],
    calendars: Sequence[str],
    lists: Sequence[Path],
    forgotten: Sequence[str],
    listing: bool,
) -> int:
    """Sends one hash over the whole record to each authority and keeps what it answers, verified. The authority
    learns nothing else. Who does not answer is remembered: `onrecord stamp` asks again, until it answers or is
    forgotten with --forget. Exit code 1 if one did not."""
    with call.open() as record, call.progress() as progress:
        if listing:
            return _list(call, record.stamps())
        if lists:
            return _keep(call, record.keep_revoked(lists))
        if forgotten:
            return _forget(call, record.forget_authorities(forgotten))
        result = record.stamp(authorities, calendars, progress)
        if call.json:
            call.emit(result)
        else:
            progress.clear()
            _show(call.page, result, call.settings.authorities)
    return WRONG_IN_PLACES if result["failed"] else DONE


def _show(page: Page, result: Row, usual: Sequence[str]) -> None:
    for token in result["tokens"]:
        page.line(
            f"{page.bold(token['time'])}  {page.shown(token['signer'])}, {page.shown(token['authority'])}"
        )
        for note in token["notes"]:
            page.paragraph(page.shown(note), indent=2)
    for calendar in result["calendars"]:
        page.line(f"{page.bold('pending')}  {page.shown(calendar['calendar'])}")
        page.paragraph(
            "Run onrecord stamp again in a day: then the calendar knows its block of Bitcoin.", indent=2
        )
    for calendar in result["upgraded"]:
        blocks = ", ".join(map(str, calendar["blocks"]))
        page.line(f"{page.bold('block ' + blocks)}  {page.shown(calendar['calendar'])}")
    _show_roots(page, result["tokens"])
    for failed in result["failed"]:
        page.line()
        page.paragraph(f"Not stamped by {page.shown(failed['authority'])}: {page.shown(failed['why'])}.")
    if result["failed"]:
        page.paragraph("Nothing is lost. It is remembered, and asked again with: onrecord stamp.")
        _show_how_to_forget(
            page, [one["authority"] for one in result["failed"] if one["authority"] not in usual]
        )
    if not any(result[name] for name in ("tokens", "calendars", "upgraded", "failed")):
        page.line("The calendars know no block yet. Ask again later.")


def _show_how_to_forget(page: Page, addresses: Sequence[str]) -> None:
    if addresses:
        page.line("Should the address be a slip, or the authority gone:")
        page.lines(
            f"  onrecord stamp --forget {page.argument(address)}" for address in dict.fromkeys(addresses)
        )


def _forget(call: Call, result: Row) -> int:
    if call.json:
        call.emit(result)
        return DONE
    for address in result["forgotten"]:
        usual = address in call.settings.authorities
        still = " It stands in ONRECORD_AUTHORITIES, and is asked again all the same." if usual else ""
        call.page.paragraph(f"{call.page.shown(address)} is not asked again.{still}")
    return DONE


def _show_roots(page: Page, tokens: Sequence[Row]) -> None:
    roots = {token["root"]: token for token in tokens}
    if roots:
        page.line()
        page.paragraph(COMPARE)
    for root, token in roots.items():
        page.line(f"  {page.shown(token['root_name'])}")
        page.line(f"    {root}")
        if not token["complete"]:
            page.paragraph(
                "This is not a root: it was certified by another that the authority did not send. Get the root "
                "from the authority, and name its file in ONRECORD_AUTHORITY_ROOTS.",
                indent=4,
            )


def _keep(call: Call, result: Row) -> int:
    if call.json:
        call.emit(result)
    else:
        call.page.line(f"Kept with {counted(result['tokens'], 'token')}.")
        for bad in result["bad"]:
            call.page.paragraph(
                f"No longer good: {call.page.shown(bad['authority'])}: {call.page.shown(bad['why'])}."
            )
    return WRONG_IN_PLACES if result["bad"] else DONE


def _list(call: Call, days: Sequence[Row]) -> int:
    if call.json:
        for day in days:
            call.emit(day)
        return DONE
    page = call.page
    for day in days:
        page.line(f"{page.bold(day['day'])}  {counted(day['entries'], 'entry', 'entries')}")
        for token in day["by"]:
            page.line(f"  by {token['time']}, {page.shown(token['authority'])}")
        for block in day["blocks"]:
            told = (
                "pending"
                if block["height"] is None
                else f"block {block['height']} of Bitcoin, to be compared"
            )
            page.line(f"  {told}, {page.shown(block['calendar'])}")
        for problem in day["problems"]:
            page.paragraph(f"{page.shown(problem['authority'])}: {page.shown(problem['why'])}", indent=2)
        if not day["stamped"]:
            page.line(f"  {page.bold('not yet stamped')}")
    return DONE
