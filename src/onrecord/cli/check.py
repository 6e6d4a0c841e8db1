"""`onrecord check`: what cannot be right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from onrecord.cli.call import Call
from onrecord.cli.outcome import DONE, WRONG_IN_PLACES
from onrecord.cli.terminal.amounts import counted
from onrecord.cli.terminal.page import Page
from onrecord.cli.terminal.values import Labels
from onrecord.cli.verb import verb

Finding = Mapping[str, Any]


@verb("check", examples=("onrecord check", "onrecord check --json"))
def command(call: Call) -> int:
    """Recomputes weekdays, sums and derived figures, and looks for deadlines gone by and terms that have
    expired. It states what it found; nothing is changed. Ends with exit code 1 if it found something."""
    with call.open() as record:
        findings: list[Finding] = []
        for finding in record.check():
            findings.append(finding)
            if call.json:
                call.emit(finding)
        if not call.json:
            _show(call.page, findings, Labels(record))
    return WRONG_IN_PLACES if findings else DONE


def _show(page: Page, findings: Sequence[Finding], label: Labels) -> None:
    if not findings:
        return page.line("Nothing found that cannot be right.")
    for name in dict.fromkeys(str(finding["check"]) for finding in findings):
        page.heading(name.capitalize())
        for finding in findings:
            if finding["check"] == name:
                page.paragraph(page.shown(str(finding["finding"])), indent=2)
                page.line(page.dim(f"    {page.shown(label(str(finding['thing'])))}"))
    page.line()
    page.line(f"{counted(len(findings), 'finding')}. Each is for a person to judge.")
