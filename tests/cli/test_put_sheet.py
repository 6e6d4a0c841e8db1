"""`put --from`: previewed, put, put again, and refused row by row."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run, documents

MAP: dict[str, Any] = {
    "map": 1,
    "speaker": "guard",
    "things": [
        {
            "kind": "actor",
            "id": "person-{No}",
            "fields": {"type": "person", "names": [{"text": {"column": "Name"}}]},
        },
        {
            "kind": "claim",
            "id": "hurt-{No}",
            "fields": {
                "subject": "morning",
                "property": "count",
                "value": {"column": "Hurt", "as": "number"},
            },
        },
    ],
}
SHEET = "No,Name,Hurt\n1,Dina,3\n2,ليلى,\n3,משה,5\n"


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    sheet, mapping = tmp_path / "register.csv", tmp_path / "register.map.json"
    sheet.write_text(SHEET, encoding="utf-8")
    mapping.write_text(json.dumps(MAP), encoding="utf-8")
    return sheet, mapping


def test_a_preview_shows_the_first_rows_and_writes_nothing(
    run: Run, case: Path, files: tuple[Path, Path]
) -> None:
    result = run("-r", case, "put", "--from", files[0], "--map", files[1], "--preview")
    assert result.exit_code == 0, result.stderr
    assert "person-1" in result.stdout and "Dina" in result.stdout
    assert "row 3: would be written; left out: claim count: its cell is empty" in result.stdout
    said = " ".join(result.stdout.split())
    assert "3 actors" in said and "Nothing was written." in said
    assert len(documents(run("-r", case, "--json", "items"))) == 1


def test_rows_are_put_and_told_by_number_as_json(run: Run, case: Path, files: tuple[Path, Path]) -> None:
    told = documents(run("-r", case, "--json", "put", "--from", files[0], "--map", files[1]))
    lines = [one for one in told if "line" in one]
    assert {"row", "cell", "line", "id", "slug", "kind"} <= set(lines[0])
    claim = next(one for one in lines if one["slug"] == "hurt-3")
    assert (claim["row"], claim["cell"]) == (4, "C4")
    rows = [one for one in told if "status" in one]
    assert [(one["row"], one["status"]) for one in rows] == [(2, "written"), (3, "written"), (4, "written")]
    again = documents(run("-r", case, "--json", "put", "--from", "register.csv", "--map", files[1]))
    assert {one["status"] for one in again if "status" in one} == {"unchanged"}


def test_bad_rows_end_with_code_2_and_nothing_is_taken_in(
    run: Run, case: Path, files: tuple[Path, Path]
) -> None:
    files[0].write_text(SHEET.replace("5", "about 5"), encoding="utf-8")
    for more in ((), ("--preview",)):
        result = run("-r", case, "put", "--from", files[0], "--map", files[1], *more)
        assert result.exit_code == 2
        assert "row 4, C4: “about 5”: it is not a number." in result.stdout + result.stderr
    (error,) = documents(run("-r", case, "--json", "put", "--from", files[0], "--map", files[1]))
    assert (error["row"], error["cell"]) == (4, "C4")
    assert len(documents(run("-r", case, "--json", "items"))) == 1


def test_a_later_version_needs_its_reason(run: Run, case: Path, files: tuple[Path, Path]) -> None:
    command = ("-r", case, "put", "--from", files[0], "--map", files[1])
    assert run(*command).exit_code == 0
    files[0].write_text(SHEET.replace("5", "6"), encoding="utf-8")
    refused = run(*command)
    assert refused.exit_code == 2 and "row 4, C4: claim hurt-3: reason:" in refused.stderr
    assert run(*command, "--reason", "the May version").exit_code == 0


@pytest.mark.parametrize(
    "given", [(), ("--from", "x.csv"), ("--preview", "lines.jsonl"), ("--map", "map.json", "lines.jsonl")]
)
def test_lines_and_sheets_are_not_mixed(run: Run, case: Path, tmp_path: Path, given: tuple[str, ...]) -> None:
    (tmp_path / "map.json").write_text("{}", encoding="utf-8")
    (tmp_path / "lines.jsonl").write_text("", encoding="utf-8")
    named = [str(tmp_path / one) if "." in one else one for one in given]
    result = run("-r", case, "put", *named)
    assert result.exit_code == 2
    assert "Name either a file of lines, or a sheet and its mapping" in result.stderr + result.output
