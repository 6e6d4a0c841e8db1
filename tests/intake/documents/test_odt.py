"""OpenDocument texts: the text as it shows, and everything the file holds beside it, recoverable with its place."""

from __future__ import annotations

from onrecord.intake.documents import odt
from onrecord.intake.reading import Member, Reading
from tests.intake.office import OPEN, everything, parts_of, reading, zipped

CHANGES = (
    '<text:tracked-changes><text:changed-region xml:id="c1"><text:deletion><office:change-info>'
    "<dc:creator>נועה</dc:creator><dc:date>2009-03-14T06:20:00</dc:date></office:change-info>"
    '<text:p>the ford</text:p></text:deletion></text:changed-region><text:changed-region text:id="c2"><text:insertion>'
    "<office:change-info><dc:creator>ريم</dc:creator></office:change-info></text:insertion></text:changed-region>"
    "</text:tracked-changes>"
)
HIDES = '<style:style style:name="T9"><style:text-properties text:display="none"/></style:style>'


def written(body: str, styles: str = "", **more: str | bytes) -> bytes:
    content = (
        f"<office:document-content {OPEN}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    return zipped({"content.xml": content, **{name.replace("_", "."): part for name, part in more.items()}})


def about(read: Reading, kind: str) -> list[dict[str, object]]:
    return [dict(part.about) for part in read.segments if part.kind == kind]


def test_headings_paragraphs_lists_and_tables_stand_in_order() -> None:
    read = reading(
        odt,
        written(
            "<text:h>شهادة</text:h>\n<text:p>They came<text:s text:c='3'/>to the <text:span>weir</text:span>\n  now.</text:p>"
            "<text:list><text:list-item><text:p>פריט</text:p></text:list-item></text:list>"
            "<table:table><table:table-row><table:table-cell><text:p>a</text:p><text:p>b</text:p></table:table-cell>"
            "<table:table-cell><text:p>c</text:p></table:table-cell></table:table-row></table:table>"
        ),
    )
    assert read.layer_text == "شهادة\n\nThey came   to the weir now.\n\nפריט\n\na b\tc"
    assert [part.kind for part in read.segments] == ["heading", "paragraph", "list item", "row"]


def test_inserted_words_stand_in_the_text_and_deleted_ones_beside_it_with_their_place() -> None:
    body = (
        '<text:p>They came to <text:change text:change-id="c1"/><text:change-start text:change-id="c2"/>the weir'
        '<text:change-end text:change-id="c2"/>.</text:p>'
    )
    read = reading(odt, written(CHANGES + body))
    assert read.layer_text == "They came to the weir.\n\ndeleted: the ford"
    assert about(read, "deleted") == [{"by": "נועה", "time": "2009-03-14T06:20:00", "at": 13}]
    assert about(read, "paragraph") == [{"inserted": [{"place": [13, 21], "by": "ريم"}]}]


def test_notes_comments_boxes_and_hidden_words_are_parts_of_their_own() -> None:
    body = (
        '<text:p>a<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation><text:note-body>'
        "<text:p>הערה</text:p></text:note-body></text:note>b<office:annotation><dc:creator>ريم</dc:creator>"
        '<text:p>هل؟</text:p></office:annotation><text:span text:style-name="T9">secret</text:span>'
        "<draw:frame> <draw:text-box><text:p>boxed</text:p></draw:text-box></draw:frame>c</text:p>"
    )
    head = f"<office:document-styles {OPEN}><style:header><text:p>Notes</text:p></style:header></office:document-styles>"
    read = reading(odt, written(body, HIDES, styles_xml=head))
    assert (
        read.layer_text == "boxed\n\nabc\n\nheader: Notes\n\nfootnote: הערה\n\ncomment: هل؟\n\nhidden: secret"
    )
    assert about(read, "footnote") == [{"at": 8}]
    assert about(read, "comment") == [{"by": "ريم", "at": 9}]


def test_a_run_of_spaces_beyond_all_measure_is_bounded() -> None:
    assert (
        len(reading(odt, written("<text:p>a<text:s text:c='99999999'/>b</text:p>")).layer_text or "") == 1_002
    )


def test_a_locked_document_says_so() -> None:
    locked = f"<manifest:manifest {OPEN}><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>"
    content = zipped({"content.xml": b"\x8f\x00", "META-INF/manifest.xml": locked})
    assert reading(odt, content).why_none == "it is locked with a password"


def test_pictures_come_out_as_files_and_properties_are_observed() -> None:
    meta = (
        f"<office:document-meta {OPEN}><office:meta><meta:initial-creator>ريم</meta:initial-creator>"
        "<meta:creation-date>2009-03-14T06:20:00.12</meta:creation-date></office:meta></office:document-meta>"
    )
    parts = {"content.xml": f"<office:document-content {OPEN}/>", "Pictures/1.png": b"\x89", "meta.xml": meta}
    picture, read = everything(odt, zipped(parts))
    assert isinstance(picture, Member)
    assert isinstance(read, Reading)
    assert [(one.name, one.value, one.reads) for one in read.observations] == [
        ("initial-creator", "ريم", None),
        ("creation-date", "2009-03-14T06:20:00.12", "2009-03-14T06:20:00"),
    ]
    assert read.why_none == "it has no text"
    assert not parts_of(read)
