"""A whole tree (RFC 6962, section 2.1), and where it differs from what somebody saw of it."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from .inclusion import node_hash

if TYPE_CHECKING:
    from collections.abc import Iterable


class Tree:
    """A whole tree: its leaves, and above them the roots of all perfect subtrees, level by level, 32 bytes each."""

    def __init__(self, leaves: bytes = b"") -> None:
        self.levels = [leaves]
        while len(leaves) >= 64:
            ends = range(0, len(leaves) - 63, 64)
            leaves = b"".join([sha256(b"\x01" + leaves[at : at + 64]).digest() for at in ends])
            self.levels.append(leaves)
        self.size = len(self.levels[0]) >> 5

    def root(self, size: int | None = None) -> bytes:
        """The root when the tree had this many leaves."""
        return self.subtree(0, self.size if size is None else size)

    def subtree(self, low: int, high: int) -> bytes:
        """MTH of the leaves from `low` up to, but not including, `high`."""
        if high == low:
            return sha256(b"").digest()
        count = high - low
        level = count.bit_length() - 1
        if count == 1 << level and not low & (count - 1):
            at = low >> level << 5
            return self.levels[level][at : at + 32]
        split = low + (1 << (count - 1).bit_length() - 1)
        return node_hash(self.subtree(low, split), self.subtree(split, high))

    def peaks(self, size: int) -> bytes:
        """The roots of the perfect subtrees over the first leaves, the largest first."""
        low, packed = 0, b""
        for level in reversed(range(size.bit_length())):
            if size >> level & 1:
                packed += self.subtree(low, low + (1 << level))
                low += 1 << level
        return packed

    def leaf(self, seq: int) -> bytes:
        return self.levels[0][32 * seq : 32 * seq + 32]


class Fact(NamedTuple):
    """The root of the leaves from `low` to before `high`, or its first bytes, as somebody saw it."""

    low: int
    high: int
    hash: bytes


def first_rewritten(tree: Tree, facts: Iterable[Fact]) -> tuple[int, int] | None:
    """Between which two entries the first lies that is not as it was seen; None if nothing differs.

    What agrees shows that none of its entries was rewritten, and what does not, that one of them was.
    """
    good, first = [], None
    for low, high, seen in facts:
        if tree.subtree(low, high)[: len(seen)] == seen:
            good.append((low, high))
        elif first is None or high - 1 < first:
            first = high - 1
    if first is None:
        return None
    start = 0
    for low, high in sorted(good):
        if low <= start:
            start = max(start, high)
    for low, high in sorted(good, reverse=True):
        if low <= first < high:
            first = low - 1
    return start, max(start, first)


def between(row: str, found: tuple[int, int]) -> str:
    """The first rewritten entry in words, as narrowly as it is known."""
    first, last = found
    if first == last:
        return f"the first rewritten entry is {row}/{first}"
    return f"the first rewritten entry is one of {row}/{first} to {row}/{last}"
