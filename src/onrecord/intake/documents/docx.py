"""Word documents: the text as it shows with its insertions, and beside it notes, comments, and deleted and hidden words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from onrecord.intake.documents.flow import Flow
from onrecord.intake.documents.word_part import PartWalk
from onrecord.intake.documents.word_styles import word_styles
from onrecord.intake.office_properties import office_properties
from onrecord.intake.package import Package, PackageBroken
from onrecord.intake.reading import Member, Reading, Skipped, Source

ENGINE, VERSION = "onrecord docx", "1"
_MEMBERS = ("word/media/", "word/embeddings/", "word/activeX/", "word/vbaProject.bin", "docProps/thumbnail")
_MAIN = re.compile(r"word/document\d*\.xml")
_BESIDE = re.compile(r"word/(header|footer|footnotes|endnotes|comments)\d*\.xml")
_NOT_READ = (("word/charts/chart", "chart"), ("word/diagrams/data", "diagram"))


def read(source: Source) -> Iterator[Member | Skipped | Reading]:
    try:
        package = Package(source)
        main = _main_part(package)
    except PackageBroken as wrong:
        yield Reading(None, ENGINE, VERSION, why_none=str(wrong))
        return
    yield from package.members([name for name in package.names if name.startswith(_MEMBERS)])
    yield _read_text(package, main)


def _main_part(package: Package) -> str:
    for part in sorted(package.names):
        if _MAIN.fullmatch(part):
            return part
    raise PackageBroken("its part word/document.xml is missing")


def _read_text(package: Package, main: str) -> Reading:
    notes: list[str] = []
    flow = Flow()
    styles = word_styles(package, notes)
    walk = PartWalk(flow, styles)
    try:
        walk.read(package, main)
    except PackageBroken as wrong:
        notes.append(f"its text cannot be read to its end: {wrong}")
    for part in sorted(package.names):
        if found := _BESIDE.fullmatch(part):
            _read_beside(walk, package, part, found[1], notes)
    text, segments = flow.composed()
    why = None if text else _why_none(notes)
    found_notes = (*package.notes, *notes, *_stated(flow, walk), *_left_out(package))
    observations = office_properties(package, "DOCX")
    return Reading(
        text or None, ENGINE, VERSION, {}, segments, None, found_notes, why, observations=observations
    )


def _read_beside(walk: PartWalk, package: Package, part: str, kind: str, notes: list[str]) -> None:
    whole = kind in ("header", "footer")
    try:
        if whole:
            walk.flow.begin_beside(kind)
        walk.read(package, part)
    except PackageBroken as wrong:
        notes.append(f"its {kind} cannot be read to the end: {wrong}")
    finally:
        if whole:
            walk.flow.end_beside()


def _why_none(notes: list[str]) -> str:
    return notes[-1] if notes else "it has no text"


def _stated(flow: Flow, walk: PartWalk) -> Iterator[str]:
    """What a person should know is in the layer, or is not, in a few words each."""
    yield from flow.notes()
    if walk.inserted:
        yield f"passages that were inserted with changes tracked stand in the text: {walk.inserted:,}"
    if walk.listed:
        yield "the numbers and bullets of its lists are not in the text, as the file does not hold them as text"


def _left_out(package: Package) -> Iterator[str]:
    for beginning, kind in _NOT_READ:
        count = sum(name.startswith(beginning) for name in package.names)
        if count:
            yield f"words in its {kind}s are not read: {count:,}"
    if "word/vbaProject.bin" in package:
        yield "it holds macros"
