"""Places on a page: from the page's own measure to points from the top left of the page as it is shown."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pypdfium2.raw as pdfium

Box = tuple[float, float, float, float]
"""Left, bottom, right, top."""

Region = list[int | str]

_FARTHEST = 10_000_000.0
_MOST_SAID = 100_000


class _Tenths(dict[int, int | str]):
    """Tenths as a record writes them, each worked out once."""

    def __missing__(self, tenths: int) -> int | str:
        if len(self) > _MOST_SAID:
            self.clear()
        sign = "-" if tenths < 0 else ""
        whole, rest = divmod(abs(tenths), 10)
        self[tenths] = said = f"{sign}{whole}.{rest}" if rest else tenths // 10
        return said


_TENTHS = _Tenths()


@dataclass(frozen=True, slots=True)
class Shown:
    """What of a page is shown, and how often a quarter it is turned to the right."""

    left: float
    bottom: float
    right: float
    top: float
    quarters: int

    @classmethod
    def of(cls, page: pdfium.FPDF_PAGE) -> Shown:
        seen = pdfium.FS_RECTF()
        if not pdfium.FPDF_GetPageBoundingBox(page, ctypes.byref(seen)):
            return cls(0.0, 0.0, 612.0, 792.0, 0)
        turned = pdfium.FPDFPage_GetRotation(page) % 4
        return cls(seen.left, seen.bottom, seen.right, seen.top, max(0, turned))

    def place(self, box: Box) -> Box:
        """Left, top, width and height, in points from the top left corner."""
        left, bottom, right, top = box
        if self.quarters == 0:
            x, y = left - self.left, self.top - top
        elif self.quarters == 1:
            x, y = bottom - self.bottom, left - self.left
        elif self.quarters == 2:
            x, y = self.right - right, bottom - self.bottom
        else:
            x, y = self.top - top, self.right - right
        upright = self.quarters % 2 == 0
        width, height = right - left, top - bottom
        return (x, y, width, height) if upright else (x, y, height, width)

    def region(self, box: Box | None) -> Region | None:
        """The place as a record keeps it: whole numbers, and decimal text to a tenth of a point."""
        if box is None:
            return None
        numbers = self.place(box)
        if not sum(map(abs, numbers)) < _FARTHEST:
            return None
        return [_TENTHS[round(10 * number)] for number in numbers]

    def regions(self, boxes: Sequence[Box | None]) -> Sequence[Region | None]:
        """The places of many; all at once where the page is not turned, as there are very many."""
        here = [box for box in boxes if box]
        if self.quarters or len(here) < len(boxes) or not abs(sum(map(sum, here))) < _FARTHEST:
            return [self.region(box) for box in boxes]
        most_left, topmost, said = self.left, self.top, _TENTHS
        return [
            [
                said[round(10 * (left - most_left))],
                said[round(10 * (topmost - top))],
                said[round(10 * (right - left))],
                said[round(10 * (top - bottom))],
            ]
            for left, bottom, right, top in here
        ]


def around(boxes: Iterable[Box]) -> Box | None:
    """The smallest rectangle around others."""
    all_of_them = list(boxes)
    if not all_of_them:
        return None
    lefts, bottoms, rights, tops = zip(*all_of_them, strict=True)
    return min(lefts), min(bottoms), max(rights), max(tops)
