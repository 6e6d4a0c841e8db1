"""One laptop as a person decides about it: whose, its fingerprint, and how it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from onrecord.cli.terminal.page import Page

Row = Mapping[str, Any]


def since(page: Page, row: Row) -> str:
    """How a laptop stands, by whose word and since when."""
    if row["state"] == "revoked":
        return f"revoked{_by(page, row['revoked'])}"
    asked = f"; {_who(page, row['asked'])} asked to revoke it" if row["asked"] else ""
    if row["state"] == "waiting":
        return f"waits to be let in{asked}"
    return (f"let in{_by(page, row['admitted'])}" if row["admitted"] else "counts by its own word") + asked


def show_laptop(page: Page, row: Row) -> None:
    who = page.shown(str(row["handle"] or "somebody who gave no name"))
    role = f", {row['role']}" if row["role"] else ""
    page.paragraph(f"Laptop {row['device']} of {who}{role}: {since(page, row)}. Its fingerprint:")
    page.line(f"  {page.bold(row['fingerprint'])}")


def show_namesakes(page: Page, namesakes: Sequence[Row]) -> None:
    for one in namesakes:
        let_in = f", let in{_by(page, one['admitted'])}" if one["admitted"] else ""
        page.paragraph(
            f"There is already a laptop called {page.shown(str(one['handle']))} "
            f"({str(one['fingerprint'])[:4]} …){let_in}. Is this a second one of theirs?"
        )


def _by(page: Page, said: Mapping[str, Any] | None) -> str:
    return f" on {str(said['at'])[:10]} by {_who(page, said)}" if said else ""


def _who(page: Page, said: Mapping[str, Any]) -> str:
    return page.shown(" and ".join(map(str, said["by"])))
