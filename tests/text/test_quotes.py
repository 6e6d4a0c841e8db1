from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from onrecord.text.quotes import locate


def test_white_space_is_folded_on_both_sides() -> None:
    text = "they came\n  at\u00a0night, she said"
    [(start, end)] = locate("came at\t night", text)
    assert text[start:end] == "came\n  at\u00a0night"


def test_everything_else_is_exact() -> None:
    assert locate("Night", "at night") == []
    assert locate("الى", "إلى") == []
    assert locate("a.b", "axb") == []


def test_a_quote_found_twice_lists_its_places() -> None:
    assert locate("no, no", "no, no, no") == [(0, 6), (4, 10)]


def test_white_space_around_the_quote_is_not_part_of_it() -> None:
    assert locate("  the gate \n", "at the gate now") == [(3, 11)]


def test_a_quote_of_nothing_is_nowhere() -> None:
    assert locate(" \n", "some text") == []


def test_a_megabyte_is_searched_at_once() -> None:
    text = "the cause of the thing and the\n" * 33_000 + "the gate was shut"
    started = time.perf_counter()
    assert len(locate("the gate was shut", text)) == 1
    assert time.perf_counter() - started < 1


@given(st.text(), st.text(alphabet=" \n\u00a0abאل.*\\", min_size=1), st.text())
def test_a_quote_is_found_where_it_was_put(before: str, quote: str, after: str) -> None:
    text = before + quote + after
    stripped = quote.strip()
    if stripped:
        start = len(before) + quote.index(stripped)
        assert (start, start + len(stripped)) in locate(quote, text)
    for start, end in locate(quote, text):
        assert text[start:end].split() == quote.split()
