"""Mails and saved pages as they come into a record: read in the confined process, each thing inside them an item."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from onrecord.api import Record
from tests.intake.messages.mails import PDF, SAMPLE, letter, part
from tests.intake.pages.archives import GATE, PAGE, sample, wacz
from tests.intake.pages.test_mhtml import SAMPLE as SAVED

ENVELOPE = b"From guard@weir.example Tue May 14 07:15:00 2019\n"


def added(record: Record, tmp_path: Path, name: str, content: bytes) -> list[dict[str, Any]]:
    file = tmp_path / name
    file.write_bytes(content)
    return [{**line, "path": str(line["path"]).removeprefix(str(file))} for line in record.add([file])]


def test_a_mail_and_what_is_attached_to_it(record: Record, tmp_path: Path) -> None:
    mail, report = added(record, tmp_path, "letter.eml", SAMPLE)
    assert mail["media_type"] == "message/rfc822" and report["inside"] == mail["item"]
    assert (report["path"], report["sha256"]) == ("/report.pdf", hashlib.sha256(PDF).hexdigest())
    assert record.text(mail["item"])["segments"][3]["kind"] == "header"
    assert {hit["id"] for hit in record.search("البوابة")} == {mail["item"]}


def test_a_mailbox_its_mails_and_their_attachments(record: Record, tmp_path: Path) -> None:
    page = letter(part("text/html; charset=windows-1256", "<p>المعبر مفتوح".encode("windows-1256")))
    box = ENVELOPE + SAMPLE + b"\n" + ENVELOPE + page
    lines = added(record, tmp_path, "archive.mbox", box)
    assert [line["path"] for line in lines] == [
        "",
        "/message-1.eml",
        "/message-1.eml/report.pdf",
        "/message-2.eml",
    ]
    assert lines[2]["inside"] == lines[1]["item"] and lines[1]["inside"] == lines[0]["item"]
    assert "المعبر مفتوح" in record.text(lines[3]["item"])["text"]


def test_a_saved_page_and_web_archives(record: Record, tmp_path: Path) -> None:
    saved = added(record, tmp_path, "gate.mhtml", SAVED)
    assert saved[0]["text"] is True and saved[1]["path"] == "/https://weir.example/../wall.png"
    for name, content in (("weir.warc.gz", sample()), ("weir.wacz", wacz())):
        lines = added(record, tmp_path, name, content)
        assert [line["path"] for line in lines] == ["", f"/{GATE}", f"/{GATE}.png"]
        assert lines[1]["sha256"] == hashlib.sha256(PAGE).hexdigest()
