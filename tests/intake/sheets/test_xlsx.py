"""Excel workbooks: each cell shows what its format says and keeps what the file keeps; what is hidden is read and said."""

from __future__ import annotations

import io
from datetime import datetime

import openpyxl
import pytest
from openpyxl.comments import Comment

from onrecord.intake.reading import Member, Reading
from onrecord.intake.sheets import xlsx
from onrecord.intake.sheets.cells import cells_of
from tests.intake.office import (
    APP,
    CORE,
    LINKS,
    OF,
    SHEET,
    assert_sound,
    everything,
    parts_of,
    reading,
    zipped,
)


def workbook(rows: str, name: str = "ملاحظات", **more: str | bytes) -> bytes:
    """A workbook of one sheet; `more` has parts below xl/ by their names, with `_` for the dot."""
    parts: dict[str, str | bytes] = {
        "xl/workbook.xml": f'<workbook {SHEET} xmlns:r="{OF}"><sheets><sheet name="{name}" r:id="a"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships {LINKS}><Relationship Id="a" Type="{OF}/worksheet" '
        'Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f"<worksheet {SHEET}><sheetData>{rows}</sheetData></worksheet>",
    }
    parts |= {f"xl/{at.replace('_', '.')}": content for at, content in more.items()}
    return zipped(parts | {"docProps/core.xml": CORE, "docProps/app.xml": APP})


def saved(book: openpyxl.Workbook) -> bytes:
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def cells(read: Reading) -> dict[str, tuple[str, str]]:
    text = read.layer_text or ""
    return {
        cell.address: (cell.shown, cell.raw)
        for part in read.segments
        for cell in cells_of(text, part.as_json())
    }


def test_a_workbook_of_another_program_is_read_cell_by_cell() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "الحاجز"
    sheet.append(["ريم", "המעבר", datetime(2009, 3, 14, 6, 20), 0.256, "a\tb\nc", "٣٤", True])
    sheet["C1"].number_format, sheet["D1"].number_format = "d/m/yyyy hh:mm", "0.0%"
    read = reading(xlsx, saved(book))
    assert cells(read) == {
        "A1": ("ريم", "ريم"),
        "B1": ("המעבר", "המעבר"),
        "C1": ("14/3/2009 06:20", "39886.26388888889"),
        "D1": ("25.6%", "0.256"),
        "E1": ("a b c", "a\tb\nc"),
        "F1": ("٣٤", "٣٤"),
        "G1": ("TRUE", "1"),
    }
    assert read.segments[0].about["sheet"] == "الحاجز"
    assert read.parameters == {"calendar": "from 1900"}


def test_a_formula_is_stated_beside_its_kept_result() -> None:
    rows = '<row r="1"><c r="A1"><v>2</v></c><c r="B1"><f>SUM(A1:A3)</f><v>6</v></c><c><f>NOW()</f></c></row>'
    read = reading(xlsx, workbook(rows))
    assert read.layer_text == "2\t6"
    assert read.segments[0].about["formulas"] == {"B": "=SUM(A1:A3)", "C": "=NOW()"}
    assert "sheet “ملاحظات”: 1 formula has no kept result" in read.notes


def test_shared_words_are_resolved_and_joined_from_their_runs() -> None:
    strings = f"<sst {SHEET}><si><t>the ford</t></si><si><r><t>the </t></r><r><t>weir</t></r><rPh><t>x</t></rPh></si></sst>"
    rows = '<row r="2"><c r="A2" t="s"><v>1</v></c><c r="C2" t="s"><v>0</v></c><c r="D2" t="s"><v>99</v></c></row>'
    read = reading(xlsx, workbook(rows, sharedStrings_xml=strings))
    assert read.layer_text == "the weir\t\tthe ford"
    assert read.segments[0].about["row"] == 2


def test_other_kinds_of_cells_stand_as_they_are() -> None:
    rows = (
        '<row><c t="inlineStr"><is><t>_x05D0_ line_x000A_end</t></is></c><c t="e"><v>#REF!</v></c>'
        '<c t="d"><v>2009-03-14</v></c><c t="b"><v>0</v></c><c t="str"><f>A1</f><v>words</v></c></row>'
    )
    read = reading(xlsx, workbook(rows))
    assert read.layer_text == "א line end\t#REF!\t2009-03-14\tFALSE\twords"


def test_what_is_hidden_is_read_and_said() -> None:
    book = openpyxl.Workbook()
    book.active.append(["a", "b"])
    book.active.row_dimensions[1].hidden = True
    book.active.column_dimensions["B"].hidden = True
    other = book.create_sheet("נסתר")
    other.sheet_state = "veryHidden"
    other["B2"] = "the gate"
    read = reading(xlsx, saved(book))
    assert read.layer_text == "a\tb\n\n\tthe gate"
    assert read.segments[0].about["hidden"] is True
    assert "sheet “Sheet”: 1 row is hidden in the file" in read.notes
    assert "sheet “Sheet”: hidden columns: B" in read.notes
    assert "sheet “נסתר” is hidden in the file" in read.notes


def test_remarks_on_cells_stand_after_the_rows_of_their_sheet() -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "the weir"
    book.active["A1"].comment = Comment("לא שם", "נועה")
    book.create_sheet("second")["A1"] = "the gate"
    read = reading(xlsx, saved(book))
    assert read.layer_text == "the weir\n\ncomment: לא שם\n\nthe gate"
    remark = read.segments[1]
    assert parts_of(read, "comment") == ["לא שם"]
    assert remark.about == {"cell": "A1", "by": "נועה", "sheet": "Sheet"}


def test_merged_cells_are_said_to_stand_in_the_first() -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "the weir"
    book.active.merge_cells("A1:B2")
    assert any("1 area of merged cells" in note for note in reading(xlsx, saved(book)).notes)


def test_a_format_that_is_not_understood_leaves_the_kept_number_and_says_so() -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = 0.5
    book.active["A1"].number_format = "# ?/?"
    book.active["A2"] = 7
    book.active["A2"].number_format = ";;;"
    read = reading(xlsx, saved(book))
    assert cells(read) == {"A1": ("0.5", "0.5"), "A2": ("7", "7")}
    assert "numbers in formats that are not understood here (# ?/?) stand as they are kept" in read.notes
    assert "shown as kept, though the format of the cell hides it: 1 number" in read.notes


def test_a_date_in_the_systems_own_form_is_shown_year_first_and_this_is_said() -> None:
    styles = f'<styleSheet {SHEET}><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>'
    read = reading(xlsx, workbook('<row><c s="1"><v>39886</v></c></row>', styles_xml=styles))
    assert cells(read) == {"A1": ("2009-03-14", "39886")}
    assert "dates in each system's own short form are shown as year-month-day" in read.notes


def test_the_properties_are_observed_as_stated() -> None:
    told = {
        one.name: (one.value, one.reads)
        for one in reading(xlsx, workbook("<row><c><v>1</v></c></row>")).observations
    }
    assert told["creator"] == ("ريم", None)
    assert told["lastModifiedBy"] == ("נועה", None)
    assert told["created"] == ("2009-03-14T06:20:00Z", "2009-03-14T06:20:00Z")


def test_pictures_come_out_as_files() -> None:
    content = zipped({"xl/workbook.xml": f"<workbook {SHEET}/>", "xl/media/image1.png": b"\x89PNG"})
    (picture, read) = everything(xlsx, content)
    assert isinstance(picture, Member)
    assert (picture.name, list(picture.chunks)) == ("xl/media/image1.png", [b"\x89PNG"])
    assert isinstance(read, Reading)
    assert read.why_none == "its sheets have no cell with anything in it"


def test_a_cell_at_the_far_end_of_the_sheet_fills_no_memory() -> None:
    read = reading(xlsx, workbook('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'))
    assert list(cells(read))[-1] == "XFD1048576"
    assert len(read.layer_text or "") == 16_384


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1048577"><c><v>1</v></c></row>',
        '<row><c r="XFE1"><v>1</v></c></row>',
        '<row><c r="ÀB1"><v>1</v></c></row>',
        '<row><c r="C1"/><c r="A1"><v>1</v></c></row>',
    ],
)
def test_a_place_where_no_cell_can_be_is_left_out_and_said(rows: str) -> None:
    read = reading(xlsx, workbook(rows))
    assert_sound(read)
    assert any("not where a sheet can have any" in note for note in read.notes)


def test_too_many_cells_are_left_out_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "MOST_CELLS", 5)
    read = reading(xlsx, workbook("<row><c><v>1</v></c><c><v>2</v></c></row>" * 9))
    assert len(read.segments) == 3
    assert "sheet “ملاحظات” is too large: what comes after row 3 is not read" in read.notes


def test_a_sheet_that_breaks_off_gives_what_stands_before() -> None:
    read = reading(xlsx, workbook("<row><c><v>1</v></c></row><row><c><v>2</v>"))
    assert read.layer_text == "1"
    assert "cannot be read to its end" in read.notes[0]


def test_a_sheet_named_twice_or_nowhere_is_read_once() -> None:
    content = workbook("<row><c><v>1</v></c></row>")
    named_twice = f'<workbook {SHEET} xmlns:r="{OF}"><sheets><sheet name="a" r:id="a"/><sheet name="b" r:id="a"/></sheets></workbook>'
    read = reading(xlsx, workbook("<row><c><v>1</v></c></row>", workbook_xml=named_twice))
    assert read.layer_text == reading(xlsx, content).layer_text == "1"
    unnamed = reading(xlsx, workbook("<row><c><v>1</v></c></row>", workbook_xml=f"<workbook {SHEET}/>"))
    assert unnamed.layer_text == "1"
    assert "part xl/worksheets/sheet1.xml is a sheet that the workbook does not name" in unnamed.notes


def test_a_name_that_turns_the_text_around_it_is_kept_and_kept_out_of_the_notes() -> None:
    read = reading(xlsx, workbook("<row hidden='1'><c><v>1</v></c></row>", name="gate\u202excod"))
    assert read.segments[0].about["sheet"] == "gate\u202excod"
    assert "sheet “gate\ufffdxcod”: 1 row is hidden in the file" in read.notes


def test_relations_in_a_circle_and_styles_amiss_do_no_harm() -> None:
    main, sheet = "xl/workbook.xml", "xl/worksheets/sheet1.xml"
    read = reading(
        xlsx,
        zipped(
            {
                main: f'<workbook {SHEET} xmlns:r="{OF}"><sheets><sheet name="a" r:id="a"/></sheets></workbook>',
                "xl/_rels/workbook.xml.rels": f'<Relationships {LINKS}><Relationship Id="a" Type="{OF}/worksheet" '
                f'Target="/{sheet}"/><Relationship Id="b" Type="{OF}/styles" Target="workbook.xml"/></Relationships>',
                "xl/worksheets/_rels/sheet1.xml.rels": f'<Relationships {LINKS}><Relationship Id="a" '
                f'Type="{OF}/comments" Target="sheet1.xml"/></Relationships>',
                sheet: f'<worksheet {SHEET}><row><c s="9999999"><v>5</v></c></row></worksheet>',
            }
        ),
    )
    assert_sound(read)
    assert read.layer_text == "5"
