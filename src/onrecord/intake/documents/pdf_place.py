"""Places on a page: from the page's own measure to points from the top left of the page as it is shown."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import pypdfium2.raw as pdfium

Box = tuple[float, float, float, float]
"""Left, bottom, right, top."""

_FARTHEST = 1_000_000.0


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

    def region(self, box: Box) -> list[int | str] | None:
        """The place as a record keeps it: whole numbers, and decimal text to a tenth of a point."""
        x, y, width, height = self.place(box)
        if not abs(x) + abs(y) + abs(width) + abs(height) < _FARTHEST:
            return None
        return [
            _tenths(round(10 * x)),
            _tenths(round(10 * y)),
            _tenths(round(10 * width)),
            _tenths(round(10 * height)),
        ]


def around(boxes: Iterable[Box]) -> Box | None:
    """The smallest rectangle around others."""
    all_of_them = list(boxes)
    if not all_of_them:
        return None
    lefts, bottoms, rights, tops = zip(*all_of_them, strict=True)
    return min(lefts), min(bottoms), max(rights), max(tops)


@lru_cache(maxsize=16_384)
def _tenths(tenths: int) -> int | str:
    if tenths % 10 == 0:
        return tenths // 10
    sign = "-" if tenths < 0 else ""
    return f"{sign}{abs(tenths) // 10}.{abs(tenths) % 10}"
