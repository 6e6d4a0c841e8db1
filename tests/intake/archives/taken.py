"""What comes out of an archive when its reader is given it, as the one who takes originals in would take it."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import Any

from onrecord.intake.archives import seven_zip, tar, zip
from onrecord.intake.archives.broken import BadMember
from onrecord.intake.reading import Member, Reading, Skipped, Source

READERS: dict[str, Any] = {"zip": zip, "tar": tar, "7z": seven_zip}


@dataclass
class Taken:
    """`members` are the whole ones with their bytes; `refused` those skipped or found broken, with the reason."""

    members: list[tuple[str, bytes]] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    about: dict[str, dict[str, str]] = field(default_factory=dict)
    reading: Reading | None = None
    largest_chunk: int = 0

    @property
    def notes(self) -> str:
        assert self.reading
        return "; ".join(self.reading.notes)

    @property
    def observed(self) -> dict[str, str]:
        assert self.reading
        return {one.name: one.value for one in self.reading.observations}


def taken(kind: str, content: bytes, name: str = "archive", password: str | None = None) -> Taken:
    source = Source(io.BytesIO(content), len(content), "", name, password=password)
    found = Taken()
    for one in READERS[kind].read(source):
        assert found.reading is None, "the reading comes last"
        if isinstance(one, Member):
            _take(found, one)
        elif isinstance(one, Skipped):
            found.refused.append((one.name, one.reason))
        else:
            found.reading = one
    assert found.reading and found.reading.layer_text is None and found.reading.why_none
    return found


def _take(found: Taken, member: Member) -> None:
    found.about[member.name] = dict(member.about)
    content = bytearray()
    try:
        for chunk in member.chunks:
            found.largest_chunk = max(found.largest_chunk, len(chunk))
            content += chunk
    except BadMember as wrong:
        found.refused.append((member.name, wrong.reason))
    else:
        found.members.append((member.name, bytes(content)))
