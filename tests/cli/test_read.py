"""`onrecord read`: choices of a person, and passwords that are only ever asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run, document, documents
from tests.intake.documents.pdfs import GATE, Sheet, pdf, words


@pytest.fixture
def locked(run: Run, tmp_path: Path) -> tuple[Path, str]:
    """A record with a locked document; its item."""
    record, file = tmp_path / "record", tmp_path / "gate.pdf"
    file.write_bytes(pdf(Sheet(words(GATE)), locked=("ford", "weir")))
    run("new", record)
    (added,) = documents(run("-r", record, "--json", "add", file))
    assert not added["text"]
    return record, added["item"]


def test_a_password_comes_from_the_surroundings_and_opens_the_text(
    run: Run, locked: tuple[Path, str]
) -> None:
    record, item = locked
    told = document(run("-r", record, "--json", "read", item, "--password", ONRECORD_FILE_PASSWORD="ford"))
    assert told["changed"] and told["item"] == item
    assert GATE in run("-r", record, "text", item).stdout


def test_without_a_terminal_nobody_is_asked_for_a_password(run: Run, locked: tuple[Path, str]) -> None:
    record, item = locked
    outcome = run("-r", record, "read", item, "--password")
    assert outcome.exit_code == 2 and "ONRECORD_FILE_PASSWORD" in outcome.stderr


def test_a_person_is_told_where_the_text_is(run: Run, case: Path, tmp_path: Path) -> None:
    file = tmp_path / "ford.txt"
    file.write_bytes("השער נסגר".encode("cp1255"))
    (added,) = documents(run("-r", case, "--json", "add", file))
    said = run("-r", case, "read", added["item"], "--encoding", "cp1252")
    assert said.exit_code == 0 and f"onrecord text {added['item']}" in said.stdout
    assert "the same as before" in run("-r", case, "read", added["item"], "--encoding", "cp1252").stdout


@pytest.mark.parametrize("asked", [("--all-pages",), ("--ocr", "eng", "--encoding", "cp1255")])
def test_choices_that_do_not_go_together_are_refused(run: Run, case: Path, asked: tuple[str, ...]) -> None:
    assert run("-r", case, "read", "letter.txt", *asked).exit_code == 2


def test_adding_says_what_to_do_next_with_a_scan_and_a_locked_file(
    run: Run, case: Path, tmp_path: Path
) -> None:
    (tmp_path / "scan.pdf").write_bytes(pdf(Sheet(picture=True)))
    (tmp_path / "locked.pdf").write_bytes(pdf(Sheet(words(GATE)), locked=("ford", "owner")))
    shown = run("-r", case, "add", tmp_path / "scan.pdf", tmp_path / "locked.pdf").stdout
    assert "2 files: 2 added." in shown
    assert "1 file with pages that are pictures: onrecord read ITEM --ocr" in shown
    assert "1 file locked: onrecord read ITEM --password" in shown
    assert "onrecord read ITEM --ocr LANGUAGES" in run("-r", case, "text", "scan.pdf").stderr
    assert "onrecord read ITEM --password" in run("-r", case, "text", "locked.pdf").stderr
