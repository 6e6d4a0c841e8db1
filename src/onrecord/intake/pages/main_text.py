"""Which blocks of a page are its main text, and which stand around it (menus, notices, comments).

This only marks the blocks. The text layer holds all of them, and does not depend on the answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib.metadata import version
from typing import Protocol

_NOT_WORDS = re.compile(r"[\W_]+")
_LONG_ENOUGH = 24


class MainText(Protocol):
    """An engine that finds the main text of a page."""

    @property
    def name(self) -> str: ...

    def of(self, source: str) -> str | None:
        """The main text, a line for each paragraph or row; None where it is not found. May raise anything."""
        ...


class Trafilatura:
    """Trafilatura without its second opinions, which read further files and are slow on long pages."""

    def __init__(self) -> None:
        self.name = f"trafilatura {version('trafilatura')}"

    def of(self, source: str) -> str | None:
        from trafilatura import bare_extraction

        found = bare_extraction(source, fast=True, include_comments=False, include_tables=True)
        text = getattr(found, "text", None)
        return text if isinstance(text, str) and text.strip() else None


def told_apart(texts: Sequence[str], main: str) -> list[bool]:
    """For each block's text, whether it is in the main text. A block without letters goes with the one before it."""
    lines = {_folded(line) for line in main.splitlines()}
    whole = _folded(main)
    answers: list[bool] = []
    at = 0
    for text in texts:
        folded = _folded(text)
        inside = folded in lines if folded else bool(answers and answers[-1])
        if not inside and len(folded) >= _LONG_ENOUGH:
            # Engines join and split paragraphs, but keep their order: look a little ahead, not through all of it.
            found = whole.find(folded, at, at + 20_000 + len(folded))
            inside = found >= 0
            at = found + len(folded) if inside else at
        elif inside and len(folded) >= _LONG_ENOUGH:
            found = whole.find(folded, at, at + 200_000 + len(folded))
            at = found + len(folded) if found >= 0 else at
        answers.append(inside)
    return answers


def with_headings(answers: Sequence[bool], headings: Sequence[bool]) -> list[bool]:
    """A heading goes with what it stands over: engines often leave it out and keep what follows."""
    mended = list(answers)
    for place in range(len(mended) - 2, -1, -1):
        if headings[place] and mended[place + 1]:
            mended[place] = True
    return mended


def _folded(text: str) -> str:
    return _NOT_WORDS.sub("", text).casefold()
