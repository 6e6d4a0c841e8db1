"""RTF documents: letters of every code page, the text as it shows, and everything the file holds beside it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.intake.documents import rtf
from onrecord.intake.reading import Member, Reading
from tests.intake.office import assert_sound, everything, parts_of, reading

FONTS = rb"{\fonttbl{\f0 Plain;}{\f1\fcharset178 Arial;}{\f2\fcharset177 David;}}"


def written(body: bytes, page: int = 1252) -> bytes:
    return rb"{\rtf1\ansi\ansicpg%d\deff0" % page + FONTS + body + b"}"


def in_hex(words: str, encoding: str) -> bytes:
    return b"".join(b"\\'%02x" % byte for byte in words.encode(encoding))


def about(read: Reading, kind: str) -> list[dict[str, object]]:
    return [dict(part.about) for part in read.segments if part.kind == kind]


@pytest.mark.parametrize(
    ("words", "page", "encoding"),
    [("السد عند القرية", 1256, "cp1256"), ("הסכר ליד הכפר", 1255, "cp1255"), ("déjà", 1252, "cp1252")],
)
def test_letters_are_read_by_the_documents_code_page(words: str, page: int, encoding: str) -> None:
    assert reading(rtf, written(in_hex(words, encoding), page)).layer_text == words
    assert reading(rtf, written(words.encode(encoding), page)).layer_text == words


def test_letters_of_a_font_are_read_by_its_own_set() -> None:
    body = rb"\f1 " + in_hex("السد", "cp1256") + rb" {\f2 " + in_hex("הסכר", "cp1255") + rb"} \f0 the weir"
    assert reading(rtf, written(body)).layer_text == "السد הסכר the weir"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (rb"\u1513?\u1500?", "של"),
        (rb"\uc2\u1587\'3f\'3fx", "سx"),
        (rb"\uc0\u1587x", "سx"),
        (rb"{\uc0\u1587}\u1587?x", "سسx"),
        (rb"\u-10179?\u-8704?", "\U0001f600"),
        (rb"\u-10179?x", "\ufffdx"),
        (rb"\u-8704?x", "\ufffdx"),
        (rb"\u0?x", "\ufffdx"),
        (rb"\u99999999?x", "\ufffdx"),
        (rb"\uc1\u8217\rquote x", "’x"),
    ],
)
def test_unicode_letters_stand_once(body: bytes, words: str) -> None:
    assert reading(rtf, written(body)).layer_text == words


def test_paragraphs_headings_lists_and_tables_stand_in_order() -> None:
    body = (
        rb"{\stylesheet{\s0 Normal;}{\s1\b heading 1;}{\*\cs10 Default;}}\pard\s1 Statement\par\pard\plain one\line two\par"
        rb"{\listtext 1.\tab}item\par\trowd\pard\intbl a\cell b\par c\cell\row\intbl d\cell\row\pard after\par"
    )
    read = reading(rtf, written(body))
    assert read.layer_text == "Statement\n\none\ntwo\n\n1.\titem\n\na\tb c\nd\n\nafter"
    assert [part.kind for part in read.segments] == [
        "heading",
        "paragraph",
        "list item",
        "row",
        "row",
        "paragraph",
    ]


def test_what_is_no_text_of_the_document_stays_out_of_it() -> None:
    body = (
        rb"{\colortbl;\red0;}{\*\unknown gone{deep}}{\field{\*\fldinst HYPERLINK x}{\fldrslt link}}{\*\bkmkstart b}"
        rb"{\xe{\v entry}}\{\}\\\~\_{\upr{old}{\*\ud{new}}}"
    )
    assert reading(rtf, written(body)).layer_text == "link{}\\\u00a0\u2011new"


def test_inserted_words_stand_in_the_text_and_deleted_and_hidden_ones_beside_it() -> None:
    body = (
        rb"{\*\revtbl{Unknown;}{Rim;}}They came to {\deleted\revauthdel1\revdttmdel114520468 the ford}"
        rb"{\revised\revauth1 the weir}.{\v secret}\par"
    )
    read = reading(rtf, written(body))
    assert read.layer_text == "They came to the weir.\n\ndeleted: the ford\n\nhidden: secret"
    assert about(read, "deleted") == [{"by": "Rim", "time": "2009-03-14T06:20", "at": 13}]
    assert about(read, "paragraph") == [{"inserted": [{"place": [13, 21], "by": "Rim"}]}]
    assert about(read, "hidden") == [{"at": 22}]


def test_notes_comments_and_headers_are_parts_of_their_own() -> None:
    body = rb"{\header head\par}a{\footnote\pard note}b{\*\atnauthor Noa}{\*\annotation really?}\par{\footer foot}"
    read = reading(rtf, written(body))
    assert read.layer_text == "ab\n\nheader: head\n\nfooter: foot\n\nfootnote: note\n\ncomment: really?"
    assert about(read, "comment") == [{"by": "Noa", "at": 2}]


def test_the_properties_are_observed_as_stated() -> None:
    body = (
        rb"{\info{\author " + in_hex("ريم", "cp1256") + rb"}{\creatim\yr2009\mo3\dy14\hr6\min20}{\version3}}x"
    )
    told = [(one.name, one.value, one.reads) for one in reading(rtf, written(body, 1256)).observations]
    assert told == [
        ("author", "ريم", None),
        ("created", "yr2009 mo3 dy14 hr6 min20", "2009-03-14T06:20"),
        ("version", "3", None),
    ]


def test_pictures_come_out_as_files_and_binary_data_is_no_text() -> None:
    body = (
        b"a{\\pict\\pngblip 8950\n4e47}{\\pict\\jpegblip\\bin6 }}{{\\x}b"
        + b"{\\pict\\wmetafile8 "
        + b"00" * 500_000
        + b"}"
    )
    *pictures, read = everything(rtf, written(body))
    assert [(one.name, b"".join(one.chunks)[:6]) for one in pictures if isinstance(one, Member)] == [
        ("picture 1.png", b"\x89PNG"),
        ("picture 2.jpg", b"}}{{\\x"),
        ("picture 3.wmf", bytes(6)),
    ]
    assert isinstance(read, Reading)
    assert read.layer_text == "ab"


def test_what_stands_behind_the_document_is_no_part_of_it() -> None:
    assert reading(rtf, written(b"the weir") + b"}}{and more}").layer_text == "the weir"


def test_a_document_that_breaks_off_gives_what_stands_before() -> None:
    read = reading(rtf, rb"{\rtf1 the weir{\b and")
    assert read.layer_text == "the weirand"
    assert read.notes == ("it breaks off before its end",)


def test_groups_nested_very_deep_do_no_harm() -> None:
    read = reading(rtf, rb"{\rtf1 the weir" + b"{" * 200_000 + b"x")
    assert read.layer_text == "the weir"
    assert "nested more than" in read.notes[0]


def test_a_code_page_not_known_here_is_said() -> None:
    assert "code page 437" in reading(rtf, written(b"a", 437)).notes[0]


@pytest.mark.parametrize(
    "content", [b"", b"{", b"}", b"\\", b"{\\rtf1}", b"{\\rtf1\\bin99999999999 x", b"\\u\\'"]
)
def test_a_file_without_words_says_so(content: bytes) -> None:
    read = reading(rtf, content)
    assert_sound(read)
    assert not parts_of(read)


PIECES = st.sampled_from(
    rb"{ } \* \par \pard \cell \row \intbl \u-10179? \u1587? \'e1 \uc0 \uc3 \bin3 \deleted \revised \v \v0 \footnote "
    rb"\*\annotation \header \f1 \pict \info \author \fonttbl \stylesheet \s1 \upr \*\ud \shptxt x 41 \sn".split(
        b" "
    )
)


@given(st.lists(PIECES, max_size=60))
def test_any_words_in_any_order_are_read_to_some_end(pieces: list[bytes]) -> None:
    assert_sound(reading(rtf, b"{\\rtf1 " + b" ".join(pieces)))


@given(st.binary(max_size=300))
def test_any_bytes_are_read_to_some_end(content: bytes) -> None:
    assert_sound(reading(rtf, content))
    assert_sound(reading(rtf, b"{\\rtf1 " + content))
