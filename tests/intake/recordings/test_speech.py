"""Speech: how a program of the system is called, and what becomes of what it answers.

No speech model comes with these tests. A small script stands where whisper.cpp would, for the way we call it: its arguments,
its sound, the file it writes, and everything it can do wrong.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from onrecord.intake.recordings import speech
from onrecord.intake.recordings.cues import seconds
from onrecord.intake.recordings.speech import Transcript, transcribe
from onrecord.intake.recordings.speech_faster import as_vtt, clock
from onrecord.intake.recordings.subtitles import read_subtitles
from onrecord.record.errors import FieldInvalid, ProgramMissing, ReaderFailed

WORDS = "WEBVTT\n\n00:00:00.000 --> 00:00:01.000\nنحن عند السد\n"
WRITES = """
import json, sys, wave
given = dict(zip(sys.argv[1::1], sys.argv[2::1]))
if "--version" in sys.argv:
    print("whisper-cli 9.9"); sys.exit()
sound = wave.open(given["-f"])
shape = [sound.getnchannels(), sound.getframerate(), sound.getsampwidth(), sound.getnframes() > 8000]
assert shape == [1, 16000, 2, True], shape
assert open(given["-m"]).read() == "model"
assert given["-l"] == "ar" and "-ovtt" in sys.argv
open(given["-of"] + ".vtt", "w", encoding="utf-8").write(WORDS)
"""


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "ggml-tiny.bin"
    path.write_text("model")
    return path


def standing_for_whisper(folder: Path, script: str, words: str = WORDS) -> str:
    program = folder / "whisper-cli"
    program.write_text(f"#!{sys.executable} -S\nWORDS = {words!r}\n{script}", encoding="utf-8")
    program.chmod(0o755)
    return str(program)


def heard(weir: dict[str, Path], model: Path, program: str | None, kind: str = "mp4") -> Transcript:
    with weir[kind].open("rb") as recording:
        return transcribe(recording, model, language="ar", program=program, beside=model.parent)


@pytest.mark.parametrize("kind", ["mp4", "ogg", "mp3"])
def test_the_sound_goes_to_the_program_and_its_transcript_comes_back_with_how_it_was_made(
    weir: dict[str, Path], model: Path, kind: str
) -> None:
    made = heard(weir, model, standing_for_whisper(model.parent, WRITES), kind)
    assert made.content == WORDS.encode()
    assert made.recipe == {
        "tool": "whisper.cpp",
        "version": "whisper-cli 9.9",
        "parameters": {
            "model": "ggml-tiny.bin",
            "model sha256": hashlib.sha256(b"model").hexdigest(),
            "language": "ar",
            "temperature": "0",
        },
    }
    assert sorted(path.name for path in model.parent.iterdir()) == ["ggml-tiny.bin", "whisper-cli"]


def test_the_program_is_found_by_its_name(
    weir: dict[str, Path], model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    standing_for_whisper(model.parent, WRITES)
    monkeypatch.setenv("PATH", str(model.parent), prepend=":")
    assert heard(weir, model, None).content == WORDS.encode()


@pytest.mark.parametrize(
    ("script", "words", "why"),
    [
        ("", WORDS, "it wrote no transcript"),
        (WRITES, "not what was asked", "is no WebVTT"),
        (WRITES, "WEBVTT\n\n00:00:00.000 --> 00:00:01.000\n\n", "heard no words"),
        ("import sys; sys.exit('the model is broken')", WORDS, "it says: the model is broken"),
        ("open('/tmp/elsewhere', 'w')", WORDS, "Permission denied"),
        ("import socket; socket.socket()", WORDS, "Permission denied"),
    ],
)
def test_whatever_the_program_does_wrong_is_a_plain_reason(
    weir: dict[str, Path], model: Path, script: str, words: str, why: str
) -> None:
    with pytest.raises(ReaderFailed, match=why):
        heard(weir, model, standing_for_whisper(model.parent, script, words))


def test_a_program_that_takes_too_long_is_ended(
    weir: dict[str, Path], model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speech, "_SPEECH", speech.ProgramLimits(cpu_seconds=1))
    program = standing_for_whisper(model.parent, "while True: pass")
    with pytest.raises(ReaderFailed, match="takes too long"):
        heard(weir, model, program)


def test_what_is_missing_is_named_with_where_to_get_it(
    weir: dict[str, Path], model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ProgramMissing, match="no speech model is at this place"):
        heard(weir, model.parent / "gone.bin", None)
    with pytest.raises(ProgramMissing) as wrong:
        heard(weir, model, None)
    assert "whisper-cli" in wrong.value.mend
    monkeypatch.setattr(speech, "find_spec", lambda name: None)
    (model.parent / "model.bin").write_text("model")
    with pytest.raises(ProgramMissing) as wrong:
        heard(weir, model.parent, None)
    assert "onrecord[speech]" in wrong.value.mend


def test_a_language_is_a_code_and_never_an_option(weir: dict[str, Path], model: Path) -> None:
    with weir["mp4"].open("rb") as recording, pytest.raises(FieldInvalid):
        transcribe(recording, model, language="--help")


def test_what_faster_whisper_hears_becomes_cues() -> None:
    parts = [
        SimpleNamespace(start=0.0, end=1.25, text=" נחנו <ליד> השער"),
        SimpleNamespace(start=3599.9996, end=3601.0, text="نعم & لا\n"),
        SimpleNamespace(start=3602.0, end=3603.0, text="  "),
    ]
    reading = read_subtitles(as_vtt(parts))
    text = reading.layer_text or ""
    assert [text[part.start : part.end] for part in reading.segments] == ["נחנו <ליד> השער", "نعم & لا"]
    assert [part.about["seconds"] for part in reading.segments] == [["0", "1.25"], ["3600", "3601"]]
    assert clock(seconds("0")) == "00:00:00.000"
