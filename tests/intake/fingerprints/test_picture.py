"""The fingerprints of a picture stay nearly the same in a copy, and differ in another picture."""

from __future__ import annotations

import io
import random

import pytest
from benchmarks.pictures import COPIES, encoded, scene
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from onrecord.intake.fingerprints.frequencies import above_median, low_frequencies
from onrecord.intake.fingerprints.kinds import CROPS, CUTS, PICTURE, THUMBNAIL
from onrecord.intake.fingerprints.pdq import quality
from onrecord.intake.fingerprints.picture import picture_fingerprints

ORIENTATION = 0x0112
TURNED_BACK = {
    3: Image.Transpose.ROTATE_180,
    6: Image.Transpose.ROTATE_90,
    8: Image.Transpose.ROTATE_270,
}


def photograph(number: int = 1) -> Image.Image:
    return scene(random.Random(number))


def marks(image: Image.Image, kind: str = PICTURE) -> int:
    return next(int(one.bits, 16) for one in picture_fingerprints(image) if one.kind == kind)


def apart(one: Image.Image, other: Image.Image) -> int:
    return (marks(one) ^ marks(other)).bit_count()


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def test_a_picture_has_marks_of_the_whole_of_its_cuts_and_a_thumbnail() -> None:
    found = {one.kind: one for one in picture_fingerprints(photograph())}
    assert {kind: len(one.bits) * 4 for kind, one in found.items()} == {
        PICTURE: 256,
        CROPS: 64 * len(CUTS),
        THUMBNAIL: 64 * 64 * 4,
    }
    assert {one.at for one in found.values()} == {None}


@pytest.mark.parametrize("name", [name for name in COPIES if not name.startswith("cropped")])
def test_a_copy_differs_in_few_marks(name: str) -> None:
    image = photograph()
    assert apart(opened(COPIES[name](image)), image) <= 30


def test_another_picture_differs_in_about_half_of_the_marks() -> None:
    assert 90 <= apart(photograph(1), photograph(2)) <= 166


def test_half_of_the_marks_are_set() -> None:
    assert marks(photograph()).bit_count() == 128


@pytest.mark.parametrize("number", range(1, len(CUTS)))
def test_the_marks_of_a_cut_are_those_of_the_cropped_copy(number: int) -> None:
    image = photograph()
    wide, high = image.size
    left, top, right, bottom = CUTS[number]
    cropped = image.crop((int(left * wide), int(top * high), int(right * wide), int(bottom * high)))
    of_cut = marks(image, CROPS) >> 64 * (len(CUTS) - 1 - number) & (1 << 64) - 1
    of_cropped = marks(cropped, CROPS) >> 64 * (len(CUTS) - 1)
    assert (of_cut ^ of_cropped).bit_count() <= 7


@pytest.mark.parametrize("orientation", sorted(TURNED_BACK))
def test_a_picture_is_taken_as_it_is_shown(orientation: int) -> None:
    image, exif, file = photograph(), Image.Exif(), io.BytesIO()
    exif[ORIENTATION] = orientation
    image.transpose(TURNED_BACK[orientation]).save(file, "JPEG", exif=exif, quality=90)
    assert apart(Image.open(file), image) <= 20


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "CMYK", "I;16", "1", "LA"])
def test_every_kind_of_pixels_is_taken(mode: str) -> None:
    image = photograph()
    if mode == "I;16":
        wide = image.convert("L").convert("I").point(lambda value: value * 257)
        other = wide.convert("I;16")
    else:
        other = image.convert(mode)
    assert apart(other, image) <= 40


def test_what_can_be_seen_through_is_taken_on_white() -> None:
    image = photograph().convert("RGBA")
    image.paste((0, 0, 0, 0), (0, 0, image.width // 2, image.height))
    on_white = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
    assert apart(image, on_white) <= 4


def test_a_large_photograph_is_decoded_small_and_has_the_same_marks() -> None:
    image = photograph().resize((2400, 1800))
    assert apart(opened(encoded(image, quality=90)), image) <= 20


def test_a_picture_with_hardly_anything_to_see_has_none() -> None:
    assert picture_fingerprints(Image.new("RGB", (300, 200), "grey")) == ()


def test_a_picture_of_one_pixel_has_none() -> None:
    assert picture_fingerprints(Image.new("1", (1, 1))) == ()


def test_quality_is_none_of_a_flat_square_and_whole_of_a_chequered_one() -> None:
    assert quality(bytes(64 * 64)) == 0
    assert quality(bytes(255 * ((x + y) % 2) for y in range(64) for x in range(64))) == 100


@given(st.lists(st.integers(0, 255), min_size=64, max_size=64))
def test_frequencies_take_no_notice_of_how_light_a_picture_is(values: list[int]) -> None:
    lighter = [value + 17 for value in values]
    both = zip(low_frequencies(values, 8, 4), low_frequencies(lighter, 8, 4), strict=True)
    assert all(abs(a - b) < 1e-6 for a, b in both)


def test_a_single_wave_stands_in_its_own_frequency_alone() -> None:
    from math import cos, pi

    wave = [
        cos(pi * 3 * (2 * x + 1) / 16) * cos(pi * 2 * (2 * y + 1) / 16) for y in range(8) for x in range(8)
    ]
    found = low_frequencies(wave, 8, 4)
    assert [round(value, 6) for value in found] == [16.0 if at == 1 * 4 + 2 else 0 for at in range(16)]


def test_the_first_value_is_the_lowest_bit() -> None:
    assert above_median([5.0, 1.0, 2.0, 9.0]) == 0b1001
