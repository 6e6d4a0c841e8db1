"""`onrecord laptops`: whose laptops write in the record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from onrecord.cli.call import Call
from onrecord.cli.terminal.laptop_view import since
from onrecord.cli.terminal.page import Page
from onrecord.cli.verb import verb


@verb("laptops", examples=("onrecord laptops",))
def command(call: Call) -> None:
    """Whose each is, whether it is let in, waits or was revoked, and by whom. Admit, revoke and windows --device take
    a person's name from here, or the beginning of an id or of a fingerprint."""
    with call.open() as record:
        rows = record.laptops()
    if call.json:
        for row in rows:
            call.emit(row)
        return
    for number, row in enumerate(rows):
        if number:
            call.page.line()
        _show(call.page, row)


def _show(page: Page, row: Mapping[str, Any]) -> None:
    who = ", ".join(filter(None, (str(row["handle"] or "nobody named"), str(row["role"]))))
    here = " (this laptop)" if row["here"] else ""
    page.line(f"{page.bold(page.shown(who))}  {row['device']}{here}")
    page.line(f"  {row['fingerprint']}")
    page.paragraph(since(page, row), indent=2)
    logs = f" in {len(row['logs'])} logs" if len(row["logs"]) > 1 else ""
    page.line(page.dim(f"  Last entry here: {row['last'] or 'none'}{logs}"))
