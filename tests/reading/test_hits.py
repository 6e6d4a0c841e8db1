"""What a search answers: items at their exact place, other things in their own words."""

from collections.abc import Callable

from onrecord.api import Record

Letter = Callable[..., str]


def test_a_hit_in_an_item_stands_at_its_exact_place(record: Record, letter: Letter) -> None:
    item = letter("פתיחה.\n\nThe gate — the GATE — was shut.\n\nسوق البوابة", name="mixed.txt")
    text = record.text(item)["text"]
    for query in ("gate", "بوابة", "פתיחה"):
        hits = list(record.search(query))
        assert hits and all(text[hit["start"] : hit["end"]] == hit["exact"] for hit in hits)
        assert {(hit["id"], hit["kind"]) for hit in hits} == {(item, "item")}
    assert [hit["exact"] for hit in record.search("gate")] == ["gate", "GATE"]


def test_a_hit_in_a_thing_is_in_its_own_words(record: Record) -> None:
    record.put(
        [{"kind": "event", "id": "e", "title": "The gate", "names": ["השער", "البوابة"], "note": "closed"}]
    )
    for query, exact in (("gate", "gate"), ("שער", "השער"), ("بوابة", "البوابة"), ("closed", "closed")):
        (hit,) = record.search(query)
        assert (hit["exact"], hit["layer"], hit["kind"]) == (exact, None, "event")


def test_no_more_than_the_limit_is_told(record: Record, letter: Letter) -> None:
    letter("gate " * 30)
    assert len(list(record.search("gate", limit=7))) == 7
    assert len(list(record.search("gate", limit=None))) == 30
    assert list(record.search("gate", limit=0)) == list(record.search("gate", limit=-1)) == []


def test_a_sealed_value_is_not_found(record: Record) -> None:
    record.put([{"kind": "actor", "names": ["Witness 4"], "sealed": {"names": [{"text": "Rosa"}]}}])
    assert list(record.search("Rosa")) == []
