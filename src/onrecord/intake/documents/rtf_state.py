"""What holds in a group of an RTF file, and again after it."""

from __future__ import annotations

from dataclasses import dataclass

TEXT = ""


@dataclass(frozen=True, slots=True)
class State:
    """`place` is what its words belong to: "" is the document's text."""

    place: str = TEXT
    font: int | None = None
    fallback: int = 1
    hidden: bool = False
    deleted: bool = False
    revised: bool = False
    by: int = 0
    time: int = 0
    deleted_by: int = 0
    deleted_time: int = 0
    in_table: bool = False
    kind: str = "paragraph"
    starred: bool = False
