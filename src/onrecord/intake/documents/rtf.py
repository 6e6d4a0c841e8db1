"""RTF documents: the text as it shows with its insertions, and beside it notes, comments, and deleted and hidden words."""

from __future__ import annotations

from collections.abc import Iterator

from onrecord.intake.documents.flow import Flow
from onrecord.intake.documents.rtf_walk import RtfWalk
from onrecord.intake.reading import Member, Reading, Source

ENGINE, VERSION = "onrecord rtf", "1"
LARGEST = 256 * 1024 * 1024


def read(source: Source) -> Iterator[Member | Reading]:
    if source.size > LARGEST:
        yield Reading(None, ENGINE, VERSION, why_none=f"it is larger than {LARGEST:,} bytes")
        return
    walk = RtfWalk(Flow())
    walk.read(source.file.read(LARGEST))
    for name, content in walk.besides.pictures:
        yield Member(name, [content])
    yield _as_reading(walk)


def _as_reading(walk: RtfWalk) -> Reading:
    text, segments = walk.flow.composed()
    why = None if text else walk.notes[0] if walk.notes else "it has no text"
    notes = (*dict.fromkeys(walk.notes), *walk.flow.notes(), *_stated(walk))
    parameters = {"encoding": walk.encoding}
    observations = tuple(walk.besides.observations)
    return Reading(
        text or None,
        ENGINE,
        VERSION,
        parameters,
        segments,
        walk.encoding,
        notes,
        why,
        observations=observations,
    )


def _stated(walk: RtfWalk) -> Iterator[str]:
    if walk.inserted:
        yield f"passages that were inserted with changes tracked stand in the text: {walk.inserted:,}"
    if walk.damaged:
        places = "1 place holds" if walk.damaged == 1 else f"{walk.damaged:,} places hold"
        yield f"{places} bytes that are not of their encoding and stand as U+FFFD"
