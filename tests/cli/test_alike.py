"""`onrecord alike`, as a person and as a program read it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from benchmarks.pictures import encoded

from tests.cli.conftest import Run, document, documents
from tests.matching.samples import photograph


@pytest.fixture
def two(run: Run, case: Path, tmp_path: Path) -> list[str]:
    """A picture and a copy of it, taken in; their items."""
    files = [tmp_path / "weir.jpg", tmp_path / "again.jpg"]
    for file, quality in zip(files, (85, 40), strict=True):
        file.write_bytes(encoded(photograph(), quality=quality))
    return [str(row["item"]) for row in documents(run("-r", case, "--json", "add", *files))]


def test_a_program_gets_a_line_for_each_proposal(run: Run, case: Path, two: list[str]) -> None:
    result = run("-r", case, "alike", "--json")
    assert result.exit_code == 0
    found = document(result)
    assert set(found) == {"kind", "items", "distance", "why", "put"}
    assert (found["kind"], set(found["items"])) == ("same picture", set(two))
    assert json.loads(found["put"])["judgement"] == "same origin"


def test_a_person_reads_why_and_what_to_put(run: Run, case: Path, two: list[str]) -> None:
    shown = run("-r", case, "alike", two[0]).stdout
    assert "The same picture" in shown
    assert "weir.jpg" in shown and "again.jpg" in shown
    assert "of 256 marks" in shown
    assert "| onrecord put -" in shown
    assert "1 proposal. Nothing was merged." in shown


def test_a_person_reads_that_there_is_none(run: Run, case: Path) -> None:
    result = run("-r", case, "alike", "--no-video")
    assert result.exit_code == 0
    assert result.stdout.startswith("No originals that may be one")


def test_an_item_that_is_not_there_is_a_wrong_request(run: Run, case: Path) -> None:
    result = run("-r", case, "alike", "nowhere", "--json")
    assert (result.exit_code, result.stdout) == (2, "")
