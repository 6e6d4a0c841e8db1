"""Pages: all that a reader could see is in the layer, and every part leads back to its place in the source."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.intake.pages.blocks import visible_blocks
from onrecord.intake.pages.main_text import Trafilatura
from onrecord.intake.pages.page import Page, WalkingReader, read_page
from onrecord.intake.reading import MAIN, OUTSIDE, Reading
from onrecord.record.errors import ReaderFailed
from tests.intake.articles import ARTICLE

REAL_PAGE = Path(__file__).resolve().parents[2] / "../shared/data/casement/casement-1904.html"


def here() -> WalkingReader:
    return WalkingReader(Trafilatura())


def read(source: str) -> Reading:
    return read_page(source.encode(), here())


def parts(source: str) -> list[str]:
    return [block.text for block in visible_blocks(source).blocks]


def kinds(source: str) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in visible_blocks(source).blocks]


def bare_words(markup: str) -> list[str]:
    markup = re.sub(r"(?s)<(script|style)\b.*?</\1>|<!--.*?-->", " ", markup)
    return html.unescape(re.sub(r"</?(?:p|td|th|tr|br|li|div)\b[^>]*>", " ", markup)).split()


def test_every_part_leads_back_to_its_place_in_the_source() -> None:
    reading = read(ARTICLE)
    assert reading.layer_text
    for segment in reading.segments:
        assert segment.place
        there = " ".join(re.sub("<[^>]*>", "", " ".join(bare_words(ARTICLE[slice(*segment.place)]))).split())
        assert " ".join(reading.layer_text[segment.start : segment.end].split()) == there


def test_menus_and_footers_are_kept_in_order_and_marked() -> None:
    reading = read(ARTICLE)
    told = {(reading.layer_text or "")[part.start : part.end]: part.part for part in reading.segments}
    assert told["Front page"] == told["Contact us | Subscribe"] == OUTSIDE
    assert told["The night at the bridge"] == MAIN
    assert [part for text, part in told.items() if text.startswith(("Two", "The press", "A third"))] == [
        MAIN
    ] * 3
    assert [part.start for part in reading.segments] == sorted(part.start for part in reading.segments)


def test_footnotes_are_kept() -> None:
    assert "Interview at the first witness's home, with an interpreter." in (read(ARTICLE).layer_text or "")


def test_a_words_markup_does_not_cut_it() -> None:
    assert "the patrol came to the bridge shortly" in (read(ARTICLE).layer_text or "")


def test_a_tables_rows_are_lines_with_a_tab_between_cells() -> None:
    assert "\n\nHour\tSeen by\n00:10\tFirst witness\n06:30\t\n\n" in (read(ARTICLE).layer_text or "")


def test_scripts_styles_and_hidden_parts_are_counted_and_not_in_the_text() -> None:
    reading = read(ARTICLE)
    for unseen in ("secret", "color", "Not for readers"):
        assert unseen not in (reading.layer_text or "")
    assert reading.notes == (
        "in the page but not in its text: scripts: 1, styles: 1, words in hidden parts: 3",
    )


def test_the_title_is_told_apart_from_the_text() -> None:
    assert read(ARTICLE).title == "The night at the bridge"


def test_the_text_does_not_depend_on_the_engine_that_finds_the_main_text() -> None:
    source = ARTICLE
    assert here().read(source).text == here().read(source, with_main_text=False).text


def test_how_it_was_made_is_told() -> None:
    recipe = read(ARTICLE).recipe
    assert (recipe["tool"], recipe["parameters"]["encoding"]) == ("onrecord page", "utf-8")
    assert recipe["parameters"]["main text"].startswith("trafilatura ")
    assert read(ARTICLE) == read(ARTICLE)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a<br>b <br/> c", ["a\nb\nc"]),
        ("<p>a\n  b\t\tc</p>", ["a b c"]),
        ("<pre>\n one\n  two\r\n</pre>", [" one\n  two"]),
        ("<textarea> a\n<b></textarea>", [" a\n<b>"]),
        ("<ul><li>1<ul><li>2</ul><li>3</ul>", ["1", "2", "3"]),
        ("<p>one<p>two<div>three</p>four", ["one", "two", "three", "four"]),
        ("<noscript>without scripts</noscript>", ["without scripts"]),
        ("<div hidden>a<div>b</div>c</div>d", ["d"]),
        ("<p style='Display : none'>a</p><p style='display:block'>b</p>", ["b"]),
        ("<p><span hidden>a</p><p>b</p>", ["b"]),
        ('<p class="hidden">seen</p><p title="is hidden">seen too', ["seen", "seen too"]),
        ("<table><tr hidden><td>a<tr><td>b<td>c", ["b\tc"]),
        ("<td>no table</td> after", ["no table", "after"]),
        ("<table><tr><td>left<td><table><tr><td>in<td>ner</table>right", ["left", "in\tner", "right"]),
        ("<table><caption>Named</caption><tr><td>a<td>b<tr><td>c<td>d</table>", ["Named", "a\tb", "c\td"]),
        ("\u00a0a\u00a0", ["\u00a0a\u00a0"]),
        ("a\ue000b", ["a\ue000b"]),
    ],
)
def test_blocks_are_those_that_a_browser_shows(source: str, expected: list[str]) -> None:
    assert parts(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("1 < 2 & 3 > 2 &amp;lt; &#x5d0; &nosuch;", "1 < 2 & 3 > 2 &lt; א &nosuch;"),
        ('<a title="x > y">seen</a>', "seen"),
        ("<a title='\">'>seen", "seen"),
        ("<!-- a > b -->seen<!--> too<!-- -- > --!> all", "seen too all"),
        ("</3>seen<!doctype x><?php y ?>", "seen"),
        ("seen <a href='broken", "seen <a href='broken"),
        ("seen </", "seen </"),
        ("a&#0;b&#xD800;c&#" + "9" * 5000 + ";d&#" + "0" * 5000 + "65;", "a\ufffdb\ufffdc\ufffddA"),
        ("<script><p>x</script >seen", "seen"),
    ],
)
def test_broken_markup_loses_no_visible_words(source: str, expected: str) -> None:
    assert parts(source) == [expected]


@pytest.mark.parametrize("name", ["script", "style", "title"])
def test_what_an_element_without_an_end_swallows_is_counted(name: str) -> None:
    found = visible_blocks(f"<p>a</p><{name}>all the rest")
    assert found.not_shown[f"words in a {name} that never ends"] == 3


def test_a_self_closed_script_ends_where_pages_are_written_as_xml() -> None:
    assert parts('<?xml version="1.0"?><html><script src="x"/><p>seen</p></html>') == ["seen"]


def test_kinds_of_parts_are_told() -> None:
    source = "<h2>H</h2><p>P</p><ul><li>L</ul><pre>V</pre><table><tr><td>a<td>b</table>"
    found = [("heading", "H"), ("paragraph", "P"), ("list item", "L"), ("preformatted", "V"), ("row", "a\tb")]
    assert kinds(source) == found


@pytest.mark.parametrize(
    "source",
    [
        "<div>" * 100_000 + "words" + "</div>" * 100_000,
        "<p>" + "<b>" * 100_000 + "words",
        "<table><tr><td>" * 30_000 + "words",
        "<ul><li>" * 50_000 + "words",
    ],
    ids=["closed", "inline", "tables", "lists"],
)
def test_nesting_of_any_depth_keeps_the_words_and_says_what_was_not_told(source: str) -> None:
    reading = read(source)
    assert reading.layer_text == "words"
    assert "nested" in reading.notes[-1]


def test_entities_that_stand_for_one_another_are_not_unfolded() -> None:
    source = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><p>&b;</p>'
    assert "haha" not in (read(source).layer_text or "")


@pytest.mark.parametrize("declared", ["windows-1255", "iso-8859-8-i", "WINDOWS-1255"])
def test_a_page_says_its_encoding(declared: str) -> None:
    page = f'<meta http-equiv="Content-Type" content="text/html; charset={declared}"><p>שלום לכולם</p>'
    assert read_page(page.encode("windows-1255"), here()).layer_text == "שלום לכולם"


@pytest.mark.parametrize("declared", ["rot13", "zlib", "unicode_escape", "utf-7", "nonsense", "x" * 39])
def test_a_label_that_is_no_encoding_is_not_obeyed(declared: str) -> None:
    page = f"<meta charset={declared}><p>שלום</p>"
    reading = read_page(page.encode(), here())
    assert (reading.layer_text, reading.encoding) == ("שלום", "utf-8")
    assert declared in reading.notes[0]


def test_a_page_that_shows_nothing_has_no_layer_and_a_reason() -> None:
    reading = read("<script>all()</script><img src=x>")
    assert (reading.layer_text, reading.why_none) == (None, "the page shows no text")


class FailsWithMainText:
    """A reader that the foreign engine brings down."""

    def read(self, source: str, with_main_text: bool = True) -> Page:
        if with_main_text:
            raise ReaderFailed("page", "it ended the reader (SIGSEGV)", "")
        return here().read(source, with_main_text=False)


def test_a_page_that_ends_the_engine_keeps_its_text() -> None:
    reading = read_page(ARTICLE.encode(), FailsWithMainText())
    assert reading.layer_text == read(ARTICLE).layer_text
    assert "SIGSEGV" in reading.notes[-1]
    assert {part.part for part in reading.segments} == {None}


class Broken:
    name = "an engine"

    def of(self, source: str) -> str | None:
        raise RecursionError


def test_an_engine_that_raises_an_error_only_leaves_the_main_text_untold() -> None:
    page = WalkingReader(Broken()).read("<p>words</p>")
    assert page.text == "words"
    assert page.notes == ("the main text was not told apart: an engine failed (RecursionError)",)


NAMES = "p b table tr td th caption ul li br pre div span tbody h1 hr img option"
TAGS = [f"<{name}>" for name in NAMES.split()]
TAGS += [f"</{tag[1:]}" for tag in TAGS]
TAGS += [
    "<p hidden>",
    "<span hidden>",
    "<script>",
    "</script>",
    "<title>",
    "</title>",
    "<textarea>",
    "</textarea>",
]
TAGS += ["<!--", "-->", "<a b=' ' \" >", "<", "&", "&amp;", "</", "<!"]
MARKUP = st.lists(
    st.one_of(
        st.sampled_from(TAGS),
        st.text(alphabet="ab\u05d0\u0628 \n\t\0&<>\"'", max_size=6),
    ),
    max_size=30,
).map("".join)


@given(MARKUP)
def test_any_markup_gives_parts_that_lie_in_the_text_and_in_the_source(source: str) -> None:
    page = WalkingReader(Broken()).read(source)
    page.text.encode("utf-8")
    assert "\0" not in page.text
    at = 0
    for part in page.segments:
        assert part.place
        assert 0 <= part.place[0] < part.place[1] <= len(source)
        assert at <= part.start < part.end <= len(page.text)
        assert page.text[part.start : part.end].strip()
        at = part.end


class Words(HTMLParser):
    """An independent count of what a page shows: all text that is not in its head."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unseen += tag in ("head", "script", "style")

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in ("head", "script", "style")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.words += re.findall(r"\w+", data)


@pytest.fixture(scope="module")
def real() -> SimpleNamespace:
    if not REAL_PAGE.exists():
        pytest.skip("the real page is not here")
    content = REAL_PAGE.read_bytes()
    return SimpleNamespace(source=content.decode("utf-8-sig"), reading=read_page(content, here()))


def test_a_real_page_of_a_megabyte_keeps_all_its_visible_text(real: SimpleNamespace) -> None:
    counted = Words()
    counted.feed(real.source)
    letters = "".join(counted.words)
    assert len(letters) > 500_000
    assert "".join(re.findall(r"\w+", real.reading.layer_text)) == letters


def test_a_real_pages_parts_lead_back_to_their_places(real: SimpleNamespace) -> None:
    for part in real.reading.segments:
        there = html.unescape(re.sub("<[^>]*>", "", real.source[slice(*part.place)]))
        shown = real.reading.layer_text[part.start : part.end]
        assert "".join(shown.split()) == "".join(there.split())
    assert sum(part.part == MAIN for part in real.reading.segments) > 2000
