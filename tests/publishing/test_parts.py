"""The words around a quote: of a message or a cell, its neighbours are somebody else's and are never shown."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from onrecord.api import Record
from tests.conftest import lines

Letter = Callable[..., str]
CHAT = (
    "[03/05/2009, 09:00:00] Noor: The bus left early.\n"
    "[03/05/2009, 09:01:00] Amal: At nine I saw the gate shut, and went home.\n"
    "[03/05/2009, 09:02:00] Ruti: Nobody else may know.\n"
    "[03/05/2009, 09:03:00] Noor: Yes.\n"
)
SHEET = "who,telephone,what\nRuti,050-111,went home\nAmal,050-222,saw the gate\nNoor,050-333,left early\n"
MAIL = (
    "From: Ruti <ruti@example.org>\nTo: Noor <noor@example.org>\nSubject: What Amal saw of the gate\n"
    "Date: Sun, 3 May 2009 09:00:00 +0000\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\nIt was shut.\n"
)


def page_of(record: Record, item: str, quote: str, out: Path) -> str:
    """The dossier that quotes these words of an original which is open to all."""
    passage = record.mark(item, quote)["passage"]
    uses = dict.fromkeys(("media", "words", "name"), "yes")
    record.put(lines(
        {"kind": "actor", "id": "w", "type": "voice", "names": ["A voice"]},
        {"kind": "statement", "id": "s", "speaker": "w", "passages": [passage]},
        {"kind": "terms", "over": [item], "agreed_with": "a person", "uses": uses},
        {"kind": "publication", "id": "pub", "title": "A day", "audience": "public", "text": "So it was.[[s]]"},
    ))  # fmt: skip
    assert record.publish("pub", out)["refused"] == []
    page = (out / "index.html").read_text(encoding="utf-8")
    return re.sub(r"<(style|script).*?</\1>", "", page, flags=re.DOTALL)


def test_around_a_quote_from_a_chat_nobody_elses_message_stands_and_no_sender(
    record: Record, letter: Letter, tmp_path: Path
) -> None:
    page = page_of(record, letter(CHAT, "WhatsApp Chat.txt"), "I saw the gate shut", tmp_path / "out")
    assert "At nine" in page and "went home" in page
    assert not [one for one in ("Noor", "Ruti", "Amal", "bus", "Nobody") if one in page]


@pytest.mark.parametrize(("name", "content"), [("rows.csv", SHEET), ("letter.eml", MAIL)])
def test_around_a_quote_from_a_cell_or_a_mail_header_nothing_stands_of_its_neighbours(
    record: Record, letter: Letter, tmp_path: Path, name: str, content: str
) -> None:
    page = page_of(record, letter(content, name), "saw", tmp_path / "out")
    assert not [one for one in ("Noor", "Ruti", "050", "example.org") if one in page]


def test_around_a_quote_from_a_paragraph_its_own_words_stand(
    record: Record, letter: Letter, tmp_path: Path
) -> None:
    text = "The bus left early.\n\nAt nine the gate was shut, and all went home.\n\nNobody knew.\n"
    page = page_of(record, letter(text), "the gate was shut", tmp_path / "out")
    assert "At nine" in page and "went home" in page and "bus" not in page
