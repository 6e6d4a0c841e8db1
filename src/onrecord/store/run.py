"""A run of entries as another laptop sends it, and how it attaches to what is held of its log."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from onrecord.record.merkle import Frontier
from onrecord.store.branches import Chain
from onrecord.store.log import read_tail


@dataclass(frozen=True, slots=True)
class Sent:
    """One entry as it comes: its head, and its body with its salt unless it was erased or withheld."""

    head: bytes
    salt: bytes | None = None
    body: bytes | None = None
    withheld: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """Entries of one log that follow each other, the first at place `first`, and checkpoints of that log."""

    log: str
    vkey: str
    first: int
    entries: Sequence[Sent]
    notes: Sequence[bytes]

    @property
    def end(self) -> int:
        return self.first + len(self.entries)


@dataclass(frozen=True, slots=True)
class Took:
    """What was taken of a run: how many new entries, up to which size that log is held, and why not further."""

    log: str
    took: int
    held: int
    beyond: str | None = None
    fork: str | None = None


@dataclass(slots=True)
class Fit:
    """How a run attaches to what is held: where it differs, from where on it is new, and which checkpoints hold."""

    chain: Chain | None
    differs: int | None
    base: int
    good: dict[int, tuple[bytes, bytes, bytes]] = field(default_factory=dict)
    """By size: root, note, packed peaks."""
    wrong: int | None = None


def attach(
    run: Run,
    chain: Chain | None,
    leaves: Sequence[bytes],
    notes: Mapping[int, tuple[bytes, bytes]],
    connection: sqlite3.Connection,
) -> Fit:
    """Lay a run beside one history of its log, and see which of its checkpoints hold there."""
    size, differs = (chain.size, None) if chain else (0, None)
    end = run.first + len(leaves)
    if chain and run.first < size:
        differs = _first_difference(run, chain, min(size, end))
    base = differs if differs is not None else min(size, end)
    if base == size and chain and len(chain.rows) == 1:
        frontier = read_tail(connection, chain.tip.number).frontier
    else:
        frontier = chain.frontier(base) if chain else Frontier()
    fit = Fit(chain, differs, base)
    for seq in range(base, end):
        frontier.append(leaves[seq - run.first])
        if seq + 1 in notes:
            root, note = notes[seq + 1]
            if frontier.root() == root:
                fit.good[seq + 1] = root, note, frontier.to_bytes()
            elif fit.wrong is None:
                fit.wrong = seq + 1
    return fit


def _first_difference(run: Run, chain: Chain, beyond: int) -> int | None:
    held = chain.heads(run.first, beyond)
    for place, (ours, sent) in enumerate(zip(held, run.entries, strict=False)):
        if ours != sent.head:
            return run.first + place
    return None
