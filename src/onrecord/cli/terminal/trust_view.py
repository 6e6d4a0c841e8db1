"""A line for everything that changed in who is trusted, and a line for each time that something sealed was opened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from onrecord.cli.terminal.amounts import counted
from onrecord.cli.terminal.page import Page

Change = Mapping[str, Any]


def show_trust(page: Page, changes: Sequence[Change]) -> None:
    if changes:
        page.heading("Who is trusted")
    for one in changes:
        page.paragraph(page.shown(_said(one)), indent=2)


def show_openings(page: Page, openings: Sequence[Mapping[str, Any]]) -> None:
    if openings:
        page.heading("Opened")
    for one in openings:
        why = f": {page.shown(str(one['reason']))}" if one["reason"] else ""
        page.paragraph(f"{page.shown(str(one['by']))}, {one['at']}{why}", indent=2)
        page.line(page.dim(f"  {page.shown(str(one['outcome']))}, {page.shown(str(one['tool']))}"))


def _said(one: Change) -> str:
    by = " and ".join(map(str, one["by"])) if isinstance(one.get("by"), list) else str(one.get("by", ""))
    whose = f"{one.get('handle') or 'somebody'}'s laptop {one.get('device', '')}"
    match one["what"]:
        case "admitted":
            return f"{by} let in {whose}." if by else f"{whose} is let in."
        case "revocation":
            return f"{by} wants {whose} revoked. It takes effect when a second member revokes it."
        case "revoked":
            rest = counted(one["entries"], "entry", "entries")
            return f"{by or 'The recovery key'} revoked {whose}. It takes effect now: {rest} rest."
        case "recovery":
            return _recovery(one)
        case "recovery waits":
            return (
                f"{by} made a recovery key, fingerprint {one['fingerprint']}: nothing is sealed to it until a second "
                "keeper confirms it: onrecord recovery confirm."
            )
        case "opened":
            return f"{by} opened what is sealed in {one['called']}: '{one['reason']}'."
        case "recipient":
            return f"{one['handle']} has a new key for what is sealed. Ask whether that is so; then: onrecord recovery reseal."
        case "role":
            return f"{one['handle']} is a {one['now']} now; before: {one['before']}."
        case _:
            return f"{one['before']} is called {one['now']} now."


def _recovery(one: Change) -> str:
    if not one["fingerprint"]:
        return f"The recovery key {one['before']} no longer counts: nothing is sealed to it."
    instead = f" It takes the place of {one['before']}." if one["before"] else ""
    return f"The record has a recovery key, fingerprint {one['fingerprint']}: what is sealed is sealed to it as well.{instead}"
