"""Pictures made for the tests, and what their reader says of them."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image

from onrecord.intake.pictures import picture
from onrecord.intake.reading import Reading, Source

NORTH, EAST = (31.0, 30.0, 0.0), (34.0, 24.0, 0.0)
XMP = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmp:CreatorTool="Desk 3"><dc:title><rdf:Alt><rdf:li xml:lang="ar">السد</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>דנה</rdf:li></rdf:Seq></dc:creator></rdf:Description></rdf:RDF></x:xmpmeta>"""


def scene(width: int = 320, height: int = 240) -> Image.Image:
    """Something to see, so that it has a fingerprint."""
    return Image.effect_mandelbrot((width, height), (-2.0, -1.2, 0.8, 1.2), 60).convert("RGB")


def exif(
    time: str = "2019:05:14 07:15:03",
    offset: str | None = None,
    place: tuple[Any, str, Any, str] | None = None,
) -> Image.Exif:
    tags = Image.Exif()
    tags[0x010F], tags[0x0110], tags[0x0112] = "Weir works", "Two", 6
    shot = tags.get_ifd(0x8769)
    shot[0x9003], shot[0xA431] = time, "0042"
    shot[0x927C] = b"\x01" * 300
    if offset:
        shot[0x9011] = offset
    if place:
        tags.get_ifd(0x8825).update({1: place[1], 2: place[0], 3: place[3], 4: place[2]})
    return tags


def saved(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    made = io.BytesIO()
    image.save(made, kind, **options)
    return made.getvalue()


def looked_at(content: bytes, media_type: str = "image/jpeg") -> Reading:
    parts = list(picture.read(Source(io.BytesIO(content), len(content), media_type, "weir")))
    assert len(parts) == 1
    return parts[0]


def stated(reading: Reading, of: str = "EXIF") -> dict[str, str]:
    return {one.name: one.value for one in reading.observations if one.of == of}


def reads(reading: Reading, name: str) -> Any:
    return next(one.reads for one in reading.observations if one.name == name)


def box(kind: bytes, content: bytes) -> bytes:
    return (len(content) + 8).to_bytes(4, "big") + kind + content


def heic(tags: Image.Exif, width: int = 4032, height: int = 3024) -> bytes:
    """The boxes of a phone's picture, with its EXIF, and nothing to decode."""
    block = b"\0\0\0\x06Exif\0\0" + tags.tobytes().removeprefix(b"Exif\0\0")
    entry = box(b"infe", b"\x02\0\0\0" + b"\0\x07\0\0" + b"Exif" + b"\0")
    size = box(b"ispe", bytes(4) + width.to_bytes(4, "big") + height.to_bytes(4, "big"))
    tile = box(b"ispe", bytes(4) + (512).to_bytes(4, "big") * 2)
    listed = box(b"iinf", bytes(4) + b"\0\x01" + entry)
    shapes = box(b"iprp", box(b"ipco", tile + size))

    def meta(at: int) -> bytes:
        place = b"\0\x07\0\0\0\x01" + at.to_bytes(4, "big") + len(block).to_bytes(4, "big")
        where = box(b"iloc", bytes(4) + b"\x44\0" + b"\0\x01" + place)
        return box(b"meta", bytes(4) + listed + where + shapes)

    beginning = box(b"ftyp", b"heic" + bytes(4) + b"mif1heic")
    at = len(beginning) + len(meta(0)) + 8
    return beginning + meta(at) + box(b"mdat", block)
