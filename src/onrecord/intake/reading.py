"""What a reader is given and what it gives: an original's text layer, what its file states, and the files inside it.

A layer is a pure function of the original's bytes, the tool, its version and the parameters, so it can be redone. What
a file states of itself (a camera's clock, a mail's headers) is an observation: kept as stated, and never taken for true.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, BinaryIO, Protocol

LARGEST_TEXT_BYTES = 16 * 1024 * 1024
MOST_SEGMENTS = 250_000
MAIN, OUTSIDE = "main text", "outside the main text"
NO_LAYER = "no text layer"


@dataclass(frozen=True, slots=True)
class Source:
    """An original as a reader gets it: its bytes, never its path. `name` is a hint, as received.

    `file` can seek and stands at 0. `encoding` is one a person chose over what the file says, `password` one they gave.
    `pieces` are further choices of theirs, such as `{"main text": "no"}`.
    """

    file: BinaryIO
    size: int
    media_type: str
    name: str
    encoding: str | None = None
    password: str | None = field(default=None, repr=False)
    pieces: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of the layer, `text[start:end]`, in code points; segments stand in order and never overlap.

    `about` says where or whose it is, with the field names of a passage where there is one: `page` (from 1), `region`
    `[x, y, width, height]`, `seconds` `[from, to]`, `cell`, `sender`, `time`. `place` is where its source stands in a page's
    decoded source without byte order mark, in code points; `part` is `MAIN` or `OUTSIDE`, or None where that was not told apart.
    """

    start: int
    end: int
    kind: str = "paragraph"
    place: tuple[int, int] | None = None
    part: str | None = None
    about: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        told: dict[str, Any] = {"start": self.start, "end": self.end, "kind": self.kind}
        if self.place:
            told["place"] = list(self.place)
        if self.part:
            told["part"] = self.part
        return {**told, **self.about}


@dataclass(frozen=True, slots=True)
class Observation:
    """What a file states of itself: under which heading (`of`, such as "EXIF"), its name there, and the value as written.

    `reads` is the same in our forms (a time in EDTF, degrees as decimal text, a number of seconds), where it can be told
    without guessing. Nothing here is taken for true.
    """

    of: str
    name: str
    value: str
    reads: Any = None

    def as_json(self) -> dict[str, Any]:
        told = {"of": self.of, "name": self.name, "value": self.value}
        return told if self.reads is None else {**told, "reads": self.reads}


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What nearly the same originals have nearly in common. `bits` is hex; `at` are seconds into a recording."""

    kind: str
    bits: str
    at: float | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """`layer_text` is None where there is no layer, and `why_none` then says why. `title` is what a page calls itself.

    `notes` are for a person to read: what was left out, guessed or found broken.
    """

    layer_text: str | None
    engine: str = ""
    version: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    segments: Sequence[Segment] = ()
    encoding: str | None = None
    notes: tuple[str, ...] = ()
    why_none: str | None = None
    title: str | None = None
    observations: tuple[Observation, ...] = ()
    fingerprints: tuple[Fingerprint, ...] = ()

    @property
    def recipe(self) -> dict[str, Any]:
        return {"tool": self.engine, "version": self.version, "parameters": dict(self.parameters)}


def bounded_reading(reading: Reading) -> Reading:
    """A reading whose layer has no more text and no more parts than are kept; what is left out is noted."""
    text, most = reading.layer_text, LARGEST_TEXT_BYTES // 2**20
    if text is None:
        return reading
    if len(reading.segments) > MOST_SEGMENTS:
        reading = _cut(reading, reading.segments[MOST_SEGMENTS - 1].end, f"{MOST_SEGMENTS:,} parts")
        text = reading.layer_text or ""
    if len(text) * 4 <= LARGEST_TEXT_BYTES or len(text.encode("utf-8")) <= LARGEST_TEXT_BYTES:
        return reading
    end = len(text.encode("utf-8")[:LARGEST_TEXT_BYTES].decode("utf-8", "ignore"))
    return _cut(reading, end, f"{most} MB of text")


def _cut(reading: Reading, end: int, much: str) -> Reading:
    whole = [part for part in reading.segments if part.end <= end]
    broken = [replace(part, end=end) for part in reading.segments if part.start < end < part.end]
    note = f"more than {much}: the rest is not read"
    return replace(
        reading,
        layer_text=(reading.layer_text or "")[:end],
        segments=(*whole, *broken),
        notes=(*reading.notes, note),
    )


@dataclass(frozen=True, slots=True)
class Member:
    """A file inside an original: a member of an archive, an attachment of a mail, a page of a web archive.

    `name` is its path inside as written, with `/` between; it is shown and kept, and never used as a path. `chunks` gives
    its bytes once, and is read to its end before the reader goes on. `media_type` is what the container states of it, a
    hint. `about` has what it states besides, such as `{"url": …}` or `{"modified": …}`, short texts.
    """

    name: str
    chunks: Iterable[bytes]
    media_type: str | None = None
    about: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something inside an original that is not taken out of it, and why."""

    name: str
    reason: str


class Reader(Protocol):
    """The module of a format: gives members and what is skipped as it meets them, and last of all one `Reading`.

    It runs in a confined process: no file, no socket and no module can be opened, so it loads all it needs when it is
    imported. Whatever a file holds, it should end with a `Reading`; what it raises becomes "the reader failed on this".
    """

    ENGINE: str
    VERSION: str

    def read(self, source: Source) -> Iterator[Member | Skipped | Reading]: ...
