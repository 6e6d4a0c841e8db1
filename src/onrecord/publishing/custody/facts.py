"""What a custody report holds, already let through by the gate: plain texts and numbers, ready to be set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Comparison = Literal["same", "different", "absent"]


@dataclass(frozen=True, slots=True)
class Further:
    """A further log of one laptop, as when it was restored from a backup, and the fingerprint of that log's key."""

    since: str
    fingerprint: str | None


@dataclass(frozen=True, slots=True)
class Revoked:
    """Somebody's word that a laptop writes for the team no more."""

    when: str
    by: str
    why: str | None


@dataclass(frozen=True, slots=True)
class Laptop:
    """A laptop under the number that the report gives it, its keeper, and the fingerprint of its first log's key."""

    n: int
    log: str
    keeper: str
    fingerprint: str | None
    here: bool
    further: tuple[Further, ...] = ()
    revoked: tuple[Revoked, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """Every byte of the kept file, read again now. `sha256` is None where the file is not here."""

    comparison: Comparison
    sha256: str | None
    size: int | None
    when: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of custody. `at` is when it is said to have happened, `recorded` when the laptop wrote it down."""

    n: int
    step: str
    recorded: str
    by: str
    laptop: int
    entry: str
    at: str | None = None
    said_by: str | None = None
    place: str | None = None
    tool: str | None = None
    outcome: str | None = None
    received: str | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """A file made from another one, or that this one was made from, and how: recipe as (name, value)."""

    title: str
    what: str
    recorded: str
    recipe: tuple[tuple[str, str], ...]
    sha256: str | None


@dataclass(frozen=True, slots=True)
class Clock:
    """The check of the clock of the device that a file came from: what it showed, what the time was, how that was known."""

    shown: str
    right: str
    how: str | None


@dataclass(frozen=True, slots=True)
class Container:
    """What a file lay in when it came: an archive, a mail, or the inventory of a card, which `listed` says.

    `path` is its name in there; the rest is what was said when that was handed over.
    """

    version: Version
    listed: bool
    path: str | None
    received_from: str | None
    received_at: str | None
    place: str | None
    clock: Clock | None


@dataclass(frozen=True, slots=True)
class Inside:
    """All that a file lay in. `stated` are the fields that any of it states, told or not; `withheld` how many are not told of."""

    containers: tuple[Container, ...] = ()
    stated: frozenset[str] = frozenset()
    withheld: int = 0
    paths_withheld: bool = False


@dataclass(frozen=True, slots=True)
class Holder:
    """A laptop that has the entry of this file, and since when; whether it says that the file arrived, and signed."""

    laptop: int
    since: str
    file: bool
    signed: bool


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The signed count that covers the entry of this file: its size, when its last entry was written, and the key."""

    size: int
    root: str
    when: str | None
    good: bool


@dataclass(frozen=True, slots=True)
class Stamp:
    """A time authority's word that a list which covers this file existed by then."""

    authority: str
    time: str


@dataclass(frozen=True, slots=True)
class Gap:
    """Something the record cannot say: a key of the messages, and what stands in it."""

    key: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that is printed of one item for one audience. None: not stated, or not given to this audience."""

    audience: str
    title: str | None
    name: str | None
    record: str | None
    record_id: str
    what: str
    language: str | None
    size: int
    sha256: str | None
    """In hex; None where the file itself may not go, as its hash tells which file it is."""
    item: str | None
    entry: str
    recorded: str
    taken_by: str
    laptop: int
    received_from: str | None
    received_at: str | None
    place: str | None
    handled_by: str | None
    captured_at: str | None
    printed: str
    printed_by: str
    program: str
    reading: Reading
    steps: tuple[Step, ...]
    laptops: tuple[Laptop, ...]
    holders: tuple[Holder, ...]
    made_from: tuple[Version, ...]
    versions: tuple[Version, ...]
    tools: tuple[tuple[str, str], ...]
    checkpoint: Checkpoint | None
    stamps: tuple[Stamp, ...]
    inside: Inside = Inside()
    unreadable: int = 0
    """How many bytes of it could not be read where it came from."""
    clock: Clock | None = None
    gaps: tuple[Gap, ...] = ()
