"""`onrecord merge`: what colleagues sent comes in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import click

from onrecord.cli.call import Call
from onrecord.cli.outcome import DONE, WRONG_IN_PLACES
from onrecord.cli.terminal.amounts import counted
from onrecord.cli.terminal.exchange_view import show_missing, show_waiting
from onrecord.cli.terminal.page import Page
from onrecord.cli.terminal.trust_view import show_trust
from onrecord.cli.verb import verb

Merged = Mapping[str, Any]
SHOWN = 20


@verb(
    "merge",
    parameters=(click.Argument(["place"], metavar="PATH"),),
    examples=("onrecord merge stick",),
)
def command(call: Call, place: str) -> int:
    """PATH is a folder, such as one on a stick, s3://bucket/prefix, or a web folder. Everything is verified before it
    is used; of a half copy, what is whole is taken. It can be repeated. Ends with exit code 1 if something is missing."""
    with call.open() as record, call.progress() as progress:
        merged = record.merge(place, progress=progress)
    if call.json:
        call.emit(merged)
    else:
        show_merged(call.page, place, merged)
    return WRONG_IN_PLACES if merged["missing"] else DONE


def show_merged(page: Page, place: str, merged: Merged) -> None:
    """From whom how much, then whatever a person should look at."""
    for one in merged["from"]:
        who = page.shown(str(one["handle"] or one["device"]))
        page.line(f"{counted(one['entries'], 'entry', 'entries')} from {who}.")
    _show_originals(page, merged)
    _show_withheld(page, merged["withheld"])
    if not (merged["entries"] or merged["originals"] or merged["missing"]):
        page.line(f"Nothing new at {page.shown(place)}.")
    _show_conflicts(page, merged)
    _show_forks(page, merged)
    _show_orders(page, merged)
    show_trust(page, merged["trust"])
    show_waiting(page, merged["resting"])
    _show_absent(page, place, merged["absent"])
    show_missing(
        page,
        merged["missing"],
        "could not be taken",
        "What was whole is kept. Ask for the rest to be sent again, and merge again.",
    )


def _show_originals(page: Page, merged: Merged) -> None:
    new = merged["originals"] - merged["back"]
    if new:
        page.line(f"{counted(new, 'original')} came in.")
    if merged["back"]:
        page.line(f"{counted(merged['back'], 'original')} that had gone missing here came back.")


def _show_withheld(page: Page, withheld: Mapping[str, int]) -> None:
    """What a copy for a journey left out, and what of it has come since."""
    if withheld["came"]:
        page.line(
            f"{counted(withheld['came'], 'sealed entry', 'sealed entries')} came that had been left out."
        )
    if withheld["new"]:
        count = counted(withheld["left"], "entry", "entries")
        page.paragraph(
            f"{count} came without what {'it says' if withheld['left'] == 1 else 'they say'}, which is sealed and was left out "
            "for a journey. It comes when somebody sends for the team and you merge that."
        )


def _show_absent(page: Page, place: str, absent: Sequence[Mapping[str, str]]) -> None:
    if absent:
        names = ", ".join(page.shown(one["handle"] or one["device"]) for one in absent)
        page.paragraph(f"At {page.shown(place)} there is nothing of {names}.")


def _show_conflicts(page: Page, merged: Merged) -> None:
    conflicts = merged["conflicts"]
    if not conflicts:
        return
    page.heading(f"{counted(len(conflicts), 'thing')} with two versions")
    for one in conflicts[:SHOWN]:
        page.line(f"  {one['kind']} {page.shown(str(one['slug'] or one['id']))}")
    if len(conflicts) > SHOWN:
        page.line(f"  and {len(conflicts) - SHOWN:,} more.")
    page.paragraph("Both stay until somebody decides: onrecord conflicts", indent=2)


def _show_forks(page: Page, merged: Merged) -> None:
    for fork in merged["forks"]:
        page.line()
        page.paragraph(
            f"The log {page.shown(fork['log'])} was written twice from {page.shown(fork['entry'])} on, as when a laptop is "
            "restored from a backup and goes on. Both branches are kept, and so are the two checkpoints that show it."
        )


def _show_orders(page: Page, merged: Merged) -> None:
    orders = merged["orders"]
    if orders:
        page.line()
        count = counted(len(orders), "order")
        page.paragraph(
            f"{count} of erasure from other laptops wait for somebody here to accept: onrecord erase --waiting"
        )
