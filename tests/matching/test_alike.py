"""All proposals of a record: told with why and the line that confirms, until somebody judges them; nothing is written."""

from __future__ import annotations

import io
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from benchmarks.pictures import COPIES, encoded
from PIL import Image

from onrecord.api import Record
from onrecord.intake.programs import find_program
from tests.conftest import lines
from tests.intake.fingerprints.test_text import text
from tests.matching.samples import photograph

Take = Callable[..., list[str]]
needs_ffmpeg = pytest.mark.skipif(find_program("ffmpeg") is None, reason="ffmpeg is not installed")


@pytest.fixture
def take(record: Record, tmp_path: Path) -> Take:
    """Take files in, one after the other; their items."""

    def run(**files: bytes | str) -> list[str]:
        items = []
        for name, content in files.items():
            path = tmp_path / name.replace("_", ".")
            path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
            (line,) = (row for row in record.add([path]) if row["item"] and not row.get("inside"))
            items.append(str(line["item"]))
        return items

    return run


def pictures() -> dict[str, bytes]:
    first = encoded(photograph(), quality=85)
    image = Image.open(io.BytesIO(first))
    image.load()
    return {
        "weir_jpg": first,
        "small_jpg": COPIES["resized to a half"](image),
        "ford_jpg": encoded(photograph(2), quality=85),
    }


def proposed(record: Record, *items: str) -> list[dict[str, Any]]:
    return list(record.alike(items))


def test_a_copy_is_proposed_and_the_other_picture_is_not(record: Record, take: Take) -> None:
    weir, small, _ = take(**pictures())
    (one,) = proposed(record)
    assert set(one) == {"kind", "items", "distance", "why", "put"}
    assert (one["kind"], set(one["items"])) == ("same picture", {weir, small})


def test_only_proposals_of_the_items_asked_for_are_told(record: Record, take: Take) -> None:
    weir, small, ford = take(**pictures())
    assert proposed(record, ford) == []
    assert [set(one["items"]) for one in proposed(record, small)] == [{weir, small}]
    assert [set(one["items"]) for one in proposed(record, weir, small)] == [{weir, small}]


def test_the_line_confirms_it_when_it_is_put_with_a_reason(record: Record, take: Take) -> None:
    take(**pictures())
    (one,) = proposed(record)
    record.put([json.dumps(json.loads(one["put"]) | {"reason": "the same stain on the wall"})])
    assert proposed(record) == []


@pytest.mark.parametrize("judgement", ["not same origin", "same origin", "not same as", "disputed"])
def test_what_somebody_has_judged_is_not_proposed_again(record: Record, take: Take, judgement: str) -> None:
    weir, small, _ = take(**pictures())
    about = {
        "kind": "assessment",
        "about": [small, weir],
        "judgement": judgement,
        "reason": "compared by Noam",
    }
    record.put(lines(about))
    assert proposed(record) == []


def test_a_judgement_about_something_else_hides_nothing(record: Record, take: Take) -> None:
    weir, small, ford = take(**pictures())
    judged = {
        "kind": "assessment",
        "about": [weir, ford],
        "judgement": "not same origin",
        "reason": "two places",
    }
    unsure = {
        "kind": "assessment",
        "about": [weir, small],
        "judgement": "unsure",
        "reason": "too small to tell",
    }
    record.put(lines(judged, unsure))
    assert len(proposed(record)) == 1


def test_a_rendition_is_not_proposed_as_what_it_was_made_from(record: Record, take: Take) -> None:
    weir, small, _ = take(**pictures())
    record.put(lines({"kind": "item", "id": small, "derived_from": weir, "reason": "made for the page"}))
    assert proposed(record) == []


def test_what_was_erased_is_not_proposed(record: Record, take: Take) -> None:
    weir, _, _ = take(**pictures())
    record.erase([weir], "she is in danger", ["Noam, editor", "Dalia, legal"])
    assert proposed(record) == []


def test_a_proposal_writes_nothing_into_the_log(record: Record, take: Take) -> None:
    take(**pictures())
    count = "SELECT count(*) FROM head"
    before = record._store.db.connection.execute(count).fetchone()
    assert proposed(record)
    assert record._store.db.connection.execute(count).fetchone() == before


@pytest.mark.parametrize(("script", "word"), [("english", "open"), ("arabic", "مفتوحة"), ("hebrew", "פתוח")])
def test_why_shows_the_first_words_that_differ(record: Record, take: Take, script: str, word: str) -> None:
    words = text(script)
    take(first_txt=" ".join(words), other_txt=" ".join([*words[:90], word, *words[91:]]))
    (one,) = proposed(record)
    assert one["kind"] == "same text with small changes"
    assert one["share"] > 80
    assert {f"“{words[90]}”" in one["why"], f"“{word}”" in one["why"]} == {True}


def test_the_same_words_in_other_bytes_are_said_to_be_the_same(record: Record, take: Take) -> None:
    words = text("english")
    take(first_txt=" ".join(words), other_txt="\n".join(words))
    (one,) = proposed(record)
    assert one["share"] == 100
    assert one["why"].endswith("all words are the same")


def made(path: Path, *how: str) -> bytes:
    subprocess.run(["ffmpeg", "-y", "-v", "error", *how, str(path)], check=True)
    return path.read_bytes()


@needs_ffmpeg
def test_a_clip_and_a_cut_of_it_are_proposed_with_the_seconds(
    record: Record, take: Take, tmp_path: Path
) -> None:
    source = ["-f", "lavfi", "-i", "mandelbrot=size=320x180:rate=10", "-t", "14"]
    whole = made(tmp_path / "made.mp4", *source)
    cut = made(
        tmp_path / "cut.mp4", "-ss", "4", "-i", str(tmp_path / "made.mp4"), "-t", "7", "-vf", "scale=160:90"
    )
    items = take(weir_mp4=whole, shorter_mp4=cut)
    (one,) = proposed(record)
    assert (one["kind"], one["items"]) == ("cut of the same clip", items)
    assert "those at 0–6.5 s there" in one["why"]
    assert record.notices == []


@needs_ffmpeg
def test_recordings_are_looked_at_once_and_only_when_somebody_asks(
    record: Record, take: Take, tmp_path: Path
) -> None:
    take(weir_mp4=made(tmp_path / "made.mp4", "-f", "lavfi", "-i", "testsrc2=size=160x90:rate=5", "-t", "4"))
    frames = record._store.fingerprints
    list(record.alike(video=False))
    assert list(frames.all("frame")) == []
    said: list[str] = []
    list(record.alike(progress=lambda done, total, what: said.append(what)))
    assert list(frames.all("frame"))
    assert "looking at recordings" in said
    said.clear()
    list(record.alike(progress=lambda done, total, what: said.append(what)))
    assert "looking at recordings" not in said


@needs_ffmpeg
def test_a_recording_that_cannot_be_read_is_named_and_not_tried_again(record: Record, take: Take) -> None:
    take(broken_mp4=b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(4000))
    assert list(record.alike()) == []
    assert ["broken.mp4 is not compared" in notice for notice in record.notices] == [True]
    record.notices.clear()
    list(record.alike())
    assert record.notices == []


def test_subtitles_beside_a_recording_of_the_same_name_are_proposed(record: Record, tmp_path: Path) -> None:
    folder = tmp_path / "interview"
    folder.mkdir()
    (folder / "weir.wav").write_bytes(
        b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\1\0\1\0\x40\x1f\0\0\x40\x1f\0\0\1\0\x08\0data\0\0\0\0"
    )
    (folder / "weir.srt").write_text("1\n00:00:01,000 --> 00:00:02,000\nthe gate was shut\n")
    (folder / "ford.srt").write_text("1\n00:00:01,000 --> 00:00:02,000\nthe ford was open\n")
    items = {Path(row["path"]).name: row["item"] for row in record.add([folder])}
    (one,) = proposed(record)
    assert (one["kind"], one["items"]) == ("transcript of", [items["weir.srt"], items["weir.wav"]])
    record.put([json.dumps(json.loads(one["put"]) | {"reason": "heard both"})])
    assert proposed(record) == []
