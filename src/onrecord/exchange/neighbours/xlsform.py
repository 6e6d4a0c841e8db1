"""The questions of an XLSForm, by the reader of sheets: name, type and label."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path

from onrecord.intake.reads import read_confined
from onrecord.intake.sheets.cells import cells_of

MOST_QUESTIONS = 20_000
_SHEET = "survey"
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def questions(form: Path) -> dict[str, dict[str, str]] | None:
    """The questions by name; None where the file is no XLSForm. Of labels in several languages, the first is taken."""
    rows = _rows(form)
    if not rows:
        return None
    names = [cell.strip().lower() for cell in rows[0]]
    asked = [_question(names, row) for row in rows[1:]]
    return {row["name"]: row for row in asked if row["name"]} if "name" in names else None


def _rows(form: Path) -> list[list[str]]:
    """The rows of the sheet `survey`, as they are shown."""
    reading = read_confined(form, _WORKBOOK, form.name)
    text = reading.layer_text or ""
    told = (segment.as_json() for segment in reading.segments)
    survey = (row for row in told if row.get("sheet") == _SHEET)
    return [[cell.shown for cell in cells_of(text, row)] for row in islice(survey, MOST_QUESTIONS + 1)]


def _question(names: Sequence[str], row: Sequence[str]) -> dict[str, str]:
    cells: Mapping[str, str] = dict(zip(names, row, strict=False))
    label = next((cells[name] for name in names if name.startswith("label") and cells.get(name)), "")
    return {"name": cells.get("name", "").strip(), "type": cells.get("type", ""), "label": label}
