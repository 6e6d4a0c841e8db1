"""Tiny recordings, made by ffmpeg, and the reader's answer to them."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path
from typing import BinaryIO

from onrecord.intake.reading import Reading, Source
from onrecord.intake.recordings.recording import read_recording

KINDS = ("mp4", "mov", "mkv", "avi", "ogg", "wav", "mp3")


def recordings(folder: Path) -> dict[str, Path]:
    """One of each kind: a second of a test picture and a tone."""
    whole = folder / "weir.mp4"
    picture = ["-f", "lavfi", "-i", "testsrc=duration=1:size=64x48:rate=10"]
    tone = ["-f", "lavfi", "-i", "sine=duration=1"]
    told = ["-metadata", "title=السد", "-metadata", "creation_time=2019-05-14T04:15:03Z"]
    told += ["-metadata", "location=+31.5000+034.4000/", "-metadata:s:a", "language=heb"]
    _ffmpeg(*picture, *tone, *told, "-shortest", str(whole))
    made = {"mp4": whole}
    for kind in KINDS[1:]:
        made[kind] = folder / f"weir.{kind}"
        only_sound = ["-vn"] if kind in ("ogg", "wav", "mp3") else []
        _ffmpeg("-i", str(whole), *only_sound, str(made[kind]))
    return made


def _ffmpeg(*arguments: str) -> None:
    subprocess.run(["ffmpeg", "-v", "error", "-y", *arguments], check=True, stdin=subprocess.DEVNULL)


def read_file(path: Path, media_type: str = "video/mp4") -> Reading:
    with path.open("rb") as file:
        return read_recording(Source(file, path.stat().st_size, media_type, path.name))


def read_bytes(folder: Path, content: bytes) -> Reading:
    path = folder / "given"
    path.write_bytes(content)
    return read_file(path)


def opened(content: bytes) -> BinaryIO:
    return io.BytesIO(content)
