"""Reads the questions of an XLSForm in a process of its own, and prints them as JSON: name, type and label."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from onrecord.intake.programs import run_confined
from onrecord.record.errors import OnrecordError

MOST_QUESTIONS = 20_000
_MODULE = "onrecord.exchange.neighbours.xlsform"


def questions(form: Path, scratch: Path) -> dict[str, dict[str, str]] | None:
    """The questions by name; None where the file is no XLSForm."""
    command = [sys.executable, "-P", "-s", "-m", _MODULE, str(form.resolve())]
    try:
        told = json.loads(run_confined(command, scratch=scratch.resolve()))
    except (OnrecordError, ValueError):
        return None
    return {row["name"]: row for row in told if row.get("name")} if isinstance(told, list) else None


def read(path: str) -> list[dict[str, str]]:
    """The rows of the sheet `survey`. Where there are labels in several languages, the first is taken."""
    from python_calamine import CalamineWorkbook

    sheet = CalamineWorkbook.from_path(path).get_sheet_by_name("survey").to_python()[: MOST_QUESTIONS + 1]
    names = [str(cell).strip().lower() for cell in sheet[0]] if sheet else []
    return [_question(names, row) for row in sheet[1:]]


def _question(names: list[str], row: list[Any]) -> dict[str, str]:
    cells = {name: str(cell) for name, cell in zip(names, row, strict=False)}
    label = next((cells[name] for name in names if name.startswith("label") and cells.get(name)), "")
    return {"name": cells.get("name", ""), "type": cells.get("type", ""), "label": label}


if __name__ == "__main__":
    json.dump(read(sys.argv[1]), sys.stdout)
