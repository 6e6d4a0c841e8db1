"""Marks that differ in few bits are all found, and no others."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from onrecord.matching.nearby import Nearby

MARKS = st.integers(0, 2**64 - 1)


@given(st.lists(MARKS, max_size=30), MARKS)
def test_nothing_is_given_that_is_farther(kept: list[int], asked: int) -> None:
    nearby: Nearby[int] = Nearby(64)
    for number, marks in enumerate(kept):
        nearby.add(marks, number)
    for distance, number in nearby.near(asked):
        assert distance == (kept[number] ^ asked).bit_count() <= nearby.farthest


@given(MARKS, st.sets(st.integers(0, 63), max_size=7))
def test_whatever_differs_in_up_to_seven_of_64_bits_is_found(marks: int, changed: set[int]) -> None:
    nearby: Nearby[str] = Nearby(64)
    nearby.add(marks, "weir")
    asked = marks ^ sum(1 << bit for bit in changed)
    assert list(nearby.near(asked)) == [(len(changed), "weir")]


@given(st.integers(0, 2**256 - 1), st.sets(st.integers(0, 255), max_size=31))
def test_whatever_differs_in_up_to_31_of_256_bits_is_found(marks: int, changed: set[int]) -> None:
    nearby: Nearby[str] = Nearby(256)
    nearby.add(marks, "ford")
    asked = marks ^ sum(1 << bit for bit in changed)
    assert list(nearby.near(asked)) == [(len(changed), "ford")]


def test_a_smaller_bound_may_be_asked() -> None:
    nearby: Nearby[str] = Nearby(64)
    nearby.add(0b111, "three")
    nearby.add(0b1, "one")
    assert list(nearby.near(0, farthest=1)) == [(1, "one")]
