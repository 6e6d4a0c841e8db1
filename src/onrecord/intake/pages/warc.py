"""A web archive (WARC): every page, document, picture and recording in it as a member, its digests checked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

from onrecord.intake.archives.broken import BadMember
from onrecord.intake.pages.digests import DOES_NOT_HOLD
from onrecord.intake.pages.flow import Flow, unpacked_if_gzip
from onrecord.intake.pages.kept import why_left
from onrecord.intake.pages.records import NoRecord, Payload, Record, read_lines, records
from onrecord.intake.pages.stated import edtf_of
from onrecord.intake.reading import Member, Observation, Reading, Skipped, Source

ENGINE, VERSION = "onrecord web archive", "1"
OF = "web archive"
MOST_OBSERVATIONS = 500
MOST_NAMED = 20
MOST_KINDS = 20
WHY_NONE = "a web archive has no text of its own; each page in it is an original of its own"
_PACKED = frozenset({"", "identity", "gzip", "x-gzip", "deflate"})


@dataclass(slots=True)
class Summary:
    """What a web archive held, counted while it is read. `titles` are those of its list of pages, by address."""

    titles: Mapping[str, str] = field(default_factory=dict)
    observations: list[Observation] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    number: int = 0
    left: Counter[str] = field(default_factory=Counter)
    checked: int = 0
    false: list[str] = field(default_factory=list)

    def observe(self, name: str, value: str, reads: str | None = None) -> None:
        if len(self.observations) < MOST_OBSERVATIONS:
            value = value.encode("utf-8", "replace").decode("utf-8").replace("\0", "\ufffd")
            kept = value if len(value) <= 2_000 else value[:1_999] + "…"
            self.observations.append(Observation(OF, name, kept, reads))

    def checked_digests(self, payload: Payload) -> None:
        for written, outcome in payload.outcomes:
            self.checked += 1
            self.observe(outcome, f"{payload.record.url or payload.record.type} ({written})")
        if payload.is_false:
            self.false.append(payload.record.url or payload.record.type)

    def told(self) -> tuple[str, ...]:
        notes = list(self.notes)
        if self.number and not self.checked:
            notes.append("it states no digests that could be checked")
        if self.false:
            named = ", ".join(self.false[:MOST_NAMED])
            more = f" and {len(self.false) - MOST_NAMED} more" if len(self.false) > MOST_NAMED else ""
            notes.insert(0, f"{DOES_NOT_HOLD}: {named}{more}")
        if self.left:
            listed = ", ".join(f"{what}: {count}" for what, count in self.left.most_common(MOST_KINDS))
            notes.append(f"in the archive but not taken out of it: {listed}")
        return tuple(notes)

    def reading(self, engine: str, version: str, title: str | None = None) -> Reading:
        why = WHY_NONE if self.number else "a web archive without records"
        observations = tuple(self.observations)
        return Reading(
            None, engine, version, notes=self.told(), why_none=why, title=title, observations=observations
        )


def read(source: Source) -> Iterator[Member | Skipped | Reading]:
    summary = Summary()
    yield from members(source.file, summary)
    yield summary.reading(ENGINE, VERSION)


def members(file: BinaryIO, summary: Summary) -> Iterator[Member]:
    """What is taken out of one archive file, compressed or not; `summary` learns the rest."""
    read_here = 0
    try:
        for record in records(Flow(unpacked_if_gzip(file))):
            read_here += 1
            summary.number += 1
            yield from _of(record, summary)
    except NoRecord:
        summary.notes.append(
            f"after {read_here:,} records it is no web archive any more: the rest is not read"
        )
    except BadMember as wrong:
        summary.notes.append(f"in record {read_here:,}: {wrong}; the rest is not read")


def _of(record: Record, summary: Summary) -> Iterator[Member]:
    if record.type == "warcinfo":
        _observe_info(record, summary)
        return
    payload = Payload.of(record)
    why = _why_left(payload)
    if why is None:
        if payload.packed_as not in _PACKED:
            summary.left[f"answers left packed as they were sent ({payload.packed_as})"] += 1
        yield Member(record.url or record.headers.get("warc-record-id", "")[:500] or "record", payload.chunks(),
                     payload.media_type or None, _about(payload, summary))  # fmt: skip
    else:
        summary.left[why] += 1
    payload.finish()
    summary.checked_digests(payload)


def _why_left(payload: Payload) -> str | None:
    kind = payload.record.type
    if kind not in ("response", "resource"):
        return f"{kind[:40] or 'nameless'} records"
    if kind == "response" and payload.status is None:
        return "answers that are not of the web"
    if payload.status is not None and payload.status != 200:
        return "answers that are no page (a redirect or an error)"
    if not payload.record.url.lower().startswith(("http:", "https:", "ftp:", "file:")):
        return "records of the archive about itself"
    return why_left(payload.media_type, payload.size)


def _about(payload: Payload, summary: Summary) -> dict[str, str]:
    headers = payload.record.headers
    about = {"url": payload.record.url, "date": headers.get("warc-date", "")[:100]}
    if written := headers.get("warc-payload-digest") or headers.get("warc-block-digest"):
        about["digest"] = written[:300]
    if title := summary.titles.get(payload.record.url):
        about["title"] = title[:500]
    if payload.packed_as not in _PACKED:
        about["content_encoding"] = payload.packed_as
    return about


def _observe_info(record: Record, summary: Summary) -> None:
    for name in ("warc-filename", "warc-date"):
        if value := record.headers.get(name):
            summary.observe(name, value, edtf_of(value) if name == "warc-date" else None)
    try:
        for name, value in read_lines(record.block).items():
            summary.observe(name[:100], value)
    except NoRecord:
        summary.notes.append("what it states of itself is too long to be read")
