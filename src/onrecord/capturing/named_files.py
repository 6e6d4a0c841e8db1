"""The pictures and styles that a page names, as addresses that can be fetched."""

from __future__ import annotations

from collections.abc import Iterator

from onrecord.capturing.address import WebAddress, read_relative
from onrecord.intake.encoding import decode
from onrecord.intake.pages.markup import Tag, attributes_of, tokens
from onrecord.intake.pages.page import declared_encoding
from onrecord.intake.pages.stated import stated

MOST = 200
_NAMING = {
    "img": ("src",),
    "source": ("src",),
    "video": ("src", "poster"),
    "audio": ("src",),
    "input": ("src",),
}
_NAMING |= {"image": ("href", "xlink:href"), "embed": ("src",), "object": ("data",), "track": ("src",)}
_LINKED = frozenset({"stylesheet", "icon"})


def named_files(content: bytes, url: str) -> list[WebAddress]:
    """Each once, in the order of the page; at most 200."""
    found: dict[str, WebAddress] = {}
    base = url
    for tag in _start_tags(content):
        attributes = attributes_of(tag)
        if tag.name == "base" and base == url:
            stated = read_relative(url, attributes.get("href", ""))
            base = stated.url if stated and attributes.get("href") else url
        for written in _named(tag, attributes):
            address = read_relative(base, written)
            if address and address.url != url and len(found) < MOST:
                found.setdefault(address.url, address)
    return list(found.values())


def title_of(content: bytes) -> str | None:
    """How a page calls itself."""
    return next((one.value for one in stated(_source(content)) if one.name == "title"), None)


def _source(content: bytes) -> str:
    decoded = decode(content, declared=declared_encoding(content))
    return decoded.text or ""


def _start_tags(content: bytes) -> Iterator[Tag]:
    for token in tokens(_source(content)):
        if isinstance(token, Tag) and not token.closes:
            yield token


def _named(tag: Tag, attributes: dict[str, str]) -> Iterator[str]:
    wanted = _NAMING.get(tag.name, ())
    if tag.name == "link" and set(attributes.get("rel", "").lower().split()) & _LINKED:
        wanted = ("href",)
    for name in wanted:
        if value := attributes.get(name, "").strip():
            yield value
