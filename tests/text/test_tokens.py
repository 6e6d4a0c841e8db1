from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from onrecord.text.fold import fold, fold_mapped
from onrecord.text.proclitics import likely_stems, read
from onrecord.text.tokens import cut, tokens, words

SCRIPTS = st.text(alphabet="ab'_’. -\n\"1٢ouls" + "الوبفكةىَـ" + "והבכלמשאתך״־" + "\u200b\u0301é")


def test_tokens_stand_where_the_text_has_them() -> None:
    text = "وقال: «الـطَّريق» הדרך, O’Malley’s!"
    assert [text[token.start : token.end] for token in tokens(text)] == [
        "وقال",
        "الـطَّريق",
        "הדרך",
        "O’Malley’s",
    ]
    assert [token.folded for token in tokens(text)] == ["وقال", "الطريق", "הדרכ", "omalleys"]


def test_arabic_proclitics_are_read_away() -> None:
    assert tokens("وبالطريق")[0].stems == ("بالطريق", "الطريق", "طريق")
    assert set(tokens("للطريق")[0].stems) >= {"الطريق", "طريق"}


def test_hebrew_proclitics_are_read_away() -> None:
    assert set(tokens("ושבדרך")[0].stems) == {"שבדרכ", "בדרכ", "דרכ"}
    assert set(tokens("וכשהדרך")[0].stems) >= {"כשהדרכ", "הדרכ", "דרכ"}


def test_two_letters_at_least_are_left() -> None:
    assert tokens("بل")[0].stems == ()
    assert tokens("לב")[0].stems == ()
    assert tokens("הים")[0].stems == ("ימ",)


def test_proclitics_belong_to_their_own_script() -> None:
    assert tokens("lawless whale")[0].stems == ()


def test_a_proclitic_may_stand_before_another_script() -> None:
    assert tokens("בNGO")[0].stems == ("ngo",)


def test_an_accidental_two_letter_rest_is_not_asked_for() -> None:
    assert likely_stems(read("כלב")) == ()
    assert likely_stems(read("הימ")) == ("ימ",)
    assert likely_stems(read("اليد")) == ("يد",)


def test_an_underscore_parts_words() -> None:
    assert [token.folded for token in tokens("field_notes_١٢")] == ["field", "notes", "12"]


@given(SCRIPTS)
def test_cutting_finds_the_words_that_tokens_finds(text: str) -> None:
    assert [read(word).term for word in cut(fold(text))] == [token.folded for token in tokens(text)]


@given(SCRIPTS)
def test_no_token_leaves_its_text(text: str) -> None:
    last = 0
    for token in tokens(text):
        assert last <= token.start < token.end <= len(text)
        assert read(cut(fold(text[token.start : token.end]))[0]).term == token.folded
        last = token.end


@given(st.text(alphabet="الوبفكت", min_size=2, max_size=8), st.sampled_from(["و", "ال", "وال", "ب", "فبال"]))
def test_an_arabic_word_is_bare_alike_with_and_without_proclitics(word: str, proclitic: str) -> None:
    assert read(proclitic + word).bare == read(word).bare


@given(st.text(alphabet="והבכלמשאת", min_size=2, max_size=8), st.sampled_from(["ו", "ה", "וה", "כשה", "מש"]))
def test_a_hebrew_word_is_bare_alike_with_and_without_proclitics(word: str, proclitic: str) -> None:
    assert read(proclitic + word).bare == read(word).bare


@given(SCRIPTS)
def test_words_of_a_folded_text_do_not_overlap(text: str) -> None:
    found = list(words(fold_mapped(text)))
    assert all(one.end <= other.start for one, other in pairwise(found))


@given(st.text(st.sampled_from("ab'\"’״ אבגהום שָל كتابةُ ال-_.,\n\u0903क3٣"), max_size=40))
def test_the_quick_cut_gives_the_words_that_the_pattern_gives(text: str) -> None:
    folded = fold(text)
    assert cut(folded) == [folded[word.start : word.end] for word in words(fold_mapped(text))]


@given(st.text(max_size=60))
def test_folding_by_characters_is_folding_each_by_itself(text: str) -> None:
    assert fold(text) == "".join(map(fold, text))
