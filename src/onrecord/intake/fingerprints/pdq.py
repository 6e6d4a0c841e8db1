"""PDQ, a fingerprint of 256 marks for a picture, and how much there is to see in it.

After the description that Meta published: "The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm"
(facebook/ThreatExchange, hashing/hashing.pdf). A picture's brightness is smoothed and taken at 64 by 64 places; each
mark says whether one of the 16 by 16 lowest frequencies is above their median.
"""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image, ImageChops

from onrecord.intake.fingerprints.frequencies import above_median, low_frequencies
from onrecord.intake.fingerprints.kinds import SIDE

MARKS = 256
_FREQUENCIES = 16


def pdq(grey: Sequence[float]) -> str:
    """The 256 marks in hex, of 64 rows of 64 values between 0 and 255."""
    return f"{above_median(low_frequencies(grey, SIDE, _FREQUENCIES)):064x}"


def quality(grey: bytes) -> int:
    """How much changes from place to place, from 0 (flat) to 100, for 64 by 64 bytes."""
    places = Image.frombytes("L", (SIDE, SIDE), grey)
    changes = _changes(places, 0, 1) + _changes(places, 1, 0)
    return min(100, changes // 90)


def _changes(places: Image.Image, x: int, y: int) -> int:
    """The steps between neighbours, each in whole hundredths of the whole range."""
    here, there = places.crop((0, 0, SIDE - x, SIDE - y)), places.crop((x, y, SIDE, SIDE))
    counts = ImageChops.difference(here, there).histogram()
    return sum(count * (step * 100 // 255) for step, count in enumerate(counts))
