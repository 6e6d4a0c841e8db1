"""Which recording a transcript belongs to is only ever proposed, by its name beside it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.intake.recordings.pairing import transcript_of

FOLDER = [
    "a/interview.mp4",
    "a/interview.wav",
    "a/second.ar.mov",
    "b/third.ogg",
    "a/مقابلة.mp4",
    "a/notes.pdf",
]


@pytest.mark.parametrize(
    ("name", "recording"),
    [
        ("a/interview.srt", "a/interview.mp4"),
        ("a/Interview.AR.SRT", "a/interview.mp4"),
        ("a/interview.zh-Hant.vtt", "a/interview.mp4"),
        ("a/interview.wav.vtt", "a/interview.wav"),
        ("a/second.ar.srt", "a/second.ar.mov"),
        ("a/مقابلة.he.srt", "a/مقابلة.mp4"),
        ("b/third.vtt", "b/third.ogg"),
        ("b/interview.srt", None),
        ("a/interview two.srt", None),
        ("a/notes.srt", None),
        ("a/interview.txt", None),
    ],
)
def test_the_recording_of_the_same_name_beside_it(name: str, recording: str | None) -> None:
    assert transcript_of(name, FOLDER) == recording


@given(st.text(max_size=20), st.lists(st.text(max_size=20), max_size=5))
def test_any_names_are_answered_with_one_of_them_or_none(name: str, others: list[str]) -> None:
    assert transcript_of(name, others) in [None, *others]
    assert transcript_of(name + ".srt", [*others, name + ".mp4"]) in [None, *others, name + ".mp4"]
