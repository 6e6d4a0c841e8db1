"""What is missing of a recording is told from its container alone, for any bytes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.intake.recordings.breaking_off import missing_part
from tests.intake.pictures.made import box
from tests.intake.recordings.made import opened

BEGINNINGS = (b"", b"\0\0\0\x10ftypisom\0\0\0\0", b"RIFF", b"\x1a\x45\xdf\xa3", b"OggS\0")


@given(st.sampled_from(BEGINNINGS), st.binary(max_size=200))
def test_no_bytes_stop_the_check(beginning: bytes, rest: bytes) -> None:
    content = beginning + rest
    missing = missing_part(opened(content), len(content))
    if missing:
        assert missing.why
        assert 0 <= missing.start <= len(content)
        assert missing.end is None or missing.end >= missing.start


@given(
    st.lists(st.tuples(st.sampled_from([b"mdat", b"free", b"udta"]), st.binary(max_size=50)), max_size=5),
    st.data(),
)
def test_a_file_of_boxes_that_is_cut_anywhere_is_never_called_whole(
    listed: list[tuple[bytes, bytes]], data: st.DataObject
) -> None:
    content = (
        box(b"ftyp", b"isom") + b"".join(box(kind, inner) for kind, inner in listed) + box(b"moov", b"index")
    )
    assert missing_part(opened(content), len(content)) is None
    cut = data.draw(st.integers(9, len(content) - 1))
    assert missing_part(opened(content[:cut]), cut)


@pytest.mark.parametrize("kind", ["mp4", "avi", "wav", "mkv", "ogg"])
def test_a_recording_cut_at_any_place_is_never_called_whole(weir: dict[str, Path], kind: str) -> None:
    content = weir[kind].read_bytes()
    assert missing_part(opened(content), len(content)) is None
    for cut in range(64, len(content) - 1, len(content) // 40):
        assert missing_part(opened(content[:cut]), cut), cut


def test_a_box_without_a_size_goes_to_the_end_of_the_file() -> None:
    content = box(b"ftyp", b"isom") + box(b"moov", b"x") + b"\0\0\0\0mdat" + b"x" * 40
    assert missing_part(opened(content), len(content)) is None


def test_a_large_box_has_its_size_behind_its_name() -> None:
    large = b"\0\0\0\x01mdat" + (5_000_000_016).to_bytes(8, "big")
    content = box(b"ftyp", b"isom") + box(b"moov", b"x") + large
    missing = missing_part(opened(content), len(content))
    assert missing
    assert missing.end == len(content) - 16 + 5_000_000_016
    assert "inside its mdat box of 5000000016 bytes" in missing.why


def test_a_recording_that_was_streamed_states_no_length() -> None:
    content = b"RIFF\xff\xff\xff\xffWAVEfmt " + bytes(40)
    assert missing_part(opened(content), len(content)) is None
