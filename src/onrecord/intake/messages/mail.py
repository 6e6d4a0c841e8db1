"""A mail: what its headers say and what its body says as the layer, every header as stated, and what is attached.

The body is its plain text where there is one, else its HTML as a page is read. Attachments are members, and so is an
HTML body that is not shown and holds words that the plain text does not.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from onrecord.intake.encoding import decode
from onrecord.intake.messages.dates import edtf_of
from onrecord.intake.messages.headers import Header, as_labelled, main_value, parameters, shown
from onrecord.intake.messages.parts import Part, read_parts
from onrecord.intake.messages.transfer import is_undone
from onrecord.intake.pages.page import WalkingReader, declared_encoding
from onrecord.intake.plain import paragraphs, with_line_feeds
from onrecord.intake.reading import Member, Observation, Reading, Segment, Skipped, Source

ENGINE, VERSION = "onrecord mail", "1"
OF = "mail header"
SHOWN = frozenset(
    [
        "from",
        "sender",
        "reply-to",
        "to",
        "cc",
        "bcc",
        "date",
        "subject",
        "resent-from",
        "resent-to",
        "resent-cc",
        "resent-date",
    ]
)
LARGEST_BODY = 4 * 1024 * 1024
MOST_OBSERVATIONS = 500
LONGEST_VALUE = 2_000
_DATES = frozenset({"date", "resent-date"})
_WORDS = re.compile(r"\w+")
_PAGES = WalkingReader(None)
_LOCKED = "it is encrypted ({}): what it holds cannot be read here"
_SIGNED = "it is signed ({}); the signature is not checked here"
WARM_UP = (
    b"From: a@example.org\r\nDate: Tue, 14 May 2019 07:15:00 +0300\r\nSubject: =?windows-1256?Q?=C8?=\r\n"
    b"Content-Type: text/html; charset=windows-1255\r\n\r\n<p>\xe0\xe1\xe2\xe3\xe4 \xe5\xe6\xe7\xe8</p>"
)


@dataclass(slots=True)
class Layer:
    """The layer as it grows: parts with what stands between them."""

    parts: list[str] = field(default_factory=list)
    segments: list[Segment] = field(default_factory=list)
    at: int = 0

    def add(self, text: str, segments: Iterable[Segment], between: str) -> None:
        if self.parts:
            self.parts.append(between)
            self.at += len(between)
        self.segments += (Segment(self.at + one.start, self.at + one.end, one.kind) for one in segments)
        self.parts.append(text)
        self.at += len(text)

    @property
    def text(self) -> str:
        return "".join(self.parts)


@dataclass(slots=True)
class Told:
    """What is told of a mail beside its layer."""

    notes: list[str] = field(default_factory=list)
    shown: set[str] = field(default_factory=set)
    encodings: list[str] = field(default_factory=list)
    left: int = LARGEST_BODY


@dataclass(frozen=True, slots=True)
class Body:
    """A part of the body as text, with its paragraphs."""

    text: str
    segments: tuple[Segment, ...]


def read(source: Source) -> Iterator[Member | Skipped | Reading]:
    whole, notes = read_parts(source.file, 0, source.size)
    told, layer = Told(notes), Layer()
    _add_headers(layer, whole.headers.all)
    attached: list[Part] = []
    _take(whole, source, layer, told, attached)
    for part in attached:
        yield _member(part, source.file, told)
    yield _reading(whole, layer, told)


def _add_headers(layer: Layer, headers: Iterable[Header]) -> None:
    for header in headers:
        value = shown(header.value)
        if header.name.lower() in SHOWN and value:
            line = f"{header.name}: {value}"
            layer.add(line, [Segment(0, len(line), "header")], "\n")


def _take(part: Part, source: Source, layer: Layer, told: Told, attached: list[Part]) -> None:
    """Go through the parts in order: into the layer, or to what is attached."""
    _note_locks(part, told)
    if part.media_type == "multipart/alternative" and part.children:
        _take_best(part, source, layer, told, attached)
    elif part.children:
        for child in part.children:
            _take(child, source, layer, told, attached)
    elif _is_body(part) and (body := _body(part, source, told)):
        told.shown.add(part.media_type)
        layer.add(body.text, body.segments, "\n\n")
    elif part.media_type.startswith("multipart/") or not _is_empty(part, source.file):
        attached.append(part)


def _is_empty(part: Part, file: BinaryIO) -> bool:
    """A body of nothing but line ends is no file."""
    if not _is_body(part) or part.end - part.start > 1 << 16:
        return False
    return not b"".join(part.content(file)).strip()


def _is_body(part: Part) -> bool:
    if part.disposition == "attachment" or part.stated_name:
        return False
    return part.media_type in ("text/plain", "text/html")


def _take_best(whole: Part, source: Source, layer: Layer, told: Told, attached: list[Part]) -> None:
    """Of several versions of the body the plain one is shown, else the page; others where they say something else."""
    chosen, body = _shown_version(whole, source, told)
    if chosen and body:
        told.shown.add(chosen.media_type)
        layer.add(body.text, body.segments, "\n\n")
    for leaf in _leaves(whole):
        _note_locks(leaf, told)
        if leaf is not chosen and not _says_the_same(leaf, body, source, told):
            attached.append(leaf)


def _shown_version(whole: Part, source: Source, told: Told) -> tuple[Part | None, Body | None]:
    for media_type in ("text/plain", "text/html"):
        part = _first(whole, media_type)
        if part and (body := _body(part, source, told)):
            return part, body
    return None, None


def _says_the_same(leaf: Part, chosen: Body | None, source: Source, told: Told) -> bool:
    """Whether a version that is not shown holds no word more often than the one that is, or holds nothing."""
    if not _is_body(leaf) or chosen is None or _is_empty(leaf, source.file):
        return _is_body(leaf) and _is_empty(leaf, source.file)
    other = _body(leaf, source, told)
    if other and not _counted(other.text) - _counted(chosen.text):
        return True
    told.notes.append(
        f"part {leaf.place} is another version of the body ({leaf.media_type}) with words that the one shown does "
        "not hold: it is kept beside the mail"
    )
    return False


def _counted(text: str) -> Counter[str]:
    return Counter(word.casefold() for word in _WORDS.findall(text))


def _first(part: Part, media_type: str) -> Part | None:
    return next((one for one in _leaves(part) if one.media_type == media_type and _is_body(one)), None)


def _leaves(part: Part) -> Iterator[Part]:
    if not part.children:
        yield part
    for child in part.children:
        yield from _leaves(child)


def _body(part: Part, source: Source, told: Told) -> Body | None:
    """A part of the body as text; None where it is empty, or too long to be a body."""
    if part.end - part.start > 2 * told.left:
        told.notes.append(f"part {part.place or '1'} is too long for a body: it is kept beside the mail")
        return None
    content = b"".join(part.content(source.file, told.notes))
    told.left -= min(told.left, len(content))
    is_page = part.media_type == "text/html"
    declared = part.charset or (declared_encoding(content) if is_page else None)
    decoded = decode(content, declared=declared, chosen=source.encoding)
    if decoded.text is None:
        told.notes += decoded.notes
        text = as_labelled(content, part.charset)
    else:
        told.notes += decoded.notes
        text = decoded.text
        told.encodings.append(decoded.encoding or "")
    text = text.replace("\0", "\ufffd")
    return _page(text, told) if is_page else _plain(text, told)


def _plain(text: str, told: Told) -> Body | None:
    text = with_line_feeds(text).strip("\n")
    if "-----BEGIN PGP MESSAGE-----" in text:
        told.notes.append(_LOCKED.format("PGP"))
    elif "-----BEGIN PGP SIGNED MESSAGE-----" in text:
        told.notes.append(_SIGNED.format("PGP"))
    segments = tuple(Segment(start, end) for start, end in paragraphs(text))
    return Body(text, segments) if segments else None


def _page(text: str, told: Told) -> Body | None:
    page = _PAGES.read(text, with_main_text=False)
    told.notes += page.notes
    return Body(page.text, page.segments) if page.text else None


def _note_locks(part: Part, told: Told) -> None:
    kind = parameters(part.headers.first("content-type"))
    stated = part.media_type
    if stated == "multipart/encrypted":
        told.notes.append(_LOCKED.format("PGP/MIME"))
    elif stated in ("application/pkcs7-mime", "application/x-pkcs7-mime"):
        is_signed = kind.get("smime-type", "").lower() == "signed-data"
        told.notes.append((_SIGNED if is_signed else _LOCKED).format("S/MIME"))
    elif stated == "multipart/signed":
        is_pgp = "pgp" in kind.get("protocol", "").lower()
        told.notes.append(_SIGNED.format("PGP/MIME" if is_pgp else "S/MIME"))


def _member(part: Part, file: BinaryIO, told: Told) -> Member:
    about = {"part": part.place or "1"}
    for name in ("content-id", "content-disposition", "content-location", "content-description"):
        if value := part.headers.first(name):
            about[name.replace("-", "_")] = (main_value(value) if name.endswith("tion") else value)[:500]
    if not is_undone(part.encoding):
        told.notes.append(
            f"part {about['part']} is written in a way that is not undone here ({part.encoding[:60]})"
        )
    return Member(part.name, part.content(file, told.notes), part.media_type, about)


def _reading(whole: Part, layer: Layer, told: Told) -> Reading:
    observations = tuple(_observed(header) for header in whole.headers.all[:MOST_OBSERVATIONS])
    if len(whole.headers.all) > MOST_OBSERVATIONS:
        told.notes.append(f"it has more than {MOST_OBSERVATIONS} headers: the rest is not listed")
    encodings = list(dict.fromkeys(told.encodings))
    body = " and ".join(sorted(told.shown)) or "none"
    notes = tuple(dict.fromkeys(told.notes))
    return Reading(
        layer.text if layer.segments else None,
        ENGINE,
        VERSION,
        {"encoding": ", ".join(encodings), "body": body},
        tuple(layer.segments),
        encodings[0] if encodings else None,
        notes[:50],
        None if layer.segments else "it has no headers and no body that could be read",
        shown(whole.headers.first("subject"))[:500] or None,
        observations,
    )


def _observed(header: Header) -> Observation:
    value = header.value
    if header.name.lower() in _DATES:
        reads = edtf_of(value)
    else:
        said = shown(value)
        reads = _cut(said) if said != value else None
    return Observation(OF, header.name, _cut(value), reads)


def _cut(value: str) -> str:
    return value if len(value) <= LONGEST_VALUE else value[: LONGEST_VALUE - 1] + "…"
