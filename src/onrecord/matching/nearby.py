"""Finding marks that differ in few bits from others, without comparing each with each.

Marks are cut into bands of 16 bits. Two that differ in fewer than twice as many bits as there are bands have a band in
which they differ in one bit at most, so that every pair is met by trying 17 values in each band (Norouzi, Punjani and
Fleet, "Fast Search in Hamming Space with Multi-Index Hashing", 2012).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
_BAND = 16
_CHANGES = (0, *(1 << bit for bit in range(_BAND)))


class Nearby(Generic[Key]):
    """Marks of so many bits, each with what it belongs to."""

    def __init__(self, bits: int) -> None:
        self._shifts = tuple(range(0, bits, _BAND))
        self._bands: list[dict[int, list[int]]] = [{} for _ in self._shifts]
        self._kept: list[tuple[int, Key]] = []

    @property
    def farthest(self) -> int:
        """Up to how many differing bits every pair is found."""
        return 2 * len(self._shifts) - 1

    def add(self, marks: int, key: Key) -> None:
        place = len(self._kept)
        self._kept.append((marks, key))
        for shift, band in zip(self._shifts, self._bands, strict=True):
            band.setdefault(marks >> shift & 0xFFFF, []).append(place)

    def near(self, marks: int, farthest: int | None = None) -> Iterator[tuple[int, Key]]:
        """What differs in at most so many bits: in how many, and whose it is. Each kept mark once."""
        most = self.farthest if farthest is None else min(farthest, self.farthest)
        for place in self._met(marks):
            kept, key = self._kept[place]
            distance = (kept ^ marks).bit_count()
            if distance <= most:
                yield distance, key

    def _met(self, marks: int) -> set[int]:
        met: set[int] = set()
        for shift, band in zip(self._shifts, self._bands, strict=True):
            part = marks >> shift & 0xFFFF
            for change in _CHANGES:
                if found := band.get(part ^ change):
                    met.update(found)
        return met
