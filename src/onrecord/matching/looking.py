"""Looking at two thumbnails a second time: whether one is the other, or a cut of it, and not only much like it.

Three questions. Do the brightnesses go together over the whole? Do the details go together (two typed pages have the
same margins, and other words)? Is there no place where one is clearly lighter than the other (somebody stands where
nobody stood)?
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from operator import mul

from PIL import Image, ImageChops, ImageFilter

from onrecord.intake.fingerprints.kinds import SIDE, WHOLE, Cut

_CELLS = 16
_OUTLIERS = 3
_STEPS = (0.008, 0.004, 0.002)
_CLEAR, _UNLIKE = 0.9, 0.8


@dataclass(frozen=True, slots=True)
class Look:
    """How much two thumbnails have in common: 1 is all; `apart` is the difference in the third worst of 256 cells, of 255."""

    whole: float
    detail: float
    apart: float


@dataclass(frozen=True, slots=True)
class Demands:
    """The least two copies have in common. Measured by `benchmarks/near_duplicates.py`."""

    whole: float
    detail: float
    apart: float

    def met_by(self, look: Look) -> bool:
        return look.whole >= self.whole and look.detail >= self.detail and look.apart <= self.apart


SAME = Demands(whole=0.985, detail=0.85, apart=13.0)
CUT = Demands(whole=0.92, detail=0.62, apart=45.0)


def thumbnail(bits: bytes) -> Image.Image:
    """A kept thumbnail as a picture."""
    return Image.frombytes("L", (SIDE, SIDE), bytes(_GREY[digit] for digit in bits.hex().encode("ascii")))


_GREY = {digit: step * 17 for step, digit in enumerate(b"0123456789abcdef")}


def look(whole: Image.Image, other: Image.Image, cut: Cut = WHOLE) -> Look:
    """Compare what `cut` leaves of a thumbnail with another that may be that cut."""
    found = _looked_at(whole, other, cut)
    if cut == WHOLE or found.detail >= _CLEAR or found.whole < _UNLIKE:
        return found
    return _looked_at(whole, other, _fitted(whole, other, cut))


def _looked_at(whole: Image.Image, other: Image.Image, cut: Cut) -> Look:
    one, two = _in_step(whole, other, cut)
    soft = (picture.filter(ImageFilter.BoxBlur(1)).tobytes() for picture in (one, two))
    fine = (_details(picture).tobytes() for picture in (one, two))
    return Look(_together(*soft), _together(*fine), _apart(one, two))


def _fitted(whole: Image.Image, other: Image.Image, cut: Cut) -> Cut:
    """The cut with its edges moved a little, to where both go together best: nobody cuts at exactly a tenth."""
    best, reached = cut, _go_together(whole, other, cut)
    for step in _STEPS:
        for edge in range(4):
            for way in (-step, step):
                moved = tuple(at + way if number == edge else at for number, at in enumerate(best))
                tried = (max(moved[0], 0.0), max(moved[1], 0.0), min(moved[2], 1.0), min(moved[3], 1.0))
                if tried != best and (together := _go_together(whole, other, tried)) > reached:
                    best, reached = tried, together
    return best


def _go_together(whole: Image.Image, other: Image.Image, cut: Cut) -> float:
    one, two = _in_step(whole, other, cut)
    return _together(one.tobytes(), two.tobytes())


def _in_step(whole: Image.Image, other: Image.Image, cut: Cut) -> tuple[Image.Image, Image.Image]:
    """The places of the whole that lie in the cut, and the same places of the other, which has more of them there."""
    if cut == WHOLE:
        return whole, other
    left, top = (math.ceil(cut[n] * SIDE) for n in (0, 1))
    right, bottom = (math.floor(cut[n] * SIDE) for n in (2, 3))
    wide, high = cut[2] - cut[0], cut[3] - cut[1]
    box = (
        (left - cut[0] * SIDE) / wide,
        (top - cut[1] * SIDE) / high,
        min((right - cut[0] * SIDE) / wide, SIDE),
        min((bottom - cut[1] * SIDE) / high, SIDE),
    )
    mine = whole.crop((left, top, right, bottom))
    return mine, other.resize(mine.size, Image.Resampling.BOX, box)


def _details(picture: Image.Image) -> Image.Image:
    soft, softer = picture.filter(ImageFilter.GaussianBlur(0.8)), picture.filter(ImageFilter.BoxBlur(3))
    return ImageChops.subtract(soft, softer, 1, 128)


def _together(one: Sequence[int], two: Sequence[int]) -> float:
    """The correlation of two rows of numbers."""
    count, sum_one, sum_two = len(one), sum(one), sum(two)
    both = sum(map(mul, one, two)) - sum_one * sum_two / count
    first = sum(map(mul, one, one)) - sum_one * sum_one / count
    second = sum(map(mul, two, two)) - sum_two * sum_two / count
    return float(both / math.sqrt(first * second)) if first > 0 and second > 0 else 0.0


def _apart(one: Image.Image, two: Image.Image) -> float:
    """The third largest difference of 16 by 16 cells, when both are equally light and equally strong."""
    cells = [picture.resize((_CELLS, _CELLS), Image.Resampling.BOX).tobytes() for picture in (one, two)]
    count = _CELLS * _CELLS
    means = [sum(row) / count for row in cells]
    spreads = [sum(map(mul, row, row)) / count - mean * mean for row, mean in zip(cells, means, strict=True)]
    gain = math.sqrt(spreads[0] / spreads[1]) if spreads[1] > 0 else 0.0
    differences = [abs((a - means[0]) - gain * (b - means[1])) for a, b in zip(*cells, strict=True)]
    return float(sorted(differences)[-_OUTLIERS])
