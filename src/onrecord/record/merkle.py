"""The Merkle tree of RFC 6962 section 2.1 (RFC 9162 section 2.1) over a log's heads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(head: bytes) -> bytes:
    return sha256(b"\x00" + head).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


class Frontier:
    """The roots of the perfect subtrees of a growing tree: enough to append and to give the root.

    Appending costs two hashes on average, whatever the size.
    """

    __slots__ = ("peaks", "size")

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = ()) -> None:
        self.size = size
        self.peaks = list(peaks)

    @classmethod
    def from_bytes(cls, size: int, packed: bytes) -> Frontier:
        return cls(size, (packed[at : at + 32] for at in range(0, len(packed), 32)))

    def to_bytes(self) -> bytes:
        return b"".join(self.peaks)

    def append(self, leaf: bytes) -> None:
        peaks, merged = self.peaks, self.size
        while merged & 1:
            leaf = sha256(b"\x01" + peaks.pop() + leaf).digest()
            merged >>= 1
        peaks.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        if not self.peaks:
            return EMPTY_ROOT
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = node_hash(peak, root)
        return root


class Tree:
    """A whole tree held in memory, for the audit paths of many leaves. `leaves` are leaf hashes."""

    __slots__ = ("_levels",)

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self._levels = [list(leaves)]
        while len(self._levels[-1]) > 1:
            self._levels.append(_level_above(self._levels[-1]))

    def root(self) -> bytes:
        return self._levels[-1][0] if self._levels[-1] else EMPTY_ROOT

    def path(self, index: int) -> list[bytes]:
        """The audit path of a leaf, from the leaf up (RFC 9162 section 2.1.3)."""
        path = []
        for level in self._levels[:-1]:
            sibling = index ^ 1
            if sibling < len(level):
                path.append(level[sibling])
            index >>= 1
        return path


def _level_above(level: list[bytes]) -> list[bytes]:
    above = [node_hash(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
    if len(level) % 2:
        above.append(level[-1])
    return above


def root_from_path(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root that a path leads to (RFC 9162 section 2.1.3.2), or None if the path cannot be one."""
    if not 0 <= index < size:
        return None
    place, last, root = index, size - 1, leaf
    for step in path:
        if last == 0:
            return None
        if place & 1 or place == last:
            root = node_hash(step, root)
            while not place & 1 and place:
                place >>= 1
                last >>= 1
        else:
            root = node_hash(root, step)
        place >>= 1
        last >>= 1
    return root if last == 0 else None
