"""Runs of places in a log: which are covered, and which are not."""

from __future__ import annotations

from collections.abc import Iterable

Span = tuple[int, int]
"""From a place up to, but not including, another."""


def uncovered(first: int, beyond: int, by: Iterable[Span]) -> list[Span]:
    """What of the places from `first` on nothing covers."""
    gaps, at = [], first
    for begins, ends in sorted(by):
        if begins >= beyond:
            break
        if begins > at:
            gaps.append((at, begins))
        at = max(at, ends)
    if at < beyond:
        gaps.append((at, beyond))
    return gaps


def said(log: str, span: Span) -> str:
    """The places as a person reads them: both ends are named."""
    first, beyond = span
    return f"{log} entry {first}" if beyond - first == 1 else f"{log} from {first} to {beyond - 1}"
