"""The kind of a file is told from its bytes; its name decides only where several kinds fit."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.intake.media import media_type

PAGE = "<!DOCTYPE html>\n<html><body><p>Words</p></body></html>"


@pytest.mark.parametrize(
    ("beginning", "expected"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", "application/pdf"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n\x00", "image/png"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "audio/wav"),
        (b"\x00\x00\x00\x18ftypqt  ", "video/quicktime"),
        (b"\x00\x00\x00\x18ftypisom", "video/mp4"),
        (b"\x00\x00\x00\x183gp4" + b"ftyp3gp4", "application/octet-stream"),
        (b"\x1aE\xdf\xa3" + b"\x01" * 20 + b"webm", "video/webm"),
        (bytes(range(256)) * 4, "application/octet-stream"),
    ],
)
def test_bytes_tell_the_kind_whatever_the_name_says(beginning: bytes, expected: str) -> None:
    assert media_type(beginning, "testimony.txt") == expected


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "latin-1"])
def test_a_page_is_a_page_under_any_name_and_in_any_encoding(encoding: str) -> None:
    content = PAGE.replace("Words", "Témoin").encode(encoding)
    assert media_type(content, "saved") == "text/html"
    assert media_type(content, "saved.txt") == "text/html"


@pytest.mark.parametrize(
    "beginning",
    [
        '<?xml version="1.0"?>\n<!DOCTYPE html>\n<html xmlns="http://www.w3.org/1999/xhtml">',
        "  <!-- saved from url=(0014)about:internet -->\n<HTML lang=ar>",
        "<head><title>x</title>",
    ],
)
def test_a_page_may_begin_with_a_declaration_or_a_comment(beginning: str) -> None:
    assert media_type(beginning.encode(), "x") == "text/html"


def test_the_name_is_a_hint_for_text_that_fits_several_kinds() -> None:
    assert media_type(b"a,b\n1,2\n", "figures.csv") == "text/csv"
    assert media_type(b"a,b\n1,2\n", "figures") == "text/plain"
    assert media_type(b"words, then <b>bold</b>", "piece.html") == "text/html"
    assert media_type(b"<p>written by hand", "notes.txt") == "text/plain"


@pytest.mark.parametrize("encoding", ["windows-1255", "windows-1256", "iso8859-8", "utf-16", "utf-8"])
def test_text_in_any_script_and_encoding_is_text(encoding: str) -> None:
    words = "قالت" if encoding == "windows-1256" else "היא אמרה"
    assert media_type((words + "\r\n").encode(encoding) * 50, "notes") == "text/plain"


def test_a_character_cut_by_the_end_of_the_beginning_does_not_make_text_binary() -> None:
    assert media_type("שלום".encode()[:-1], "x") == "text/plain"


def test_zero_bytes_without_a_mark_are_not_text() -> None:
    assert media_type(b"words\0words", "x.txt") == "application/octet-stream"


def test_a_mail_is_known_by_headers_only_mail_has_and_a_press_line_is_not() -> None:
    assert media_type(b"Received: from a\nFrom: b\n\nHello", "x") == "message/rfc822"
    assert (
        media_type(b"MIME-Version: 1.0\nContent-Type: multipart/related\n\n", "x.mht") == "multipart/related"
    )
    assert media_type(b"From: the press office\nDate: 3 May\n\nNo comment.", "x") == "text/plain"


def test_office_files_are_told_from_other_archives() -> None:
    assert media_type(zipped("[Content_Types].xml", "word/document.xml"), "x").endswith(
        "wordprocessingml.document"
    )
    assert media_type(zipped("[Content_Types].xml", "xl/workbook.xml"), "x").endswith("spreadsheetml.sheet")
    assert media_type(zipped("a.txt"), "x.docx") == "application/zip"
    opened = zipped("mimetype", content="application/vnd.oasis.opendocument.text")
    assert media_type(opened, "x") == "application/vnd.oasis.opendocument.text"


def test_office_files_are_known_when_their_folders_are_named_late() -> None:
    parts = '<Override PartName="/xl/workbook.xml"/>'
    early = zipped("[Content_Types].xml", content=parts)
    assert media_type(early, "x").endswith("spreadsheetml.sheet")
    late = zipped("z.bin", "[Content_Types].xml", "word/document.xml")
    assert media_type(late[:60], "x") == "application/zip"
    assert media_type(late[:60], "x", late[-200:]).endswith("wordprocessingml.document")


def test_archives_are_told_from_each_other() -> None:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("weir"))
    assert media_type(made.getvalue(), "x") == "application/x-tar"
    assert media_type(bz2.compress(b"x"), "x.txt") == "application/x-bzip2"
    assert media_type(lzma.compress(b"x"), "x.txt") == "application/x-xz"
    assert media_type(gzip.compress(b"x"), "x") == "application/gzip"
    assert media_type(gzip.compress(b"WARC/1.1\r\n" + b"x" * 90), "x") == "application/warc+gzip"
    assert media_type(zipped(), "x") == "application/zip"


def zipped(*names: str, content: str = "x") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in names:
            archive.writestr(name, content)
    return made.getvalue()


@given(st.binary(max_size=300), st.text(max_size=20))
def test_any_bytes_and_any_name_have_a_media_type(beginning: bytes, name: str) -> None:
    assert "/" in media_type(beginning, name)
