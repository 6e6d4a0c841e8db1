from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.text.fold import fold, fold_mapped
from onrecord.text.proclitics import read
from onrecord.text.tokens import cut

from .words import ARABIC, HEBREW, LATIN

SAME_WITHOUT_PROCLITICS = [
    pair
    for pair in (*ARABIC, *HEBREW, *LATIN)
    if "proclitic" not in pair[0] and pair[0] not in ("two articles", "possessive", "elision", "maqaf")
]


@pytest.mark.parametrize(("kind", "one", "other"), SAME_WITHOUT_PROCLITICS)
def test_spellings_of_one_word_fold_alike(kind: str, one: str, other: str) -> None:
    assert [read(word).term for word in cut(fold(one))] == [read(word).term for word in cut(fold(other))]


def test_a_standing_hamza_is_a_letter() -> None:
    assert fold("ماء") != fold("ما")


def test_signs_that_show_as_nothing_are_dropped() -> None:
    assert fold("a\u200bb\u200c\u200d\u2060\ufeff\u00ad\u202e\u2066c\u2069\u061c\x00\u034f\ufe0f") == "abc"


def test_spaces_of_every_width_stay_spaces() -> None:
    assert fold("a\u00a0b\u2003c\nd\te").split() == ["a", "b", "c", "d", "e"]


def test_isolated_vowel_marks_bring_no_space_along() -> None:
    assert fold("سلام\ufe70") == fold("سلام")


def test_every_code_point_folds_to_what_folds_no_further() -> None:
    for point in range(min(0x20000, sys.maxunicode)):
        folded = fold(chr(point))
        assert fold(folded) == folded, hex(point)


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(), st.text())
def test_a_text_folds_by_its_parts(one: str, other: str) -> None:
    assert fold(one + other) == fold(one) + fold(other)


@given(st.text(alphabet=st.characters(max_codepoint=0x7FF) | st.sampled_from("ﷺﻻß½İ\u200bשּׁ")))
def test_mapped_folding_leads_back_to_the_original(text: str) -> None:
    mapped = fold_mapped(text)
    assert mapped.text == fold(text)
    assert len(mapped.starts) == len(mapped.ends) == len(mapped.text)
    assert list(mapped.starts) == sorted(mapped.starts)
    for place, char in enumerate(mapped.text):
        start, end = mapped.starts[place], mapped.ends[place]
        assert 0 <= start < end <= len(text)
        assert char in fold(text[start:end])


def test_a_mark_goes_with_its_letter() -> None:
    mapped = fold_mapped("سَلامٌ!")
    assert mapped.span(0, 4) == (0, 6)


def test_a_zero_width_sign_after_a_word_does_not_belong_to_it() -> None:
    assert fold_mapped("word\u200f next").span(0, 4) == (0, 4)


def test_what_folds_to_nothing_maps_to_nothing() -> None:
    assert fold_mapped("\u200b\u064e").text == ""
