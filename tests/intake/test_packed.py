"""Many segments kept small are the same segments, and a reading is never larger than what is kept."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.intake import reading
from onrecord.intake.packed import PACKED_BY, Packed, as_json_text, checked, in_packs, plain
from onrecord.intake.reading import Reading, Segment, bounded_reading

KEPT = st.none() | st.booleans() | st.integers(-(1 << 52), 1 << 52) | st.text(max_size=5)
NAMES = st.sampled_from(["page", "sender", "raw", "شاهد", "שער"])


@st.composite
def segments(draw: st.DrawFn) -> tuple[Segment, ...]:
    at, made = 0, []
    for gap, length, about in draw(
        st.lists(st.tuples(st.integers(0, 2), st.integers(1, 9), st.dictionaries(NAMES, KEPT)), max_size=9)
    ):
        place = draw(st.none() | st.tuples(st.integers(0, 99), st.integers(0, 99)))
        made.append(Segment(at + gap, at + gap + length, "row", place, None, about))
        at += gap + length
    return tuple(made)


def packed(given: tuple[Segment, ...]) -> Packed:
    made = Packed()
    for pack in in_packs(given):
        made.add(checked(json.loads(json.dumps(pack)), made[-1].end if made else 0, 1 << 40))
    return made


@given(segments())
def test_packed_segments_are_the_same_segments(given: tuple[Segment, ...]) -> None:
    made = packed(given)
    assert made == given and given == made and len(made) == len(given)
    assert as_json_text(made) == json.dumps([one.as_json() for one in given])
    assert [made[at] for at in range(len(given))] == list(given)
    assert made[1:3] == given[1:3]


def test_any_of_very_many_is_found_at_its_place() -> None:
    many = tuple(Segment(at, at + 1, about={"row": at}) for at in range(2 * PACKED_BY + 3))
    made = packed(many)
    places = (0, PACKED_BY - 1, PACKED_BY, 2 * PACKED_BY, -1)
    assert [made[at] for at in places] == [many[at] for at in places]
    assert made != many[:-1]
    with pytest.raises(IndexError):
        made[len(many)]


@pytest.mark.parametrize("value", [1.0, float("nan"), 1 << 60, [[[[[1]]]]], {"a": 0.5}, b"x"])
def test_what_the_records_json_cannot_hold_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match=r"kind that is kept|too much"):
        plain(value)


def cut(monkeypatch: pytest.MonkeyPatch, text: str, parts: int, size: int) -> Reading:
    monkeypatch.setattr(reading, "MOST_SEGMENTS", parts)
    monkeypatch.setattr(reading, "LARGEST_TEXT_BYTES", size)
    made = tuple(Segment(at, at + 4) for at in range(0, len(text) - 3, 5))
    return bounded_reading(Reading(text, segments=made))


def test_more_parts_than_are_kept_are_left_out_with_their_text(monkeypatch: pytest.MonkeyPatch) -> None:
    found = cut(monkeypatch, "gate weir ford road", 2, 1_000)
    assert (found.layer_text, len(found.segments)) == ("gate weir", 2)
    assert found.notes == ("more than 2 parts: the rest is not read",)


def test_more_text_than_is_kept_ends_with_a_whole_character(monkeypatch: pytest.MonkeyPatch) -> None:
    found = cut(monkeypatch, "שערי סכרי דרכי", 100, 13)
    assert (found.layer_text, [one.end for one in found.segments]) == ("שערי סכ", [4, 7])
    assert len(found.notes) == 1


def test_what_is_not_too_large_stays_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    found = cut(monkeypatch, "gate weir", 2, 1_000)
    assert (found.layer_text, len(found.segments), found.notes) == ("gate weir", 2, ())
