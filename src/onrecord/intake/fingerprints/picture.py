"""Fingerprints of a picture, by which a resized, re-saved or cropped copy is found. Nothing here is proof of anything.

Three kinds: `PICTURE`, the PDQ of the whole; `CROPS`, 64 marks each for the whole and for the cuts in `CUTS`, as PDQ
does not find a cropped copy; `THUMBNAIL`, the picture at 64 by 64 places in 16 steps of grey, with which a proposal is
looked at a second time. A picture in which there is hardly anything to see has none.
"""

from __future__ import annotations

from functools import cache

from PIL import Image, ImageChops, ImageOps

from onrecord.intake.fingerprints.frequencies import above_median, low_frequencies
from onrecord.intake.fingerprints.kinds import CROPS, CUTS, PICTURE, SIDE, THUMBNAIL, WHOLE, Cut
from onrecord.intake.fingerprints.pdq import pdq, quality
from onrecord.intake.reading import Fingerprint

LEAST_QUALITY = 10

_MIDDLE = 256
_FINE, _TENTS = 4 * SIDE, 2 * SIDE - 1
_CUT_SIDE, _CUT_FREQUENCIES = 32, 8
_ORIENTATION = 0x0112


def picture_fingerprints(image: Image.Image) -> tuple[Fingerprint, ...]:
    """The fingerprints of an opened picture, as it is shown. Its size and mode may be others afterwards: read them before."""
    grey = _small(image)
    whole = _places(grey, WHOLE, SIDE)
    if quality(whole) < LEAST_QUALITY:
        return ()
    crops = "".join(f"{_cut_marks(grey, cut):016x}" for cut in CUTS)
    return (
        Fingerprint(PICTURE, pdq(_smoothed(grey))),
        Fingerprint(CROPS, crops),
        Fingerprint(THUMBNAIL, _steps(grey)),
    )


def _small(image: Image.Image) -> Image.Image:
    """The picture in grey on white, turned as it is shown, not much larger than it has to be."""
    if image.format == "JPEG":
        image.draft("L", (_MIDDLE, _MIDDLE))
    turned = image.getexif().get(_ORIENTATION, 1)
    if image.mode.startswith("I"):  # brightness up to 65,535
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.mode in ("1", "P", "PA"):
        image = image.convert("RGBA" if _see_through(image) else "RGB")
    scale = max(1, min(image.size) // _MIDDLE)
    small = image.reduce(scale) if scale > 1 else image
    if _see_through(small):
        small = small.convert("RGBA")
        white = Image.new("RGBA", small.size, "white")
        small = Image.alpha_composite(white, small)
    return _turned(small.convert("L"), turned)


def _see_through(image: Image.Image) -> bool:
    return image.mode in ("LA", "PA", "RGBA", "RGBa", "La") or "transparency" in image.info


def _turned(grey: Image.Image, orientation: int) -> Image.Image:
    if orientation in (0, 1):
        return grey
    grey.getexif()[_ORIENTATION] = orientation
    return ImageOps.exif_transpose(grey)


def _places(grey: Image.Image, cut: Cut, side: int) -> bytes:
    width, height = grey.size
    box = (cut[0] * width, cut[1] * height, cut[2] * width, cut[3] * height)
    return grey.resize((side, side), Image.Resampling.BOX, box).tobytes()


def _smoothed(grey: Image.Image) -> bytes:
    """64 by 64 places as PDQ takes them: two box filters are a tent, one place wide in all, at the middle of each place."""
    fine = grey.resize((_FINE, _FINE), Image.Resampling.BOX)
    tents = fine.resize((_TENTS, _TENTS), Image.Resampling.BILINEAR, (1, 1, _FINE - 1, _FINE - 1)).tobytes()
    return b"".join(tents[at : at + _TENTS : 2] for at in range(0, _TENTS * _TENTS, 2 * _TENTS))


def _cut_marks(grey: Image.Image, cut: Cut) -> int:
    return above_median(low_frequencies(_places(grey, cut, _CUT_SIDE), _CUT_SIDE, _CUT_FREQUENCIES))


def _steps(grey: Image.Image) -> str:
    """64 by 64 places, a hex digit each, from the darkest to the lightest. A pattern is added before the steps are cut,
    so that the average over several places keeps the shades between two steps."""
    places = ImageOps.autocontrast(grey.resize((SIDE, SIDE), Image.Resampling.BOX))
    return ImageChops.add(places.point(_BELOW_TOP), _pattern()).point(_TO_STEP).tobytes().decode("ascii")


_BELOW_TOP = [value * 240 // 255 for value in range(256)]
_TO_STEP = [ord("0123456789abcdef"[value // 16]) for value in range(256)]


@cache
def _pattern() -> Image.Image:
    """Ordered dither, 4 by 4 (Bayer), from 0 to 15."""
    rows = ((0, 8, 2, 10), (12, 4, 14, 6), (3, 11, 1, 9), (15, 7, 13, 5))
    return Image.frombytes("L", (SIDE, SIDE), b"".join(bytes(rows[y % 4]) * (SIDE // 4) for y in range(SIDE)))
