"""Pictures: what they state of themselves, and fingerprints of how they look. They have no text layer.

What a camera, an editing program or an agency wrote into a picture is an observation, kept as written.
"""

from __future__ import annotations

import struct
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO

import PIL
from PIL import (
    AvifImagePlugin,
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    PpmImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from onrecord.intake.fingerprints.picture import picture_fingerprints
from onrecord.intake.observed import bounded, observation
from onrecord.intake.pictures.credentials import CredentialsBroken, credentials
from onrecord.intake.pictures.exif import exif_observations
from onrecord.intake.pictures.heif import read_heif
from onrecord.intake.pictures.iptc import iptc_observations
from onrecord.intake.pictures.manifest import NOT_INSTALLED, credentials_can_be_read, has_credentials
from onrecord.intake.pictures.xmp import XmpBroken, xmp_observations
from onrecord.intake.reading import Fingerprint, Observation, Reading, Source

ENGINE, VERSION = "onrecord picture", "1"
MOST_PIXELS, MOST_DRAFT_PIXELS = 50_000_000, 200_000_000
MOST_FRAMES = 1_000
WHY_NONE = "a picture: it has no text layer"

_PLUGINS = (
    AvifImagePlugin,
    BmpImagePlugin,
    GifImagePlugin,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    PpmImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)
_READ = ("JPEG", "PNG", "GIF", "TIFF", "WEBP", "BMP", "AVIF")
_PHONE = ("image/heic", "image/heif")
_IPTC_BLOCK, _IPTC_TAG = 0x0404, 0x83BB

_CAN_READ = credentials_can_be_read()
_Looked = Callable[[], list[Observation]]


def read(source: Source) -> Iterator[Reading]:
    """A `Reader` of pictures."""
    look = _Look(source)
    with warnings.catch_warnings(), _any_size():
        warnings.simplefilter("ignore")
        look.look()
    observations, notes = bounded(look.observations)
    parameters = {"Pillow": PIL.__version__}
    yield Reading(
        None,
        ENGINE,
        VERSION,
        parameters,
        notes=(*look.notes, *notes),
        why_none=WHY_NONE,
        observations=observations,
        fingerprints=look.fingerprints,
    )


@contextmanager
def _any_size() -> Iterator[None]:
    """The library refuses to open what is very large; here it is opened for its words, and not decoded."""
    before = Image.MAX_IMAGE_PIXELS
    Image.MAX_IMAGE_PIXELS = None
    try:
        yield
    finally:
        Image.MAX_IMAGE_PIXELS = before


class _Look:
    """One look at one picture. Each part of it may be broken without harm to the others."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.observations: list[Observation] = []
        self.notes: list[str] = []
        self.fingerprints: tuple[Fingerprint, ...] = ()

    def look(self) -> None:
        try:
            image = Image.open(self._source.file, formats=_READ)
        except Exception as wrong:  # A foreign parser on foreign input.
            self._not_opened(wrong)
        else:
            with image:
                self._shape(image)
                self._part("EXIF", lambda: _camera(image))
                self._credentials()
                self._part("IPTC", lambda: list(iptc_observations(_iptc(image))))
                self._xmp(image.info.get("xmp") or image.info.get("XML:com.adobe.xmp"))
                self._fingerprint(image)
                self._part("comment", lambda: list(_comments(image)))

    def _not_opened(self, wrong: Exception) -> None:
        if self._source.media_type in _PHONE:
            self._phone()
            return
        if self._source.size == 0:
            self.notes.append("the file is empty")
            return
        said = "" if isinstance(wrong, PIL.UnidentifiedImageError) else f": {_said(wrong)}"
        self.notes.append(f"it cannot be opened as a picture; it is broken, or of a kind not read here{said}")
        self._credentials()

    def _phone(self) -> None:
        """HEIC is read for its words alone; no decoder of it comes with Onrecord."""
        self.notes.append(
            "pictures of this kind (HEIC) are not decoded here, so this one has no fingerprint and no preview"
        )
        held = read_heif(self._source.file, self._source.size)
        if held.size:
            self._size(*held.size)
        else:
            self.notes.append("it states no size; it may be broken")
        if held.exif:
            self._part("EXIF", lambda: list(exif_observations(_exif(held.exif or b""))))
        self._xmp(held.xmp)
        self._credentials()

    def _size(self, width: int, height: int) -> None:
        self.observations.append(observation("picture", "size", f"{width} x {height}"))

    def _shape(self, image: Image.Image) -> None:
        self._size(*image.size)
        self.observations.append(observation("picture", "format", image.format or "unknown"))
        self.observations.append(observation("picture", "mode", image.mode))
        self._part("frames", lambda: list(_frames(image)))

    def _part(self, name: str, looked: _Looked) -> None:
        try:
            self.observations += looked()
        except XmpBroken as wrong:
            self.notes.append(f"its {name} cannot be read: {wrong}")
        except Exception as wrong:  # A foreign parser on foreign input.
            self.notes.append(f"its {name} cannot be read: {_said(wrong)}")

    def _xmp(self, packet: str | bytes | None) -> None:
        if packet:
            content = packet.encode("utf-8", "replace") if isinstance(packet, str) else packet
            self._part("XMP", lambda: list(xmp_observations(content)))

    def _credentials(self) -> None:
        file, kind = self._source.file, self._source.media_type
        if not has_credentials(file, self._source.size):
            return
        if not _CAN_READ:
            self.notes.append(NOT_INSTALLED)
            return
        try:
            self.observations += credentials(file, kind)
        except CredentialsBroken as wrong:
            self.notes.append(f"it carries content credentials (C2PA) that cannot be read: {wrong}")

    def _fingerprint(self, image: Image.Image) -> None:
        if _is_large(image):
            most = _most_pixels(image) // 1_000_000
            self.notes.append(
                f"it states more than {most} million points: it is not decoded, and has no fingerprint"
            )
            return
        try:
            image.seek(0)
            self.fingerprints = picture_fingerprints(image)
        except Exception as wrong:  # Also too little memory: what else was read stays.
            self.notes.append(f"the picture cannot be decoded, so it has no fingerprint: {_said(wrong)}")


def _is_large(image: Image.Image) -> bool:
    width, height = image.size
    return bool(width * height > _most_pixels(image))


def _most_pixels(image: Image.Image) -> int:
    """A JPEG is decoded at a fraction of its size, unless it comes bit by bit sharper: then all of it is in memory."""
    small = image.format == "JPEG" and not image.info.get("progressive")
    return MOST_DRAFT_PIXELS if small else MOST_PIXELS


def _camera(image: Image.Image) -> list[Observation]:
    """The library decodes a PNG that has no EXIF at its beginning, to look for it behind the points."""
    behind = isinstance(image, PngImagePlugin.PngImageFile) and "exif" not in image.info
    return [] if behind and _is_large(image) else list(exif_observations(image.getexif()))


def _frames(image: Image.Image) -> Iterator[Observation]:
    """How many pictures are in the file; those of a GIF are not counted, as each has to be looked up in turn."""
    if image.format == "GIF":
        if getattr(image, "is_animated", False):
            yield observation("picture", "frames", "more than 1")
        return
    if image.format != "TIFF":
        count = getattr(image, "n_frames", 1)
        if count > 1:
            yield observation("picture", "frames", str(count))
        return
    count = 1
    while count < MOST_FRAMES:
        try:
            image.seek(count)
        except EOFError:
            break
        count += 1
    image.seek(0)
    if count > 1:
        yield observation(
            "picture", "frames", str(count) if count < MOST_FRAMES else f"{MOST_FRAMES} or more"
        )


def _comments(image: Image.Image) -> Iterator[Observation]:
    """Comments, and the texts of a PNG under their own names; those behind its points only where it was decoded."""
    comment = image.info.get("comment")
    if comment:
        yield observation(image.format or "picture", "comment", _text(comment))
    if isinstance(image, PngImagePlugin.PngImageFile):
        for name, value in (image.png.im_text if image.png else image.text).items():
            if name != "XML:com.adobe.xmp":
                yield observation("PNG", str(name), _text(value))


def _text(value: str | bytes) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _iptc(image: Image.Image) -> bytes:
    blocks = image.info.get("photoshop")
    if isinstance(blocks, dict) and isinstance(blocks.get(_IPTC_BLOCK), bytes):
        return bytes(blocks[_IPTC_BLOCK])
    if isinstance(image, TiffImagePlugin.TiffImageFile):
        held = image.tag_v2.get(_IPTC_TAG)
        if isinstance(held, bytes):
            return held
        if isinstance(held, tuple):  # Some programs write it as long numbers.
            return struct.pack(f"<{len(held)}L", *(int(number) & 0xFFFFFFFF for number in held))
    return b""


def _exif(block: bytes) -> Image.Exif:
    exif = Image.Exif()
    exif.load(block)
    return exif


def _said(wrong: Exception) -> str:
    return (str(wrong) or type(wrong).__name__)[:150]


def _sample() -> bytes:
    """A picture with a little of everything, so that what the library loads late is loaded."""
    exif = Image.Exif()
    exif[0x010F] = "x"
    exif.get_ifd(0x8769)[0x9003] = "0000:00:00 00:00:00"
    made = BytesIO()
    Image.linear_gradient("L").save(made, "JPEG", exif=exif, comment=b"x")
    return made.getvalue()


WARM_UP = _sample()
