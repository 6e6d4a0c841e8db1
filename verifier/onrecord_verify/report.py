"""What is found: the problems, what was counted, and what a person should read."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from .grammar import Broken
from .notes import Key, fingerprint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Progress = Callable[[int, int | None, str], None]
    Points = list[tuple[str, list[str]]]

MOST_PROBLEMS = 1000
MOST_NAMED = 10


class Neither(Exception):
    """What was named is neither a record nor a dossier nor a proof."""


def show(text: str) -> str:
    """Text from a stranger, with everything invisible or able to steer a terminal spelled out."""
    safe = "".join(one if one.isprintable() else ascii(one)[1:-1] for one in text[:300])
    return safe + ("…" if len(text) > 300 else "")


def many(count: int, what: str) -> str:
    """A count with its noun, which is given in the plural."""
    one = what[:-3] + "y" if what.endswith("ies") else what[:-1]
    return f"{count} {one if count == 1 else what}"


def named(paths: list[str]) -> str:
    """The paths, or the first of them and how many more there are."""
    more = len(paths) - MOST_NAMED
    return ", ".join(paths[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


class Report:
    """Everything found: the problems, what was counted, and what a person should read."""

    def __init__(self, kind: str, progress: Progress | None = None) -> None:
        self.kind = kind
        self.compare = ""
        self.record = ""
        self.entries = 0
        self.items = 0
        self.problems: list[dict[str, str]] = []
        self.unlisted = 0
        self.keys: list[dict[str, str]] = []
        self.lines: list[str] = []
        self.notes: list[str] = []
        self.times: list[dict[str, Any]] = []
        self.proven: Points = []
        self.against: list[dict[str, Any]] = []
        self.progress = progress or (lambda done, total, what: None)

    def problem(self, where: str, what: str) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append({"what": show(what), "where": show(where)})
        else:
            self.unlisted += 1

    @contextmanager
    def at(self, where: str) -> Iterator[None]:
        """Whatever is found broken inside becomes a problem of this place."""
        try:
            yield
        except Broken as wrong:
            self.problem(where, str(wrong))
        except OSError as wrong:
            self.problem(
                where,
                "is missing" if isinstance(wrong, FileNotFoundError) else f"cannot be read: {wrong.strerror}",
            )

    def key(self, key: Key) -> None:
        self.keys.append({"log": key.log, "fingerprint": fingerprint(key.public)})

    def as_json(self) -> dict[str, Any]:
        stated: dict[str, Any] = {"ok": not self.problems, "entries": self.entries, "items": self.items}
        stated.update(problems=self.problems, unlisted_problems=self.unlisted)
        compare = self.keys if self.kind == "record" else self.keys[:1]
        stated.update(fingerprints=[key["fingerprint"] for key in compare])
        stated.update(kind=self.kind, record=self.record, keys=self.keys, notes=self.notes)
        if self.against:
            stated.update(against=self.against)
        if self.kind == "proof":
            stated.update(times=self.times, lines=self.lines, proven=self.proven)
        return stated
