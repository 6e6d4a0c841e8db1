"""Packages of web archives: digests of their files, their lists of pages, and what the archives inside hold."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from onrecord.intake.media import media_type
from onrecord.intake.pages import wacz as reader
from tests.intake.given import Given, given
from tests.intake.pages.archives import GATE, PAGE, PICTURE, Archive, sample, wacz

PACKAGE = wacz()
HOLDS, DOES_NOT_HOLD = "digest holds", "digest does not hold"


def read(content: bytes) -> Given:
    return given(reader, content, name="weir.wacz")


@pytest.mark.parametrize("way", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_what_its_archives_hold_are_members(way: int) -> None:
    found = read(wacz(way=way))
    assert found.members == [(GATE, PAGE), (f"{GATE}.png", PICTURE)]
    assert found.about[0]["url"] == GATE and found.about[0]["title"] == "השער"
    assert found.reading.title == "البوابة"


def test_its_list_of_pages_and_its_statement_are_observed() -> None:
    found = read(wacz())
    assert found.stated("page") == [GATE] and found.stated("title of the page") == ["השער"]
    assert found.observed("created").reads == "2019-05-14T08:00:00Z"
    assert found.stated("time of the page") == ["2019-05-14T07:15:00Z"]


def test_digests_of_its_files_hold() -> None:
    found = read(wacz())
    held = [one.partition(" ")[0] for one in found.stated(HOLDS)]
    assert held[:3] == ["datapackage.json", "archive/data.warc.gz", "pages/pages.jsonl"]
    assert found.stated(DOES_NOT_HOLD) == [] and "does not hold" not in found.notes


def test_a_file_changed_after_its_digest_was_taken_is_named_and_still_read() -> None:
    other = Archive().answer(GATE, "text/html", b"<p>The gate was open.").bytes
    found = read(wacz(changes={"archive/data.warc.gz": other}))
    assert found.notes.startswith("digest does not hold: archive/data.warc.gz")
    assert found.members == [(GATE, b"<p>The gate was open.")]


def test_a_changed_list_of_files_is_named() -> None:
    found = read(wacz(changes={"datapackage.json": b'{"resources": []}'}))
    assert "digest does not hold: datapackage.json" in found.notes
    assert "gives no digest for: archive/data.warc.gz" in found.notes


def test_a_signature_is_told_and_not_taken_for_checked() -> None:
    signed = {"hash": "sha256:00", "signedData": {"signature": "abc", "domain": "weir.example"}}
    found = read(wacz(changes={"datapackage-digest.json": json.dumps(signed).encode()}))
    assert "it is signed (weir.example); the signature is not checked here" in found.notes
    assert found.stated("signed: domain") == ["weir.example"]


@pytest.mark.parametrize("gone", ["datapackage.json", "pages/pages.jsonl", "archive/data.warc.gz"])
def test_a_file_that_is_not_there_leaves_the_others(gone: str) -> None:
    found = read(wacz(changes={gone: None}))
    assert gone in found.notes
    assert bool(found.members) == (gone != "archive/data.warc.gz")


@pytest.mark.parametrize(
    "stated",
    [
        b"[" * 100_000,
        b"null",
        b'{"resources": 7}',
        b'{"resources": [7, {"path": 1}]}',
        b"\xff",
        b'{"title": "\\ud800"}',
    ],
)
def test_a_statement_of_any_form_leaves_the_pages(stated: bytes) -> None:
    assert read(wacz(changes={"datapackage.json": stated})).names == [GATE, f"{GATE}.png"]


@pytest.mark.parametrize(
    "listed", [b"[" * 100_000 + b"\n", b"words\n", b'{"url": 7}\n', b'{"url": "\\ud800", "title": []}\n']
)
def test_a_list_of_pages_of_any_form_leaves_the_pages(listed: bytes) -> None:
    assert len(read(wacz(changes={"pages/pages.jsonl": listed})).members) == 2


def test_files_outside_its_archives_are_not_taken_out() -> None:
    more = {"../archive/a.warc": sample(False), "archive/../x.html": PAGE, "/archive/b.warc": sample(False)}
    found = read(wacz(changes=more))
    assert len(found.members) == 2 and "further files of the package: 3" in found.notes


def test_a_package_that_would_unpack_to_too_much_is_not_unpacked() -> None:
    content = bytearray(wacz())
    place = content.find(b"PK\x01\x02")
    content[place + 24 : place + 28] = (0xFFFFFFFE).to_bytes(4, "little")
    found = read(bytes(content))
    assert found.members == [] and "would unpack to" in (found.reading.why_none or "")


def test_one_file_after_another_that_is_damaged_is_said() -> None:
    content = bytearray(wacz(way=zipfile.ZIP_DEFLATED))
    place = content.find(b"archive/data.warc.gz") + 60
    content[place : place + 40] = bytes(40)
    found = read(bytes(content))
    assert "archive/data.warc.gz" in found.notes


def zipped(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name in names:
            package.writestr(name, b"words")
    return out.getvalue()


def test_a_package_is_known_by_its_first_file_or_its_ending() -> None:
    assert media_type(wacz(), "x") == "application/wacz"
    assert media_type(zipped("notes.txt"), "x.wacz") == "application/wacz"
    assert media_type(zipped("notes.txt"), "x.zip") == "application/zip"
    assert media_type(zipped("datapackage.json", "archive/notes.txt"), "x.zip") == "application/zip"
    assert media_type(zipped("datapackage.json", "archive/a.warc"), "x.zip") == "application/wacz"


@for_all(st.binary(max_size=300))
def test_any_bytes_give_a_reading(content: bytes) -> None:
    read(content)
    read(b"PK\x03\x04" + content)


@for_all(st.data())
def test_any_change_to_a_package_gives_a_reading(data: st.DataObject) -> None:
    content = PACKAGE
    place = data.draw(st.integers(0, len(content)))
    gone = data.draw(st.integers(0, 50))
    read(content[:place] + data.draw(st.binary(max_size=20)) + content[place + gone :])
