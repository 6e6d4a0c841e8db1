"""A mapping is refused whole, with the place in it and the nearest word that is known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from onrecord.record.errors import MapInvalid
from onrecord.writing.sheets.mapping import read_map
from tests.writing.sheets.conftest import VISITS, claim, mapping, person


def wrong(given: Any) -> str:
    with pytest.raises(MapInvalid) as error:
        read_map(given)
    return str(error.value)


@pytest.mark.parametrize(
    ("given", "place", "mend"),
    [
        ({"things": []}, "map", 'Write "map": 1.'),
        ({"map": 2, "things": []}, "map", 'Write "map": 1.'),
        (mapping(person(), colums={}), "colums", "Did you mean 'columns'?"),
        (mapping({"kind": "actr", "id": "a-{No}"}), "things[1].kind", "Did you mean 'actor'?"),
        (mapping({"kind": "item", "id": "a-{No}"}), "things[1].kind", "Known:"),
        (mapping(person(nams="x")), "things[1].fields.nams", "Did you mean 'names'?"),
        (mapping({"kind": "actor"}), "things[1].id", "tells the rows apart"),
        (
            mapping(person(), claim({"column": "Dead", "vales": {}})),
            "fields.value.vales",
            "Did you mean 'values'?",
        ),
        (mapping(person(), columns={"D": {"as": "numbr"}}), "columns.D.as", "Did you mean 'number'?"),
        (mapping(person(), columns={"D": {"as": "number", "form": "1,23"}}), "columns.D.form", "Known:"),
        (
            mapping(person(), columns={"D": {"as": "date", "form": "dd/mm"}}),
            "columns.D.form",
            "day/month/year",
        ),
        (mapping(person(), absences={"x": "refuse"}), "absences.x", "Did you mean 'refused'?"),
        (mapping(person() | {"id": "person-{No"}), "things[1].id", "{{ for a brace"),
        (mapping(person(), header=0), "header", "counted from 1"),
        (mapping(person(), when={"column": "No"}), "when", "Like"),
        ({"map": 1, "things": [person()]}, "speaker", 'Add "speaker"'),
    ],
)
def test_a_slip_is_named_by_its_place(given: dict[str, Any], place: str, mend: str) -> None:
    said = wrong(given)
    assert place in said and mend in said


def test_a_file_that_is_not_json_is_told_by_line_and_column(tmp_path: Path) -> None:
    file = tmp_path / "map.json"
    file.write_text('{"map": 1,\n "things": [}', encoding="utf-8")
    assert "at line 2, column 13" in wrong(file)
    file.write_text('{"map": 1, "map": 1}', encoding="utf-8")
    assert "map: it stands twice in one object" in wrong(file)
    file.write_bytes(b"\xff\xfe")
    assert "not text in UTF-8" in wrong(file)


def test_the_example_reads_from_a_file_as_from_its_own_value(tmp_path: Path) -> None:
    file = tmp_path / "map.json"
    file.write_text(json.dumps(VISITS, ensure_ascii=False), encoding="utf-8")
    assert read_map(file).columns == read_map(VISITS).columns
    assert set(read_map(file).columns) == {"No", "Name", "Village", "Date", "Hurt", "Sex"}


def test_a_statement_of_the_row_is_made_where_only_its_speaker_is_said() -> None:
    (made,) = [thing for thing in read_map(VISITS).things if thing.kind == "statement"]
    assert made.id.written == "person-{No}.row"
