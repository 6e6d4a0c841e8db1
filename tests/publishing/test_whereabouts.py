"""Where a passage stands is told as a reader would look for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from onrecord.api import Record
from onrecord.publishing.page.messages import messages_in
from onrecord.publishing.parts import Parts
from onrecord.publishing.whereabouts import whereabouts

CHAT = (
    "14/05/2019, 06:31 - Salma: قفلوا البوّابة\n"
    "14/05/2019, 06:33 - Dvora: השער נעול\n"
    "14/05/2019, 06:35 - Omar: the doors were shut\n"
)
CUES = "1\n00:01:02,500 --> 00:01:04,000\nThe gate was shut\n\n"


def told(record: Record, name: str, content: str, quote: str, language: str = "en") -> str | None:
    path = record.path.parent / name
    path.write_text(content, encoding="utf-8")
    (line,) = record.add([path])
    return of(record, {"item": line["item"], "quote": quote}, language)


def of(record: Record, passage: dict[str, Any], language: str = "en") -> str | None:
    (line,) = record.put([{"kind": "passage", **passage}])
    layers = record._store.layers
    fields = record.get(line["id"])
    return whereabouts(fields, Parts(layers), layers.text, lambda text: text, messages_in(language))


def test_a_message_of_a_chat_by_its_number(record: Record) -> None:
    assert told(record, "WhatsApp Chat.txt", CHAT, "the doors were shut") == "message 3"


def test_a_cell_of_a_sheet_by_its_address(record: Record) -> None:
    sheet = "No,Name\n1,سلمى\n2,דבורה\n"
    assert told(record, "visits.csv", sheet, "דבורה") == "cell B3"


def test_several_cells_by_the_first_and_the_last(record: Record) -> None:
    assert told(record, "visits.csv", "No,Name,Age\n1,Salma,34\n", "Salma 34") == "cells B2 to C2"


def test_the_words_of_a_transcript_by_the_time_they_are_heard(record: Record) -> None:
    assert told(record, "clip.srt", CUES, "gate was shut") == "1:02.5 to 1:04 of the recording"


def test_plain_words_by_their_paragraph_in_the_pages_language(record: Record) -> None:
    text = "البوّابة\n\nقُفلت قبل الفجر\n"
    assert told(record, "note.txt", text, "قُفلت قبل الفجر", "ar") == "¶ 2"


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ({"page": 3}, "page 3"),
        ({"seconds": ["0.5", "62"]}, "0:00.5 to 1:02 of the recording"),
        ({"region": [1, 2, 3, 4]}, "a part of the picture"),
        ({"cell": "B7"}, "cell B7"),
    ],
)
def test_a_place_that_somebody_stated_is_told_without_a_text(
    record: Record, tmp_path: Path, place: dict[str, Any], words: str
) -> None:
    (tmp_path / "clip.bin").write_bytes(bytes(range(256)))
    (line,) = record.add([tmp_path / "clip.bin"])
    assert of(record, {"item": line["item"], **place}) == words


@pytest.mark.parametrize("place", ["page", "seconds", "region"])
def test_a_place_that_is_stated_as_not_known_is_not_told(record: Record, tmp_path: Path, place: str) -> None:
    (tmp_path / "clip.bin").write_bytes(bytes(range(256)))
    (line,) = record.add([tmp_path / "clip.bin"])
    assert of(record, {"item": line["item"], "cell": "B7", place: {"none": "unknown"}}) == "cell B7"
