"""Texts with small changes are proposed, and the first words that differ are said."""

from __future__ import annotations

import pytest

from onrecord.intake.fingerprints.text import text_fingerprints
from onrecord.matching.texts import Texts, Worded, first_difference, hashes_of, shared
from tests.intake.fingerprints.test_text import WORDS, text


def worded(name: str, words: list[str]) -> Worded:
    (found,) = text_fingerprints(" ".join(words))
    return Worded(name, hashes_of(bytes.fromhex(found.bits)))


@pytest.mark.parametrize("script", sorted(WORDS))
def test_a_text_with_some_words_changed_is_found(script: str) -> None:
    words = text(script, 400)
    texts = Texts()
    texts.add(worded("first", words))
    texts.add(worded("other", text(script, 400, seed=5)))
    changed = [word if n % 40 else "weir" for n, word in enumerate(words)]
    (one,) = texts.like(worded("changed", changed))
    assert (one.one, one.other, one.kind) == ("first", "changed", "same text with small changes")
    assert 65 <= one.measure["share"] <= 95
    assert one.why == f"about {one.measure['share']} of 100 runs of five words stand in both"


def test_a_text_with_half_of_its_words_changed_is_not() -> None:
    words, texts = text("english", 400), Texts()
    texts.add(worded("first", words))
    changed = [word if n % 2 else f"ford{n}" for n, word in enumerate(words)]
    assert list(texts.like(worded("changed", changed))) == []


def test_a_run_that_hundreds_of_texts_have_brings_none_of_them() -> None:
    form, texts = text("hebrew", 6), Texts()
    for number in range(400):
        texts.add(worded(str(number), [*form, *text("english", 300, seed=number + 10)]))
    assert list(texts.like(worded("asked", [*form, *text("english", 300, seed=9)]))) == []


def test_what_two_texts_share_is_the_same_from_either_side() -> None:
    one, other = worded("one", text("arabic", 100)), worded("other", text("arabic", 100)[:60])
    assert (
        shared(one.hashes, other.hashes) == shared(other.hashes, one.hashes) == pytest.approx(0.58, abs=0.05)
    )
    assert shared(one.hashes, one.hashes) == 1
    assert shared((), ()) == 0


@pytest.mark.parametrize(
    ("one", "other", "differing"),
    [
        ("the gate was shut at dawn", "the gate was open at dawn", ("shut", "open")),
        ("كانت البوابة مغلقة", "كانت البوابة مفتوحة", ("مغلقة", "مفتوحة")),
        ("השער היה סגור", "השער לא היה סגור", ("", "לא")),
        ("at the weir\nat  night", "at the weir at night", None),
        ("at the weir", "at the weir and the ford", ("", "and the ford")),
        ("a b c d e f g h i", "z", ("a b c d e f …", "z")),
    ],
)
def test_the_first_words_that_differ(one: str, other: str, differing: tuple[str, str] | None) -> None:
    assert first_difference(one, other) == differing


def test_of_a_form_that_thousands_have_filled_in_only_some_are_told() -> None:
    form, texts = text("english", 100), Texts()
    for number in range(1500):
        texts.add(worded(str(number), [*form, f"name{number}"]))
    assert 0 < len(list(texts.like(worded("asked", [*form, "another"])))) <= 200
