"""Pictures, kept as a store keeps them, for the tests of matching."""

from __future__ import annotations

import io
import random

from benchmarks.pictures import encoded, scene
from PIL import Image, ImageDraw, ImageFont

from onrecord.api import Record
from onrecord.intake.fingerprints.picture import picture_fingerprints


def photograph(number: int = 1) -> Image.Image:
    return scene(random.Random(number))


def with_somebody(image: Image.Image, x: int, y: int) -> Image.Image:
    """The same place, with somebody in dark clothes where x and y say."""
    there = image.copy()
    ImageDraw.Draw(there).rectangle((x, y, x + 45, y + 110), fill=(10, 10, 20))
    return there


def typed(number: int) -> Image.Image:
    """A typed page: the same margins, lines and letterhead, other words."""
    rng, paper = random.Random(number), Image.new("RGB", (600, 848), (246, 244, 238))
    draw, font = ImageDraw.Draw(paper), ImageFont.load_default(12)
    draw.text((60, 40), "The office at the weir", fill=(20, 20, 20), font=ImageFont.load_default(22))
    for line in range(36):
        words = " ".join("".join(rng.choices("abdefghilmnoprstu", k=rng.randrange(2, 10))) for _ in range(11))
        draw.text((60, 90 + line * 18), words[:75], fill=(30, 30, 30), font=font)
    return paper


def copied(image: Image.Image, quality: int = 60) -> Image.Image:
    return Image.open(io.BytesIO(encoded(image, quality=quality)))


def keep(record: Record, **pictures: Image.Image) -> None:
    """Keep the fingerprints of pictures under these names."""
    store = record._store
    with store.db.transaction():
        for name, image in pictures.items():
            store.fingerprints.keep(name, picture_fingerprints(image))
