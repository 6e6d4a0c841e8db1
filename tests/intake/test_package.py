"""Office files made to do harm, or damaged: each is read to some end, and nothing outside it is ever looked at."""

from __future__ import annotations

import io
import struct
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onrecord.intake import package
from onrecord.intake.documents import docx, odt
from onrecord.intake.formats import FORMATS
from onrecord.intake.reading import Reading, Skipped
from onrecord.intake.sheets import ods, xlsx
from tests.intake.office import (
    LINKS,
    OF,
    OPEN,
    SHEET,
    WORD,
    assert_sound,
    everything,
    paragraph,
    parts_of,
    reading,
    zipped,
)

_ROOTS = {
    docx: ("word/document.xml", f"<w:document {WORD}><w:body>%s</w:body></w:document>", paragraph("%s")),
    xlsx: (
        "xl/worksheets/sheet1.xml",
        f"<worksheet {SHEET}>%s</worksheet>",
        "<row><c t='str'><v>%s</v></c></row>",
    ),
    odt: (
        "content.xml",
        f"<office:document-content {OPEN}>%s</office:document-content>",
        "<text:p>%s</text:p>",
    ),
    ods: (
        "content.xml",
        f"<office:document-content {OPEN}>%s</office:document-content>",
        "<table:table table:name='a'><table:table-row><table:table-cell><text:p>%s</text:p></table:table-cell>"
        "</table:table-row></table:table>",
    ),
}
READERS = pytest.mark.parametrize(
    "module", list(_ROOTS), ids=lambda module: module.__name__.rpartition(".")[2]
)


def made(module: ModuleType, words: str = "السد", before: str = "", **more: str | bytes) -> bytes:
    """A file of this kind whose main part holds these words, after what may stand before its first element."""
    part, root, body = _ROOTS[module]
    parts: dict[str, str | bytes] = {part: before + root % (body % words)}
    if module is xlsx:
        parts["xl/workbook.xml"] = (
            f'<workbook {SHEET} xmlns:r="{OF}"><sheets><sheet name="a" r:id="a"/></sheets></workbook>'
        )
        parts["xl/_rels/workbook.xml.rels"] = (
            f'<Relationships {LINKS}><Relationship Id="a" Type="{OF}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
        )
    return zipped(parts | more)


@READERS
def test_a_file_without_harm_is_read(module: ModuleType) -> None:
    assert parts_of(reading(module, made(module))) == ["السد"]


@READERS
def test_names_that_stand_for_ever_more_text_are_refused(module: ModuleType) -> None:
    doubling = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    read = reading(module, made(module, "&e11;", f'<!DOCTYPE x [<!ENTITY e0 "bang">{doubling}]>'))
    assert_sound(read)
    assert "it declares entities" in f"{read.why_none} {read.notes}"
    assert "bang" not in (read.layer_text or "")


@READERS
def test_no_file_of_the_reader_gets_into_the_text(module: ModuleType, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("the key under the stone")
    for declared in (
        f'<!ENTITY e SYSTEM "{secret.as_uri()}">',
        f'<!ENTITY % p SYSTEM "{secret.as_uri()}"> %p;',
    ):
        read = reading(module, made(module, "a&e;b", f"<!DOCTYPE x [{declared}]>"))
        assert_sound(read)
        assert "stone" not in f"{read.layer_text} {read.notes} {read.why_none}"
        assert "it declares entities" in f"{read.why_none} {read.notes}"


@READERS
def test_no_address_is_ever_asked(module: ModuleType) -> None:
    asked: list[str] = []

    class Listening(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

    server = HTTPServer(("127.0.0.1", 0), Listening)
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    address = f"http://127.0.0.1:{server.server_port}/"
    try:
        for before in (
            f'<!DOCTYPE x SYSTEM "{address}x.dtd">',
            f'<!DOCTYPE x [<!ENTITY e SYSTEM "{address}e">]>',
            f'<?xml-stylesheet href="{address}s.xsl"?>',
        ):
            assert_sound(reading(module, made(module, "a", before)))
    finally:
        server.shutdown()
    assert not asked


@READERS
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_file_that_breaks_off_says_so(module: ModuleType, share: float) -> None:
    content = made(module)
    read = reading(module, content[: int(len(content) * share)])
    assert read.layer_text is None
    assert (read.why_none or "").startswith("it is not a whole zip file")


@READERS
@pytest.mark.parametrize(
    "content", [b"", b"not xml", b"\0" * 100, "<?xml version='1.0' encoding='cp1256'?><a/>", "<a/>"]
)
def test_a_main_part_that_holds_something_else_says_so(module: ModuleType, content: str | bytes) -> None:
    read = reading(module, made(module, **{_ROOTS[module][0]: content}))
    assert_sound(read)
    assert read.layer_text is None


@READERS
def test_a_zip_of_other_things_says_what_is_missing(module: ModuleType) -> None:
    assert "missing" in (reading(module, zipped({"a": "b"})).why_none or "")


@READERS
def test_a_part_that_would_unpack_beyond_measure_is_refused_before(module: ModuleType) -> None:
    content = bytearray(made(module))
    for header, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = content.find(header, 0)
        content[at + place : at + place + 4] = struct.pack("<I", 0xF0000000)
    read = reading(module, bytes(content))
    assert read.layer_text is None
    assert "would unpack to" in f"{read.why_none} {read.notes}"


@READERS
def test_a_picture_that_is_not_whole_is_skipped_and_the_text_is_read(module: ModuleType) -> None:
    folder = {docx: "word/media", xlsx: "xl/media"}.get(module, "Pictures")
    content = made(module, **{f"{folder}/1.png": bytes(range(256))})
    at = content.index(f"{folder}/1.png".encode()) + len(folder) + 20
    spoilt = content[:at] + b"\xff\xff\xff" + content[at + 3 :]
    skipped, read = everything(module, spoilt)
    assert isinstance(skipped, Skipped)
    assert "is not whole" in skipped.reason
    assert isinstance(read, Reading)
    assert parts_of(read) == ["السد"]


@READERS
def test_parts_that_would_fill_the_disk_together_are_refused(
    module: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(package, "LARGEST_IN_ALL", 100_000)
    folder = {docx: "word/media", xlsx: "xl/media"}.get(module, "Pictures")
    given_back = everything(module, made(module, **{f"{folder}/{n}.png": bytes(60_000) for n in range(3)}))
    assert any(isinstance(one, Skipped) and "more than 100,000 bytes" in one.reason for one in given_back)


@READERS
def test_more_parts_than_any_document_has_are_refused(
    module: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(package, "MOST_PARTS", 3)
    assert reading(module, zipped({str(n): "" for n in range(4)})).why_none == "it has more than 3 parts"


@READERS
def test_a_zip_locked_with_a_password_says_so(module: ModuleType) -> None:
    content = bytearray(made(module))
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as whole:
        names = whole.namelist()
    for header, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        for _ in names:
            at = content.index(header, at + 1)
            content[at + place] |= 1
    read = reading(module, bytes(content))
    assert "it is locked with a password" in f"{read.why_none} {read.notes}"


def test_the_first_part_of_two_with_one_name_does_not_hide_the_other() -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as twice, pytest.warns(UserWarning, match="Duplicate"):
        for words in ("first", "last"):
            twice.writestr("word/document.xml", f"<w:document {WORD}>{paragraph(words)}</w:document>")
    read = reading(docx, written.getvalue())
    assert parts_of(read) == ["last"]
    assert "two of its parts are named word/document.xml: the last of them is read" in read.notes


@READERS
def test_a_part_without_a_name_does_no_harm(module: ModuleType) -> None:
    content = made(module, **{"zzz": "x"})
    spoilt = content.replace(b"zzz", b"\0zz")
    assert parts_of(reading(module, spoilt)) == ["السد"]


def test_each_kind_of_office_file_has_its_reader() -> None:
    modules = {one.module for one in FORMATS.values()}
    assert {
        "documents.docx",
        "documents.odt",
        "documents.rtf",
        "sheets.csv",
        "sheets.xlsx",
        "sheets.ods",
    } <= modules


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(list(_ROOTS)), st.binary(max_size=200))
def test_any_bytes_are_read_to_some_end(module: ModuleType, content: bytes) -> None:
    assert_sound(reading(module, content))
    assert_sound(reading(module, b"PK\x03\x04" + content))


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(list(_ROOTS)), st.data())
def test_any_change_to_a_good_file_is_read_to_some_end(module: ModuleType, data: st.DataObject) -> None:
    content = bytearray(made(module))
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    assert_sound(reading(module, bytes(content)))


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(list(_ROOTS)), st.data())
def test_any_change_inside_a_part_is_read_to_some_end(module: ModuleType, data: st.DataObject) -> None:
    part, root, body = _ROOTS[module]
    xml = root % (body % "السد")
    start = data.draw(st.integers(0, len(xml)))
    end = data.draw(st.integers(start, min(len(xml), start + 40)))
    within = data.draw(st.text(st.sampled_from("<>/&;'\"= a\u202e\u05d0&#13;[]"), max_size=10))
    assert_sound(reading(module, made(module, **{part: xml[:start] + within + xml[end:]})))
