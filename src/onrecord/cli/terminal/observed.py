"""What an item's file states of itself, on a terminal: as stated, with the check of the clock beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from onrecord.cli.terminal.amounts import counted
from onrecord.cli.terminal.page import Page

MOST_SHOWN = 30


def show_about_item(page: Page, thing: Mapping[str, Any]) -> None:
    """What the file states, what its device's clock was off by, and how much lies inside it."""
    facts = thing.get("observed", ())
    if facts:
        page.line()
        page.line(page.bold("What the file states of itself"))
        page.table([_row(page, fact) for fact in facts[:MOST_SHOWN]])
        if len(facts) > MOST_SHOWN:
            page.line(page.dim(f"  and {len(facts) - MOST_SHOWN:,} more: onrecord get {thing['id']} --json"))
    for note in thing.get("notes", ()):
        page.paragraph(f"Note: {page.shown(str(note))}", indent=2)
    clock = thing.get("device_clock")
    if clock:
        page.paragraph(_clock_said(clock), indent=2)
    if thing.get("members_count"):
        page.line()
        page.line(f"{counted(thing['members_count'], 'original')} lay inside it.")


def _row(page: Page, fact: Mapping[str, Any]) -> tuple[str, ...]:
    corrected = fact.get("by_checked_clock")
    position = fact.get("reads") if fact["name"] == "GPSPosition" else None
    said = f" (by the checked clock {corrected})" if corrected else f" ({position})" if position else ""
    return str(fact["of"]), page.shown(str(fact["name"])), page.shown(str(fact["value"]))[:120] + said


def _clock_said(clock: Mapping[str, Any]) -> str:
    seconds = abs(int(clock["ahead"]))
    if not seconds:
        return "The device's clock was right when it was checked."
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    parts = [f"{n} {unit}" for n, unit in ((hours, "h"), (minutes, "min"), (seconds, "s")) if n]
    way = "fast" if clock["ahead"] > 0 else "slow"
    return f"The device's clock was {' '.join(parts)} {way} when it was checked."
