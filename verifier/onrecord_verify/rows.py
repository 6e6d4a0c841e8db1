"""The histories of a log: one, or where it was signed twice, several that part."""

from __future__ import annotations

from .grammar import log_of
from .statements import Witnessed
from .tree import Tree


class Row:
    """One history of a log: the whole log, or where it was signed twice, what one branch holds from there on."""

    def __init__(self, number: int, name: str, here: bool, parent: Row | None) -> None:
        self.number, self.name, self.here, self.parent = number, name, here, parent
        self.log = log_of(name)
        self.tree: Tree = parent.tree if parent else Tree()
        self.first: int = self.tree.size
        self.clock: int = parent.clock if parent else 0
        self.branches: list[Row] = []
        self.good: list[int] = []

    def tips(self) -> list[Row]:
        """The rows in which the histories that begin here end."""
        return [tip for branch in self.branches for tip in branch.tips()] if self.branches else [self]

    def line(self) -> list[Row]:
        """This row and those it goes on from, back to the log's beginning."""
        return [self, *(self.parent.line() if self.parent else ())]


def holds_what_was_seen(tip: Row, one: Witnessed) -> bool:
    return one.size <= tip.tree.size and tip.tree.root(one.size) == one.root
