"""Sheets made in code, in three scripts, and a mapping for a register of visits."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

HEADER = ("No", "Name", "Village", "Date", "Hurt", "Sex")
ROWS = (
    ("1", "Dina Baz", "the weir", "03/04/2019", "3", "F"),
    ("2", "ليلى النجار", "المعبر", "04/04/2019", "١٢", "F"),
    ("3", "משה כהן", "the weir", "refused", "", "M"),
)
VISITS: dict[str, Any] = {
    "map": 1,
    "speaker": "clinic",
    "absences": {"refused": "refused"},
    "columns": {
        "Date": {"as": "date", "form": "day/month/year"},
        "Hurt": {"as": "number"},
        "Sex": {"values": {"F": "female", "M": "male"}},
    },
    "things": [
        {"kind": "actor", "id": "clinic", "fields": {"type": "body", "names": ["The clinic"]}},
        {
            "kind": "place",
            "id": "village-{Village}",
            "shared": True,
            "fields": {"names": [{"text": {"column": "Village"}}]},
        },
        {
            "kind": "actor",
            "id": "person-{No}",
            "fields": {"type": "person", "names": [{"text": {"column": "Name"}}], "note": {"column": "Sex"}},
        },
        {
            "kind": "event",
            "id": "visit-{No}",
            "fields": {
                "title": "Visit to {Village}",
                "when": {"column": "Date"},
                "place": "village-{Village}",
            },
        },
        {
            "kind": "claim",
            "id": "hurt-{No}",
            "fields": {"subject": "visit-{No}", "property": "count", "value": {"column": "Hurt"}},
        },
        {
            "kind": "relation",
            "id": "seen-{No}",
            "fields": {"from": "person-{No}", "to": "visit-{No}", "role": "present", "claims": "hurt-{No}"},
            "when": "Hurt",
        },
    ],
}

Table = Sequence[Sequence[Any]]
Csv = Callable[..., Path]


@pytest.fixture
def sheet(tmp_path: Path) -> Csv:
    """Write a CSV file."""

    def write(rows: Table = (HEADER, *ROWS), name: str = "visits.csv") -> Path:
        file = tmp_path / name
        with file.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows(rows)
        return file

    return write


@pytest.fixture
def workbook(tmp_path: Path) -> Csv:
    """Write an XLSX file with one sheet for each table."""

    def write(name: str = "visits.xlsx", **sheets: Table) -> Path:
        book = Workbook()
        book.remove(book.worksheets[0])
        for title, rows in sheets.items():
            made = book.create_sheet(title)
            for row in rows:
                made.append(list(row))
        book.save(tmp_path / name)
        return tmp_path / name

    return write


def mapping(*things: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A mapping of these things, said by the clinic."""
    clinic = {"kind": "actor", "id": "clinic", "fields": {"type": "body", "names": ["The clinic"]}}
    return {"map": 1, "speaker": "clinic", "things": [clinic, *things]} | more


def person(**fields: Any) -> dict[str, Any]:
    names = [{"text": {"column": "Name"}}]
    return {"kind": "actor", "id": "person-{No}", "fields": {"type": "person", "names": names, **fields}}


def claim(value: Any, **fields: Any) -> dict[str, Any]:
    said = {"subject": "person-{No}", "property": "count", "value": value, **fields}
    return {"kind": "claim", "id": "claim-{No}", "fields": said}
