"""Text with columns in it, such as `person-{No}`. `{#}` is the row's number, and `{{` and `}}` are plain braces."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from onrecord.record.errors import FieldInvalid
from onrecord.record.ids import is_slug

ROW = "#"
_PIECE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_NOT_IN_SLUG = re.compile(r"[^\w.\-]+")


@dataclass(frozen=True, slots=True)
class Template:
    """`pieces` are plain texts and, at every second place, columns."""

    written: str
    pieces: tuple[str, ...]
    columns: tuple[str, ...]

    @property
    def constant(self) -> bool:
        """Whether it says the same of every row."""
        return len(self.pieces) == 1

    def filled(self, values: dict[str, str], row: int) -> str:
        return "".join(
            (str(row) if piece == ROW else values[piece]) if place % 2 else piece
            for place, piece in enumerate(self.pieces)
        )


def template(written: str, where: str) -> Template:
    """Read a template. Raises `FieldInvalid` for a brace that stands alone."""
    pieces: list[str] = []
    plain, at = "", 0
    for found in _PIECE.finditer(written):
        plain += written[at : found.start()]
        at = found.end()
        if found[0] in ("{{", "}}"):
            plain += found[0][0]
        elif found[1] is None or not found[1].strip():
            raise FieldInvalid(
                where, f"{written!r} has a brace that names no column", "Write {Column}, or {{ for a brace."
            )
        else:
            pieces += [plain, found[1].strip()]
            plain = ""
    pieces.append(plain + written[at:])
    return Template(written, tuple(pieces), tuple(one for one in pieces[1::2] if one != ROW))


def as_slug(text: str, where: str) -> str:
    """A text as an id: marks over letters go, and what an id cannot hold stands as hyphens. Raises `FieldInvalid`."""
    if is_slug(text):
        return text
    bare = "".join(sign for sign in text if unicodedata.category(sign) not in ("Mn", "Me", "Cf"))
    slug = _NOT_IN_SLUG.sub("-", bare).strip("-._")
    if not is_slug(slug):
        shown = text if len(text) <= 90 else text[:89] + "…"
        raise FieldInvalid(
            where, f"“{shown}” cannot be an id", "Use up to 80 letters and digits, or another column."
        )
    return slug
