"""Corroboration counts origins, with the ties behind the number."""

from __future__ import annotations

from typing import Any

from onrecord.record.origins import Origins
from onrecord.record.sameness import Sameness
from onrecord.record.things import MemoryThings

THINGS: dict[str, dict[str, Any]] = {
    "card": {"kind": "item", "sha256": "c0ffee"},
    "card-again": {"kind": "item", "sha256": "c0ffee"},
    "redacted": {"kind": "item", "sha256": "dead01", "derived_from": "card"},
    "radio": {"kind": "item", "sha256": "beef02"},
}


def statement(speaker: str, **more: Any) -> dict[str, Any]:
    return {"kind": "statement", "speaker": speaker, **more}


def passage(item: str, quote: str, start: int, **more: Any) -> dict[str, Any]:
    return {
        "kind": "passage",
        "item": item,
        "quote": quote,
        "start": start,
        "end": start + len(quote),
        **more,
    }


def judged(judgement: str, *about: str) -> dict[str, Any]:
    return {"kind": "assessment", "about": list(about), "judgement": judgement, "reason": "we compared them"}


def origins(*of: str, **things: dict[str, Any]) -> list[tuple[str, ...]]:
    held = MemoryThings.of({**THINGS, **things})
    return [origin.statements for origin in Origins(held, Sameness.of(held)).of(of)]


def test_two_witnesses_are_two_origins() -> None:
    assert origins("s", "t", s=statement("ana"), t=statement("ben")) == [("s",), ("t",)]


def test_the_same_person_counts_once_under_two_names() -> None:
    things = {"s": statement("letter"), "t": statement("name"), "j": judged("same as", "letter", "name")}
    assert origins("s", "t", **things) == [("s", "t")]
    assert origins("s", "t", **things, n=judged("not same as", "letter", "name")) == [("s",), ("t",)]


def test_a_joint_statement_counts_once_with_what_its_speakers_say_alone() -> None:
    joint = statement("ana", jointly_with=["ben"])
    assert origins("s", "t", "u", s=joint, t=statement("ben"), u=statement("carla")) == [("s", "t"), ("u",)]


def test_a_report_of_a_report_has_the_origin_of_the_first() -> None:
    things = {
        "s": statement("ana"),
        "t": statement("ben", reports="s"),
        "u": statement("carla", reports="t"),
        "v": statement("dina"),
    }
    assert origins("v", "u", "t", "s", **things) == [("v",), ("u", "t", "s")]


def test_two_who_pass_on_one_statement_are_one_origin_even_where_it_is_not_among_them() -> None:
    things = {"s": statement("ana"), "t": statement("ben", reports="s"), "u": statement("carla", reports="s")}
    assert origins("t", "u", **things) == [("t", "u")]


def test_reports_in_a_circle_end() -> None:
    assert origins("s", "t", s=statement("ana", reports="t"), t=statement("ben", reports="s")) == [("s", "t")]


def test_the_same_span_of_the_same_bytes_is_one_origin() -> None:
    things = {
        "p": passage("card", "they came at night", 10),
        "q": passage("card-again", "they came at night", 10),
        "s": statement("ana", passages=["p"]),
        "t": statement("ana-at-the-other-laptop", passages=["q"]),
    }
    assert origins("s", "t", **things) == [("s", "t")]


def test_two_witnesses_in_one_document_stay_two() -> None:
    things = {
        "p": passage("card", "yes", 10, nth=1),
        "q": passage("card", "yes", 90, nth=2),
        "r": passage("card", "both were asked", 0),
        "s": statement("ana", passages=["r", "p"]),
        "t": statement("ben", passages=["r", "q"]),
    }
    assert origins("s", "t", **things) == [("s",), ("t",)]


def test_the_same_words_in_a_rendition_are_one_origin() -> None:
    things = {
        "p": passage("card", "they came\nat night", 10),
        "q": passage("redacted", "they came at night", 3),
        "s": statement("ana", passages=["p"]),
        "t": statement("a voice", passages=["q"]),
        "u": statement("ben", passages=["r"]),
        "r": passage("radio", "they came at night", 3),
    }
    assert origins("s", "t", "u", **things) == [("s", "t"), ("u",)]


def test_words_that_stand_twice_in_one_layer_are_not_guessed_to_be_one() -> None:
    things = {
        "p": passage("card", "yes", 10),
        "q": passage("card", "yes", 90),
        "r": passage("redacted", "yes", 8),
        "s": statement("ana", passages=["p"]),
        "t": statement("ben", passages=["q"]),
        "u": statement("a voice", passages=["r"]),
    }
    assert origins("s", "t", "u", **things) == [("s",), ("t",), ("u",)]


def test_a_judgement_of_one_origin_collapses_statements_outlets_and_items() -> None:
    things = {
        "p": passage("card", "they came", 0),
        "q": passage("radio", "armed men came", 0),
        "s": statement("paper", passages=["p"]),
        "t": statement("station", passages=["q"]),
    }
    for pair in (("s", "t"), ("paper", "station"), ("card", "radio"), ("p", "q")):
        assert origins("s", "t", **things, j=judged("same origin", *pair)) == [("s", "t")]


def test_a_disputed_judgement_of_one_origin_collapses_nothing() -> None:
    things = {"s": statement("ana"), "t": statement("ben"), "j": judged("same origin", "s", "t")}
    assert origins("s", "t", **things) == [("s", "t")]
    assert origins("s", "t", **things, n=judged("not same origin", "s", "t")) == [("s",), ("t",)]


def test_the_tree_says_why_and_through_what() -> None:
    held = MemoryThings.of(
        {
            "s": statement("letter"),
            "t": statement("name", reports="s"),
            "j": judged("same as", "letter", "name"),
        }
    )
    (origin,) = Origins(held, Sameness.of(held)).of(["s", "t"])
    assert [(tie.why, tie.statements, tie.through) for tie in origin.ties] == [
        ("reports", ("s", "t"), ("s",)),
        ("same speaker", ("s", "t"), ("j", "letter", "name")),
    ]


def test_a_tie_does_not_name_a_statement_that_is_left_out() -> None:
    held = MemoryThings.of(
        {"s": statement("ana"), "t": statement("ben", reports="s"), "u": statement("carla", reports="s")}
    )
    (origin,) = Origins(held, Sameness.of(held), only={"t", "u"}).of(["t", "u"])
    assert [tie.through for tie in origin.ties] == [()]
