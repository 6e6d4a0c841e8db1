"""Pages saved as one file: the root page as the layer, its other parts as members."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from onrecord.intake.media import media_type
from onrecord.intake.pages import mhtml
from onrecord.intake.pages.html import read_stated
from tests.intake.articles import ARTICLE
from tests.intake.given import Given, given

PICTURE = b"\x89PNG" + bytes(range(256))


def saved(root: bytes, charset: str = "utf-8", start: str = "", first: bytes = b"") -> bytes:
    head = (
        "From: <Saved by a browser>\r\nSnapshot-Content-Location: https://weir.example/gate\r\n"
        "Subject: =?utf-8?Q?=D7=94=D7=A9=D7=A2=D7=A8?=\r\nDate: Tue, 14 May 2019 07:15:00 -0000\r\n"
        f'MIME-Version: 1.0\r\nContent-Type: multipart/related; type="text/html"; boundary="----Weir"{start}\r\n\r\n\r\n'
    ).encode()
    page = (
        f"------Weir\r\nContent-Type: text/html; charset={charset}\r\nContent-ID: <root@weir>\r\n"
        "Content-Transfer-Encoding: base64\r\nContent-Location: https://weir.example/gate\r\n\r\n"
    ).encode() + base64.encodebytes(root)
    picture = (
        b"\r\n------Weir\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n"
        b"Content-Location: https://weir.example/../wall.png\r\n\r\n" + base64.encodebytes(PICTURE)
    )
    return head + first + page + picture + b"\r\n------Weir--\r\n"


SAMPLE = saved(ARTICLE.encode())


def read(content: bytes) -> Given:
    return given(mhtml, content, name="gate.mhtml")


def test_the_layer_is_that_of_the_page_alone() -> None:
    found = read(SAMPLE)
    assert found.text == read_stated(ARTICLE.encode()).layer_text
    assert {part.place for part in found.reading.segments} == {None}
    assert found.reading.title == "The night at the bridge"


def test_its_pictures_are_members_with_their_addresses() -> None:
    found = read(SAMPLE)
    assert found.members == [("https://weir.example/../wall.png", PICTURE)]
    assert found.about[0]["url"] == "https://weir.example/../wall.png"


def test_where_and_when_it_was_saved_is_observed() -> None:
    found = read(SAMPLE)
    assert found.stated("Snapshot-Content-Location") == ["https://weir.example/gate"]
    assert found.observed("Date").reads == "2019-05-14T07:15:00Z"
    assert found.stated("Subject") == ["השער"]
    assert found.stated("Content-Location of the page") == ["https://weir.example/gate"]


@pytest.mark.parametrize("charset", ["windows-1255", "iso-8859-8-i"])
def test_the_encoding_may_stand_in_its_part_alone(charset: str) -> None:
    assert read(saved("<p>השער סגור".encode("windows-1255"), charset)).text == "השער סגור"


def test_the_page_that_is_named_as_the_start_is_the_root() -> None:
    frame = b"------Weir\r\nContent-Type: text/html\r\nContent-ID: <other>\r\n\r\n<p>A frame.\r\n"
    assert read(saved(b"<p>The gate.", start='; start="<root@weir>"', first=frame)).text == "The gate."
    assert read(saved(b"<p>The gate.", first=frame)).text == "A frame."


def test_a_file_without_a_page_has_no_layer_and_a_reason() -> None:
    assert read(SAMPLE.replace(b"text/html;", b"text/none;")).reading.why_none == "it holds no page"


def test_a_saved_page_is_known_by_its_headers() -> None:
    assert media_type(SAMPLE, "gate.mhtml") == "multipart/related"


@for_all(st.binary(max_size=300))
def test_any_bytes_give_a_reading(content: bytes) -> None:
    read(content)


@for_all(st.data())
def test_any_change_to_a_saved_page_gives_a_reading(data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(SAMPLE)))
    gone = data.draw(st.integers(0, 80))
    read(SAMPLE[:place] + data.draw(st.binary(max_size=20)) + SAMPLE[place + gone :])
