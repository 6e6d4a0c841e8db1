"""Renditions: what a tool made is an item of its own, with where it comes from, how it was made, and its text."""

from __future__ import annotations

from collections.abc import Callable

from onrecord.api import Record
from onrecord.writing.rendition import keep_rendition

RECIPE = {"tool": "a typist", "version": "1", "parameters": {"language": "he"}}


def test_a_rendition_is_an_item_with_its_origin_its_recipe_and_its_text(
    record: Record, letter: Callable[[str], str]
) -> None:
    item = letter("A recording of the weir.")
    made = keep_rendition(record._store, "הסכר יבש.".encode(), "weir.txt", "text/plain", item, RECIPE)
    told = record.get(made)
    assert (told["derived_from"], told["recipe"], told["name"]) == (item, RECIPE, "weir.txt")
    assert record.text(made)["text"] == "הסכר יבש." and [hit["exact"] for hit in record.search("הסכר")]
    steps = [one.fields for one in record._store.db.as_now().pointing_at(made, "custody", "item")]
    assert [(step["step"], step["outcome"]) for step in steps] == [
        ("received", "made with a typist 1, 16 bytes")
    ]
    assert record.verify()["ok"]


def test_the_same_rendition_of_the_same_original_is_kept_once(
    record: Record, letter: Callable[[str], str]
) -> None:
    first, second = letter("The ford by night."), letter("The ford by day.")
    kept = [
        keep_rendition(record._store, b"(silence)", "a.txt", "text/plain", item, RECIPE)
        for item in (first, first, second)
    ]
    assert kept[0] == kept[1] != kept[2]
    assert record.get(kept[2])["derived_from"] == second and record.verify()["ok"]


def test_nothing_half_made_is_left_in_the_record(record: Record, letter: Callable[[str], str]) -> None:
    before = sorted(path.name for path in record.path.iterdir())
    keep_rendition(record._store, b"(silence)", "a.txt", "text/plain", letter("The ford."), RECIPE)
    assert sorted(path.name for path in record.path.iterdir()) == before
