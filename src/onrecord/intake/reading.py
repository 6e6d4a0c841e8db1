"""What reading an original gives: its text layer or why there is none, the parts of it, and how it was made.

A layer is a pure function of the original's bytes, the tool, its version and the parameters, so it can be redone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from onrecord.intake.media import PAGE

LARGEST_TEXT_BYTES = 64 * 1024 * 1024
MAIN, OUTSIDE = "main text", "outside the main text"
_PLAIN = {"application/json", "application/jsonl", "application/geo+json", "application/x-subrip"}


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of the layer, `text[start:end]`, in code points.

    `place` is where its source stands in a page's decoded source without byte order mark, in code points; `part` is
    `MAIN` or `OUTSIDE`, or None where that was not told apart.
    """

    start: int
    end: int
    kind: str = "paragraph"
    place: tuple[int, int] | None = None
    part: str | None = None

    def as_json(self) -> dict[str, Any]:
        told: dict[str, Any] = {"start": self.start, "end": self.end, "kind": self.kind}
        if self.place:
            told["place"] = list(self.place)
        if self.part:
            told["part"] = self.part
        return told


@dataclass(frozen=True, slots=True)
class Reading:
    """`layer_text` is None where there is no layer, and `why_none` then says why. `title` is what a page calls itself."""

    layer_text: str | None
    engine: str = ""
    version: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    segments: tuple[Segment, ...] = ()
    encoding: str | None = None
    notes: tuple[str, ...] = ()
    why_none: str | None = None
    title: str | None = None

    @property
    def recipe(self) -> dict[str, Any]:
        return {"tool": self.engine, "version": self.version, "parameters": dict(self.parameters)}


def read(
    path: Path, media_type: str, name: str, content: bytes | None = None, encoding: str | None = None
) -> Reading:
    """Read an original for its text layer; never raises for what the file holds.

    `content` spares reading the file again; `encoding` is one a person chose over what the file says.
    """
    if not _is_plain(media_type) and media_type != PAGE:
        return Reading(None, why_none="no text layer yet")
    try:
        content = path.read_bytes() if content is None else content
    except OSError as wrong:
        return Reading(None, why_none=f"{name} cannot be read ({wrong.strerror})")
    if len(content) > LARGEST_TEXT_BYTES:
        return Reading(
            None, why_none=f"no text layer yet for text of more than {LARGEST_TEXT_BYTES // 2**20} MB"
        )
    if media_type == PAGE:
        from onrecord.intake.confined import shared_reader
        from onrecord.intake.page import read_page

        return read_page(content, shared_reader(), encoding)
    from onrecord.intake.plain import read_plain

    return read_plain(content, encoding)


def _is_plain(media_type: str) -> bool:
    return (media_type.startswith("text/") and media_type != PAGE) or media_type in _PLAIN
