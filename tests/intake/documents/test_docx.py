"""Word documents: the text as it shows, and everything the file holds beside it, recoverable with its place."""

from __future__ import annotations

import pytest

from onrecord.intake.documents import docx
from onrecord.intake.reading import LARGEST_TEXT_BYTES, Member, Reading, Segment
from tests.intake.office import WORD, assert_sound, everything, paragraph, parts_of, reading, word, zipped


def one(read: Reading, kind: str) -> Segment:
    (segment,) = (part for part in read.segments if part.kind == kind)
    return segment


def test_paragraphs_headings_and_list_items_stand_in_order() -> None:
    styles = (
        f'<w:styles {WORD}><w:style w:styleId="a1"><w:name w:val="heading 1"/></w:style>'
        '<w:style w:styleId="Own"><w:name w:val="Own"/><w:basedOn w:val="a1"/></w:style></w:styles>'
    )
    body = (
        paragraph("شهادة", '<w:pPr><w:pStyle w:val="a1"/></w:pPr>')
        + paragraph("עדות", '<w:pPr><w:pStyle w:val="Own"/></w:pPr>')
        + paragraph("They came to the weir.")
        + paragraph("first", '<w:pPr><w:numPr><w:numId w:val="2"/></w:numPr></w:pPr>')
    )
    read = reading(docx, word(body, styles_xml=styles))
    assert read.layer_text == "شهادة\n\nעדות\n\nThey came to the weir.\n\nfirst"
    assert [part.kind for part in read.segments] == ["heading", "heading", "paragraph", "list item"]
    assert any("numbers and bullets" in note for note in read.notes)


def test_the_rows_of_a_table_are_lines_and_its_cells_parted_by_tabs() -> None:
    def cell(*words: str) -> str:
        return f"<w:tc>{''.join(map(paragraph, words))}</w:tc>"

    inner = f"<w:tc><w:tbl><w:tr>{cell('x')}{cell('y')}</w:tr></w:tbl><w:p/></w:tc>"
    table = f"<w:tbl><w:tr>{cell('اسم')}{cell('a', 'b')}</w:tr><w:tr>{cell('')}{inner}</w:tr></w:tbl>"
    read = reading(docx, word(paragraph("before") + table + table + paragraph("after")))
    assert read.layer_text == "before\n\nاسم\ta b\n\tx y\n\nاسم\ta b\n\tx y\n\nafter"
    assert parts_of(read, "row") == ["اسم\ta b", "\tx y"] * 2


def test_inserted_words_stand_in_the_text_and_deleted_ones_beside_it_with_their_place() -> None:
    body = (
        '<w:p><w:r><w:t xml:space="preserve">They came to </w:t></w:r>'
        '<w:del w:author="נועה" w:date="2009-03-14T06:20:00Z"><w:r><w:delText>the ford</w:delText></w:r>'
        "<w:r><w:delText> at dawn</w:delText></w:r></w:del>"
        '<w:ins w:author="ريم"><w:r><w:t>the weir</w:t></w:r></w:ins><w:r><w:t>.</w:t></w:r></w:p>'
    )
    read = reading(docx, word(body))
    assert read.layer_text == "They came to the weir.\n\ndeleted: the ford at dawn"
    assert parts_of(read, "deleted") == ["the ford at dawn"]
    assert one(read, "deleted").about == {"by": "נועה", "time": "2009-03-14T06:20:00Z", "at": 13}
    assert one(read, "paragraph").about == {"inserted": [{"place": [13, 21], "by": "ريم"}]}
    assert "passages that were deleted with changes tracked stand after the text: 1" in read.notes
    assert "passages that were inserted with changes tracked stand in the text: 1" in read.notes


def test_words_that_were_moved_stand_where_they_are_now() -> None:
    body = (
        '<w:p><w:moveFrom w:author="ريم"><w:r><w:t>the gate</w:t></w:r></w:moveFrom></w:p>'
        "<w:p><w:moveTo><w:r><w:t>the gate</w:t></w:r></w:moveTo></w:p>"
    )
    read = reading(docx, word(body))
    assert read.layer_text == "the gate\n\nmoved away: the gate"


def test_a_mark_that_a_line_end_was_changed_holds_no_words() -> None:
    body = "<w:p><w:pPr><w:rPr><w:ins w:author='a'/><w:del w:author='a'/></w:rPr></w:pPr><w:r><w:t>a</w:t></w:r></w:p>"
    read = reading(docx, word(body))
    assert (read.layer_text, read.notes) == ("a", ())


def test_hidden_words_stand_beside_the_text() -> None:
    styles = f'<w:styles {WORD}><w:style w:styleId="H"><w:rPr><w:vanish/></w:rPr></w:style></w:styles>'
    body = (
        "<w:p><w:r><w:t>a</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>سر</w:t></w:r>"
        '<w:r><w:rPr><w:rStyle w:val="H"/></w:rPr><w:t>סוד</w:t></w:r>'
        '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>b</w:t></w:r></w:p>'
    )
    read = reading(docx, word(body, styles_xml=styles))
    assert read.layer_text == "ab\n\nhidden: سرסוד"
    assert "passages of hidden text stand after the text: 1" in read.notes


def test_notes_comments_headers_and_footers_are_parts_of_their_own() -> None:
    note = f'<w:footnote w:id="2">{paragraph("לא שם")}</w:footnote>'
    separator = f'<w:footnote w:type="separator" w:id="0">{paragraph("----")}</w:footnote>'
    said = f'<w:comment w:id="7" w:author="ريم" w:date="2009-03-15T00:00:00Z">{paragraph("هل؟")}</w:comment>'
    read = reading(
        docx,
        word(
            '<w:p><w:r><w:t>a</w:t><w:footnoteReference w:id="2"/><w:t>b</w:t><w:commentReference w:id="7"/></w:r></w:p>',
            footnotes_xml=f"<w:footnotes {WORD}>{separator}{note}</w:footnotes>",
            comments_xml=f"<w:comments {WORD}>{said}</w:comments>",
            header1_xml=f"<w:hdr {WORD}>{paragraph('Notes')}</w:hdr>",
            footer2_xml=f"<w:ftr {WORD}>{paragraph('page')}</w:ftr>",
        ),
    )
    assert read.layer_text == "ab\n\nheader: Notes\n\nfooter: page\n\nfootnote: לא שם\n\ncomment: هل؟"
    assert one(read, "footnote").about == {"at": 1}
    assert one(read, "comment").about == {"by": "ريم", "time": "2009-03-15T00:00:00Z", "at": 2}


def test_a_text_box_is_read_once_though_the_file_holds_it_twice() -> None:
    box = f"<w:txbxContent>{paragraph('at the gate')}</w:txbxContent>"
    both = f'<mc:AlternateContent xmlns:mc="m"><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>'
    old = f'<mc:AlternateContent xmlns:mc="m"><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>'
    assert parts_of(reading(docx, word(f"<w:p><w:r><w:t>a</w:t>{both}<w:t>b</w:t></w:r></w:p>"))) == [
        "at the gate",
        "ab",
    ]
    assert parts_of(reading(docx, word(f"<w:p><w:r>{old}</w:r></w:p>")), "text box") == ["at the gate"]


def test_signs_that_are_elements_stand_as_characters() -> None:
    body = (
        '<w:p><w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:noBreakHyphen/><w:sym w:char="F0FC"/>'
        '<w:sym w:char="D800"/><w:instrText>PAGE</w:instrText></w:r></w:p>'
    )
    assert reading(docx, word(body)).layer_text == "a\tb\nc\u2011\uf0fc"


def test_pictures_and_objects_come_out_as_files_and_macros_are_said() -> None:
    content = zipped(
        {
            "word/document.xml": f"<w:document {WORD}/>",
            "word/media/image1.png": b"\x89PNG",
            "word/embeddings/sheet.xlsx": b"PK",
            "word/vbaProject.bin": b"\xd0",
            "word/charts/chart1.xml": "<c/>",
        }
    )
    *members, read = everything(docx, content)
    assert [member.name for member in members if isinstance(member, Member)] == [
        "word/media/image1.png",
        "word/embeddings/sheet.xlsx",
        "word/vbaProject.bin",
    ]
    assert isinstance(read, Reading)
    assert read.why_none == "it has no text"
    assert read.notes == ("words in its charts are not read: 1", "it holds macros")


def test_the_properties_are_observed_as_stated() -> None:
    told = [
        (one.of, one.name, one.value, one.reads) for one in reading(docx, word(paragraph("a"))).observations
    ]
    assert told == [
        ("DOCX", "creator", "ريم", None),
        ("DOCX", "lastModifiedBy", "נועה", None),
        ("DOCX", "revision", "3", None),
        ("DOCX", "created", "2009-03-14T06:20:00Z", "2009-03-14T06:20:00Z"),
        ("DOCX", "Template", "Field notes.dotx", None),
        ("DOCX", "Application", "Writer of notes", None),
    ]


def test_a_document_that_breaks_off_gives_what_stands_before() -> None:
    read = reading(docx, word(paragraph("the weir") + "<w:p><w:r><w:t>the"))
    assert (read.layer_text or "").startswith("the weir")
    assert "cannot be read to its end" in read.notes[0]


@pytest.mark.parametrize("deep", [2_100, 30_000])
def test_elements_nested_very_deep_do_no_harm(deep: int) -> None:
    boxes = "<w:p><w:r><w:txbxContent>" * deep
    read = reading(docx, word(paragraph("the weir") + boxes + paragraph("in")))
    assert_sound(read)
    assert parts_of(read) == ["the weir"]
    assert "cannot be read to its end" in read.notes[0]


def test_more_than_a_layer_may_hold_is_left_out_and_said() -> None:
    many = word(paragraph("the weir " * 1_000) * 9_000)
    assert len(many) < LARGEST_TEXT_BYTES // 20
    read = reading(docx, many)
    assert len((read.layer_text or "").encode()) <= LARGEST_TEXT_BYTES + 100_000
    assert "it is too long: the rest of it is not read" in read.notes
