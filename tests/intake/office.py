"""Office files of a few lines, made as their parts: enough for a reader, and easy to spoil."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from types import ModuleType

from onrecord.intake.archives.broken import BadMember
from onrecord.intake.reading import Member, Reading, Skipped, Source

WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
SHEET = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
LINKS = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
OF = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
OPEN = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{whole}:1.0"'
    for name, whole in (
        ("office", "office"),
        ("text", "text"),
        ("table", "table"),
        ("draw", "drawing"),
        ("style", "style"),
        ("meta", "meta"),
        ("manifest", "manifest"),
    )
)
OPEN += ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
CORE = (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/">'
    "<dc:creator>ريم</dc:creator><cp:lastModifiedBy>נועה</cp:lastModifiedBy><cp:revision>3</cp:revision>"
    "<dcterms:created>2009-03-14T06:20:00Z</dcterms:created></cp:coreProperties>"
)
APP = (
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    "<Template>Field notes.dotx</Template><Application>Writer of notes</Application></Properties>"
)


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return made.getvalue()


def word(body: str, **more: str | bytes) -> bytes:
    """A Word document; `more` has parts below word/ by their names, with `_` for the dot."""
    parts: dict[str, str | bytes] = {"[Content_Types].xml": "<Types/>"}
    parts["word/document.xml"] = f"<w:document {WORD}><w:body>{body}</w:body></w:document>"
    parts |= {f"word/{name.replace('_', '.')}": content for name, content in more.items()}
    return zipped(parts | {"docProps/core.xml": CORE, "docProps/app.xml": APP})


def paragraph(words: str, inside: str = "") -> str:
    return f"<w:p>{inside}<w:r><w:t>{words}</w:t></w:r></w:p>"


def everything(module: ModuleType, content: bytes, **given: object) -> list[Member | Skipped | Reading]:
    """All that a reader gives for a file; a member's bytes are read to their end as it comes."""
    source = Source(io.BytesIO(content), len(content), "", "name", **given)  # type: ignore[arg-type]
    given_back: list[Member | Skipped | Reading] = []
    for one in module.read(source):
        if isinstance(one, Member):
            one = _taken(one)
        given_back.append(one)
    return given_back


def _taken(member: Member) -> Member | Skipped:
    try:
        return Member(member.name, [b"".join(member.chunks)], member.media_type, member.about)
    except BadMember as wrong:
        return Skipped(member.name, wrong.reason)


def reading(module: ModuleType, content: bytes, **given: object) -> Reading:
    last = everything(module, content, **given)[-1]
    assert isinstance(last, Reading)
    return last


def parts_of(reading: Reading, kind: str | None = None) -> list[str]:
    """What the segments of a kind, or all of them, hold."""
    text = reading.layer_text or ""
    return [text[one.start : one.end] for one in reading.segments if kind in (None, one.kind)]


def assert_sound(reading: Reading) -> None:
    """What every reading promises, whatever the file."""
    assert (reading.layer_text is None) == bool(reading.why_none)
    text = reading.layer_text or ""
    text.encode("utf-8")
    assert "\0" not in text
    assert "\r" not in text
    at = 0
    for segment in reading.segments:
        assert at <= segment.start < segment.end <= len(text)
        at = segment.end
