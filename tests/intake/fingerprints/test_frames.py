"""Fingerprints of the frames of a recording, as ffmpeg gives them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from onrecord.intake.fingerprints.frames import MOST_FRAMES, duration_of, recording_fingerprints
from onrecord.intake.programs import find_program
from onrecord.intake.reading import Fingerprint
from onrecord.record.errors import ReaderFailed

pytestmark = pytest.mark.skipif(find_program("ffmpeg") is None, reason="ffmpeg is not installed")


def clip(path: Path, source: str = "mandelbrot=size=320x180:rate=10", *how: str) -> Path:
    command = ["ffmpeg", "-y", "-v", "error", "-f", "lavfi", "-i", source, "-t", "6", *how, str(path)]
    subprocess.run(command, check=True)
    return path


def prints(path: Path, duration: float | None = None) -> tuple[Fingerprint, ...]:
    with path.open("rb") as file:
        return recording_fingerprints(file, duration)


def test_frames_stand_at_even_seconds_from_the_beginning(tmp_path: Path) -> None:
    found = prints(clip(tmp_path / "weir.mp4"))
    assert [one.at for one in found] == [n / 2 for n in range(12)]
    assert {(one.kind, len(one.bits)) for one in found} == {("frame", 64)}


def test_a_smaller_copy_has_nearly_the_same_frames(tmp_path: Path) -> None:
    first = clip(tmp_path / "weir.mp4")
    copy = tmp_path / "copy.mkv"
    command = ["ffmpeg", "-v", "error", "-i", str(first), "-vf", "scale=160:90", "-crf", "34", str(copy)]
    subprocess.run(command, check=True)
    pairs = zip(prints(first), prints(copy), strict=True)
    assert max((int(a.bits, 16) ^ int(b.bits, 16)).bit_count() for a, b in pairs) <= 40


def test_a_long_recording_has_no_more_than_so_many(tmp_path: Path) -> None:
    found = prints(clip(tmp_path / "weir.mp4"), duration=700.0)
    assert 0 < len(found) <= MOST_FRAMES
    assert found[0].at == 0.0


def test_black_frames_have_none(tmp_path: Path) -> None:
    assert prints(clip(tmp_path / "night.mp4", "color=black:size=160x90:rate=5")) == ()


def test_the_duration_is_asked_of_the_file(tmp_path: Path) -> None:
    with clip(tmp_path / "weir.mp4").open("rb") as file:
        assert duration_of(file) == pytest.approx(6, abs=0.2)


def test_what_is_no_recording_is_refused(tmp_path: Path) -> None:
    (tmp_path / "broken.mp4").write_bytes(b"no video at all" * 100)
    with pytest.raises(ReaderFailed):
        prints(tmp_path / "broken.mp4", 5.0)
