"""Words of another program are found in our text, whatever it did to white space."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from onrecord.exchange.neighbours.placing import place, times
from onrecord.exchange.neighbours.plan import Words

TEXTS = st.text("abאבسن \n\u00a0", min_size=1, max_size=40)


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


@given(TEXTS, st.data())
def test_marked_words_are_found_where_they_were_marked(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    marked = text[start:end]
    before = len(text[:start]) + len(marked) - len(marked.lstrip())
    words = Words((marked,), times(marked, text, before) + 1, times(marked, text))
    # Another program has its own line breaks.
    ours = re.sub(r"\s+", "\n\n", text)
    found = place(words, ours)
    if not squeezed(marked):
        assert found == "its words are not in the text of its original"
        return
    assert isinstance(found, tuple)
    assert squeezed(ours[found[0] : found[1]]) == squeezed(marked)
    assert len(squeezed(ours[: found[0]])) == len(squeezed(text[:before]))


def test_words_that_stand_more_often_than_they_were_counted_are_not_guessed() -> None:
    assert "2 times" in str(place(Words(("gate",), 1, 1), "the gate, a gate"))


def test_a_start_that_does_not_fit_is_not_believed() -> None:
    assert place(Words(("gate",), start=0), "the gate") == (4, 8)
