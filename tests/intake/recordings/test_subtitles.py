"""Subtitles: the words are the layer, each cue keeps its seconds, and what was left out is counted."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.intake.reading import Reading
from onrecord.intake.recordings.subtitles import read_subtitles

SRT = """1
00:00:01,000 --> 00:00:02,500
كنا عند السد

2
00:01:02,250 --> 01:00:04,000
ואז הלכנו
אל השער

3
00:01:05,000 --> 00:01:06,000
And then we left.
"""
VTT = """WEBVTT The ford
Language: ar

NOTE typed by hand
on two lines

STYLE
::cue { color: red }

first
00:01.000 --> 00:02.500 align:start position:10%
<v.loud سلمى>عند السد &amp; <b>البوابة</b></v>

01:00:03.000 --> 01:00:04.000
<v דנה>כן</v>
<v سلمى>لا</v>
"""


def cues(reading: Reading) -> list[tuple[str, dict[str, object]]]:
    text = reading.layer_text or ""
    return [
        (text[part.start : part.end], dict(part.about)) for part in reading.segments if part.kind == "cue"
    ]


def test_each_cue_is_a_part_with_its_seconds() -> None:
    reading = read_subtitles(SRT.encode())
    assert cues(reading) == [
        ("كنا عند السد", {"seconds": ["1", "2.5"], "id": "1"}),
        ("ואז הלכנו\nאל השער", {"seconds": ["62.25", "3604"], "id": "2"}),
        ("And then we left.", {"seconds": ["65", "66"], "id": "3"}),
    ]
    assert reading.layer_text == "كنا عند السد\n\nואז הלכנו\nאל השער\n\nAnd then we left."


def test_voices_notes_and_styles_of_webvtt_are_not_words() -> None:
    reading = read_subtitles(VTT.encode())
    assert cues(reading) == [
        ("عند السد & البوابة", {"seconds": ["1", "2.5"], "id": "first", "voice": "سلمى"}),
        ("כן", {"seconds": ["3603", "3604"], "voice": "דנה"}),
        ("لا", {"seconds": ["3603", "3604"], "voice": "سلمى"}),
    ]
    assert reading.notes == (
        "in the file but not in its text: cue settings: 1, notes: 1, style sheets: 1, styling marks: 2, voice marks: 6",
    )
    assert [(one.name, one.value) for one in reading.observations] == [
        ("title", "The ford"),
        ("Language", "ar"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_marks_and_line_ends_make_no_difference(encoding: str, ends: str) -> None:
    assert cues(read_subtitles(SRT.replace("\n", ends).encode(encoding))) == cues(
        read_subtitles(SRT.encode())
    )
    assert cues(read_subtitles(VTT.replace("\n", ends).encode(encoding))) == cues(
        read_subtitles(VTT.encode())
    )


@pytest.mark.parametrize(
    ("encoding", "words"),
    [("windows-1256", "كنا عند السد في الصباح"), ("windows-1255", "היינו ליד השער בבוקר")],
)
def test_older_encodings_are_told_by_their_letters(encoding: str, words: str) -> None:
    content = "".join(f"{n}\n00:00:0{n},000 --> 00:00:0{n},900\n{words}\n\n" for n in range(1, 9))
    reading = read_subtitles(content.encode(encoding))
    assert reading.encoding == encoding
    assert cues(reading)[0][0] == words


def test_a_missing_blank_line_does_not_join_two_cues() -> None:
    reading = read_subtitles(SRT.replace("\n\n", "\n").encode())
    assert cues(reading) == cues(read_subtitles(SRT.encode()))


def test_a_blank_line_inside_a_cue_loses_no_words() -> None:
    reading = read_subtitles(SRT.replace("\nאל", "\n\nאל").encode())
    assert cues(reading)[1][0] == "ואז הלכנו\n\nאל השער"


def test_styles_go_and_words_in_angle_brackets_stay() -> None:
    content = SRT.replace("And", "{\\an8}<font color=red>And</font> <3 <i>then</i>").replace(
        "then we", "4 < 5 <me> we"
    )
    assert cues(read_subtitles(content.encode()))[2][0] == "And <3 then 4 < 5 <me> we left."


def test_order_and_overlap_are_said_and_not_mended() -> None:
    content = """1
00:00:05.000 --> 00:00:09.000
the gate

2
00:00:01,000 --> 00:00:03,000
السد

3
00:00:02,000 --> 00:00:04,000
השער

4
00:00:09,000 --> 00:00:08,000
the ford
"""
    reading = read_subtitles(content.encode())
    assert [words for words, _ in cues(reading)] == ["the gate", "السد", "השער", "the ford"]
    assert cues(reading)[3][1] == {"time": "00:00:09,000 --> 00:00:08,000", "id": "4"}
    notes = "; ".join(reading.notes)
    assert "begin before the one above them: 1" in notes
    assert "while the one above them is still shown: 1" in notes
    assert "end before they begin: 1" in notes


def test_a_file_without_cues_is_plain_text() -> None:
    reading = read_subtitles("كنا عند السد\n\nand left".encode())
    assert reading.layer_text == "كنا عند السد\n\nand left"
    assert "read as plain text" in reading.notes[-1]
    assert len(reading.segments) == 2


LINES = st.sampled_from(
    [
        *(
            "WEBVTT",
            "",
            "1",
            "NOTE x",
            "STYLE",
            "00:00:01,000 --> 00:00:02,000",
            "00:05.5 --> 00:01.25 line:0",
        ),
        *("<v دان>نعم", "<i>", "</v>", "{\\an8}", "&amp;", "words", "מילים", "--> ", "<v>"),
    ]
)


@settings(max_examples=200)
@given(st.lists(LINES, max_size=14).map("\n".join))
def test_every_part_is_in_the_layer_whatever_the_file(text: str) -> None:
    sound(read_subtitles(text.encode()))


@given(st.binary(max_size=300))
def test_no_bytes_stop_the_reader(content: bytes) -> None:
    sound(read_subtitles(content))
    sound(read_subtitles(b"1\n00:00:01,000 --> 00:00:02,000\n" + content))


def sound(reading: Reading) -> None:
    assert (reading.layer_text is None) == bool(reading.why_none)
    at = 0
    for part in reading.segments:
        assert at <= part.start < part.end <= len(reading.layer_text or "")
        at = part.end
    (reading.layer_text or "").encode("utf-8")
    assert "\0" not in (reading.layer_text or "")
