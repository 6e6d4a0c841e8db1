"""What is said in a recording is written down as an item of its own, made from the recording."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from onrecord.api import Record
from onrecord.record.errors import KindWrong, ProgramMissing
from tests.intake.recordings.conftest import weir  # noqa: F401
from tests.intake.recordings.test_speech import WRITES, standing_for_whisper


@pytest.fixture
def recording(record: Record, weir: dict[str, Path]) -> str:  # noqa: F811
    (line,) = record.add([weir["wav"]])
    return str(line["item"])


def test_words_that_a_program_heard_are_an_item_made_from_the_recording(
    record: Record, recording: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    standing_for_whisper(tmp_path, WRITES)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    model = tmp_path / "ggml-tiny.bin"
    model.write_text("model")
    before = sorted(path.name for path in record.path.iterdir())
    done = record.read(recording, speech=model, language="ar")
    made = record.get(done["rendition"])
    assert (made["derived_from"], made["media_type"], made["name"]) == (recording, "text/vtt", "weir.wav.vtt")
    assert made["recipe"] == done["recipe"]
    assert record.text(done["rendition"])["text"] == "نحن عند السد"
    assert [hit["exact"] for hit in record.search("السد")]
    assert sorted(path.name for path in record.path.iterdir()) == before
    assert record.verify()["ok"]


def test_without_a_model_nothing_is_made(record: Record, recording: str, tmp_path: Path) -> None:
    with pytest.raises(ProgramMissing):
        record.read(recording, speech=tmp_path / "gone.bin")
    assert len(list(record.items())) == 1


def test_only_sound_and_video_are_listened_to(
    record: Record, letter: Callable[[str], str], tmp_path: Path
) -> None:
    with pytest.raises(KindWrong):
        record.read(letter("עזבנו את השער"), speech=tmp_path)
