"""What the walks through a Word and an OpenDocument part have in common: tables and what stands beside the text."""

from __future__ import annotations

from dataclasses import dataclass

from onrecord.intake.documents.flow import Flow
from onrecord.intake.package import Element


def names(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


@dataclass(slots=True)
class Walk:
    """Tells a flow what it meets. The steps take the element they are for, whether they look at it or not."""

    flow: Flow

    def begin_table(self, element: Element) -> None:
        self.flow.begin_table()

    def end_table(self, element: Element) -> None:
        self.flow.end_table()

    def begin_row(self, element: Element) -> None:
        self.flow.begin_row()

    def end_row(self, element: Element) -> None:
        self.flow.end_row()

    def end_cell(self, element: Element) -> None:
        self.flow.end_cell()

    def end_beside(self, element: Element) -> None:
        self.flow.end_beside()
