from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.text.index import find, index_text, index_texts, match_query

from .fts import Index
from .words import PAIRS, UNLIKE


@pytest.mark.parametrize(("kind", "one", "other"), PAIRS)
@pytest.mark.parametrize("surroundings", ["{}", "before {} after", "قبل {} بعد", "לפני {}, אחרי", "(«{}»)"])
def test_each_spelling_finds_the_other(kind: str, one: str, other: str, surroundings: str) -> None:
    for query, written in ((one, other), (other, one)):
        text = surroundings.format(written)
        assert Index(text).finds(query) == [0], f"{query} does not find {written}"
        shown = find(query, text)
        assert (shown[0][0], shown[-1][1]) == _span(text, written)


def _span(text: str, written: str) -> tuple[int, int]:
    """Where a word stands, without the signs around it that are not seen or not its own."""
    seen = written.strip('\u200f\u202c"')
    return text.index(seen), text.index(seen) + len(seen)


@pytest.mark.parametrize(("one", "other"), UNLIKE)
def test_different_words_are_told_apart(one: str, other: str) -> None:
    assert Index(other).finds(one) == []
    assert Index(one).finds(other) == []


def test_a_hit_is_the_word_as_the_text_has_it() -> None:
    text = "عند الـحَاجِز، والحاجز مغلق"
    assert [text[start:end] for start, end in find("حاجز", text)] == ["الـحَاجِز", "والحاجز"]


def test_all_words_must_occur() -> None:
    index = Index("the gate was shut", "the gate was open", "open gate")
    assert index.finds("gate open") == [1, 2]
    assert find("gate open", "the gate was shut") == []


def test_a_phrase_keeps_its_order() -> None:
    index = Index("open the gate", "the open gate", "gate open")
    assert index.finds('"open gate"') == [1]
    assert find('"open gate"', "the open gate") == [(4, 13)]


def test_a_phrase_finds_its_words_with_other_proclitics() -> None:
    index = Index("ראינו את הבית הלבן שם", "وصلنا إلى البيت الأبيض أمس", "הלבן הבית")
    assert index.finds('"בית לבן"') == [0]
    assert index.finds('"بيت أبيض"') == [1]
    assert find('"בית לבן"', "ראינו את הבית הלבן שם") == [(9, 18)]


def test_a_phrase_does_not_run_through_the_other_readings() -> None:
    text = "הבית ישן והגדר לבנה"
    index = Index(text)
    for query in ('"לבנה בית"', '"בית גדר"', '"גדר בית"', '"לבנה ית"'):
        assert index.finds(query) == []
        assert find(query, text) == []


def test_a_quoted_word_keeps_its_own_letters() -> None:
    index = Index("לב", "כלב", "שלב")
    assert index.finds('"כלב"') == [1]
    assert index.finds("בלחם") == Index("לחם").finds('"בלחם"')


def test_a_star_asks_for_what_begins_so() -> None:
    index = Index("checkpoints", "check", "recheck", "والمحتجزون")
    assert index.finds("check*") == [0, 1]
    assert index.finds("محتجز*") == [3]
    assert index.finds('"rech*') == [2]
    assert find("check*", "two checkpoints") == [(4, 15)]


def test_a_phrase_may_end_in_a_star() -> None:
    assert Index("the field worker", "the field work ended", "field the worker").finds('"field wor"*') == [
        0,
        1,
    ]


def test_a_name_with_stars_is_not_a_prefix() -> None:
    assert Index("Rather far", "at R** they").finds("R**") == [1]


def test_a_date_is_asked_for_as_it_is_written() -> None:
    assert Index("on 3/5/2009", "5 of 3 in 2009").finds("3/5/2009") == [0]


def test_gershayim_inside_a_word_open_no_phrase() -> None:
    assert Index("דוח על הגשר").finds('דו"ח הגשר') == [0]
    assert Index("דוח על הגשר", "גשר על דוח").finds('"דו"ח על"') == [0]


@pytest.mark.parametrize(
    "query", ["", "  ", "*", '"', '""', "-", "()", "،", "\u200b", "_", '"*"', "\x00", "\ue000"]
)
def test_a_query_without_words_asks_nothing(query: str) -> None:
    assert match_query(query) == ""
    assert find(query, "any text") == []


@pytest.mark.parametrize(
    "query",
    [
        "a AND",
        "NOT",
        "OR b",
        "NEAR(a b)",
        "terms:a",
        "a^b",
        "^a",
        "{a}",
        "a + b",
        '"a',
        'a"b"c',
        "a'b",
        "-a",
        "a:*",
    ],
)
def test_no_query_is_a_syntax_error(query: str) -> None:
    Index("text").finds(query)


def test_the_operators_of_the_engine_are_words() -> None:
    assert Index("and or not", "a b").finds("NOT") == [0]


def test_a_thousand_words_may_be_asked_for() -> None:
    text = " ".join(f"word{number} והדרך{number}" for number in range(1000))
    assert Index(text).finds(text) == [0]
    assert Index(text).finds(f'"{text}"') == [0]


def test_an_english_text_is_indexed_once_only() -> None:
    assert index_text("The open Gate, the gate").split() == ["the", "open", "gate", "the", "gate"]


WORDS = st.lists(
    st.sampled_from(
        ["הבית", "בית", "ובבית", "כלב", "لبيت", "البيت", "بيت", "يت", "gate", "Gate’s", "l'gate", "ב", "a_b"]
    ),
    max_size=6,
)
QUERY_PIECES = st.lists(
    st.sampled_from(
        ["בית", "הבית", '"', "*", " ", "بيت", "gate", "gates", " ", "ית", "-", "'", '"gate בית"', "a", "AND"]
    ),
    max_size=6,
).map("".join)


@given(WORDS.map(" ".join), QUERY_PIECES)
def test_what_the_index_finds_is_highlighted_and_nothing_else(text: str, query: str) -> None:
    assert (Index(text).finds(query) == [0]) == bool(find(query, text))


@given(st.text(), st.text())
def test_any_text_can_be_indexed_and_asked_for(text: str, query: str) -> None:
    Index(text).finds(query)
    for start, end in find(query, text):
        assert 0 <= start < end <= len(text)


@given(st.text(alphabet="אבהולםשاوليةكabc'\"*- \n"))
def test_a_text_finds_itself(text: str) -> None:
    quoted = text.replace('"', " ").replace("*", " ")
    if match_query(quoted):
        assert Index(quoted).finds(quoted) == [0]
        assert find(quoted, quoted)


@given(st.lists(st.text(st.sampled_from("ab'\"’ אבה שכתابة.\ue002\u0903")), min_size=1, max_size=5))
def test_texts_indexed_together_are_indexed_as_each_by_itself(texts: list[str]) -> None:
    assert [one.split() for one in index_texts(texts)] == [index_text(text).split() for text in texts]


def test_no_texts_have_no_terms() -> None:
    assert index_texts([]) == []
