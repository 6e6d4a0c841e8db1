"""Finds a quotation in a text: runs of white space are folded, every other character is exact."""

from __future__ import annotations

import re


def locate(quote: str, text: str) -> list[tuple[int, int]]:
    """Every place where `quote` stands in `text`, in order; none for a quote of white space only.

    Places may overlap, so that a quote which stands twice is never taken to stand once.
    """
    parts = quote.split()
    if not parts:
        return []
    pattern = re.compile(r"\s+".join(map(re.escape, parts)))
    spans: list[tuple[int, int]] = []
    match = pattern.search(text)
    while match:
        spans.append(match.span())
        match = pattern.search(text, match.start() + 1)
    return spans
