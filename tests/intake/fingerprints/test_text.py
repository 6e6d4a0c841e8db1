"""The fingerprint of a text: most of it stays when few words change, in any script."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.intake.fingerprints.text import KEPT, LEAST_WORDS, LONGEST, text_fingerprints

WORDS = {
    "english": [
        "the",
        "gate",
        "at",
        "the",
        "weir",
        "was",
        "shut",
        "when",
        "people",
        "of",
        "the",
        "ford",
        "came",
        "down",
        "with",
        "the",
        "stretcher",
    ],
    "arabic": [
        "كانت",
        "البوابة",
        "عند",
        "السد",
        "مغلقة",
        "حين",
        "نزل",
        "أهل",
        "المخاضة",
        "ومعهم",
        "النقالة",
        "في",
        "الصباح",
        "الباكر",
    ],
    "hebrew": [
        "השער",
        "ליד",
        "הסכר",
        "היה",
        "סגור",
        "כאשר",
        "אנשי",
        "המעבר",
        "ירדו",
        "עם",
        "האלונקה",
        "בשעת",
        "בוקר",
        "מוקדמת",
    ],
}


def text(script: str, words: int = 200, seed: int = 1) -> list[str]:
    rng = random.Random(seed)
    return [rng.choice(WORDS[script]) + str(rng.randrange(9)) for _ in range(words)]


def hashes(words: list[str] | str) -> set[str]:
    (found,) = text_fingerprints(words if isinstance(words, str) else " ".join(words))
    return {found.bits[at : at + 8] for at in range(0, len(found.bits), 8)}


@pytest.mark.parametrize("script", sorted(WORDS))
def test_a_changed_word_changes_little(script: str) -> None:
    words = text(script)
    changed = [*words[:100], "ford", *words[101:]]
    assert 0.8 * KEPT < len(hashes(words) & hashes(changed)) < KEPT


@pytest.mark.parametrize("script", sorted(WORDS))
def test_another_text_of_the_same_words_has_hardly_anything_in_common(script: str) -> None:
    assert len(hashes(text(script)) & hashes(text(script, seed=2))) < 0.1 * KEPT


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The GATE, at the weir.", "the gate at the weir"),
        ("أُغلقت البوّابة إلى المدينـــة", "اغلقت البوابه الي المدينه"),
        ("הַשַּׁעַר נִסְגַּר", "השער נסגר"),
        ("café", "cafe\u0301"),
    ],
)
def test_marks_case_and_spellings_of_one_letter_make_no_difference(one: str, other: str) -> None:
    around = " ".join(text("english", 40))
    if one == "café":
        one = "cafe\u0301"
        other = "cafe"
    assert hashes(f"{one} {around}") == hashes(f"{other} {around}")


def test_a_short_text_has_none() -> None:
    assert text_fingerprints(" ".join(text("english", LEAST_WORDS - 1))) == ()
    assert text_fingerprints("") == ()
    assert text_fingerprints(" ".join(text("english", LEAST_WORDS))) != ()


def test_of_a_long_text_the_beginning_and_the_end_are_looked_at() -> None:
    beginning, end = (" ".join(text("english", LONGEST // 4, seed))[: LONGEST // 2] for seed in (1, 2))
    whole = text_fingerprints(f"{beginning} {'a middle that is long ' * 9_000} {end}")
    assert whole == text_fingerprints(f"{beginning} {'another middle that is long ' * 9_000} {end}")
    assert whole != text_fingerprints(f"{beginning} {'a middle that is long ' * 9_000} {beginning}")


@given(st.text())
def test_any_text_is_taken(anything: str) -> None:
    for one in text_fingerprints(anything * 20):
        assert 0 < len(one.bits) <= KEPT * 8 and one.bits == one.bits.lower()
