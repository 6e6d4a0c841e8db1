"""The dossier page as text: what it holds, what it never holds, and how windows are laid out."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pytest

from onrecord.publishing.page import render as page_room
from onrecord.publishing.page.content import (
    Citation,
    CitationView,
    Heading,
    Holder,
    LaterView,
    Paragraph,
    PointView,
    SideView,
    StatementView,
    Text,
    ValueView,
    WindowsView,
    Words,
)
from onrecord.publishing.page.faces import font_css
from onrecord.publishing.page.messages import Message, languages, messages_in, plural
from onrecord.publishing.page.paragraphs import cited_in, rows
from onrecord.publishing.page.render import render
from onrecord.publishing.page.rows import arrange
from tests.publishing.dossier_sample import (
    ARABIC,
    COMPANY,
    ENGLISH,
    LATER,
    ORCHARD,
    SHEPHERD,
    TERRACE,
    WINDOWS,
    told,
)

ROOM = Path(page_room.__file__).parent


class Tags(HTMLParser):
    """Every start tag with its attributes, and the text of elements marked `data-words` and `data-who`."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.marked: dict[tuple[str, str], str] = {}
        self._inside: tuple[str, str] | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        marks = [(name, value or "") for name, value in attrs if name in ("data-words", "data-who")]
        self._inside = marks[0] if marks else None

    def handle_endtag(self, tag: str) -> None:
        self._inside = None

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.marked[self._inside] = self.marked.get(self._inside, "") + data


# What the page holds


def test_the_page_leads_nowhere_but_to_itself_and_its_folder() -> None:
    links = [
        attrs[name] for _, attrs in Tags(render(ENGLISH)).tags for name in ("href", "src") if name in attrs
    ]
    outside = [link for link in links if link and not link.startswith(("#", "originals/"))]
    assert set(outside) == {"README.txt", "verify.py"}
    assert "http:" not in render(ENGLISH) and "https:" not in render(ENGLISH)


def test_the_policy_allows_its_own_style_and_script_and_nothing_else() -> None:
    html = render(ENGLISH)
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]+)"', html)
    policy = policy.replace("&#39;", "'")
    for tag in ("style", "script"):
        (inline,) = re.findall(f"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
        digest = base64.b64encode(sha256(inline.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy and "unsafe" not in policy


def test_no_element_carries_a_style_or_a_handler() -> None:
    names = {name for _, attrs in Tags(render(ENGLISH)).tags for name in attrs}
    assert not {name for name in names if name == "style" or name.startswith("on")}


def test_markup_in_any_text_stays_text() -> None:
    evil = '<script>alert(1)</script>"&'
    source = replace(
        SHEPHERD, words=Words(evil), who=evil, before=evil, where=evil, hedge=evil, withheld=(evil,)
    )
    side = SideView(evil, (told(source),))
    html = render(
        replace(
            ENGLISH,
            title=evil,
            standfirst=evil,
            publisher=evil,
            blocks=(Heading((Text(evil),)), Paragraph((Text(evil), Citation(1)))),
            citations=(replace(source, against=()),),
            windows=(WindowsView(evil, (side,)),),
        )
    )
    assert "<script>alert" not in html
    assert Tags(html).marked[("data-words", "1")] == evil


def test_words_and_speakers_stand_exactly_as_they_are_listed() -> None:
    odd = "  two  spaces,\na line\tand a tab  "
    page = replace(
        ENGLISH, citations=(replace(SHEPHERD, words=Words(odd), against=()),), windows=(), blocks=()
    )
    marked = Tags(render(page)).marked
    assert marked == {("data-words", "1"): odd, ("data-who", "1"): SHEPHERD.who}


def test_every_text_carries_its_own_language_and_direction() -> None:
    html = render(ENGLISH)
    assert '<p class="words spoken arab" lang="ar" dir="rtl">' in html
    assert '<p class="words spoken hebr" lang="he" dir="rtl">' in html
    assert f'<bdi class="who">{SHEPHERD.who}</bdi>' in html


def test_a_language_without_a_table_is_told_about_in_english_around_its_own_text() -> None:
    html = render(replace(ENGLISH, language="fa", direction="rtl", title="یازده بلوک"))
    assert '<html lang="en" dir="ltr">' in html
    assert '<h1 class="words arab" lang="fa" dir="rtl">یازده بلوک</h1>' in html


def test_what_is_proven_and_what_is_attested_is_said_even_before_any_check() -> None:
    html = render(ENGLISH)
    for said in ("What the check can show", "What the publisher attests", "What it cannot show"):
        assert f"<h3>{said}</h3>" in html
    assert 'class="state proven"' not in html


# The article and its sources


def test_paragraphs_are_numbered_so_that_sources_can_say_where_they_are_cited() -> None:
    numbered = rows(ENGLISH.blocks, {source.n: source for source in ENGLISH.citations})
    assert [row.number for row in numbered] == [None, 1, 2, 3, None, 4, 5]
    assert cited_in(numbered) == {3: [1, 3], 1: [1], 5: [1, 5], 2: [2, 4], 4: [2]}


def test_the_citations_of_one_speaker_share_a_note_in_the_margin() -> None:
    cited = Paragraph((Citation(1), Citation(3), Citation(5)))
    (row,) = rows((cited,), {source.n: source for source in ENGLISH.citations})
    assert [(note.numbers, note.bases) for note in row.notes] == [((1, 5), ("saw",)), ((3,), ("measured",))]


def test_a_citation_hugs_the_word_before_it_and_the_next_keeps_its_distance() -> None:
    runs = (Text("It fell "), Citation(1), Text(" "), Citation(2), Text(", they say."))
    html = render(replace(ENGLISH, blocks=(Paragraph(runs),)))
    text = re.sub(r"<a [^>]*>(\d)</a>", r"[\1]", html)
    assert "It fell[1][2], they say." in text


# Windows


def printed(window: WindowsView) -> Iterator[StatementView]:
    for row in arrange(window).rows:
        for cell in row.cells:
            yield from cell.printed


def test_every_statement_is_printed_once_also_when_it_stands_beside_an_earlier_one() -> None:
    shown = [n for one in printed(WINDOWS) for n in (one.n, *(later.n for later in one.later))]
    assert sorted(shown) == [1, 2, 4, 5]


def test_a_contrary_statement_stands_in_both_windows_where_the_person_changed_sides() -> None:
    turned = replace(told(LATER), earlier=(LaterView(SHEPHERD.who, SHEPHERD.words, 1),))
    first, second = WINDOWS.sides
    sides = (replace(first, statements=(told(SHEPHERD, LATER),)), replace(second, statements=(turned,)))
    (row,) = arrange(replace(WINDOWS, sides=sides, shared=(), disputed=(), only=())).rows
    assert [[one.n for one in cell.statements] for cell in row.cells] == [[1], [5]]
    html = render(replace(ENGLISH, windows=(replace(WINDOWS, sides=sides),)))
    assert "Later the same person said otherwise" in html
    assert "Earlier the same person said otherwise" in html


def test_a_statement_that_speaks_to_no_point_still_has_its_row() -> None:
    (row,) = arrange(replace(WINDOWS, shared=(), disputed=(), only=())).rows
    assert row.kind == "said"
    assert [statement.n for statement in row.cells[1].statements] == [2, 4]


def test_a_side_that_says_nothing_on_a_point_is_silent_for_the_reason_given() -> None:
    _, loss, ordered = arrange(WINDOWS).rows[0].further
    assert [cell.silent for cell in loss.cells] == [False, True]
    assert loss.cells[1].silence is None
    assert ordered.cells[0].silence and ordered.cells[0].silence.absence == "refused"


def test_a_value_held_on_no_side_is_kept_in_the_spine() -> None:
    disputed = arrange(WINDOWS).rows[0].further[0]
    (apart,) = disputed.apart
    assert [value.text for value in apart.values] == ["06:30"]
    assert [holder.n for holder in apart.holders] == [3]


def test_a_point_whose_words_are_printed_above_stands_in_their_row() -> None:
    shared, happened = arrange(WINDOWS).rows
    assert [row.points[0].property for row in shared.further] == ["time", "loss", "ordered_by"]
    assert [row.kind for row in shared.further] == ["disputed", "only", "only"]
    assert happened.points[0].property == "happened"


def test_every_value_is_printed_also_where_its_point_has_no_row_of_its_own() -> None:
    html = render(ENGLISH)
    for point in (*WINDOWS.shared, *WINDOWS.disputed, *WINDOWS.only):
        for value in point.values:
            assert value.text in html


def test_values_that_different_sides_alone_tell_of_one_question_stand_beside_each_other() -> None:
    points = tuple(
        PointView("present", (ValueView(who, (Holder(side, who, n),)),))
        for side, who, n in ((TERRACE, "a shepherd", 1), (ORCHARD, "a clerk", 4))
    )
    (row, *_) = arrange(replace(WINDOWS, shared=(), disputed=(), only=points, silent=())).rows
    assert [[held.value.text for held in cell.held] for cell in row.cells] == [["a shepherd"], ["a clerk"]]
    html = render(replace(ENGLISH, windows=(replace(WINDOWS, only=points),)))
    assert "Each told by one side" in html


def test_a_point_told_on_no_side_only_leaves_no_empty_row_between_the_sides() -> None:
    point = PointView("duration", (ValueView("two hours", (Holder(None, "Dana Orr", 3),)),))
    window = replace(WINDOWS, only=(point,))
    arranged = arrange(window)
    assert point not in [point for row in arranged.rows for point in row.points]
    assert [row.points for row in arranged.unsided] == [(point,)]
    html = render(replace(ENGLISH, windows=(window,)))
    assert "two hours" in html[html.index("Points told only by them") :]


def test_a_point_of_the_event_itself_is_not_taken_for_one_of_the_subject_above() -> None:
    html = render(ENGLISH)
    assert f"<dt><bdi>{WINDOWS.title}</bdi>: Losses</dt>" in html


@pytest.mark.parametrize(
    ("language", "yes", "no"),
    [
        ("en", "It happened", "It did not happen"),
        ("ar", "حدث ذلك", "لم يحدث ذلك"),
        ("he", "זה קרה", "זה לא קרה"),
    ],
)
def test_that_something_happened_is_said_in_words(language: str, yes: str, no: str) -> None:
    for text, negated, said in (("yes", False, yes), ("yes", True, no), ("no", False, no), ("no", True, yes)):
        value = ValueView(text, (Holder(TERRACE, SHEPHERD.who, 1),), negated)
        window = replace(WINDOWS, shared=(), disputed=(), only=(PointView("happened", (value,)),), silent=())
        html = render(replace(ENGLISH, language=language, windows=(window,)))
        assert f'<p class="value">{said}</p>' in html


def test_a_side_without_a_statement_is_not_given_the_word_of_a_stated_absence() -> None:
    html = render(ENGLISH)
    assert "No statement shown here." in html
    assert "None seen" not in html.partition("<script")[0]


def test_one_side_alone_has_nothing_between_it_and_another() -> None:
    alone = replace(WINDOWS, sides=WINDOWS.sides[:1], shared=())
    html = render(replace(ENGLISH, windows=(alone,))).partition("<script")[0]
    assert "Between them" not in html
    assert "Told by one side" not in html


def test_points_that_the_same_statements_share_stand_in_one_row() -> None:
    (shared,) = WINDOWS.shared
    again = replace(shared, property="happened")
    other = replace(
        shared, property="time", values=(replace(shared.values[0], holders=(Holder(TERRACE, "x", 5),)),)
    )
    first, *_ = arrange(replace(WINDOWS, shared=(shared, other, again), disputed=(), only=())).rows
    assert [point.property for point in first.points] == ["done_by", "happened"]
    assert [point.property for row in first.further for point in row.points] == ["time"]


def test_shared_points_that_go_into_the_row_of_their_words_keep_their_values() -> None:
    (shared,) = WINDOWS.shared
    held = (Holder(TERRACE, LATER.who, 5), Holder(ORCHARD, COMPANY.who, 2))
    further = tuple(
        PointView(property, (ValueView(text, held),))
        for property, text in (("cause", "rain"), ("loss", "a wall"))
    )
    window = replace(WINDOWS, shared=(shared, *further), disputed=(), only=())
    assert [len(row.points) for row in arrange(window).rows[0].further] == [2]
    html = render(replace(ENGLISH, windows=(window,)))
    for text in ("rain", "a wall"):
        assert html.count(f"<bdi>{text}</bdi>") == 3


def test_what_people_on_no_side_say_is_printed_once_too() -> None:
    elsewhere = (told(SHEPHERD, LATER), told(LATER))
    assert [one.n for one in arrange(replace(WINDOWS, elsewhere=elsewhere)).elsewhere] == [1]


def test_a_later_contrary_statement_stands_beside_the_earlier() -> None:
    html = render(ENGLISH)
    earlier, later = html.index(SHEPHERD.words.text), html.index(LATER.words.text)
    assert "Later the same person said otherwise" in html[earlier:later]


@pytest.mark.parametrize(
    ("count", "name"), [(1, "sides-1"), (2, "sides-2"), (3, "sides-3"), (6, "sides-many")]
)
def test_any_number_of_sides_has_its_layout(count: int, name: str) -> None:
    sides = tuple(
        SideView(f"Side {n}", (StatementView("Somebody", Words("So it was."), n),)) for n in range(count)
    )
    point = PointView("cause", (ValueView("wind", (Holder("Side 0", "Somebody", 0),)),))
    html = render(replace(ENGLISH, windows=(WindowsView("An event", sides, disputed=(point,)),)))
    assert f'class="windows part {name}"' in html


def test_reports_and_origins_are_counted_apart() -> None:
    assert "<bdi>4</bdi> reports, <bdi>2</bdi> origins" in render(ENGLISH)


def test_a_statement_without_words_says_what_it_was() -> None:
    silent = SideView(TERRACE, (StatementView("A shepherd", None, None, act="silent"),), "ar", "rtl")
    html = render(replace(ENGLISH, windows=(WindowsView("An event", (silent,)),)))
    assert "Does not speak" in html and "Without words." in html


# The page's own words


def forms(message: Message) -> list[str]:
    return [message] if isinstance(message, str) else list(message.values())


def test_every_language_says_the_same_things_with_the_same_blanks() -> None:
    english = messages_in("en").table
    for language in languages():
        table = messages_in(language).table
        assert table.keys() == english.keys()
        for key, message in table.items():
            blanks = {blank for form in forms(message) for blank in re.findall(r"{(\w+)}", form)}
            assert blanks == {
                blank for form in forms(english[key]) for blank in re.findall(r"{(\w+)}", form)
            }, key


def test_every_message_that_the_page_or_its_script_asks_for_is_there() -> None:
    table = messages_in("en").table
    templates = "".join(file.read_text(encoding="utf-8") for file in (ROOM / "template").iterdir())
    script = (ROOM / "script" / "dossier.js").read_text(encoding="utf-8")
    asked = set(re.findall(r'(?:say|plain|fact)\("([a-z.0-9]+)"[,)]', templates))
    asked |= {f"js.{what}" for what in re.findall(r'wrong\("\w+", "([a-z.]+)"', script)}
    asked |= {
        f"js.{kind}.{step}" for kind in ("step", "not") for step in re.findall(r'reached\("(\w+)"', script)
    }
    assert len(asked) > 60
    assert asked <= table.keys()


@pytest.mark.parametrize(
    ("language", "numbers"),
    [
        ("en", {0: "other", 1: "one", 2: "other"}),
        ("he", {1: "one", 2: "two", 3: "other", 22: "other"}),
        (
            "ar",
            {
                0: "zero",
                1: "one",
                2: "two",
                3: "few",
                10: "few",
                11: "many",
                99: "many",
                100: "other",
                103: "few",
            },
        ),
    ],
)
def test_numbers_take_the_plural_of_their_language(language: str, numbers: dict[int, str]) -> None:
    assert {n: plural(language, n) for n in numbers} == numbers


# The style and the faces


def test_the_style_knows_no_left_or_right() -> None:
    physical = re.compile(
        r"(?:margin|padding|border|inset)-(?:left|right|top|bottom)|(?:^|[ ;{])(?:left|right|top|bottom|width|height):"
    )
    for sheet in sorted((ROOM / "css").iterdir()):
        style = re.sub(r"\((?:min|max)-width", "(", sheet.read_text(encoding="utf-8"))
        assert not physical.search(style), sheet.name


@pytest.fixture
def fonts(tmp_path: Path) -> Path:
    """A folder of stand-ins, one file for each face, as `npm run build` in ui/ would leave it."""
    ranges = {
        "latin": "U+0000-00FF",
        "latin-ext": "U+0100-02BA",
        "arabic": "U+0600-06FF,U+200C-200E",
        "hebrew": "U+0590-05FF",
    }
    cuts = [(400, "normal"), (600, "normal"), (400, "italic")]
    faces = [
        {"family": f"{voice} {subset}", "voice": voice, "subset": subset, "weight": weight, "style": style}
        | {"range": ranges[subset], "file": f"{voice}-{subset}-{weight}-{style}.woff2"}
        for voice in ("serif", "sans")
        for subset in ranges
        for weight, style in cuts
    ]
    for face in faces:
        (tmp_path / str(face["file"])).write_bytes(str(face["file"]).encode())
    (tmp_path / "faces.json").write_text(json.dumps(faces), encoding="utf-8")
    return tmp_path


def embedded(css: str) -> set[str]:
    return {
        base64.b64decode(data).decode().removesuffix(".woff2") for data in re.findall(r"base64,([^\"]+)", css)
    }


def test_only_the_faces_that_the_text_needs_are_embedded(fonts: Path) -> None:
    markup = '<p>Plain.</p><div class="words"><p>Read <strong>this</strong> <em>now</em>: نعم</p></div><script>שלום</script>'
    assert embedded(font_css(markup, fonts)) == {
        "sans-latin-400-normal",
        "serif-latin-400-normal",
        "serif-latin-600-normal",
        "serif-latin-400-italic",
        "serif-arabic-400-normal",
    }


def test_emphasis_in_a_script_without_italics_has_its_bold(fonts: Path) -> None:
    assert "serif-hebrew-600-normal" in embedded(font_css('<p class="words"><em>שלום</em></p>', fonts))


def test_punctuation_alone_brings_no_face_of_another_script(fonts: Path) -> None:
    assert embedded(font_css("<p>a\u200e\u200c</p>", fonts)) == {"sans-latin-400-normal"}


def test_without_built_fonts_the_page_uses_the_readers_own(tmp_path: Path) -> None:
    assert font_css("<p>text</p>", tmp_path / "fonts") == ""


def test_a_page_in_two_scripts_stays_light_enough_to_send() -> None:
    assert len(render(ENGLISH).encode()) < 440_000
    assert len(render(ARABIC).encode()) < 550_000


def test_a_citation_needs_its_source() -> None:
    with pytest.raises(KeyError):
        render(replace(ENGLISH, blocks=(Paragraph((Citation(9),)),)))


def test_a_source_may_say_almost_nothing() -> None:
    bare = CitationView(1, Words(""), "not given")
    assert "not given" in render(replace(ENGLISH, blocks=(), windows=(), originals=(), citations=(bare,)))
