"""Pictures that are the same, resized or saved again, and pictures that are cut out of another.

Candidates come from 64 marks of each picture and of its usual cuts; the thumbnails of both are then looked at a second time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from PIL import Image

from onrecord.intake.fingerprints.kinds import CROPS, CUTS, PICTURE, THUMBNAIL, WHOLE
from onrecord.matching.likeness import CUT_OF_PICTURE, SAME_PICTURE, Likeness
from onrecord.matching.looking import CUT, SAME, look, thumbnail
from onrecord.matching.nearby import Nearby
from onrecord.store.fingerprints import Fingerprints

MARKS = 256
FARTHEST_WHOLE = 40
"""In how many of its 256 marks a picture may differ from a copy of the whole."""

_CUT_BYTES = 8
_MOST_LOOKED_AT = 200

Thumbnails = Callable[[str], Image.Image | None]


@dataclass(frozen=True, slots=True)
class Marked:
    """A picture as it is looked for: the 256 marks of the whole, and 64 for each of `CUTS`."""

    original: str
    marks: int
    cuts: tuple[int, ...]


class Pictures:
    """The pictures met so far. `thumbnails` gives one by its original, when a second look is needed."""

    def __init__(self, thumbnails: Thumbnails) -> None:
        self._thumbnails = thumbnails
        self._met: dict[str, Marked] = {}
        self._wholes: Nearby[str] = Nearby(64)
        self._cuts: Nearby[tuple[str, int]] = Nearby(64)

    def add(self, picture: Marked) -> None:
        if picture.original in self._met:
            return
        self._met[picture.original] = picture
        self._wholes.add(picture.cuts[0], picture.original)
        for number, marks in enumerate(picture.cuts[1:], 1):
            self._cuts.add(marks, (picture.original, number))

    def like(self, picture: Marked) -> Iterator[Likeness]:
        """What was met and is the same picture, or of which one is cut out of the other: each at most once."""
        told: set[str] = {picture.original}
        nearest = sorted(self._candidates(picture), key=lambda one: (one[2] != 0, one[0]))
        for found in nearest[:_MOST_LOOKED_AT]:
            _, other, number, is_whole = found
            if other not in told and (
                likeness := self._looked_at(picture, self._met[other], number, is_whole)
            ):
                told.add(other)
                yield likeness

    def _candidates(self, picture: Marked) -> Iterator[tuple[int, str, int, bool]]:
        """How far, which, by which cut, and whether `picture` is the one that was cut."""
        for distance, other in self._wholes.near(picture.cuts[0]):
            yield distance, other, 0, True
        for number, marks in enumerate(picture.cuts[1:], 1):
            for distance, other in self._wholes.near(marks):
                yield distance, other, number, True
        for distance, (other, number) in self._cuts.near(picture.cuts[0]):
            yield distance, other, number, False

    def _looked_at(self, picture: Marked, other: Marked, number: int, is_whole: bool) -> Likeness | None:
        differing = (picture.marks ^ other.marks).bit_count()
        if number == 0 and differing > FARTHEST_WHOLE:
            return None
        whole, part = (picture, other) if is_whole else (other, picture)
        thumbnails = self._thumbnails(whole.original), self._thumbnails(part.original)
        if thumbnails[0] is None or thumbnails[1] is None:
            return None
        cut = CUTS[number]
        if not (SAME if cut == WHOLE else CUT).met_by(look(thumbnails[0], thumbnails[1], cut)):
            return None
        if cut == WHOLE:
            why = f"the pictures differ in {differing} of {MARKS} marks"
            return Likeness(SAME_PICTURE, whole.original, part.original, why, {"distance": differing})
        apart = (whole.cuts[number] ^ part.cuts[0]).bit_count()
        why = f"without {_cut_off(number)}, the one differs from the other in {apart} of 64 marks"
        return Likeness(CUT_OF_PICTURE, whole.original, part.original, why, {"distance": apart})


def _cut_off(number: int) -> str:
    """What a cut takes off, in words."""
    cut = CUTS[number]
    off = (cut[0], cut[1], 1 - cut[2], 1 - cut[3])
    if min(off) > 0:
        return f"{off[0]:.0%} at each edge"
    sides = zip(off, ("on the left", "at the top", "on the right", "at the bottom"), strict=True)
    return " and ".join(f"{part:.0%} {side}" for part, side in sides if part > 0)


def kept_pictures(fingerprints: Fingerprints) -> Pictures:
    """All pictures whose fingerprints are kept."""
    pictures = Pictures(thumbnails_of(fingerprints))
    for picture in marked(fingerprints):
        pictures.add(picture)
    return pictures


def marked(fingerprints: Fingerprints) -> Iterator[Marked]:
    cuts = {one.original: one.bits for one in fingerprints.all(CROPS)}
    for one in fingerprints.all(PICTURE):
        if picture := marked_by(one.original, one.bits, cuts.get(one.original, b"")):
            yield picture


def marked_by(original: str, marks: bytes, cuts: bytes) -> Marked | None:
    """A picture from its kept fingerprints; None where it has none, or they were made for other cuts."""
    if not marks or len(cuts) != _CUT_BYTES * len(CUTS):
        return None
    return Marked(original, int.from_bytes(marks, "big"), tuple(_split(cuts)))


def thumbnails_of(fingerprints: Fingerprints) -> Thumbnails:
    def read(original: str) -> Image.Image | None:
        kept = fingerprints.of(original, THUMBNAIL)
        return thumbnail(kept[0].bits) if kept else None

    return read


def _split(bits: bytes) -> Iterable[int]:
    return (int.from_bytes(bits[at : at + _CUT_BYTES], "big") for at in range(0, len(bits), _CUT_BYTES))
