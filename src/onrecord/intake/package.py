"""The package of an office file: a zip of parts. What a part may hold, declare and unpack to is bounded here."""

from __future__ import annotations

import codecs
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, TypeAlias

from lxml import etree

from onrecord.intake.archives.broken import BadMember
from onrecord.intake.reading import Member, Skipped, Source

MOST_PARTS = 10_000
LARGEST_PART = 512 * 1024 * 1024
LARGEST_IN_ALL = 2 * 1024**3
LARGEST_WHOLE = 32 * 1024 * 1024
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
_CHUNK = 256 * 1024
_SAFE: dict[str, Any] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "dtd_validation": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}
# Names inside a zip are in this encoding, and in a confined process no codec can be loaded any more.
codecs.lookup("cp437")

# An element of lxml, which states no types.
Element: TypeAlias = Any


class PackageBroken(Exception):
    """Why a package, or a part of it, cannot be read: words that can stand as the reason there is no text."""


class Package:
    """The parts of an office file. Raises `PackageBroken`, and nothing else, on whatever the file holds."""

    def __init__(self, source: Source) -> None:
        with _told("it is not a whole zip file"):
            self._zip = zipfile.ZipFile(source.file)
        parts = self._zip.infolist()
        if len(parts) > MOST_PARTS:
            raise PackageBroken(f"it has more than {MOST_PARTS:,} parts")
        self._parts = {part.filename: part for part in parts if not part.filename.endswith("/")}
        self._unpacked = {"parts": 0, "members": 0}
        counted = Counter(part.filename for part in parts)
        self.notes = tuple(
            f"two of its parts are named {as_noted(name)}: the last of them is read"
            for name in [name for name, count in counted.items() if count > 1][:5]
        )

    @property
    def names(self) -> list[str]:
        return list(self._parts)

    def __contains__(self, name: str) -> bool:
        return name in self._parts

    def content(self, name: str) -> bytes:
        """A small part as a whole, such as a description of the others; "" where there is none."""
        if name not in self._parts:
            return b""
        if self._parts[name].file_size > LARGEST_WHOLE:
            raise PackageBroken(f"its part {as_noted(name)} is too large")
        self._count("parts", name)
        return b"".join(self._chunks(name))

    def tree(self, name: str) -> Element | None:
        """A small part as XML, or None where there is no such part."""
        content = self.content(name)
        if not content:
            return None
        parser = etree.XMLParser(**_SAFE)
        with _told(f"its part {as_noted(name)} is not whole"):
            root = etree.fromstring(content, parser)
            _refuse_entities(root)
            return root

    def events(self, name: str, *tags: str, both: bool = False) -> Iterator[tuple[str, Element]]:
        """The elements of a large part as they end (and begin, if `both`); with `tags`, only those."""
        if name not in self._parts:
            raise PackageBroken(f"its part {as_noted(name)} is missing")
        with _told(f"its part {as_noted(name)} is not whole"):
            with self._opened(name) as stream:
                for _, root in etree.iterparse(stream, events=("start",), **_SAFE):
                    _refuse_entities(root)
                    break
            events = ("start", "end") if both else ("end",)
            with self._opened(name) as stream:
                yield from etree.iterparse(stream, events=events, tag=tags or None, **_SAFE)

    def members(self, names: list[str]) -> Iterator[Member | Skipped]:
        """The parts that are files of their own."""
        for name in names:
            try:
                self._count("members", name)
                yield Member(name, self._member(name))
            except PackageBroken as wrong:
                yield Skipped(name, str(wrong))

    def _member(self, name: str) -> Iterator[bytes]:
        try:
            yield from self._chunks(name)
        except PackageBroken as wrong:
            raise BadMember(str(wrong)) from None

    def _chunks(self, name: str) -> Iterator[bytes]:
        with _told(f"its part {as_noted(name)} is not whole"), self._opened(name) as stream:
            while chunk := stream.read(_CHUNK):
                yield chunk

    def _opened(self, name: str) -> BinaryIO:
        part = self._parts[name]
        if part.flag_bits & 1:
            raise PackageBroken("it is locked with a password")
        if part.file_size > LARGEST_PART:
            raise PackageBroken(f"its part {as_noted(name)} would unpack to {part.file_size:,} bytes")
        opened: Any = self._zip.open(part)
        return opened  # type: ignore[no-any-return]

    def _count(self, what: str, name: str) -> None:
        """Count what a part says it unpacks to: no more than that is ever read of it."""
        self._unpacked[what] += self._parts[name].file_size
        if self._unpacked[what] > LARGEST_IN_ALL:
            raise PackageBroken(f"its parts would unpack to more than {LARGEST_IN_ALL:,} bytes")


def _refuse_entities(root: Element) -> None:
    """Names that stand for other text can stand for a file, an address, or more text than fits anywhere."""
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and next(iter(declared.iterentities()), None) is not None:
        raise PackageBroken("it declares entities")


@contextmanager
def _told(reason: str) -> Iterator[None]:
    try:
        yield
    except PackageBroken:
        raise
    except etree.XMLSyntaxError as wrong:
        raise PackageBroken(f"{reason} ({wrong.msg})"[:300]) from None
    except MemoryError:
        raise
    except Exception as wrong:  # Foreign code on foreign input: a damaged zip has many ways to fail in it.
        raise PackageBroken(f"{reason} ({wrong})"[:300]) from None


def as_noted(name: str) -> str:
    """A name from inside a file as a note may hold it: short, and without signs that turn the text around it."""
    clean = _UNSEEN.sub("\ufffd", name)
    return clean if len(clean) <= 80 else clean[:79] + "…"


def local(tag: Any) -> str:
    """An element's name without its namespace; "" for what is no element."""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def drop_before(element: Element) -> None:
    """Free the elements before this one in its parent, where a large part is read from its beginning to its end."""
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]
