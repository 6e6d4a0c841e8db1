"""Clips that are the same, and cuts of a clip, are proposed with the seconds that go together."""

from __future__ import annotations

import random

from onrecord.matching.recordings import Frame, Framed, Recordings


def moments(count: int, seed: int = 1) -> list[int]:
    """The marks of so many different moments."""
    rng = random.Random(seed)
    return [rng.getrandbits(256) for _ in range(count)]


def framed(name: str, marks: list[int], between: float = 1.0, noise: int = 0) -> Framed:
    rng = random.Random(name)
    flipped = [one ^ sum(1 << bit for bit in rng.sample(range(256), noise)) for one in marks]
    return Framed(name, tuple(Frame(n * between, one) for n, one in enumerate(flipped)))


def proposed(*recordings: Framed) -> list[tuple[str, str, str, str]]:
    met, found = Recordings(), []
    for one in recordings:
        found += [(like.kind, like.one, like.other, like.why) for like in met.like(one)]
        met.add(one)
    return found


def test_a_copy_in_other_quality_is_the_same_clip() -> None:
    marks = moments(30)
    ((kind, one, other, why),) = proposed(framed("weir", marks), framed("copy", marks, noise=12))
    assert (kind, {one, other}) == ("same clip", {"weir", "copy"})
    assert why.startswith("frames at 0–29 s are those at 0–29 s there; they differ in 12 of 256 marks")


def test_a_cut_says_which_seconds_go_together_and_names_the_longer_first() -> None:
    marks = moments(60)
    ((kind, one, other, why),) = proposed(framed("cut", marks[12:46]), framed("whole", marks))
    assert (kind, one, other) == ("cut of the same clip", "whole", "cut")
    assert why.startswith("frames at 12–45 s are those at 0–33 s there")


def test_a_cut_that_was_looked_at_more_often_is_found_too() -> None:
    fine = moments(240)
    whole, cut = framed("whole", fine[::4], 2.0), framed("cut", fine[40:120], 0.5)
    ((kind, _, _, why),) = proposed(whole, cut)
    assert kind == "cut of the same clip"
    assert why.startswith("frames at 20–58 s are those at 0–38 s there")


def test_other_clips_are_not_proposed() -> None:
    assert proposed(*(framed(f"n{n}", moments(40, seed=n)) for n in range(8))) == []


def test_a_title_that_two_clips_have_in_common_is_not_enough() -> None:
    title = moments(3, seed=99)
    assert (
        proposed(framed("one", title + moments(40, seed=1)), framed("two", title + moments(40, seed=2))) == []
    )


def test_the_same_moments_in_another_order_are_not_in_step() -> None:
    marks = moments(40)
    assert proposed(framed("one", marks), framed("two", random.Random(3).sample(marks, 40))) == []


def test_a_clip_that_stands_still_goes_with_its_copy() -> None:
    ((kind, *_),) = proposed(framed("still", moments(1) * 20), framed("copy", moments(1) * 20, noise=5))
    assert kind == "same clip"
