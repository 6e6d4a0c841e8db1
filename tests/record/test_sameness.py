"""Undisputed judgements join; disputed ones join nothing."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from onrecord.record.sameness import SAME_ORIGIN, Sameness
from onrecord.record.things import MemoryThings, Thing, Version


def judged(judgement: str, *about: str) -> dict[str, Any]:
    return {"kind": "assessment", "about": list(about), "judgement": judgement, "reason": "we compared them"}


def sameness(**assessments: dict[str, Any]) -> Sameness:
    return Sameness.of(MemoryThings.of(assessments))


def test_an_id_that_nobody_joined_stands_alone() -> None:
    alone = sameness()
    assert alone.root("voice") == "voice"
    assert alone.members("voice") == ("voice",)
    assert alone.joined_by("voice", "voice") == ()


def test_a_judgement_joins_and_is_named() -> None:
    joined = sameness(j=judged("same as", "letter", "name"))
    assert joined.root("letter") == joined.root("name")
    assert joined.members("name") == ("letter", "name")
    assert joined.joined_by("name", "letter") == ("j",)


def test_judgements_chain_and_every_one_on_the_way_is_named() -> None:
    joined = sameness(
        j=judged("same as", "a", "b"), k=judged("Same  As", "b", "c"), l=judged("same as", "x", "y")
    )
    assert joined.members("a") == ("a", "b", "c")
    assert joined.joined_by("c", "a") == ("k", "j")
    assert joined.joining(["a", "c", "x"]) == ("j", "k")


def test_an_opposing_judgement_over_the_same_pair_undoes_the_join() -> None:
    joined = sameness(j=judged("same as", "a", "b"), n=judged("not same as", "b", "a"))
    assert joined.root("a") != joined.root("b")


def test_a_judgement_over_three_falls_when_one_of_its_pairs_is_opposed() -> None:
    joined = sameness(j=judged("same as", "a", "b", "c"), n=judged("not same as", "a", "c"))
    assert joined.members("b") == ("b",)


def test_a_chain_that_would_join_an_opposed_pair_does_not_hold() -> None:
    joined = sameness(
        j=judged("same as", "a", "b"),
        k=judged("same as", "b", "c"),
        l=judged("same as", "c", "d"),
        n=judged("not same as", "a", "c"),
    )
    assert joined.members("b") == ("b",)
    assert joined.members("c") == ("c", "d")


def test_a_judgement_called_disputed_joins_nothing() -> None:
    joined = sameness(j=judged("same as", "a", "b"), d=judged("disputed", "j"))
    assert joined.root("a") != joined.root("b")


def versions(*stated: dict[str, Any]) -> MemoryThings:
    heads = tuple(
        Version("j", "assessment", f"device.1/{seq}", fields, clock=seq) for seq, fields in enumerate(stated)
    )
    return MemoryThings([Thing("j", "assessment", heads)])


def test_a_judgement_in_conflict_joins_only_what_all_its_versions_join() -> None:
    same = {"about": ["a", "b"], "judgement": "same as"}
    wider = {"about": ["a", "b", "c"], "judgement": "same as"}
    apart = {"about": ["a", "b"], "judgement": "not same as"}
    assert Sameness.of(versions(same, wider)).members("a") == ("a", "b")
    assert Sameness.of(versions(same, apart)).members("a") == ("a",)


def test_an_erased_version_makes_a_judgement_disputed() -> None:
    kept = Version("j", "assessment", "device.1/0", {"about": ["a", "b"], "judgement": "same as"})
    erased = Version("j", "assessment", "device.1/1", {}, erased=True)
    things = MemoryThings([Thing("j", "assessment", (kept, erased))])
    assert Sameness.of(things).members("a") == ("a",)


def test_origins_are_joined_apart_from_identities() -> None:
    things = MemoryThings.of({"o": judged("same origin", "s1", "s2"), "n": judged("not same as", "s1", "s2")})
    assert Sameness.of(things).root("s1") == "s1"
    assert Sameness.of(things, SAME_ORIGIN).members("s1") == ("s1", "s2")


IDS = st.sampled_from("abcdef")
JUDGEMENTS = st.tuples(st.sampled_from(["same as", "not same as"]), st.sets(IDS, min_size=2, max_size=3))


@given(st.lists(JUDGEMENTS, max_size=8), st.randoms())
def test_classes_do_not_depend_on_order_and_never_hold_an_opposed_pair(
    judgements: list[tuple[str, set[str]]], random: Any
) -> None:
    made = {f"j{number}": judged(word, *sorted(about)) for number, (word, about) in enumerate(judgements)}
    shuffled = list(made.items())
    random.shuffle(shuffled)
    ours, theirs = Sameness.of(MemoryThings.of(made)), Sameness.of(MemoryThings.of(dict(shuffled)))
    for id in "abcdef":
        assert ours.members(id) == theirs.members(id)
        for other in ours.members(id):
            assert (ours.joined_by(id, other) == ()) == (id == other)
    for word, about in judgements:
        if word == "not same as":
            assert len({ours.root(id) for id in about}) == len(about)
