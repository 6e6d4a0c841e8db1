"""Reading an original for its text, its observations and what lies inside: by the reader of its format, confined."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from onrecord.intake.confined import Answer, OnMember, Readers, shared_readers
from onrecord.intake.formats import Format, format_of, is_recording
from onrecord.intake.reading import NO_LAYER, Reading, Source
from onrecord.record.errors import ReaderFailed

_SECOND_CHANCE = {kind: {"main text": "no"} for kind in ("text/html", "multipart/related")}


def read_original(
    original: BinaryIO,
    size: int,
    media_type: str,
    name: str,
    *,
    encoding: str | None = None,
    password: str | None = None,
    on_member: OnMember | None = None,
    readers: Readers | None = None,
) -> Answer:
    """Read an open original; never raises for what it holds. The answer always has a reading.

    `on_member` is called for every file inside it, with its bytes; without it they are passed over.
    """
    if is_recording(media_type):
        from onrecord.intake.recordings.recording import read_recording

        return Answer(read_recording(Source(original, size, media_type, name)))
    known = format_of(media_type)
    if known is None:
        return Answer(Reading(None, why_none=NO_LAYER))
    question = {
        "media_type": media_type,
        "name": name,
        "size": size,
        "encoding": encoding,
        "password": password,
        "pieces": {},
        "members": on_member is not None,
    }
    return _asked(readers or shared_readers(), known, question, original, on_member)


def _asked(
    readers: Readers,
    known: Format,
    question: dict[str, object],
    original: BinaryIO,
    on_member: OnMember | None,
) -> Answer:
    try:
        return readers.read(known, question, original, on_member)
    except ReaderFailed as first:
        again = _SECOND_CHANCE.get(str(question["media_type"]))
        if again is None:
            return _failed(first)
    try:
        answer = readers.read(known, {**question, "pieces": again}, original, on_member)
    except ReaderFailed as wrong:
        return _failed(wrong)
    return answer


def _failed(wrong: ReaderFailed) -> Answer:
    return Answer(Reading(None, why_none=f"the reader failed on this: {wrong.reason}"))


def read_confined(
    path: Path, media_type: str, name: str, encoding: str | None = None, password: str | None = None
) -> Reading:
    """Read the original at a path, without what lies inside it."""
    try:
        with path.open("rb", buffering=0) as original:
            size = path.stat().st_size
            answer = read_original(
                original,
                size,
                media_type,
                name,
                encoding=encoding,
                password=password,
            )
    except OSError as wrong:
        return Reading(None, why_none=f"{name} cannot be read ({wrong.strerror})")
    return answer.reading
