"""A file on its way in: copied and hashed, read, and what lies inside it kept beside it, before anything is entered.

This runs in threads; nothing here writes to the database.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from shutil import disk_usage

from onrecord.intake.confined import Answer, Inside
from onrecord.intake.formats import is_recording
from onrecord.intake.media import UNKNOWN, media_type_of
from onrecord.intake.reading import Reading, Skipped
from onrecord.intake.reads import read_original
from onrecord.intake.walking import Found, shown
from onrecord.record.errors import OnrecordError
from onrecord.store.layers import Layer
from onrecord.store.originals import Taken
from onrecord.store.part import FULL
from onrecord.store.record_store import RecordStore
from onrecord.writing.layering import write_layer

DEEPEST = 8
MOST_MEMBERS = 100_000
MOST_BYTES = 50 * 1024**3
TIMES_ITS_SIZE, ALWAYS_BYTES = 1_000, 1024**3
SPARE_BYTES = 512 * 1024**2
LONG_CHARACTERS = 100_000
LARGE_BYTES, LARGE_PICTURE_BYTES = 2 * 1024**2, 16 * 1024**2
NO_ROOM = "the record's disk has no room for what lies in it. Make room there, and add it again."
_LARGE = threading.Lock()
_LONGEST_NAME = 1_000


class TooMuchInside(Exception):
    """A container gives more than may come out of it; the message says what."""


class NoRoom(Exception):
    """There is no room now for what lies in a container: it is not taken in, so that it can be added again."""


@dataclass(slots=True)
class Allowance:
    """What may still come out of one container and all that lie in it. Shared by threads."""

    members: int
    left: int
    room: Path
    guard: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def of(cls, size: int, room: Path) -> Allowance:
        return cls(MOST_MEMBERS, min(MOST_BYTES, max(ALWAYS_BYTES, TIMES_ITS_SIZE * size)), room)

    def one_more(self) -> None:
        with self.guard:
            self.members -= 1
        if self.members < 0:
            raise TooMuchInside(f"more than {MOST_MEMBERS:,} files lie in it")

    def counted(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        for chunk in chunks:
            with self.guard:
                self.left -= len(chunk)
            if self.left < 0:
                raise TooMuchInside("it unpacks to far more than its own size")
            if disk_usage(self.room).free < SPARE_BYTES:
                raise NoRoom
            yield chunk


@dataclass(frozen=True, slots=True)
class Job:
    """A file to take in. Of what lies inside another, `taken` is there already, and `inside` is the hash of what holds it.

    `path` is as it is told, `a.zip/member` for a member. `again` is a container whose members were not all entered before.
    """

    found: Found
    path: str
    inside: str | None = None
    member: str | None = None
    taken: Taken | None = None
    stated: str | None = None
    depth: int = 0
    allowance: Allowance | None = None
    again: bool = False
    password: str | None = field(default=None, repr=False)


@dataclass(slots=True)
class Arrived:
    """A file whose bytes, and text if it has any, are safely held, before its entries are written."""

    job: Job
    taken: Taken
    media_type: str
    reading: Reading | None
    layer: Layer | None
    members: list[Job] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    characters: int = 0


@dataclass(slots=True)
class NotTaken:
    """A file that cannot be taken in, and why. `gone` where its whole card or disk is gone."""

    job: Job
    reason: str
    gone: bool = False
    dropped: list[str] = field(default_factory=list)


class Arriving:
    """Brings files in for one record."""

    def __init__(self, store: RecordStore) -> None:
        self._store = store
        self._kept: set[str] = set()

    def arrive(self, job: Job) -> Arrived | NotTaken:
        """Copy, hash and read one file, and keep what lies inside it. Never raises for what the file is or holds."""
        try:
            taken = job.taken or self._store.originals.take(job.found.path, job.found.shown)
        except OnrecordError as wrong:
            return NotTaken(job, f"{wrong.reason}. {wrong.mend}".strip(), "card is gone" in wrong.reason)
        except OSError as wrong:
            return NotTaken(job, f"it cannot be copied into the record ({wrong.strerror})")
        try:
            held = self._store.originals.path(taken.sha256)
            kind = media_type_of(held, taken.beginning, taken.size, job.found.name)
        except OSError as wrong:
            return NotTaken(job, f"its copy in the record cannot be read ({wrong.strerror})")
        if kind == UNKNOWN and job.stated:
            kind = job.stated
        arrived = Arrived(job, taken, kind, None, None)
        if job.again or taken.status == "added" or not self._was_read(taken.sha256):
            try:
                self._read(arrived)
            except NoRoom:
                return NotTaken(job, NO_ROOM, dropped=_brought(arrived))
            except OnrecordError as wrong:
                return NotTaken(job, f"{wrong.reason}. {wrong.mend}".strip())
            except OSError as wrong:
                return NotTaken(job, f"its copy in the record cannot be read ({wrong.strerror})")
        return arrived

    def _was_read(self, original: str) -> bool:
        """Whether the text of an original is known, and still there if it has any. A reader that failed is asked again."""
        layer = self._store.layers.of(original)
        if layer is None or layer.hash is None:
            return layer is not None and not layer.failed
        return self._store.layers.holds(layer.hash)

    def _read(self, arrived: Arrived) -> None:
        answer = self._answer(arrived)
        arrived.skipped = answer.skipped
        arrived.layer = write_layer(self._store, answer.reading, answer.skipped)
        arrived.characters = len(answer.reading.layer_text or "")
        # Many files wait at a time until they are entered; a long text is read from its layer again then.
        long = arrived.characters > LONG_CHARACTERS
        arrived.reading = replace(answer.reading, layer_text=None) if long else answer.reading

    def _answer(self, arrived: Arrived) -> Answer:
        original = self._store.originals.path(arrived.taken.sha256)
        job, size = arrived.job, arrived.taken.size
        taking = _TakingOut(self._store, arrived, job.allowance or Allowance.of(size, original.parent))
        deep = job.depth >= DEEPEST
        with original.open("rb", buffering=0) as file, _one_at_a_time(arrived):
            try:
                answer = read_original(
                    file,
                    size,
                    arrived.media_type,
                    job.found.name,
                    password=job.password,
                    on_member=None if deep else taking.take,
                )
            except TooMuchInside as wrong:
                arrived.dropped = _brought(arrived)[1:]
                arrived.members = []
                return Answer(Reading(None, why_none=f"nothing is taken out of it: {wrong}"))
        answer.skipped += taking.refused
        if deep:
            answer.skipped.append(Skipped("", f"what it holds lies more than {DEEPEST} containers deep"))
        return answer


def _brought(arrived: Arrived) -> list[str]:
    """The originals of a container and of what was taken out of it so far."""
    return [arrived.taken.sha256, *(one.taken.sha256 for one in arrived.members if one.taken)]


def _one_at_a_time(arrived: Arrived) -> AbstractContextManager[object]:
    """What is large is not read beside other large originals, as together they would need too much memory."""
    kind, size = arrived.media_type, arrived.taken.size
    large = size > (LARGE_PICTURE_BYTES if kind.startswith("image/") else LARGE_BYTES)
    return _LARGE if large and not is_recording(kind) else nullcontext()


class _TakingOut:
    """Keeps the members of one container as they come."""

    def __init__(self, store: RecordStore, arrived: Arrived, allowance: Allowance) -> None:
        self._store, self._arrived, self._allowance = store, arrived, allowance
        self.refused: list[Skipped] = []

    def take(self, inside: Inside, chunks: Iterator[bytes]) -> None:
        self._allowance.one_more()
        member = as_text(inside.name)
        path = f"{self._arrived.job.path}/{member}"
        try:
            taken = self._store.originals.take_chunks(self._allowance.counted(chunks), shown(Path(path)))
        except OnrecordError as wrong:
            if wrong.reason == FULL:
                raise NoRoom from None
            self.refused.append(Skipped(member, wrong.reason))
            return
        except OSError as wrong:
            self.refused.append(Skipped(member, f"it cannot be written into the record ({wrong.strerror})"))
            return
        name = PurePosixPath(member).name or member
        found = Found(self._store.originals.path(taken.sha256), name)
        self._arrived.members.append(
            Job(
                found,
                path,
                self._arrived.taken.sha256,
                member,
                # A hundred thousand may wait here at once: what they begin with is read again when their turn comes.
                replace(taken, beginning=b""),
                inside.media_type,
                self._arrived.job.depth + 1,
                self._allowance,
            )
        )


def as_text(name: str) -> str:
    """A name from inside a file as text that can be kept: no lone surrogates, not endless."""
    return name.encode("utf-8", "replace").decode("utf-8").replace("\0", "\ufffd")[:_LONGEST_NAME] or "?"
