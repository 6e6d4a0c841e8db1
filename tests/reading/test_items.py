"""Items and their text, as they were taken in."""

from collections.abc import Callable

import pytest

from onrecord.api import Record
from onrecord.record.errors import KindWrong, LayerMissing, SlugAmbiguous, ThingUnknown

Letter = Callable[..., str]


def test_items_stand_in_the_order_taken_in_with_what_is_known_of_each(record: Record, letter: Letter) -> None:
    first, second = letter("One.", name="b.txt"), letter("Two.", name="a.txt")
    listed = list(record.items())
    assert [one["item"] for one in listed] == [first, second]
    assert [(one["name"], one["size"], one["text"]) for one in listed] == [
        ("b.txt", 4, True),
        ("a.txt", 4, True),
    ]


def test_an_item_with_a_title_keeps_its_place_and_its_name(record: Record, letter: Letter) -> None:
    item = letter("One.")
    letter("Two.", name="other.txt")
    record.put([{"kind": "item", "id": item, "title": "A letter", "reason": "named"}])
    (described,) = [one for one in record.items() if one["item"] == item]
    assert (described["title"], described["name"]) == ("A letter", "letter.txt")


def test_text_comes_with_the_layer_it_is_counted_in_and_its_parts(record: Record, letter: Letter) -> None:
    told = record.text(letter("One.\n\nTwo."))
    assert [told["text"][part["start"] : part["end"]] for part in told["segments"]] == ["One.", "Two."]
    assert len(told["layer"]) == 64 and told["engine"]


def test_an_item_without_text_says_why(record: Record, letter: Letter) -> None:
    item = letter("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + "\x00" * 40, name="picture.png")
    with pytest.raises(LayerMissing, match="no text layer"):
        record.text(item)


def test_a_file_name_that_two_items_have_is_asked_about(record: Record, letter: Letter) -> None:
    choices = {letter("One."), letter("Two.")}
    with pytest.raises(SlugAmbiguous) as wrong:
        record.text("letter.txt")
    assert all(choice in wrong.value.mend for choice in choices)


def test_only_an_item_has_text(record: Record) -> None:
    record.put([{"kind": "actor", "id": "rosa", "names": ["Rosa"]}])
    with pytest.raises(KindWrong, match="is an actor, and this needs an item"):
        record.text("rosa")
    with pytest.raises(ThingUnknown):
        record.text("gone.txt")
