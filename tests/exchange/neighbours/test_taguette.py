"""Taguette projects: documents, highlights with their exact words, and tags."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from onrecord.api import Record
from tests.exchange.neighbours.conftest import Bring

ENGLISH = "<h1>The weir</h1><p>The gate was <b>shut</b> &amp; barred.</p><p>The gate was shut again.</p>"
ARABIC = "<p>قال الحارس:</p><p>البوابة كانت مغلقة منذ الصباح.</p>"
HEBREW = "<p>השער היה <i>סגור</i> מאז הבוקר.</p>"
SCHEMA = """
CREATE TABLE users (login VARCHAR(30) PRIMARY KEY, email VARCHAR);
CREATE TABLE projects (id INTEGER PRIMARY KEY, name VARCHAR NOT NULL, description TEXT NOT NULL, created DATETIME);
CREATE TABLE documents (id INTEGER PRIMARY KEY, name VARCHAR NOT NULL, description TEXT NOT NULL, filename VARCHAR NOT NULL,
  created DATETIME, project_id INTEGER, text_direction VARCHAR, contents TEXT NOT NULL);
CREATE TABLE highlights (id INTEGER PRIMARY KEY, document_id INTEGER, start_offset INTEGER, end_offset INTEGER, snippet TEXT);
CREATE TABLE tags (id INTEGER PRIMARY KEY, project_id INTEGER, path VARCHAR, description TEXT NOT NULL);
CREATE TABLE highlight_tags (highlight_id INTEGER, tag_id INTEGER, PRIMARY KEY (highlight_id, tag_id));
INSERT INTO projects VALUES (1, 'The ford', '', NULL);
INSERT INTO users VALUES ('admin', NULL);
INSERT INTO tags VALUES (1, 1, 'gate', 'what was shut'), (2, 1, 'وقت', ''), (3, 1, 'unused', '');
"""


def offsets(text: str, words: str, nth: int = 1) -> tuple[int, int]:
    """Where words stand in a document's text, in bytes."""
    at = -1
    for _ in range(nth):
        at = text.index(words, at + 1)
    start = len(text[:at].encode())
    return start, start + len(words.encode())


@pytest.fixture
def project(tmp_path: Path) -> Path:
    place = tmp_path / "ford.sqlite3"
    made = sqlite3.connect(place)
    made.executescript(SCHEMA)
    for number, (name, contents) in enumerate(
        (("weir", ENGLISH), ("الحارس", ARABIC), ("שער/שני", HEBREW)), 1
    ):
        row = (number, name, "", f"{name}.docx", None, 1, "LEFT_TO_RIGHT", contents)
        made.execute("INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
    english = "The weirThe gate was shut & barred.The gate was shut again."
    marked = [
        (1, 1, *offsets(english, "shut", 2), "shut"),
        (2, 1, *offsets(english, "shut & barred.The gate"), "<b>shut</b> &amp; barred.</p><p>The gate"),
        (
            3,
            2,
            *offsets("قال الحارس:البوابة كانت مغلقة منذ الصباح.", "مغلقة منذ الصباح"),
            "<p>مغلقة منذ الصباح</p>",
        ),
        (4, 3, *offsets("השער היה סגור מאז הבוקר.", "היה סגור"), "<p>היה <i>סגור</i></p>"),
    ]
    made.executemany("INSERT INTO highlights VALUES (?, ?, ?, ?, ?)", marked)
    made.executemany("INSERT INTO highlight_tags VALUES (?, ?)", [(1, 1), (3, 1), (3, 2)])
    made.commit()
    made.close()
    return place


def test_highlights_become_passages_with_their_exact_words(bring: Bring, project: Path, things) -> None:
    report = bring(project)
    assert not report.of("wrong") and not report.of("not carried"), report
    passages = {passage["quote"]: passage for passage in things("passage")}
    assert set(passages) == {"shut", "shut & barred.\n\nThe gate", "مغلقة منذ الصباح", "היה סגור"}
    assert passages["shut"]["prefix"].endswith("barred.\n\nThe gate was ")
    assert passages["مغلقة منذ الصباح"]["note"] == "Taguette: gate, وقت"
    assert not things("statement")


def test_documents_and_the_project_are_kept_as_originals(bring: Bring, project: Path, record: Record) -> None:
    bring(project)
    assert {item["name"] for item in record.items()} == {
        "ford.sqlite3", "1 weir.html", "2 الحارس.html", "3 שער_שני.html",
    }  # fmt: skip


def test_what_is_not_carried_has_a_line(bring: Bring, project: Path) -> None:
    report = bring(project)
    kept = report.of("kept as a file")
    assert {"tag “unused”", "tag “gate” description", "project “The ford”", "table users"} <= set(kept)


def test_a_second_import_makes_nothing_twice(bring: Bring, project: Path, things, record: Record) -> None:
    first = bring(project)
    again = bring(project)
    assert len(things("passage")) == 4
    assert again.at("highlight 1 ")["thing"] == first.at("highlight 1 ")["thing"]
    assert "carried over before" in again.at("highlight 1 ")["reason"]


def test_a_highlight_whose_words_cannot_be_found_is_said(bring: Bring, project: Path, things) -> None:
    made = sqlite3.connect(project)
    made.execute("UPDATE highlights SET snippet = '<p>words that stand nowhere</p>' WHERE id = 1")
    made.execute("UPDATE highlights SET end_offset = 99999, snippet = '' WHERE id = 2")
    made.execute("INSERT INTO highlights VALUES (9, 77, 0, 4, 'lost')")
    made.commit()
    made.close()
    report = bring(project)
    assert report.at("highlight 1 ")["reason"] == "its words are not in the text of its original"
    assert report.at("highlight 2 ")["reason"] == "its offsets are outside its document"
    assert report.at("highlight 9 ")["reason"] == "its document is not in the project"
    assert len(things("passage")) == 2


@pytest.mark.parametrize("table", ["tags", "documents"])
def test_a_hostile_project_is_kept_and_said_to_be_wrong(
    bring: Bring, project: Path, table: str, record: Record
) -> None:
    made = sqlite3.connect(project)
    made.executescript(
        f"ALTER TABLE {table} RENAME TO hidden; CREATE VIEW {table} AS SELECT *, load_extension('x') FROM hidden;"
    )
    made.close()
    (row,) = [row for row in bring(project) if row["status"] == "wrong"]
    assert f"there is no table {table}" in row["reason"]
    assert [item["name"] for item in record.items()] == ["ford.sqlite3"]


def test_a_project_that_is_cut_off_is_kept_and_said_to_be_wrong(
    bring: Bring, project: Path, record: Record
) -> None:
    content = project.read_bytes()
    project.write_bytes(content[: len(content) // 2])
    report = bring(project, "taguette")
    assert report.at("ford.sqlite3")["status"] == "wrong"
    assert [item["name"] for item in record.items()] == ["ford.sqlite3"]


def test_changes_that_are_not_in_the_project_yet_are_said(bring: Bring, project: Path) -> None:
    project.with_name("ford.sqlite3-wal").write_bytes(b"more")
    assert "close Taguette" in bring(project).at("ford.sqlite3-wal")["reason"]
