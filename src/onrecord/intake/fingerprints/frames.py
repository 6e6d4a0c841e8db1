"""Fingerprints of a recording: the PDQ of frames taken at even times, by which a copy or a cut of it is found.

The frames come from ffmpeg, confined, as small grey squares: no byte of the video is decoded in here.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import BinaryIO

from onrecord.intake.fingerprints.kinds import FRAME, SIDE
from onrecord.intake.fingerprints.pdq import pdq, quality
from onrecord.intake.programs import ProgramLimits, run_confined
from onrecord.intake.reading import Fingerprint

MOST_FRAMES = 256
LEAST_SECONDS = 0.5
LEAST_QUALITY = 10
LONG_SECONDS = 600.0
"""Of longer recordings only the frames are decoded that stand by themselves, so that it takes minutes and no hour."""

_LIMITS = ProgramLimits(cpu_seconds=600, wall_seconds=900.0)


def recording_fingerprints(file: BinaryIO, duration: float | None = None) -> tuple[Fingerprint, ...]:
    """A fingerprint for each of up to 256 frames in which there is something to see, with its seconds.

    `duration` in seconds is asked of ffprobe where it is not given. Raises `ReaderFailed`, or `ProgramMissing`.
    """
    seconds = duration if duration is not None else duration_of(file)
    between = max(LEAST_SECONDS, (seconds or 0.0) / MOST_FRAMES)
    grey = run_confined(_command(between, (seconds or 0.0) > LONG_SECONDS), file, _LIMITS)
    return tuple(_of_frames(grey, between))


def duration_of(file: BinaryIO) -> float | None:
    """How many seconds a recording says it lasts."""
    asked = ("-show_entries", "format=duration", "-of", "default=noprint_wrappers=1:nokey=1")
    said = run_confined(["ffprobe", "-v", "error", *asked, "/dev/stdin"], file)
    with contextlib.suppress(ValueError):
        return float(said.decode("ascii", "replace").strip().splitlines()[0]) if said.strip() else None
    return None


def _command(between: float, is_long: bool) -> list[str]:
    """Frames as they are shown, 64 by 64 in grey; only those that stand by themselves of a long recording."""
    scaled = f"fps=fps=1/{between:.4f}:round=near:eof_action=pass,scale={SIDE}:{SIDE}:flags=area,format=gray"
    only_whole = ["-skip_frame", "nokey"] if is_long else []
    what = ["-an", "-sn", "-dn", "-map", "0:v:0?", "-vf", scaled, "-frames:v", str(MOST_FRAMES)]
    read = [
        "-nostdin",
        "-v",
        "error",
        "-threads",
        "1",
        *only_whole,
        "-protocol_whitelist",
        "file",
        "-i",
        "/dev/stdin",
    ]
    return ["ffmpeg", *read, *what, "-f", "rawvideo", "-"]


def _of_frames(grey: bytes, between: float) -> Iterator[Fingerprint]:
    size = SIDE * SIDE
    for number in range(len(grey) // size):
        frame = grey[number * size : (number + 1) * size]
        if quality(frame) >= LEAST_QUALITY:
            yield Fingerprint(FRAME, pdq(frame), round(number * between, 3))
