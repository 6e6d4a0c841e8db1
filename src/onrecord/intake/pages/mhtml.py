"""A page saved as one file (MHTML): the visible text of its root page as the layer, and its other parts as members."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from onrecord.intake.messages.dates import edtf_of
from onrecord.intake.messages.headers import parameters, shown
from onrecord.intake.messages.parts import Part, read_parts
from onrecord.intake.pages.html import WARM_UP as _PAGE
from onrecord.intake.pages.html import read_stated
from onrecord.intake.pages.stated import observed
from onrecord.intake.reading import LARGEST_TEXT_BYTES, Member, Observation, Reading, Segment, Skipped, Source

ENGINE, VERSION = "onrecord saved page", "1"
_STATED = (
    "snapshot-content-location",
    "subject",
    "date",
    "from",
    "content-location",
    "mime-version",
    "x-mailer",
)
WARM_UP = (
    b'Content-Type: multipart/related; boundary="b"\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n'
    + _PAGE
    + b"\r\n--b--\r\n"
)


def read(source: Source) -> Iterator[Member | Skipped | Reading]:
    whole, notes = read_parts(source.file, 0, source.size)
    leaves = list(_leaves(whole))
    root = _root(whole, leaves)
    for part in leaves:
        if part is not root:
            yield _member(part, source, notes)
    yield _reading(whole, root, source, notes)


def _leaves(part: Part) -> Iterator[Part]:
    if not part.children and part.place:
        yield part
    for child in part.children:
        yield from _leaves(child)


def _root(whole: Part, leaves: list[Part]) -> Part | None:
    """The part that the file names as its start, else the first that is a page."""
    start = parameters(whole.headers.first("content-type")).get("start", "").strip()
    pages = [part for part in leaves if part.media_type in ("text/html", "application/xhtml+xml")]
    named = (part for part in pages if start and part.headers.first("content-id") == start)
    return next(named, pages[0] if pages else None)


def _member(part: Part, source: Source, notes: list[str]) -> Member:
    url = shown(part.headers.first("content-location"))
    about = {"part": part.place}
    if url:
        about["url"] = url[:4_000]
    if identity := part.headers.first("content-id"):
        about["content_id"] = identity[:500]
    return Member(
        part.stated_name or url[:4_000] or part.name, part.content(source.file, notes), part.media_type, about
    )


def _reading(whole: Part, root: Part | None, source: Source, notes: list[str]) -> Reading:
    told = tuple(_stated(whole))
    if root is None:
        why = "it holds no page"
        return Reading(None, ENGINE, VERSION, notes=tuple(notes), why_none=why, observations=told)
    if root.end - root.start > LARGEST_TEXT_BYTES:
        why = f"no text layer for a page of more than {LARGEST_TEXT_BYTES // 2**20} MB"
        return Reading(None, ENGINE, VERSION, notes=tuple(notes), why_none=why, observations=told)
    content = b"".join(root.content(source.file, notes))
    with_main_text = source.pieces.get("main text") != "no"
    page = read_stated(content, source.encoding, with_main_text, root.charset or None)
    # A part's place is counted in the page, which is only a part of this file.
    segments = tuple(Segment(one.start, one.end, one.kind, None, one.part) for one in page.segments)
    observations = (*told, *_location(root), *page.observations)[:500]
    notes = list(dict.fromkeys([*notes, *page.notes]))[:50]
    return replace(
        page, engine=ENGINE, version=VERSION, segments=segments, notes=tuple(notes), observations=observations
    )


def _stated(whole: Part) -> Iterator[Observation]:
    for header in whole.headers.all:
        if header.name.lower() in _STATED:
            value = shown(header.value)
            reads = edtf_of(header.value) if header.name.lower() == "date" else None
            yield observed(header.name, value, reads)


def _location(root: Part) -> Iterator[Observation]:
    if root.place and (url := shown(root.headers.first("content-location"))):
        yield observed("Content-Location of the page", url)
