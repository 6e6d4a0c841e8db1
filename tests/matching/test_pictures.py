"""Copies and cuts of a picture are proposed; what is nearly alike and no copy is not."""

from __future__ import annotations

import pytest
from benchmarks.pictures import COPIES
from PIL import Image

from onrecord.api import Record
from onrecord.matching.likeness import Likeness
from onrecord.matching.near import Near
from onrecord.matching.pictures import Pictures, kept_pictures, marked, thumbnails_of
from tests.intake.fingerprints.test_picture import opened
from tests.matching.samples import copied, keep, photograph, typed, with_somebody


def found(record: Record, **pictures: Image.Image) -> list[Likeness]:
    """What is proposed of these pictures, among them all."""
    keep(record, **pictures)
    store = record._store
    met = Pictures(thumbnails_of(store.fingerprints))
    proposed = []
    for one in marked(store.fingerprints):
        proposed += met.like(one)
        met.add(one)
    return proposed


@pytest.mark.parametrize("name", sorted(COPIES))
@pytest.mark.parametrize("of", ["photograph", "page"])
def test_every_kind_of_copy_is_found(record: Record, name: str, of: str) -> None:
    image = photograph() if of == "photograph" else typed(1)
    (one,) = found(record, first=image, copy=opened(COPIES[name](image)))
    assert one.kind == ("cut of the same picture" if name.startswith("cropped") else "same picture")
    assert {one.one, one.other} == {"first", "copy"}


def test_of_a_cut_the_whole_comes_first_whichever_was_met_first(record: Record) -> None:
    image = photograph()
    cut = opened(COPIES["cropped by 10% left"](image))
    (one,) = found(record, a_cut=cut, b_whole=image)
    assert (one.one, one.other) == ("b_whole", "a_cut")
    assert one.why.startswith("without 10% on the left")


def test_why_says_in_how_many_marks_they_differ(record: Record) -> None:
    (one,) = found(record, first=photograph(), copy=copied(photograph(), 40))
    assert one.why == f"the pictures differ in {one.measure['distance']} of 256 marks"


def test_two_other_photographs_are_not_proposed(record: Record) -> None:
    assert found(record, **{f"n{number}": photograph(number) for number in range(12)}) == []


def test_the_same_place_with_somebody_elsewhere_is_not_proposed(record: Record) -> None:
    place = photograph(3)
    assert (
        found(record, nobody=place, left=with_somebody(place, 40, 60), right=with_somebody(place, 260, 90))
        == []
    )


def test_pages_with_the_same_letterhead_and_other_words_are_not_proposed(record: Record) -> None:
    pages = {f"n{number}": typed(number) for number in range(8)}
    cuts = {f"cut{number}": opened(COPIES["cropped by 10% above"](typed(number + 20))) for number in range(4)}
    assert found(record, **pages, **cuts) == []


def test_a_picture_kept_with_the_marks_of_other_cuts_is_passed_over(record: Record) -> None:
    keep(record, first=photograph(), copy=copied(photograph()))
    record._store.db.connection.execute("UPDATE fingerprint SET bits = x'00' WHERE kind = 'picture crops'")
    assert list(marked(record._store.fingerprints)) == []


def test_one_picture_after_the_other_is_looked_up_while_they_come_in(record: Record) -> None:
    keep(record, held=photograph())
    near = Near(record._store.fingerprints, {"held": "item-of-held"}.get)
    keep(record, other=photograph(2))
    assert near("other", "item-of-other") == []
    keep(record, copy=copied(photograph()), again=copied(photograph(2)))
    assert [row["item"] for row in near("copy", "item-of-copy")] == ["item-of-held"]
    (row,) = near("again")
    assert (row["item"], row["kind"]) == ("item-of-other", "same picture")
    assert "of 256 marks" in row["why"]


def test_what_is_kept_is_read_back_whole(record: Record) -> None:
    keep(record, first=photograph())
    (first,) = marked(record._store.fingerprints)
    assert list(kept_pictures(record._store.fingerprints).like(first)) == []
