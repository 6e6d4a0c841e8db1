"""Clips that are the same, re-encoded or resized, and clips that are cut out of another.

Two recordings are candidates where frames of theirs differ in few marks. Then all frames of both are compared, and the
pairs that are alike have to lie in step: the same number of seconds apart.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from onrecord.intake.fingerprints.kinds import FRAME
from onrecord.matching.likeness import CUT_OF_CLIP, SAME_CLIP, Likeness
from onrecord.matching.nearby import Nearby
from onrecord.store.fingerprints import Fingerprints

MARKS = 256
FARTHEST = 60
"""In how many of its 256 marks a frame may differ from the same moment elsewhere, taken up to half an interval beside it."""

LEAST_FRAMES = 4
LEAST_SHARE = 0.6
WHOLE_SHARE = 0.85
"""The part of the frames of the shorter in step, to be proposed; and of both, to be the same clip and no cut."""


@dataclass(frozen=True, slots=True)
class Frame:
    at: float
    marks: int


@dataclass(frozen=True, slots=True)
class Framed:
    """A recording as it is looked for: its frames in order."""

    original: str
    frames: tuple[Frame, ...]

    @property
    def between(self) -> float:
        """The seconds from one frame to the next."""
        steps = [b.at - a.at for a, b in zip(self.frames, self.frames[1:], strict=False)]
        return min(steps, default=1.0) or 1.0


@dataclass(frozen=True, slots=True)
class _Step:
    """Frames of two recordings in step: which of the one, which of the other, and how far apart on average."""

    ones: tuple[Frame, ...]
    others: tuple[Frame, ...]
    distance: int


class Recordings:
    """The recordings met so far."""

    def __init__(self) -> None:
        self._met: dict[str, Framed] = {}
        self._frames: Nearby[str] = Nearby(MARKS)

    def add(self, recording: Framed) -> None:
        if recording.original not in self._met:
            self._met[recording.original] = recording
            for marks in {frame.marks for frame in recording.frames}:
                self._frames.add(marks, recording.original)

    def like(self, recording: Framed) -> Iterator[Likeness]:
        """What was met and is the same clip, or of which one is cut out of the other."""
        near = {
            other
            for frame in recording.frames
            for _, other in self._frames.near(frame.marks)
            if other != recording.original
        }
        for other in sorted(near):
            if likeness := _compared(self._met[other], recording):
                yield likeness


def _compared(one: Framed, two: Framed) -> Likeness | None:
    longer, shorter = sorted((one, two), key=lambda it: it.frames[-1].at - it.frames[0].at, reverse=True)
    step = _in_step(longer, shorter)
    if step is None:
        return None
    inside, ahead = _ends(step.ones), _ends(step.others)
    why = f"frames at {inside} are those at {ahead} there; they differ in {step.distance} of {MARKS} marks on average"
    parts = [len(step.ones) / _expected(longer, longer), len(step.others) / _expected(shorter, longer)]
    kind = SAME_CLIP if min(parts) >= WHOLE_SHARE else CUT_OF_CLIP
    return Likeness(kind, longer.original, shorter.original, why, {"distance": step.distance})


def _expected(recording: Framed, other: Framed) -> float:
    """How many frames it would have at the other's pace, or its own where that is slower."""
    return max(len(recording.frames) * recording.between / max(recording.between, other.between), 1.0)


def _in_step(longer: Framed, shorter: Framed) -> _Step | None:
    """The most frames of both that are alike with one and the same time between them."""
    pace = max(longer.between, shorter.between)
    alike: dict[int, dict[float, tuple[int, Frame, Frame]]] = defaultdict(dict)
    votes: Counter[int] = Counter()
    for one in longer.frames:
        for two in shorter.frames:
            distance = (one.marks ^ two.marks).bit_count()
            if distance <= FARTHEST:
                shift = round((one.at - two.at) / pace)
                votes[shift] += 1
                best = alike[shift].get(two.at)
                if best is None or distance < best[0]:
                    alike[shift][two.at] = distance, one, two
    if not votes:
        return None
    shift = max(votes, key=lambda it: (len(alike[it]), -sum(row[0] for row in alike[it].values()), -abs(it)))
    found = [alike[shift][at] for at in sorted(alike[shift])]
    enough = LEAST_SHARE * _expected(shorter, longer)
    if len(found) < max(LEAST_FRAMES, enough) or len({one.at for _, one, _ in found}) < LEAST_FRAMES:
        return None
    distance = round(sum(row[0] for row in found) / len(found))
    return _Step(tuple(row[1] for row in found), tuple(row[2] for row in found), distance)


def _ends(frames: tuple[Frame, ...]) -> str:
    times = sorted(frame.at for frame in frames)
    return f"{times[0]:g}–{times[-1]:g} s"


def framed(fingerprints: Fingerprints) -> Iterator[Framed]:
    frames: dict[str, list[Frame]] = {}
    for one in fingerprints.all(FRAME):
        frames.setdefault(one.original, []).append(Frame(one.at or 0.0, int.from_bytes(one.bits, "big")))
    return (Framed(original, tuple(found)) for original, found in frames.items())
