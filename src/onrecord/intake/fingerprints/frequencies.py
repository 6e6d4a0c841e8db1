"""The low frequencies of a small square picture, by the cosine transform, in plain Python.

Only the first `count` frequencies are worked out, and not the average. A cosine is even or odd about the middle of the
row, so half of the products are enough.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from operator import add, mul, sub

Row = Sequence[float]


def low_frequencies(values: Sequence[float], size: int, count: int) -> list[float]:
    """The frequencies 1 to `count` down and across, of `size` rows of `size` values; row by row."""
    rows = [values[at : at + size] for at in range(0, size * size, size)]
    across = [_transformed(row, size, count) for row in rows]
    columns = [_transformed(column, size, count) for column in zip(*across, strict=True)]
    return [value for row in zip(*columns, strict=True) for value in row]


def _transformed(row: Row, size: int, count: int) -> list[float]:
    half = size // 2
    front, back = row[:half], row[: half - 1 : -1]
    even, odd = list(map(add, front, back)), list(map(sub, front, back))
    return [sum(map(mul, cosines, even if f % 2 == 0 else odd)) for f, cosines in _cosines(size, count)]


@cache
def _cosines(size: int, count: int) -> tuple[tuple[int, tuple[float, ...]], ...]:
    """The first half of each cosine, with its frequency."""
    return tuple(
        (f, tuple(math.cos(math.pi * f * (2 * at + 1) / (2 * size)) for at in range(size // 2)))
        for f in range(1, count + 1)
    )


def above_median(values: Sequence[float]) -> int:
    """A bit for each value, the first one lowest: whether it is above the median, the lower of the two middle ones."""
    median = sorted(values)[(len(values) - 1) // 2]
    return int("".join("1" if value > median else "0" for value in reversed(values)), 2)
