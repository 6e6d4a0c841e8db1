"""ODK submissions: a statement each, resting on its rows, about what was attached."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest

from onrecord.api import Record
from tests.exchange.neighbours.conftest import Bring, write

COLUMNS = "SubmissionDate,end,where,seen-picture,meta-instanceID,KEY,SubmitterID,SubmitterName,AttachmentsPresent,FormVersion"
FORM = (
    COLUMNS + "\n"
    '2024-05-02T08:58:20.525Z,2024-05-01T17:30:00.000+03:00,"the weir, north\ngate",1714.jpg,uuid:a,uuid:a,7,مريم,1,3\n'
    "2024-05-02T09:10:00.000Z,,عند المخاضة,,uuid:b,uuid:b,7,مريم,0,3\n"
    "2024-05-03T09:10:00.000Z,not a time,ליד הסכר,1715.jpg,uuid:c,uuid:c,,,1,3\n"
)
REPEAT = "person,said,PARENT_KEY,KEY\nguard,shut,uuid:a,uuid:a/p[1]\nבעלת הדוכן,סגור,uuid:a,uuid:a/p[2]\n"


@pytest.fixture
def export(tmp_path: Path) -> Path:
    return write(
        tmp_path / "gate", {"gate.csv": FORM, "gate-person.csv": REPEAT, "media/1714.jpg": "a picture"}
    )


def test_each_submission_is_a_statement_over_its_rows(
    bring: Bring, export: Path, things, record: Record
) -> None:
    report = bring(export)
    assert not report.of("wrong"), report
    first, second, third = things("statement")
    passages = {row["id"]: row for row in map(record.get, first["passages"])}
    assert [row["cell"] for row in passages.values()] == ["A2:J2", "A2:D2", "A3:D3"]
    assert "north" in next(iter(passages.values()))["quote"]
    (picture,) = [item["item"] for item in record.items() if item["name"] == "1714.jpg"]
    assert first["about"] == [picture]
    assert first["speaker"] == second["speaker"] != third["speaker"]
    assert not things("claim")


def test_times_are_kept_as_written(bring: Bring, export: Path, things) -> None:
    bring(export)
    first, second, third = things("statement")
    assert (first["said_at"], first["as_written"]) == (
        "2024-05-01T17:30:00+03:00",
        "2024-05-01T17:30:00.000+03:00",
    )
    assert "said_at" not in second
    assert ("said_at" in third, third["as_written"]) == (False, "not a time")
    assert "SubmissionDate 2024-05-02T08:58:20.525Z" in first["note"]


def test_whoever_sent_it_in_is_a_voice_and_no_more(bring: Bring, export: Path, things) -> None:
    bring(export)
    named, unnamed = things("actor")
    assert (named["type"], named["names"][0]["text"]) == ("voice", "مريم")
    assert unnamed["type"] == "voice"
    assert "names" not in unnamed


def test_a_file_that_is_named_and_not_there_is_said(bring: Bring, export: Path) -> None:
    assert bring(export).at("gate.csv row 4 seen-picture")["reason"] == "the file 1715.jpg is not here"


def test_questions_are_told_with_their_labels(bring: Bring, export: Path) -> None:
    book = openpyxl.Workbook()
    survey = book.active
    survey.title = "survey"
    for row in (
        ("type", "name", "label::עברית"),
        ("text", "where", "איפה זה היה?"),
        ("image", "picture", "תמונה"),
    ):
        survey.append(row)
    book.save(export / "gate.xlsx")
    report = bring(export)
    assert report.at("gate.csv column where “איפה זה היה?”")["status"] == "kept as a file"
    assert report.at("gate.csv column seen-picture “תמונה”")
    assert report.at("gate.xlsx")["reason"] == "the form, with 2 questions"


def test_a_sheet_that_is_no_form_is_kept_and_said(bring: Bring, export: Path) -> None:
    (export / "gate.xlsx").write_bytes(b"not a sheet")
    report = bring(export)
    assert report.at("gate.xlsx")["reason"] == "no questions of a form could be read in it"
    assert report.at("gate.xlsx")["item"]


def test_a_zip_of_an_export_is_taken_apart(bring: Bring, export: Path, tmp_path: Path, things) -> None:
    place = tmp_path / "gate.zip"
    with zipfile.ZipFile(place, "w") as made:
        for file in export.rglob("*.*"):
            made.write(file, file.relative_to(export))
    assert not bring(place).of("wrong")
    assert len(things("statement")) == 3


def test_a_second_import_says_nothing_twice(bring: Bring, export: Path, things) -> None:
    bring(export)
    bring(export)
    assert (len(things("statement")), len(things("actor")), len(things("passage"))) == (3, 2, 5)


def test_a_table_that_is_none_is_wrong(bring: Bring, tmp_path: Path) -> None:
    report = bring(write(tmp_path / "gate", {"gate.csv": "a,b\n1,2\n"}), "odk")
    assert report.of("wrong") == ["gate"]
