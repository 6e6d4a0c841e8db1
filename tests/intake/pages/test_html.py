"""Pages as a reader gives them: the layer of the walk, and what the page states of itself."""

from __future__ import annotations

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from onrecord.intake.pages import html
from onrecord.intake.pages.page import WalkingReader
from onrecord.intake.pages.stated import edtf_of, stated
from tests.intake.articles import ARTICLE
from tests.intake.given import Given, given

HEAD = """<!-- saved from url=(0026)https://weir.example/gate -->
<html><head><title>The gate &amp; the  weir</title>
<link rel="canonical" href="https://weir.example/gate">
<meta property="og:title" content="البوابة"><meta property="article:published_time" content="2019-05-14T07:15:00+03:00">
<meta name="author" content="שומרת הסכר"><meta name="generator" content="Sluice 2">
<meta name="viewport" content="width=1"><link rel="stylesheet" href="gate_files/a.css">
<link rel="preconnect" href="x"></head><body><img src="gate_files/wall.png"><img src="https://other.example/b.png">
<img src="data:image/png;base64,AA"><img src="gate_files/wall.png"><time datetime="2019-05-14">May</time>
<p>The gate was shut.</body></html>"""


def read(source: str | bytes, **pieces: str) -> Given:
    content = source.encode() if isinstance(source, str) else source
    return given(html, content, pieces={name.replace("_", " "): value for name, value in pieces.items()})


def test_the_layer_is_that_of_the_walk() -> None:
    assert read(ARTICLE).reading.layer_text == WalkingReader(None).read(ARTICLE).text


def test_what_a_page_states_of_itself_is_observed() -> None:
    found = read(HEAD)
    assert found.stated("title") == ["The gate & the weir"]
    assert found.stated("canonical") == ["https://weir.example/gate"]
    assert found.stated("saved from url") == ["https://weir.example/gate"]
    assert found.stated("og:title") == ["البوابة"] and found.stated("author") == ["שומרת הסכר"]
    assert found.stated("generator") == ["Sluice 2"] and found.stated("viewport") == []
    published = found.observed("article:published_time")
    assert published.value == published.reads == "2019-05-14T07:15:00+03:00"
    assert {one.of for one in found.reading.observations} == {"page"}


def test_files_beside_the_page_are_named_once() -> None:
    assert read(HEAD).stated("resource") == ["gate_files/a.css", "gate_files/wall.png"]


def test_what_singlefile_writes_into_a_page_is_observed() -> None:
    found = read(
        "<html><!--\n Page saved with SingleFile \n url: https://ford.example/ \n saved date: Tue May 14 2019\n--><p>x"
    )
    assert found.stated("saved with SingleFile, url") == ["https://ford.example/"]
    assert found.stated("saved with SingleFile, saved date") == ["Tue May 14 2019"]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2019-05-14", "2019-05-14"),
        ("2019-05-14T07:15:00.123Z", "2019-05-14T07:15:00Z"),
        ("2019-05-14T07:15:00+0300", "2019-05-14T07:15:00+03:00"),
        ("14 May 2019", None),
        ("2019-13-14", None),
        ("", None),
    ],
)
def test_a_date_is_told_in_our_form_where_it_is_one(written: str, expected: str | None) -> None:
    assert edtf_of(written) == expected


def test_the_main_text_is_told_apart_unless_it_is_asked_not_to_be() -> None:
    assert {part.part for part in read(ARTICLE).reading.segments} == {"main text", "outside the main text"}
    without = read(ARTICLE, main_text="no")
    assert {part.part for part in without.reading.segments} == {None}
    assert without.text == read(ARTICLE).text and "was not told apart" in without.notes


def test_a_page_with_ten_thousand_files_has_an_end() -> None:
    found = read("".join(f"<img src='{n}.png'><meta name=author content='{n}'>" for n in range(10_000)))
    assert len(found.reading.observations) == 500


@for_all(st.binary(max_size=400))
def test_any_bytes_give_a_reading(content: bytes) -> None:
    read(content)
    read(b"<html>" + content)


@for_all(st.text(alphabet="<>=\"'/!- \nabmetlinkproy&;:\u05d0\u0628\0", max_size=300))
def test_any_markup_gives_observations_that_can_be_kept(source: str) -> None:
    for one in stated(source):
        one.value.encode("utf-8")
        assert one.value and "\0" not in one.value
