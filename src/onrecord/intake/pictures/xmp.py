"""What editing programs wrote into a picture (XMP): short values, each under the name of its property."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from onrecord.intake.observed import observation
from onrecord.intake.reading import Observation

OF = "XMP"
LARGEST = 1024 * 1024
_DEEPEST = 24
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_PREFIXES = {
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://ns.adobe.com/xap/1.0/": "xmp",
    "http://ns.adobe.com/xap/1.0/mm/": "xmpMM",
    "http://ns.adobe.com/photoshop/1.0/": "photoshop",
    "http://ns.adobe.com/exif/1.0/": "exif",
    "http://ns.adobe.com/tiff/1.0/": "tiff",
    "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/": "Iptc4xmpCore",
    "http://iptc.org/std/Iptc4xmpExt/2008-02-29/": "Iptc4xmpExt",
}


class XmpBroken(ValueError):
    """It is no XMP, or not as XML has to be."""


def xmp_observations(packet: bytes) -> Iterator[Observation]:
    """Every property with a plain value. Raises `XmpBroken`."""
    if len(packet) > LARGEST:
        raise XmpBroken(f"it has more than {LARGEST // 1024**2} MB")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        root = etree.fromstring(packet.strip(b"\0 \r\n\t"), parser)
    except (etree.XMLSyntaxError, ValueError) as wrong:
        raise XmpBroken(str(wrong)[:100]) from None
    yield from _walked(root, "", 0)


def _walked(element: etree._Element, under: str, depth: int) -> Iterator[Observation]:
    """A list or a language alternative has the name of the property that it stands in."""
    if depth > _DEEPEST or not isinstance(element.tag, str):
        return
    name = under if element.tag.startswith(_RDF) else _prefixed(element, str(element.tag))
    for key, value in element.attrib.items():
        if not str(key).startswith(("{http://www.w3.org/", "{adobe:")) and "}" in str(key):
            yield observation(OF, _prefixed(element, str(key)), str(value))
    if name and not len(element) and element.text and element.text.strip():
        yield observation(OF, name, element.text.strip())
    for child in element:
        yield from _walked(child, name if depth else "", depth + 1)


def _prefixed(element: etree._Element, tag: str) -> str:
    space, _, local = tag[1:].partition("}") if tag.startswith("{") else ("", "", tag)
    prefix = _PREFIXES.get(space) or next(
        (key for key, of in element.nsmap.items() if of == space and key), ""
    )
    return f"{prefix}:{local}" if prefix else local
