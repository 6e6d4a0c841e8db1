"""What entries say of files, keys and other logs, once it was read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from .grammar import Broken, log_of, must

if TYPE_CHECKING:
    from collections.abc import Mapping


def text_in(fields: dict[str, Any], name: str) -> str:
    value = fields.get(name)
    if isinstance(value, str):
        return value
    raise Broken(f"has no text in {name}")


def count_in(fields: dict[str, Any], name: str) -> int:
    value = fields.get(name)
    if type(value) is int and value >= 0:
        return value
    raise Broken(f"has no number in {name}")


def list_in(fields: dict[str, Any], name: str, types: Mapping[str, type] | None = None) -> list[Any]:
    """A list that may be absent: of objects with these members, or else of text."""
    value = fields.get(name, [])
    must(type(value) is list, f"has no list in {name}")
    for one in value:
        if types is None:
            must(type(one) is str, f"has something other than text in {name}")
        else:
            fits = type(one) is dict and all(type(one.get(part)) is kind for part, kind in types.items())
            must(fits, f"has something in {name} that is not as described")
    return list(value)


class Quote(NamedTuple):
    """What a passage says stands in its text layer."""

    entry: str
    start: int
    end: int
    words: str


class Place(NamedTuple):
    """Where an entry stands: its row of the table `log`, and its number."""

    row: str
    seq: int

    @property
    def name(self) -> str:
        return f"{self.row}/{self.seq}"

    @property
    def log(self) -> str:
        return log_of(self.row)


class Device(NamedTuple):
    """A `device` entry: where it stands, the log and key it is about, and the entry and leaf it went on from."""

    at: Place
    about: str
    line: str
    vouched_by: str
    vouched: str
    after: str = ""
    after_leaf: str = ""
    person: str = ""


class Revocation(NamedTuple):
    """A word that a device no longer writes for the team, and what had been seen of its logs."""

    at: Place
    device: str
    seen: list[tuple[str, int, str]]
    signed: str


class Recovery(NamedTuple):
    """A `recovery` entry: the public half of the key that is kept offline."""

    at: Place
    recipient: str
    line: str


class Witnessed(NamedTuple):
    """A head of another log as a merge saw it, with the cosignature by the log that merged."""

    at: Place
    log: str
    size: int
    root: bytes
    cosigned: bytes


class Fork(NamedTuple):
    """A `fork` entry: two checkpoints of one log that do not extend each other."""

    at: Place
    log: str
    first: int
    notes: list[str]
