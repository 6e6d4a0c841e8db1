"""What a reader gives for some bytes, as whoever takes originals in would take it."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import ModuleType

from onrecord.intake.archives.broken import BadMember
from onrecord.intake.reading import Member, Observation, Reading, Skipped, Source


@dataclass
class Given:
    """`broken` has the members whose bytes could not be had whole, with the reason."""

    reading: Reading
    members: list[tuple[str, bytes]] = field(default_factory=list)
    about: list[dict[str, str]] = field(default_factory=list)
    broken: list[tuple[str, str]] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)

    @property
    def text(self) -> str:
        return self.reading.layer_text or ""

    @property
    def notes(self) -> str:
        return "; ".join(self.reading.notes)

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.members]

    def kinds(self) -> list[tuple[str, str]]:
        return [(part.kind, self.text[part.start : part.end]) for part in self.reading.segments]

    def stated(self, name: str) -> list[str]:
        return [one.value for one in self.reading.observations if one.name == name]

    def observed(self, name: str) -> Observation:
        return next(one for one in self.reading.observations if one.name == name)


def given(
    module: ModuleType,
    content: bytes,
    *,
    name: str = "original",
    encoding: str | None = None,
    pieces: Mapping[str, str] | None = None,
) -> Given:
    """Read; it has to end with exactly one reading whose layer can be kept."""
    source = Source(io.BytesIO(content), len(content), "", name, encoding=encoding, pieces=pieces or {})
    found = Given(Reading(None))
    readings = []
    for one in module.read(source):
        assert not readings, "the reading comes last"
        if isinstance(one, Member):
            _take(found, one)
        elif isinstance(one, Skipped):
            found.skipped.append((one.name, one.reason))
        else:
            readings.append(one)
    (found.reading,) = readings
    _can_be_kept(found.reading)
    return found


def _take(found: Given, member: Member) -> None:
    member.name.encode("utf-8")
    for value in member.about.values():
        value.encode("utf-8")
    found.about.append({"name": member.name, **member.about})
    try:
        found.members.append((member.name, b"".join(member.chunks)))
    except BadMember as wrong:
        found.broken.append((member.name, wrong.reason))


def _can_be_kept(reading: Reading) -> None:
    text = reading.layer_text
    assert (text is None) == (reading.why_none is not None)
    assert len(reading.observations) <= 500
    for one in reading.observations:
        one.value.encode("utf-8")
        assert len(one.value) <= 2_000
    if text is None:
        assert not reading.segments
        return
    text.encode("utf-8")
    assert "\0" not in text and "\r" not in text
    at = 0
    for part in reading.segments:
        assert at <= part.start < part.end <= len(text)
        at = part.end
