"""One log, or one branch of it, as one prefix carries it: its segments in order, made into runs that end with a checkpoint."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from onrecord.exchange.place import Place
from onrecord.exchange.prefix import Prefix
from onrecord.exchange.segment import Line, Segment, SegmentName, read_segment
from onrecord.record.ids import log_of
from onrecord.store.run import Run, Sent


@dataclass(slots=True)
class Stream:
    """`why` says after reading what ended it too early, if anything did."""

    place: Place
    prefix: Prefix
    row: str
    segments: list[tuple[SegmentName, str]]
    why: str | None = None
    _waiting: list[Sent] = field(default_factory=list)
    _notes: list[bytes] = field(default_factory=list)

    @property
    def log(self) -> str:
        return log_of(self.row)

    @property
    def first(self) -> int:
        return min(name.first for name, _ in self.segments)

    @property
    def beyond(self) -> int:
        """Up to where its names say that it goes."""
        return max(name.last for name, _ in self.segments) + 1

    @property
    def where(self) -> str:
        return f"{self.prefix.log}/{'' if self.row == self.prefix.log else f'others/{self.row}/'}"

    def runs(self, at: int) -> Iterator[Run]:
        """What can be read from the segment that holds place `at` on, until something is missing or broken."""
        self._waiting, self._notes, self.why = [], [], None
        begun = None
        while (found := self._next(at)) is not None:
            name, file = found
            segment = self._read(name, file)
            if segment is None:
                return
            if begun is None:
                begun = at = name.first
            self._add(segment, at - name.first)
            at = name.first + len(segment.lines)
            first = at - len(self._waiting)
            yield from self._cut_off(segment.vkey, first)
            if segment.broken:
                self.why = f"{file}: {segment.broken}"
                return

    def _next(self, at: int) -> tuple[SegmentName, str] | None:
        """The segment that holds a place and goes furthest."""
        fitting = [one for one in self.segments if one[0].first <= at <= one[0].last]
        if not fitting and at < self.beyond:
            self.why = f"nothing here has entry {at}"
        return max(fitting, key=lambda one: one[0].last, default=None)

    def _read(self, name: SegmentName, file: str) -> Segment | None:
        ring = self.prefix.ring
        if ring is None or file not in self.prefix.files:
            self.why = f"{file}: the file is missing"
            return None
        try:
            source = self.place.open(f"{self.prefix.log}/{file}")
        except OSError as wrong:
            self.why = f"{file}: it cannot be read ({wrong.strerror or wrong})"
            return None
        try:
            return read_segment(source, ring.opening(), self.prefix.hello.record, name)
        except ValueError as wrong:
            self.why = f"{file}: {wrong}"
            return None
        finally:
            source.close()

    def _add(self, segment: Segment, skip: int) -> None:
        self._waiting += map(_sent, segment.lines[max(skip, 0) :])
        self._notes += segment.notes

    def _cut_off(self, vkey: str, first: int) -> Iterator[Run]:
        """Everything up to the last checkpoint; the rest waits for the next segment."""
        sizes = [size for size in map(_size, self._notes) if first < size <= first + len(self._waiting)]
        if not sizes:
            return
        count = max(sizes) - first
        run, self._waiting = self._waiting[:count], self._waiting[count:]
        notes, self._notes = self._notes, []
        yield Run(self.log, vkey, first, run, notes)


def streams(place: Place, prefix: Prefix) -> Iterator[Stream]:
    """The logs and branches that a prefix carries, its own first."""
    rows: dict[str, list[tuple[SegmentName, str]]] = {}
    for name, file in prefix.segments():
        rows.setdefault(name.row, []).append((name, file))
    for row in sorted(rows, key=lambda row: (row != prefix.log, row)):
        yield Stream(place, prefix, row, rows[row])


def _sent(line: Line) -> Sent:
    body = line.body.encode("utf-8", "surrogatepass") if line.body is not None else None
    return Sent(line.head.encode("utf-8", "surrogatepass"), _bytes(line.salt), body, line.withheld)


def _bytes(digits: str | None) -> bytes | None:
    try:
        return bytes.fromhex(digits) if digits is not None else None
    except ValueError:
        return b""


def _size(note: bytes) -> int:
    """The size that a checkpoint states, before anybody checked it; 0 where it states none."""
    lines = note.split(b"\n", 2)
    try:
        return int(lines[1]) if len(lines) > 2 and len(lines[1]) < 14 else 0
    except ValueError:
        return 0
