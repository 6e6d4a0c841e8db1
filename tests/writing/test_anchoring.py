"""Every passage that is kept quotes its layer, whatever is given, changed or removed: else the record would not verify."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onrecord.api import Record
from onrecord.record.errors import OnrecordError, PassageLost, PutRefused

TEXT = "The gate was shut.\nThe wall fell. The gate was\n shut again."
Letter = Callable[[str], str]


@pytest.fixture
def item(letter: Letter) -> str:
    return letter(TEXT)


def put(record: Record, **fields: Any) -> dict[str, Any]:
    record.put([{"kind": "passage", "id": "p", **fields}])
    return record.get("p")


def lost(record: Record, **fields: Any) -> str:
    with pytest.raises(PutRefused) as wrong:
        put(record, **fields)
    return str(wrong.value.errors[0]["error"])


def test_offsets_alone_give_the_words(record: Record, item: str) -> None:
    passage = put(record, item=item, start=4, end=8)
    assert (passage["quote"], passage["suffix"][:4]) == ("gate", " was")
    assert record.verify()["ok"]


@pytest.mark.parametrize(
    "place", [{"start": 3}, {"start": 3, "end": 4}, {"start": 9, "end": 5}, {"start": 4, "end": 999}]
)
def test_offsets_at_which_no_words_stand_are_refused(
    record: Record, item: str, place: dict[str, int]
) -> None:
    assert lost(record, item=item, **place)


@pytest.mark.parametrize(
    ("around", "start"),
    [
        ({"start": 33}, 33),
        ({"prefix": "fell. "}, 33),
        ({"suffix": " again"}, 33),
        ({"suffix": ".\nThe wall"}, 0),
        ({"nth": 2}, 33),
    ],
)
def test_what_is_said_of_the_place_tells_two_alike_apart(
    record: Record, item: str, around: dict[str, Any], start: int
) -> None:
    start = TEXT.index("The gate", start)
    around = {"start": start} if "start" in around else around
    assert put(record, item=item, quote="The gate was shut", **around)["start"] == start


def test_what_is_said_of_the_place_and_does_not_fit_is_refused(record: Record, item: str) -> None:
    assert "elsewhere" in lost(record, item=item, quote="The wall fell.", start=3)
    assert "elsewhere" in lost(record, item=item, quote="The wall fell.", prefix="nothing such")
    assert "not the text layer" in lost(record, item=item, quote="The wall fell.", layer="0" * 64)
    assert "goes with a quote" in lost(record, item=item, page=3, layer="0" * 64)


def test_a_passage_given_back_as_it_was_got_stays_as_it_is(record: Record, item: str) -> None:
    before = put(record, item=item, quote="The gate was shut", nth=2)
    stated = before["heads"][0]["fields"]
    assert put(record, **stated, note="x", reason="y")["heads"][0]["fields"] == stated | {"note": "x"}


def test_a_passage_at_the_edge_of_its_text_can_be_given_back_too(record: Record, item: str) -> None:
    stated = put(record, item=item, quote="again.")["heads"][0]["fields"]
    assert stated["suffix"] == ""
    assert put(record, **stated, note="x", reason="y")["heads"][0]["fields"] == stated | {"note": "x"}


def test_offsets_of_a_quote_do_not_change_by_themselves(record: Record, item: str) -> None:
    put(record, item=item, quote="The wall fell.")
    assert lost(record, start=0, reason="x")
    assert lost(record, end=3, reason="x")
    assert lost(record, layer="abc", reason="x")
    assert record.verify()["ok"]


def test_a_quote_that_is_taken_away_takes_its_layer_and_offsets_along(record: Record, item: str) -> None:
    put(record, item=item, quote="The wall fell.")
    assert "needs a place" in lost(record, quote=None, reason="x")
    passage = put(record, quote=None, page=3, reason="a picture")
    assert not {"layer", "recipe", "start", "end", "prefix", "suffix", "quote"} & set(passage)
    assert record.verify()["ok"]


def test_another_quote_is_not_counted_with_the_nth_of_the_former(record: Record, item: str) -> None:
    put(record, item=item, quote="The gate was shut", nth=2)
    passage = put(record, quote="The wall", reason="the other sentence")
    assert "nth" not in passage
    assert "2 times" in lost(record, quote="The gate", reason="x"), "and nothing is guessed"


def test_a_passage_moved_to_another_item_is_found_there(record: Record, item: str, letter: Letter) -> None:
    put(record, item=item, quote="The gate was shut", nth=2)
    other = letter("Today the gate was open. The gate was shut by night.")
    passage = put(record, item=other, reason="it is in the other letter")
    assert passage["start"] == 25 and passage["layer"] == record.text(other)["layer"]
    assert record.verify()["ok"]


@pytest.mark.parametrize("quote", ["", " ", "\n", "\u00a0", "\ud800", "gate\x00"])
def test_a_quote_of_nothing_is_lost(record: Record, item: str, quote: str) -> None:
    with pytest.raises(PassageLost):
        record.mark(item, quote)


STATED = st.fixed_dictionaries(
    {},
    optional={
        "quote": st.sampled_from([None, "gate", "The gate was shut", "wall", "nowhere", {"none": "unknown"}]),
        "nth": st.sampled_from([None, 0, 1, 2]),
        "start": st.sampled_from([None, 0, 4, 19, 33, 500]),
        "end": st.sampled_from([None, 4, 8, 17, 50]),
        "prefix": st.sampled_from([None, "The ", "x"]),
        "page": st.sampled_from([None, 1]),
        "layer": st.sampled_from([None, "abc"]),
        "note": st.just("n"),
    },
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STATED, min_size=1, max_size=4))
def test_whatever_is_put_the_record_verifies(
    record: Record, item: str, changes: list[dict[str, Any]]
) -> None:
    (made,) = record.put([{"kind": "passage", "item": item, "quote": "wall"}])
    for change in changes:
        try:
            record.put([{"kind": "passage", "id": made["id"], **change, "reason": "x"}])
        except OnrecordError:
            continue
    assert record.verify()["problems"] == []
