"""What `send`, `merge` and `join` have to say alike: what is missing, and whose fingerprints to compare."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from onrecord.cli.terminal.amounts import counted
from onrecord.cli.terminal.page import Page

Missing = Mapping[str, Any]
_SHOWN = 20
_FILES = ("original", "layer")
_CALLED = {
    "entries": "entries",
    "original": "original",
    "layer": "text",
    "ring": "keys",
    "folder": "folder",
    "list": "list",
}


def show_missing(page: Page, missing: Sequence[Mapping[str, Any]], heading: str, mend: str) -> None:
    """What could not be taken or written, each with why, and what to do. Of files a person needs the number only."""
    if not missing:
        return
    page.heading(f"{counted(len(missing), 'part')} {heading}")
    alone, many = _sorted_out(missing)
    for (what, ask, why), count in many.items():
        _show_many(page, what, ask, why, count)
    for one in alone[:_SHOWN]:
        _show_one(page, one)
    if len(alone) > _SHOWN:
        page.line(f"  and {len(alone) - _SHOWN:,} more.")
    if any(one["what"] != "ring" for one in missing):
        page.paragraph(mend, indent=2)


def _sorted_out(missing: Sequence[Missing]) -> tuple[list[Missing], Counter[tuple[str, str, str]]]:
    """What is named one by one, and how many files of a kind are to be had from one person."""
    alone: list[Missing] = []
    many: Counter[tuple[str, str, str]] = Counter()
    for one in missing:
        if one["what"] in _FILES:
            many[one["what"], str(one.get("ask", "")), _short(str(one.get("why", "")))] += 1
        else:
            alone.append(one)
    return alone, many


def _show_one(page: Page, one: Missing) -> None:
    called, where = _CALLED.get(one["what"], str(one["what"])), page.shown(str(one["where"]))
    why, ask = page.shown(str(one.get("why", ""))), page.shown(str(one.get("ask", "")))
    if one["what"] == "entries" and ask:
        why = f"{_short(why)}. Ask {ask} to send again."
    page.paragraph(f"{called} {where}: {why}" if why else f"{called} {where}", indent=2)


def _short(why: str) -> str:
    """A reason without the file that it is about."""
    return why.rpartition(": ")[2]


def _show_many(page: Page, what: str, ask: str, why: str, count: int) -> None:
    reason = f": {page.shown(why)}" if why else ""
    whom = f" Ask {page.shown(ask)} to send again." if ask else ""
    page.paragraph(f"{counted(count, _CALLED[what])}{reason}.{whom}", indent=2)


def show_waiting(page: Page, resting: Sequence[Mapping[str, Any]]) -> None:
    """Devices whose entries rest: how to let them in, or that they were revoked."""
    for one in (row for row in resting if row["new"]):
        count = counted(one["entries"], "entry", "entries")
        who = page.shown(str(one["handle"] or one["device"]))
        page.line()
        if one["why"] != "not admitted":
            page.paragraph(f"{count} of {who} rest: that laptop was revoked ({page.shown(one['log'])}).")
            continue
        page.paragraph(
            f"{count} of a laptop that nobody admitted yet rest. It calls itself {who}. Its fingerprint:"
        )
        page.line(f"  {page.bold(one['fingerprint'])}")
        page.paragraph("Compare it with what its owner reads to you. If it is the same:")
        page.line(f"  onrecord admit {page.shown(str(one['admit']))}")
