"""An erased version as a person reads it: the order in place of the words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from onrecord.cli.terminal.page import Page


def show_gone(page: Page, version: Mapping[str, Any], indent: int) -> None:
    """Who had it erased and why; of a version whose words are missing without an order, that they are not here."""
    page.paragraph(gone_said(page, version["erased"]), indent)


def gone_said(page: Page, told: Mapping[str, Any] | bool | None) -> str:
    """The same as one sentence, safe to show."""
    from onrecord.reading.erased import erasure_said

    if isinstance(told, Mapping):
        said = erasure_said(told)
        return page.shown(f"{said[:1].upper()}{said[1:]}.")
    return "What this version says is not here: it was left out of the copy that came."
