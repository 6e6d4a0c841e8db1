"""Rows become things, all or none, and every value keeps the cell it rests on."""

from __future__ import annotations

import copy
import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.api import Record
from onrecord.intake.sheets.rows import Rows
from onrecord.record.errors import PutRefused, SheetInvalid, ThingUnknown
from onrecord.writing.sheets.making import Making
from onrecord.writing.sheets.mapping import read_map
from onrecord.writing.sheets.table import table_of
from onrecord.writing.sheets.values import Values
from tests.writing.sheets.conftest import HEADER, ROWS, VISITS, Csv, claim, mapping, person


def entries(record: Record) -> int:
    (number,) = record._store.db.connection.execute("SELECT count(*) FROM head").fetchone()
    return int(number)


def refused(record: Record, source: str | Path, given: dict[str, Any]) -> list[dict[str, Any]]:
    """What is wrong with the rows; nothing is written, and the sheet is not taken in."""
    before = entries(record)
    with pytest.raises(PutRefused) as wrong:
        record.put_sheet(source, given)
    assert entries(record) == before
    return [dict(error) for error in wrong.value.errors]


def quotes(record: Record, statement: str) -> dict[str, str]:
    """What each cell under a statement says, by the cell."""
    passages = [record.get(one) for one in record.get(statement)["passages"]]
    return {one["cell"]: one.get("quote", "") for one in passages}


def test_a_register_in_three_scripts_becomes_things_with_their_cells(record: Record, sheet: Csv) -> None:
    told = record.put_sheet(sheet(), VISITS)
    assert told["kinds"] == {
        "passage": 16, "actor": 4, "place": 2, "event": 3, "statement": 3, "claim": 2, "relation": 2
    }  # fmt: skip
    assert [row["status"] for row in told["rows"]] == ["written"] * 3
    assert record.get("person-2")["names"] == [{"text": "ليلى النجار"}]
    assert (record.get("hurt-2")["value"], record.get("hurt-2")["as_written"]) == (12, "١٢")
    assert record.get("visit-1")["when"] == {
        "from": "2019-04-03", "to": "2019-04-03", "precise": True, "as_written": "03/04/2019"
    }  # fmt: skip
    assert record.get("visit-3")["when"] == {"none": "refused"}
    assert record.get("person-3")["note"] == "male"
    assert quotes(record, "person-2.row") == {
        "A3": "2", "B3": "ليلى النجار", "C3": "المعبر", "D3": "04/04/2019", "E3": "١٢", "F3": "F"
    }  # fmt: skip
    about = [record.get("village-the-weir")["id"], record.get("person-3")["id"], record.get("visit-3")["id"]]
    assert record.get("person-3.row")["about"] == about
    assert record.verify()["ok"]


def test_a_claim_whose_cell_is_empty_is_left_out_and_told(record: Record, sheet: Csv) -> None:
    told = record.put_sheet(sheet(), VISITS)
    assert told["rows"][2]["left_out"] == ["claim count: its cell is empty", "relation: Hurt is empty"]
    with pytest.raises(ThingUnknown):
        record.get("hurt-3")


def test_the_same_sheet_again_changes_nothing(record: Record, sheet: Csv) -> None:
    record.put_sheet(sheet(), VISITS)
    before = entries(record)
    for source in (sheet(), "visits.csv"):
        told = record.put_sheet(source, VISITS)
        assert [row["status"] for row in told["rows"]] == ["unchanged"] * 3 and told["kinds"] == {}
    assert entries(record) == before


def test_a_later_version_changes_the_rows_that_changed_and_needs_a_reason(record: Record, sheet: Csv) -> None:
    record.put_sheet(sheet(), VISITS)
    later = sheet((HEADER, (*ROWS[0][:4], "4", "F"), *ROWS[1:]), "later.csv")
    (error,) = [one for one in refused(record, later, VISITS) if "hurt-1" in one["error"]]
    assert (error["row"], error["cell"]) == (2, "A2, E2") and "needs a reason" in error["error"]
    told = record.put_sheet(later, VISITS, reason="the May version")
    assert [row["status"] for row in told["rows"]] == ["written", "unchanged", "unchanged"]
    assert (
        record.get("hurt-1")["value"] == 4 and record.get("hurt-1")["heads"][0]["reason"] == "the May version"
    )
    assert len(record.history("hurt-1")["versions"]) == 2
    items = {record.get(one)["item"] for one in record.get("person-1.row")["passages"]}
    assert items == {told["item"]}


def test_a_cell_that_was_emptied_takes_its_value_back(record: Record, sheet: Csv) -> None:
    given = mapping(person(note={"column": "Note"}))
    record.put_sheet(sheet((("No", "Name", "Note"), ("1", "Dina", "a baker"))), given)
    record.put_sheet(
        sheet((("No", "Name", "Note"), ("1", "Dina", "")), "later.csv"), given, reason="corrected"
    )
    assert "note" not in record.get("person-1")


def test_one_bad_row_keeps_all_out_and_the_sheet_as_well(record: Record, sheet: Csv) -> None:
    rows = (HEADER, ROWS[0], ("2", "Lina", "the ford", "31/02/2019", "about 3", "X"))
    errors = refused(record, sheet(rows), VISITS)
    assert [(one["row"], one["cell"]) for one in errors] == [(3, "F3"), (3, "D3"), (3, "E3")]
    said = " ".join(str(one["error"]) for one in errors)
    assert (
        "“X”: the mapping has no value for it" in said
        and "31" in said
        and "“about 3”: it is not a number" in said
    )
    assert list(record.items()) == []


def test_what_only_the_record_can_refuse_is_told_by_row_and_cell_too(record: Record, sheet: Csv) -> None:
    given = mapping(person(), claim({"column": "Hurt"}, place={"id": "village-{Village}"}))
    (error,) = refused(record, sheet((HEADER, ROWS[0])), given)
    assert error["row"] == 2 and error["cell"] == "A2, C2, E2"
    assert error["error"].startswith("claim claim-1: place: 'village-the-weir': no thing has this id")
    assert list(record.items()) == []


def test_a_preview_writes_nothing_and_tells_all(record: Record, sheet: Csv) -> None:
    before = entries(record)
    told = record.put_sheet(sheet(), VISITS, preview=True)
    assert entries(record) == before and list(record.items()) == []
    assert told["kinds"]["claim"] == 2 and told["errors"] == [] and told["item"] is None
    first = next(line for line in told["lines"] if line["kind"] == "event")
    assert (first["row"], first["cell"], first["fields"]["title"]) == (2, "C2, D2", "Visit to the weir")
    bad = record.put_sheet(sheet((HEADER, ("1", "A", "B", "5.6.19", "1", "F"))), VISITS, preview=True)
    assert bad["refused"] == 1 and bad["errors"][0]["cell"] == "D2" and bad["rows"][0]["status"] == "error"
    assert entries(record) == before


def test_a_workbook_names_its_sheet_in_every_cell(record: Record, workbook: Csv) -> None:
    day = dt.date(2019, 4, 3)
    file = workbook(Notes=[["nothing"]], Visits=[HEADER, (1, "Dina Baz", "the weir", day, 1234, "F")])
    told = record.put_sheet(file, VISITS | {"sheet": "Visits"})
    assert told["sheet"] == "Visits" and told["added"]
    assert set(quotes(record, "person-1.row")) == {f"Visits!{letter}2" for letter in "ABCDEF"}
    assert record.get("visit-1")["when"] == "2019-04-03"
    assert record.get("hurt-1")["value"] == 1234
    assert record.verify()["ok"]


def test_rows_may_refer_to_rows_below_them(record: Record, sheet: Csv) -> None:
    kin = {
        "kind": "relation",
        "id": "kin-{No}",
        "fields": {"from": "person-{No}", "to": {"id": "person-{Brother}"}, "role": "kin"},
        "when": "Brother",
    }
    rows = (("No", "Name", "Brother"), ("1", "Sami", "2"), ("2", "Rami", ""))
    told = record.put_sheet(sheet(rows), mapping(person(), kin))
    assert record.get("kin-1")["to"] == record.get("person-2")["id"]
    assert told["rows"][1]["left_out"] == ["relation: Brother is empty"]


def test_a_split_cell_gives_several_values_and_each_gives_several_things(record: Record, sheet: Csv) -> None:
    victim = {
        "kind": "actor",
        "id": "victim-{No}-{Victims}",
        "each": "Victims",
        "fields": {"names": [{"text": {"column": "Victims"}}]},
    }
    event = {
        "kind": "event",
        "id": "event-{No}",
        "fields": {"title": "{Title}", "names": [{"text": {"column": "Also"}, "language": "en"}]},
    }
    given = mapping(event, victim, columns={"Victims": {"split": ";"}, "Also": {"split": ","}})
    rows = (("No", "Title", "Also", "Victims"), ("7", "The gate", "shut, closed", "Dina; رامي ;"))
    record.put_sheet(sheet(rows), given)
    assert [name["text"] for name in record.get("event-7")["names"]] == ["shut", "closed"]
    assert record.get("victim-7-رامي")["names"] == [{"text": "رامي"}]
    assert quotes(record, "event-7.row")["D2"] == "Dina; رامي ;"


def test_each_statement_of_a_row_rests_on_its_own_cells(record: Record, sheet: Csv) -> None:
    things = [
        person(),
        {"kind": "statement", "id": "row-{No}", "fields": {"speaker": "clinic", "act": "asserts"}},
        {
            "kind": "statement",
            "id": "words-{No}",
            "fields": {"speaker": "person-{No}", "passages": [{"passage": "Words"}]},
        },
        {
            "kind": "claim",
            "id": "said-{No}",
            "fields": {
                "statement": "words-{No}",
                "subject": "clinic",
                "property": "cause",
                "value": {"column": "Cause"},
            },
        },
    ]
    given = mapping(*things)
    del given["speaker"]
    rows = (("No", "Name", "Words", "Cause"), ("1", "Dina", "They shut the gate.", "a shut gate"))
    record.put_sheet(sheet(rows), given)
    assert quotes(record, "words-1") == {"A2": "1", "C2": "They shut the gate.", "D2": "a shut gate"}
    assert quotes(record, "row-1") == {"B2": "Dina"}


def test_things_two_rows_make_are_refused_unless_they_share_them(record: Record, sheet: Csv) -> None:
    rows = (("No", "Name"), ("1", "Dina"), ("1", "Rami"))
    (error,) = refused(record, sheet(rows), mapping(person()))
    assert error["row"] == 3 and "actor person-1 is made by row 2 already" in error["error"]
    (error, *_) = refused(record, sheet(rows), mapping(person() | {"shared": True}, _statement()))
    assert "is not the same here as in row 2" in error["error"]


def _statement() -> dict[str, Any]:
    return {"kind": "event", "id": "event-{#}", "fields": {"title": "{Name}"}}


def test_an_empty_cell_that_says_why_is_kept_as_a_place_without_words(record: Record, sheet: Csv) -> None:
    given = mapping(person(), claim({"column": "Hurt", "absences": {"": "not asked"}}))
    record.put_sheet(sheet((("No", "Name", "Hurt"), ("1", "Dina", ""))), given)
    assert record.get("claim-1")["value"] == {"none": "not asked"}
    assert quotes(record, "person-1.row")["C2"] == ""


def test_an_empty_cell_may_take_what_stands_above(record: Record, sheet: Csv) -> None:
    given = mapping(person(note={"column": "Village"}), columns={"Village": {"empty": "above"}})
    record.put_sheet(sheet((("No", "Name", "Village"), ("1", "Dina", "the ford"), ("2", "Rami", ""))), given)
    assert record.get("person-2")["note"] == "the ford"
    assert quotes(record, "person-2.row") == {"B3": "Rami", "C2": "the ford"}


def test_rows_that_are_no_entries_are_passed_over_and_told(record: Record, sheet: Csv) -> None:
    rows = (("No", "Name"), ("1", "Dina"), ("Total", "1"))
    told = record.put_sheet(sheet(rows), mapping(person(), when={"column": "No", "not": "Total"}))
    assert told["rows"][1] == {"row": 3, "status": "skipped", "things": 0, "left_out": ["No is “Total”"]}


@pytest.mark.parametrize(
    ("rows", "more", "said"),
    [
        ((("No", "Nam"), ("1", "Dina")), {}, "Did you mean “Nam”?"),
        ((("No", "Name", "Name"), ("1", "Dina", "x")), {}, "the columns B and C are both headed “Name”"),
        ((("No", "Name"),), {}, "it has no row from row 2 on"),
        ((("",), ("No", "Name"), ("1", "Dina")), {}, "row 1, where its headers should stand, is empty"),
        ((("No", "Name"), ("1", "Dina")), {"header": None}, "is not the letter of a column"),
    ],
)
def test_a_sheet_that_is_not_as_the_mapping_says_is_refused_whole(
    record: Record, sheet: Csv, rows: Any, more: dict[str, Any], said: str
) -> None:
    with pytest.raises(SheetInvalid) as wrong:
        record.put_sheet(sheet(rows), mapping(person(), **more))
    assert said in str(wrong.value) and list(record.items()) == []


def test_a_sheet_of_a_workbook_is_found_by_name_or_refused(record: Record, workbook: Csv) -> None:
    file = workbook(Visits=[["No", "Name"], [1, "Dina"]], Calls=[["No", "Name"], [1, "Rami"]])
    for named, said in ((None, "it has 2 sheets (“Visits”, “Calls”)"), ("Visit", "Did you mean “Visits”?")):
        with pytest.raises(SheetInvalid) as wrong:
            record.put_sheet(file, mapping(person(), sheet=named))
        assert said in str(wrong.value)


def test_a_row_wider_than_the_header_is_told(record: Record, sheet: Csv) -> None:
    rows = (("No", "Name"), ("1", "Baz", "Dina"))
    (error,) = refused(record, sheet(rows), mapping(person()))
    assert error["cell"] == "C2" and "to the right of the last header" in error["error"]
    assert record.put_sheet(sheet(rows), mapping(person(), wider="leave"))["kinds"]["actor"] == 2


def test_columns_may_be_named_by_letters(record: Record, sheet: Csv) -> None:
    given = copy.deepcopy(mapping(person(), header=None))
    given["things"][1] |= {"id": "person-{A}"}
    given["things"][1]["fields"]["names"] = [{"text": {"column": "B"}}]
    record.put_sheet(sheet((("1", "Dina"),)), given)
    assert record.get("person-1")["names"] == [{"text": "Dina"}]


def test_a_formulas_error_is_no_value_unless_the_mapping_says_what_it_stands_for(
    record: Record, sheet: Csv
) -> None:
    rows = (("No", "Name", "Hurt"), ("1", "Dina", "#REF!"))
    value = {"column": "Hurt", "as": "number"}
    (error,) = refused(record, sheet(rows), mapping(person(), claim(value)))
    assert error["cell"] == "C2" and "error of the sheet's own formula" in error["error"]
    record.put_sheet(sheet(rows), mapping(person(), claim(value | {"absences": {"#REF!": "unknown"}})))
    assert record.get("claim-1")["value"] == {"none": "unknown"}


def test_merged_cells_are_told_of(record: Record, tmp_path: Path, workbook: Csv) -> None:
    from openpyxl import load_workbook

    file = workbook(Visits=[["No", "Name"], [1, "Dina"], [2, None]])
    book = load_workbook(file)
    book["Visits"].merge_cells("B2:B3")
    book.save(file)
    (error,) = refused(record, file, mapping(person()))
    assert error["row"] == 3 and "no statement without a passage" in error["error"]
    told = record.put_sheet(file, mapping(person() | {"when": "Name"}))
    assert any("merged" in note for note in told["notices"])
    assert told["rows"][1]["left_out"] == ["actor: Name is empty"]


CELL = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12) | st.sampled_from(
    ["ليلى", "משה", " x ", "{No}", "a\tb", "#", "\u200f١٢"]
)


@given(st.lists(st.lists(CELL, min_size=1, max_size=5), min_size=1, max_size=6))
@settings(max_examples=150)
def test_every_passage_quotes_exactly_what_its_cell_shows(table: list[list[str]]) -> None:
    rows = Rows()
    for number, cells in enumerate(table, 1):
        rows.add(number, cells)
    text, segments = rows.text, [part.as_json() for part in rows.segments]
    if not segments:
        return
    fields = {"title": {"column": "A"}, "note": {"column": "B"}}
    given_map = mapping({"kind": "event", "id": "event-{#}", "fields": fields}, header=None)
    read = read_map(given_map)
    made = list(Making(read, table_of(text, segments, read, "t.csv"), Values(None), "k").rows())
    assert [one.number for one in made] == [part["row"] for part in segments]
    for row in made:
        shown = dict(zip("AB", text[_span(segments, row.number)].split("\t"), strict=False))
        for thing in row.things:
            for cell in thing.used.values():
                assert text[cell.start : cell.end] == cell.shown == shown[cell.address[0]]


def _span(segments: list[dict[str, Any]], row: int) -> slice:
    part = next(one for one in segments if one["row"] == row)
    return slice(part["start"], part["end"])
