"""What a camera wrote into a picture (EXIF), tag by tag, as it wrote it. A camera's clock and place are what it states.

Times and places are also read into our forms where that takes no guess; "0000:00:00" and the first day of a clock that was
never set stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from PIL import ExifTags
from PIL.Image import Exif
from PIL.TiffImagePlugin import IFDRational

from onrecord.intake.encoding import decode
from onrecord.intake.observed import decimal_text, observation
from onrecord.intake.reading import Observation

OF = "EXIF"
_EXIF, _GPS, _INTEROP, _MAKER_NOTE = 0x8769, 0x8825, 0xA005, 0x927C
# Of a picture file's own build: where its strips lie, colour tables, and blocks that are read elsewhere.
_STRUCTURE = {0x0111, 0x0117, 0x0144, 0x0145, 0x0140, 0x015B, 0x02BC, 0x83BB, 0x8649, 0x8773, 0x0201, 0x0202}
_OFFSETS = {"DateTime": "OffsetTime", "DateTimeOriginal": "OffsetTimeOriginal"}
_OFFSETS["DateTimeDigitized"] = "OffsetTimeDigitized"
_TIME = re.compile(r"(\d{4}):(\d\d):(\d\d) ([01]\d|2[0-3]):([0-5]\d):([0-5]\d)")
_OFFSET = re.compile(r"[+-](?:0\d|1[0-4]):[0-5]\d")
_NEVER_SET = {date(1904, 1, 1), date(1970, 1, 1), date(1980, 1, 1)}
_LONGEST_LIST = 64
_CHARSETS = {b"ASCII\0\0\0": None, b"UNICODE\0": "utf-16", b"JIS\0\0\0\0\0": "iso-2022-jp", b"\0" * 8: None}


def exif_observations(exif: Exif) -> Iterator[Observation]:
    """Every tag under its standard name, the camera's and the exposure's first, then those of its place."""
    camera = {_name(tag): value for tag, value in exif.items() if tag not in _STRUCTURE}
    for pointer in ("ExifOffset", "GPSInfo", "ExifInteroperabilityOffset"):
        camera.pop(pointer, None)
    shot = {_name(tag): value for tag, value in exif.get_ifd(_EXIF).items() if tag != _INTEROP}
    yield from _told({**camera, **shot})
    place = {ExifTags.GPSTAGS.get(tag, f"0x{tag:04X}"): value for tag, value in exif.get_ifd(_GPS).items()}
    yield from _position(place)
    yield from _told(place)


def taken_at(written: str, offset: str = "") -> str | None:
    """A camera's time in EDTF, with its offset from UTC where it states one; None where it is no time, or was never set."""
    found = _TIME.fullmatch(written)
    if not found:
        return None
    try:
        day = date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None
    if day in _NEVER_SET:
        return None
    return f"{day.isoformat()}T{found[4]}:{found[5]}:{found[6]}{offset if _OFFSET.fullmatch(offset) else ''}"


def _name(tag: int) -> str:
    return ExifTags.TAGS.get(tag, f"0x{tag:04X}")


def _told(tags: Mapping[str, Any]) -> Iterator[Observation]:
    for name, value in tags.items():
        written = _written(name, value)
        if not written:
            continue
        reads = None
        if name in _OFFSETS:
            reads = taken_at(written, _written("", tags.get(_OFFSETS[name], "")))
        yield observation(OF, name, written, reads)


def _written(name: str, value: Any) -> str:
    if name == "MakerNote":
        return f"{len(value)} bytes"
    if isinstance(value, str):
        return _characters(value).rstrip("\0")
    if isinstance(value, bytes):
        return _bytes(name, value)
    if isinstance(value, IFDRational):
        return f"{value.numerator}/{value.denominator}"
    if isinstance(value, tuple):
        listed = " ".join(_written("", one) for one in value[:_LONGEST_LIST])
        return f"{listed} …" if len(value) > _LONGEST_LIST else listed
    return str(value) if isinstance(value, int | float) else ""


def _characters(value: str) -> str:
    """The library reads every text as Latin-1; most of what is not ASCII is UTF-8."""
    if value.isascii():
        return value
    try:
        return decode(value.encode("latin-1")).text or value
    except UnicodeEncodeError:
        return value


def _bytes(name: str, value: bytes) -> str:
    if name.startswith("XP"):
        return value.decode("utf-16-le", "replace").rstrip("\0")
    if name in ("UserComment", "GPSProcessingMethod", "GPSAreaInformation") and value[:8] in _CHARSETS:
        charset, rest = _CHARSETS[value[:8]], value[8:].rstrip(b"\0 ")
        if charset == "utf-16":
            return _utf_16(value[8:]).rstrip("\0 ")
        return decode(rest, chosen=charset).text or (f"{len(rest)} bytes" if rest else "")
    plain = value.rstrip(b"\0")
    if plain.isascii() and plain.decode("ascii").isprintable() and plain:
        return plain.decode("ascii")
    if len(value) <= 8:
        return " ".join(str(byte) for byte in value)
    return f"{len(value)} bytes"


def _utf_16(value: bytes) -> str:
    """The order of its bytes is not stated; most of a text's characters are of one block, and zeros tell it for Latin."""
    if value[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return value.decode("utf-16", "replace")
    first = value[0::2].count(0), len(set(value[0::2]))
    second = value[1::2].count(0), len(set(value[1::2]))
    big = (first[0], -first[1]) > (second[0], -second[1])
    return value.decode("utf-16-be" if big else "utf-16-le", "replace")


def _position(place: Mapping[str, Any]) -> Iterator[Observation]:
    """Where the device says that it was, also as degrees north and east."""
    sides = [(place.get(f"GPS{of}"), place.get(f"GPS{of}Ref")) for of in ("Latitude", "Longitude")]
    if any(not isinstance(parts, tuple) or not isinstance(ref, str) for parts, ref in sides):
        return
    written = ", ".join(f"{_written('', parts)} {_written('', ref)}" for parts, ref in sides)
    north = _degrees(*sides[0], "NS", 90)
    east = _degrees(*sides[1], "EW", 180)
    reads = f"{north}, {east}" if north and east else None
    yield observation(OF, "GPSPosition", written, reads)


def _degrees(parts: Any, ref: Any, refs: str, most: int) -> str | None:
    """Degrees, minutes and seconds as one decimal, or None where they cannot be right."""
    values = [_fraction(part) for part in parts]
    ref = ref.rstrip("\0 ").upper()
    if len(values) != 3 or ref not in tuple(refs):
        return None
    degrees, minutes, seconds = values
    if degrees is None or minutes is None or seconds is None or min(degrees, minutes, seconds) < 0:
        return None
    whole = degrees + minutes / 60 + seconds / 3600
    if minutes >= 60 or seconds >= 60 or whole > most:
        return None
    return decimal_text(whole.numerator if ref == refs[0] else -whole.numerator, whole.denominator)


def _fraction(part: Any) -> Fraction | None:
    if isinstance(part, IFDRational):
        return Fraction(int(part.numerator), int(part.denominator)) if part.denominator else None
    return Fraction(part) if isinstance(part, int) else None
