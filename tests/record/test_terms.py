"""What terms say to one use on one day, and that anything unclear closes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from onrecord.record.bearing import Bearings
from onrecord.record.terms import Bar, agreed_description, answer
from onrecord.record.things import MemoryThings, Thing, Version

TODAY = date(2026, 5, 15)


Fields = dict[str, Any]


def terms(**fields: Any) -> Version:
    return Version("t", "terms", "memory.1/0", fields)


def says(use: str = "words", **fields: Any) -> str:
    return answer(terms(**fields), use, TODAY).says


def cause(use: str = "words", **fields: Any) -> str | None:
    return answer(terms(**fields), use, TODAY).cause


YES = {"words": "yes"}


def test_a_plain_yes_opens_its_own_use_and_says_nothing_of_others() -> None:
    assert says("words", uses=YES) == "yes"
    assert says("name", uses=YES) == "nothing"


@pytest.mark.parametrize(
    "given", ["no", "ask", "not asked", "perhaps", "YES", "", {"none": "not asked"}, {"none": "refused"}]
)
def test_anything_but_yes_closes(given: Any) -> None:
    assert says(uses={"words": given}) == "closed"


@pytest.mark.parametrize("uses", [{"none": "not asked"}, {"none": "unknown"}, "yes", ["words"]])
def test_answers_that_are_absent_as_a_whole_close_every_use(uses: Any) -> None:
    assert says("words", uses=uses) == says("media", uses=uses) == "closed"


@pytest.mark.parametrize(
    ("expires", "said"),
    [
        ("2026-05-16", "yes"),
        ("2026-05-15", "yes"),
        ("2026-05-14", "lapsed"),
        ("2026-05", "lapsed"),
        ("2026-06", "yes"),
        ({"to": "2030-01-01"}, "lapsed"),
        ({"none": "not asked"}, "yes"),
        ({"none": "unknown"}, "closed"),
        ("next spring", "closed"),
        (20260514, "closed"),
    ],
)
def test_a_yes_lasts_through_the_last_day_and_a_vague_one_only_until_the_first_it_can_mean(
    expires: Any, said: str
) -> None:
    assert says(uses=YES, expires=expires) == said


@pytest.mark.parametrize(
    ("revoked", "said"),
    [("2026-05-15", "lapsed"), ("2026-05-16", "yes"), ("2026", "lapsed"), ("soon", "closed")],
)
def test_a_yes_ends_on_the_day_it_is_withdrawn(revoked: str, said: str) -> None:
    assert says(uses=YES, revoked_at=revoked) == said


@pytest.mark.parametrize("ended", [{"expires": "2020-01-01"}, {"revoked_at": "2020-01-01"}])
def test_a_no_outlives_the_terms_it_stands_in(ended: dict[str, str]) -> None:
    assert says(uses={"words": "no"}, **ended) == "closed"


@pytest.mark.parametrize(
    ("conditions", "why"),
    [
        ({"approval_by": "the press office", "state": "approved"}, None),
        ({"approval_by": "the press office", "state": "asked"}, "approval"),
        ({"approval_by": "the press office", "state": "refused"}, "approval"),
        ({"approval_by": "the press office"}, "approval"),
        ({"state": "open"}, "approval"),
        ({"embargo_until": "2026-05-15"}, None),
        ({"embargo_until": "2026-05-16"}, "embargo"),
        ({"embargo_until": "2026-05"}, "embargo"),
        ({"embargo_until": "2026-05-15T18:00"}, "embargo"),
        ({"embargo_until": "Friday"}, "unclear"),
        ({"embargo_until": {"none": "unknown"}}, "unclear"),
        ({"none": "withheld"}, "unclear"),
        ({"none": "not asked"}, None),
    ],
)
def test_a_yes_waits_for_its_conditions(conditions: dict[str, Any], why: str | None) -> None:
    assert cause(uses=YES, conditions=conditions) == why


@pytest.mark.parametrize("form", ["not usable", "only to seek elsewhere", "undecided", "off the record"])
def test_an_attribution_that_lets_no_words_go_closes_everything(form: str) -> None:
    assert cause("media", uses={"media": "yes"}, attribution={"form": form}) == "attribution"


@pytest.mark.parametrize("form", ["named", "by office", "described as", "unnamed", "without attribution"])
def test_other_attributions_leave_the_words_alone(form: str) -> None:
    assert says(uses=YES, attribution={"form": form, "text": "a nurse"}) == "yes"


def test_the_agreed_words_are_those_of_a_form_without_the_name() -> None:
    assert agreed_description(terms(attribution={"form": "described as", "text": "a nurse"})) == (
        2,
        "a nurse",
    )
    assert agreed_description(terms(attribution={"form": "named", "text": "Dana"})) is None
    assert agreed_description(terms(attribution={"form": "unnamed"})) is None


def test_erased_terms_close() -> None:
    assert answer(Version("t", "terms", "memory.1/0", {}, erased=True), "words", TODAY).cause == "erased"


# ---- which terms bear on what ----------------------------------------------------------------------


def over(*ids: str, **fields: Any) -> dict[str, Any]:
    return {"kind": "terms", "over": list(ids), **fields}


INTERVIEW: dict[str, dict[str, Any]] = {
    "tape": {"kind": "item", "name": "tape.wav"},
    "transcript": {"kind": "item", "name": "tape.txt", "derived_from": "tape"},
    "letter": {"kind": "item", "name": "letter.txt"},
    "p": {
        "kind": "passage",
        "item": "transcript",
        "layer": "l",
        "start": 10,
        "end": 20,
        "quote": "it was cut",
    },
    "s": {"kind": "statement", "speaker": "nurse", "passages": ["p"]},
    "c": {"kind": "claim", "statement": "s", "subject": "x", "property": "cause", "value": "cut"},
    "nurse": {"kind": "actor", "names": [{"text": "Dana"}]},
}


def bars(id: str, use: str, more: dict[str, dict[str, Any]]) -> tuple[Bar, ...]:
    return Bearings(MemoryThings.of(INTERVIEW | more)).ground(id).bars(use, TODAY)


def test_nothing_agreed_means_closed() -> None:
    (bar,) = bars("s", "words", {})
    assert (bar.cause, bar.stated) == ("no terms", False)


@pytest.mark.parametrize("asked", ["p", "s", "c", "transcript"])
def test_terms_asked_once_over_a_file_are_inherited_by_all_that_is_drawn_from_it(asked: str) -> None:
    assert bars(asked, "words", {"t": over("tape", uses=YES)}) == ()


@pytest.mark.parametrize("closed", ["tape", "transcript", "p", "s", "c"])
def test_one_no_anywhere_beneath_closes_the_claim(closed: str) -> None:
    found = bars("c", "words", {"t": over("tape", uses=YES), "u": over(closed, uses={"words": "no"})})
    assert [(bar.cause, bar.thing) for bar in found] == [("no", closed)]


def test_a_no_over_a_claim_leaves_its_statement_open() -> None:
    assert bars("s", "words", {"t": over("tape", uses=YES), "u": over("c", uses={"words": "no"})}) == ()


def test_one_originals_yes_does_not_open_words_that_also_rest_on_another() -> None:
    both: dict[str, Fields] = {
        "q": {"kind": "passage", "item": "letter", "quote": "a saw"},
        "s": {"kind": "statement", "speaker": "nurse", "passages": ["p", "q"]},
        "t": over("tape", uses=YES),
    }
    assert [bar.cause for bar in bars("s", "words", both)] == ["no terms"]
    assert bars("s", "words", both | {"u": over("letter", uses=YES)}) == ()
    assert bars("s", "words", both | {"u": over("s", uses=YES)}) == ()


def test_an_expired_yes_is_named_as_the_reason() -> None:
    (bar,) = bars("s", "words", {"t": over("tape", uses=YES, expires="2020-01-01")})
    assert (bar.cause, bar.detail, bar.stated) == ("expired", "2020-01-01", False)


def test_a_yes_renewed_after_one_expired_counts() -> None:
    assert (
        bars("s", "words", {"t": over("tape", uses=YES, expires="2020-01-01"), "u": over("s", uses=YES)})
        == ()
    )


def test_a_yes_under_embargo_is_not_lifted_by_a_yes_elsewhere() -> None:
    embargo = over("tape", uses=YES, conditions={"embargo_until": "2027-01-01"})
    assert [bar.cause for bar in bars("s", "words", {"t": embargo, "u": over("s", uses=YES)})] == ["embargo"]


@pytest.mark.parametrize("asked", ["s2", "p2"])
def test_words_closed_under_one_statement_are_closed_under_another_that_holds_them_too(asked: str) -> None:
    other: dict[str, Fields] = {
        "p2": {
            "kind": "passage",
            "item": "transcript",
            "layer": "l",
            "start": 15,
            "end": 40,
            "quote": "s cut clean off",
        },
        "s2": {"kind": "statement", "speaker": "porter", "passages": ["p2"]},
        "t": over("tape", uses=YES),
        "u": over("s", uses={"words": "no"}),
    }
    assert [bar.thing for bar in bars(asked, "words", other)] == ["s"]
    apart = other | {"p2": {**other["p2"], "start": 20}}
    assert bars(asked, "words", apart) == ()


def test_a_yes_over_one_statement_does_not_open_another_on_the_same_passage() -> None:
    other = {"s2": {"kind": "statement", "speaker": "porter", "passages": ["p"]}, "u": over("s", uses=YES)}
    assert [bar.cause for bar in bars("s2", "words", other)] == ["no terms"]


def in_conflict(*versions: dict[str, Any]) -> Thing:
    heads = tuple(
        Version("t", "terms", f"memory.{n}/0", fields, erased=not fields) for n, fields in enumerate(versions)
    )
    return Thing("t", "terms", heads)


def beside_the_interview(conflict: Thing) -> MemoryThings:
    interview = MemoryThings.of(INTERVIEW)
    return MemoryThings([*(thing for id in INTERVIEW if (thing := interview.get(id))), conflict])


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(
    "other",
    [
        {"over": ["s"], "uses": {"words": "no"}},
        {"over": ["letter"], "uses": {"words": "no"}},
        {},
    ],
)
def test_terms_in_conflict_close_if_any_version_does(other: Fields, turned: bool) -> None:
    versions = [{"over": ["s"], "uses": YES}, other][:: -1 if turned else 1]
    assert Bearings(beside_the_interview(in_conflict(*versions))).ground("s").bars("words", TODAY) != ()


def test_a_version_that_is_over_something_else_opens_nothing_here() -> None:
    conflict = in_conflict({"over": ["s"], "uses": {"name": "yes"}}, {"over": ["letter"], "uses": YES})
    found = Bearings(beside_the_interview(conflict)).ground("s").bars("words", TODAY)
    assert [bar.cause for bar in found] == ["no yes"]


def test_items_made_from_each_other_in_a_circle_are_read_once() -> None:
    circle: dict[str, Fields] = {
        "tape": {"kind": "item", "derived_from": "transcript"},
        "t": over("tape", uses=YES),
    }
    assert bars("transcript", "words", circle) == ()


def test_a_norm_takes_the_terms_of_the_passage_it_stands_in() -> None:
    rule: dict[str, Fields] = {
        "n": {"kind": "norm", "title": "Order 4", "passage": "p"},
        "t": over("tape", uses=YES),
    }
    assert bars("n", "words", rule) == ()
    assert bars("n", "words", rule | {"u": over("p", uses={"words": "no"})}) != ()
