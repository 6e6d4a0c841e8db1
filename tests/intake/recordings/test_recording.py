"""Recordings: what their container states is kept as written, and a half-copied one says which part is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from onrecord.intake.reading import Reading
from tests.intake.recordings.made import KINDS, read_bytes, read_file


def stated(reading: Reading) -> dict[str, str]:
    return {one.name: one.value for one in reading.observations}


def reads(reading: Reading) -> dict[str, str]:
    return {one.name: one.reads for one in reading.observations if one.reads is not None}


def test_a_video_states_its_time_place_and_streams(weir: dict[str, Path]) -> None:
    reading = read_file(weir["mp4"])
    told = stated(reading)
    assert told["title"] == "السد"
    assert told["creation_time"] == "2019-05-14T04:15:03.000000Z"
    assert told["stream 1"] == "video, h264, 64 x 48, 10 frames a second"
    assert told["stream 2"] == "audio, aac, 44100 Hz, mono"
    assert told["stream 2 language"] == "heb"
    assert "stream 1 creation_time" not in told
    read = reads(reading)
    assert read["duration"] == "1"
    assert read["creation_time"] == "2019-05-14T04:15:03Z"
    assert read["location"] == "31.5, 34.4"
    assert reading.layer_text is None
    assert "it has no text layer" in (reading.why_none or "")
    assert not reading.notes


@pytest.mark.parametrize("kind", KINDS)
def test_a_whole_recording_is_not_called_broken(weir: dict[str, Path], kind: str) -> None:
    reading = read_file(weir[kind])
    assert not reading.notes
    assert reads(reading)["duration"].startswith("1")


@pytest.mark.parametrize("kind", ["mp4", "mov", "mkv", "avi", "wav", "ogg"])
def test_a_half_copied_recording_says_which_part_is_missing(
    weir: dict[str, Path], tmp_path: Path, kind: str
) -> None:
    content = weir[kind].read_bytes()
    cut = len(content) * 3 // 5
    note = read_bytes(tmp_path, content[:cut]).notes[0]
    assert f"the file ends at byte {cut}" in note
    assert "missing" in note or "before the page that is marked as its last" in note


def test_a_video_without_its_index_says_so(weir: dict[str, Path], tmp_path: Path) -> None:
    content = weir["mp4"].read_bytes()
    reading = read_bytes(tmp_path, content[: content.index(b"moov") - 4])
    assert reading.notes[0] == "its index (moov) is missing, without which it cannot be played"
    assert "ffprobe cannot read it" in reading.notes[1]


def test_a_clock_that_was_never_set_stays_as_written(weir: dict[str, Path], tmp_path: Path) -> None:
    content = weir["mp4"].read_bytes()
    at = content.index(b"mvhd") + 8
    reading = read_bytes(tmp_path, content[:at] + bytes(8) + content[at + 8 :])
    assert "creation_time" not in reads(reading)


def test_without_ffprobe_the_missing_part_is_still_told(
    weir: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    content = weir["mp4"].read_bytes()
    reading = read_bytes(tmp_path, content[:-10])
    assert "the last 10 bytes are missing" in reading.notes[0]
    assert "ffprobe is not installed" in reading.notes[1]
    assert not reading.observations


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"#EXTM3U\n#EXTINF:1,\nfile:///etc/hostname\n#EXT-X-ENDLIST\n",
        b"ffconcat version 1.0\nfile '/etc/hostname'\n",
        b"\0\0\0\x20ftypisom" + b"\xff" * 200,
        b"RIFF\xff\xff\xff\x7fWAVEfmt ",
        b"OggS" + b"\xff" * 60,
    ],
)
def test_a_file_that_is_no_recording_or_names_others_is_only_a_note(tmp_path: Path, content: bytes) -> None:
    reading = read_bytes(tmp_path, content)
    assert reading.notes
    assert not reading.observations


def test_credentials_in_a_video_are_read_in_a_process_of_their_own(
    weir: dict[str, Path], tmp_path: Path
) -> None:
    pytest.importorskip("c2pa")
    from tests.intake.pictures.signed import with_credentials

    reading = read_bytes(tmp_path, with_credentials(weir["mp4"].read_bytes(), "video/mp4"))
    told = {one.name: one.value for one in reading.observations if one.of == "C2PA"}
    assert told["signature issuer"] == "The weir"
    assert told["validation state, as the library states it"] == "Valid"
