"""What `send`, `merge` and `join` have to say alike: what is missing, and whose fingerprints to compare."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from onrecord.cli.terminal.amounts import counted
from onrecord.cli.terminal.page import Page

_SHOWN = 20
_CALLED = {
    "entries": "entries",
    "original": "original",
    "layer": "text",
    "ring": "keys",
    "folder": "folder",
    "list": "list",
}


def show_missing(page: Page, missing: Sequence[Mapping[str, Any]], heading: str, mend: str) -> None:
    """What could not be taken or written, each with why, and what to do."""
    if not missing:
        return
    page.heading(f"{counted(len(missing), 'part')} {heading}")
    for one in missing[:_SHOWN]:
        why = f": {page.shown(str(one['why']))}" if one.get("why") else ""
        page.paragraph(
            f"{_CALLED.get(one['what'], one['what'])} {page.shown(str(one['where']))}{why}", indent=2
        )
    if len(missing) > _SHOWN:
        page.line(f"  and {len(missing) - _SHOWN:,} more.")
    page.paragraph(mend, indent=2)


def show_waiting(page: Page, resting: Sequence[Mapping[str, Any]]) -> None:
    """Devices whose entries rest: how to let them in, or that they were revoked."""
    for one in resting:
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
        page.line(f"  onrecord admit {one['device']}")
