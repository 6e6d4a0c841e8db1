"""OpenDocument sheets: each cell shows the file's own words for it and keeps its value; repeats are bounded."""

from __future__ import annotations

from onrecord.intake.reading import Reading
from onrecord.intake.sheets import ods
from onrecord.intake.sheets.cells import cells_of
from tests.intake.office import OPEN, assert_sound, reading, zipped


def sheet(rows: str, styles: str = "", more: str = "") -> bytes:
    body = f'<table:table table:name="ملاحظات"{more}>{rows}</table:table>'
    return zipped(
        {
            "content.xml": f"<office:document-content {OPEN}><office:automatic-styles>{styles}</office:automatic-styles>"
            f"<office:body><office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>"
        }
    )


def cell(words: str, more: str = "") -> str:
    return f"<table:table-cell {more}><text:p>{words}</text:p></table:table-cell>"


def row(*cells: str, more: str = "") -> str:
    return f"<table:table-row {more}>{''.join(cells)}</table:table-row>"


def cells(read: Reading) -> dict[str, tuple[str, str]]:
    text = read.layer_text or ""
    return {
        one.address: (one.shown, one.raw) for part in read.segments for one in cells_of(text, part.as_json())
    }


def test_a_cell_shows_its_words_and_keeps_its_value() -> None:
    day = cell(
        "14/3/09", 'office:value-type="date" office:date-value="2009-03-14" table:formula="of:=TODAY()"'
    )
    read = reading(
        ods,
        sheet(row(cell("السد <text:span>of <text:a>the</text:a></text:span> גשר<text:s text:c='2'/>."), day)),
    )
    assert cells(read) == {"A1": ("السد of the גשר  .",) * 2, "B1": ("14/3/09", "2009-03-14")}
    assert read.segments[0].about["formulas"] == {"B": "of:=TODAY()"}


def test_cells_and_rows_that_stand_for_many_are_counted_out() -> None:
    read = reading(
        ods,
        sheet(
            row(cell("a", 'table:number-columns-repeated="3"'), more='table:number-rows-repeated="2"')
            + row(cell(""), more='table:number-rows-repeated="1000000"')
            + row('<table:covered-table-cell table:number-columns-repeated="2"/>', cell("b"))
        ),
    )
    assert read.layer_text == "a\ta\ta\na\ta\ta\n\t\tb"
    assert [part.about["row"] for part in read.segments] == [1, 2, 1_000_003]


def test_repeats_beyond_any_sheet_fill_no_memory() -> None:
    many = 'table:number-columns-repeated="999999999"'
    read = reading(ods, sheet(row(cell("a", many), more='table:number-rows-repeated="999999999"')))
    assert_sound(read)
    assert any("too large" in note for note in read.notes)


def test_a_hidden_sheet_and_remarks_are_read_and_said() -> None:
    styles = '<style:style style:name="ta2"><style:table-properties table:display="false"/></style:style>'
    remark = "<office:annotation><dc:creator>נועה</dc:creator><text:p>why</text:p></office:annotation>"
    content = sheet(
        row(f"<table:table-cell>{remark}<text:p>a</text:p></table:table-cell>"),
        styles,
        ' table:style-name="ta2"',
    )
    read = reading(ods, content)
    assert read.notes == ("sheet “ملاحظات” is hidden in the file",)
    assert read.layer_text == "a\n\ncomment: why"
    assert read.segments[1].about == {"cell": "A1", "by": "נועה", "sheet": "ملاحظات"}


def test_a_locked_sheet_says_so() -> None:
    locked = f"<manifest:manifest {OPEN}><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>"
    content = zipped({"content.xml": b"\x00\x01", "META-INF/manifest.xml": locked})
    assert reading(ods, content).why_none == "it is locked with a password"
