"""Pictures made in code: scenes of hundreds of objects, noise, pages of text in three scripts, screenshots; and copies of them.

Many are nearly alike without being copies: the same scene with something moved, pages of one letterhead, screens with
the same frame. A number always gives the same picture.
"""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from functools import cache

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter, ImageFont

Paint = Callable[[random.Random], Image.Image]
Colour = tuple[int, int, int]
_FONTS = {
    "english": ("DejaVuSerif.ttf", "abcdefghilmnoprstuvwy", "the"),
    "arabic": ("NotoNaskhArabic-Regular.ttf", "ابتجدرسعفقكلمنهوي", "من"),
    "hebrew": ("NotoSansHebrew-Regular.ttf", "אבגדהוזחטיכלמנסעפצקרשת", "של"),
}


def picture(number: int) -> Image.Image:
    """The picture with this number. Those of one kind differ; those of one family are nearly alike."""
    rng = random.Random(number * 7919 + 1)
    share = number % 20
    if share < 9:
        return scene(rng)
    if share < 11:
        return scene(random.Random(number // 40), moved=rng)
    if share < 13:
        return noise(rng)
    if share == 13:
        return shapes(rng)
    if share == 14:
        return gradient(rng)
    if share < 18:
        return page(rng, random.Random(number // 400))
    return screen(rng, random.Random(number // 400))


def _colour(rng: random.Random) -> Colour:
    return rng.randrange(256), rng.randrange(256), rng.randrange(256)


def _size(rng: random.Random) -> tuple[int, int]:
    return rng.choice(((480, 360), (360, 480), (512, 288), (400, 400)))


def _clouds(rng: random.Random, size: tuple[int, int], finest: int = 96) -> Image.Image:
    """Fractal noise, from coarse to fine."""
    whole = Image.new("L", size, 128)
    side, weight = 3, 0.5
    while side < finest:
        grain = Image.frombytes("L", (side, side), rng.randbytes(side * side))
        whole = Image.blend(whole, grain.resize(size, Image.Resampling.BICUBIC), weight)
        side, weight = side * 2, weight * 0.75
    return whole


def noise(rng: random.Random) -> Image.Image:
    size = _size(rng)
    return Image.merge("RGB", [_clouds(rng, size, rng.choice((24, 96, 192))) for _ in range(3)])


def gradient(rng: random.Random) -> Image.Image:
    """A ramp of brightness with a few soft lights on it."""
    size = _size(rng)
    ramp = Image.linear_gradient("L").rotate(rng.randrange(360), fillcolor=rng.randrange(256)).resize(size)
    draw = ImageDraw.Draw(ramp)
    for _ in range(rng.randrange(3, 9)):
        x, y, r = rng.randrange(size[0]), rng.randrange(size[1]), rng.randrange(20, 90)
        draw.ellipse((x - r, y - r, x + r, y + r), fill=rng.randrange(256))
    return ramp.filter(ImageFilter.GaussianBlur(rng.randrange(4, 14))).convert("RGB")


def shapes(rng: random.Random) -> Image.Image:
    size = _size(rng)
    whole = Image.new("RGB", size, _colour(rng))
    _scatter(ImageDraw.Draw(whole), rng, size, rng.randrange(6, 30), 120)
    return whole


def scene(rng: random.Random, moved: random.Random | None = None) -> Image.Image:
    """Sky, ground, hundreds of things, grain. With `moved`, somebody stands where `moved` says."""
    size = _size(rng)
    horizon = rng.randrange(size[1] // 4, size[1] * 3 // 4)
    whole = Image.new("RGB", size, _colour(rng))
    draw = ImageDraw.Draw(whole)
    draw.rectangle((0, horizon, *size), fill=_colour(rng))
    _scatter(draw, rng, size, rng.randrange(100, 400), rng.choice((30, 60, 100)))
    if moved:
        _person(whole, moved)
    whole = whole.filter(ImageFilter.GaussianBlur(rng.choice((0.5, 1, 2))))
    light = _clouds(rng, size).convert("RGB")
    return ImageEnhance.Contrast(ImageChops.overlay(whole, light)).enhance(rng.uniform(0.7, 1.3))


def _person(whole: Image.Image, rng: random.Random) -> None:
    """Somebody in clothes that can be told from the ground by their lightness: only lightness is compared."""
    tall = whole.height // 3
    x, y = rng.randrange(0, whole.width - tall // 2), rng.randrange(0, whole.height - tall)
    ground = whole.crop((x, y, x + tall // 3, y + tall)).convert("L").resize((1, 1), Image.Resampling.BOX)
    clothes = rng.randrange(0, 40) if ground.tobytes()[0] > 127 else rng.randrange(216, 256)
    draw = ImageDraw.Draw(whole)
    draw.rectangle((x, y + tall // 4, x + tall // 3, y + tall), fill=(clothes,) * 3)
    draw.ellipse((x + tall // 16, y, x + tall // 4, y + tall // 4), fill=_colour(rng))


def _scatter(
    draw: ImageDraw.ImageDraw, rng: random.Random, size: tuple[int, int], count: int, largest: int
) -> None:
    for _ in range(count):
        x, y = rng.randrange(size[0]), rng.randrange(size[1])
        w, h = rng.randrange(4, largest), rng.randrange(4, largest)
        box, colour = (x, y, x + w, y + h), _colour(rng)
        match rng.randrange(4):
            case 0:
                draw.rectangle(box, fill=colour)
            case 1:
                draw.ellipse(box, fill=colour)
            case 2:
                draw.polygon(
                    [(x, y), (x + w, y + rng.randrange(h)), (x + rng.randrange(w), y + h)], fill=colour
                )
            case _:
                draw.line(box, fill=colour, width=rng.randrange(1, 6))


@cache
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(name, size)


def _sentence(rng: random.Random, letters: str, common: str, words: int) -> str:
    made = ("".join(rng.choices(letters, k=rng.randrange(2, 10))) for _ in range(words))
    return " ".join(word if rng.random() < 0.8 else common for word in made)


def page(rng: random.Random, family: random.Random) -> Image.Image:
    """A typed page as a scanner gives it: same paper, margins and letterhead in a family, other words."""
    name, letters, common = _FONTS[family.choice(sorted(_FONTS))]
    size, height = (600, 848), family.choice((11, 13))
    whole = Image.new("L", size, family.randrange(225, 256))
    draw = ImageDraw.Draw(whole)
    head = _sentence(family, letters, common, 4)
    draw.text((60, 40), head, fill=20, font=_font(name, 22))
    right = name.startswith("Noto")
    for line in range(100 // height, rng.randrange(500, 720) // height):
        words = _sentence(rng, letters, common, rng.choice((3, 11, 12, 12, 13, 13)))
        spot = (540 if right else 60, 80 + line * (height + 4))
        draw.text(spot, words[:82], fill=30, font=_font(name, height), anchor="ra" if right else "la")
    return whole.filter(ImageFilter.GaussianBlur(0.5)).convert("RGB")


def screen(rng: random.Random, family: random.Random) -> Image.Image:
    """A chat on a telephone: the same frame in a family, other messages."""
    size = (360, 640)
    name, letters, common = _FONTS[family.choice(sorted(_FONTS))]
    whole = Image.new("RGB", size, family.choice(((236, 229, 221), (255, 255, 255), (18, 27, 34))))
    draw = ImageDraw.Draw(whole)
    draw.rectangle((0, 0, 360, 56), fill=_colour(family))
    draw.text((60, 18), _sentence(family, letters, common, 2), fill="white", font=_font(name, 16))
    draw.rectangle((0, 590, 360, 640), fill=_colour(family))
    y = 70
    while y < 560:
        lines, mine = rng.randrange(1, 5), rng.random() < 0.5
        x = 90 if mine else 12
        draw.rounded_rectangle(
            (x, y, x + 256, y + 14 + lines * 17), 8, fill=(217, 253, 211) if mine else "white"
        )
        for line in range(lines):
            words = _sentence(rng, letters, common, 7)[: rng.randrange(8, 34)]
            draw.text((x + 8, y + 6 + line * 17), words, fill=(10, 10, 10), font=_font(name, 12))
        y += 24 + lines * 17
    return whole


def encoded(image: Image.Image, form: str = "JPEG", **how: int) -> bytes:
    file = io.BytesIO()
    image.save(file, form, **how)
    return file.getvalue()


def _cut(image: Image.Image, left: float, top: float, right: float, bottom: float) -> Image.Image:
    width, height = image.size
    return image.crop((int(left * width), int(top * height), int(right * width), int(bottom * height)))


def _resized(image: Image.Image, by: float) -> Image.Image:
    size = max(1, int(image.width * by)), max(1, int(image.height * by))
    return image.resize(size, Image.Resampling.LANCZOS)


COPIES: dict[str, Callable[[Image.Image], bytes]] = {
    "resized to a half": lambda image: encoded(_resized(image, 0.5), quality=80),
    "resized to twice": lambda image: encoded(_resized(image, 2), quality=80),
    "resized to 70%": lambda image: encoded(_resized(image, 0.7), quality=80),
    "saved again, quality 30": lambda image: encoded(image, quality=30),
    "saved again, quality 60": lambda image: encoded(image, quality=60),
    "WebP": lambda image: encoded(image, "WEBP", quality=60),
    "PNG, then JPEG": lambda image: encoded(Image.open(io.BytesIO(encoded(image, "PNG"))), quality=70),
    "cropped by 10% left": lambda image: encoded(_cut(image, 0.1, 0, 1, 1), quality=80),
    "cropped by 10% above": lambda image: encoded(_cut(image, 0, 0.1, 1, 1), quality=80),
    "cropped by 10% right": lambda image: encoded(_cut(image, 0, 0, 0.9, 1), quality=80),
    "cropped by 10% below": lambda image: encoded(_cut(image, 0, 0, 1, 0.9), quality=80),
    "cropped by 5% all around": lambda image: encoded(_cut(image, 0.05, 0.05, 0.95, 0.95), quality=80),
    "cropped by 10% all around": lambda image: encoded(_cut(image, 0.1, 0.1, 0.9, 0.9), quality=80),
}
