"""What the checks find that does not add up, and how they say it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.record.checks import checks
from onrecord.record.things import MemoryThings, Thing, Things, Version

TODAY = date(2019, 11, 22)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class PlainWeekday:
    """A weekday before an ISO date, as the finder of the text room would give it."""

    start: int
    end: int
    date: date
    weekday: int


def plain_weekdays(text: str) -> list[PlainWeekday]:
    found = re.finditer(rf"({'|'.join(DAYS)}),? (\d{{4}}-\d\d-\d\d)", text)
    return [PlainWeekday(m.start(), m.end(), date.fromisoformat(m[2]), DAYS.index(m[1])) for m in found]


def found(things: Things) -> list[dict[str, Any]]:
    return list(checks(things, TODAY, plain_weekdays))


def said(things: dict[str, dict[str, Any]]) -> list[tuple[str, str, str]]:
    return [(one["thing"], one["check"], one["finding"]) for one in found(MemoryThings.of(things))]


def figure(value: Any = None, **fields: Any) -> dict[str, Any]:
    return {"kind": "claim", "property": "count", **({} if value is None else {"value": value}), **fields}


def derived(formula: str, value: Any, *inputs: dict[str, Any], **fields: Any) -> dict[str, dict[str, Any]]:
    """A derived figure over inputs named a, b, c."""
    named = dict(zip("abc", inputs, strict=False))
    whole = figure(value, formula=formula, inputs={name: f"claim-{name}" for name in named}, **fields)
    return {"total": whole, **{f"claim-{name}": claim for name, claim in named.items()}}


def test_a_weekday_that_does_not_fit_its_date_is_named_with_the_real_one() -> None:
    when = {"from": "2019-05-14", "to": "2019-05-14", "as_written": "on Monday, 2019-05-14, at dawn"}
    (finding,) = found(MemoryThings.of({"s": {"kind": "statement", "said_at": when}}))
    assert finding == {
        "thing": "s",
        "check": "weekday",
        "finding": "“Monday, 2019-05-14”: 14 May 2019 is a Tuesday, not a Monday.",
        "inputs": {
            "field": "said_at",
            "as_written": "on Monday, 2019-05-14, at dawn",
            "date": "2019-05-14",
            "weekday": "Tuesday",
        },
    }


def test_weekdays_are_read_wherever_as_written_stands_and_nowhere_else() -> None:
    wrong = "Monday 2019-05-14"
    things = {
        "claim": figure("1", as_written=wrong),
        "actor": {"kind": "actor", "names": [{"text": "A", "since": {"as_written": wrong}}]},
        "note": {"kind": "event", "title": wrong, "note": wrong},
        "right": {"kind": "event", "when": {"as_written": "Tuesday 2019-05-14"}},
    }
    fields = {one["thing"]: one["inputs"]["field"] for one in found(MemoryThings.of(things))}
    assert fields == {"actor": "names[0].since", "claim": "as_written"}


def test_a_sum_that_adds_up_is_not_mentioned() -> None:
    assert said(derived("a + b + c", "11", figure("5"), figure("4"), figure("2"))) == []


def test_a_sum_that_does_not_add_up_is_found_with_its_inputs() -> None:
    (finding,) = found(MemoryThings.of(derived("a + b + c", "12", figure("5"), figure("4"), figure(2))))
    assert finding["check"] == "sum"
    assert finding["finding"] == "The inputs add up to 11, and the figure says 12."
    assert finding["inputs"]["a"] == {"claim": "claim-a", "figure": "5"}


@pytest.mark.parametrize(
    ("stated", "agrees"),
    [("33", False), ("34", True), ("33.7", True), ("33.70", False), ("33.71", True), ("33.708", True)],
)
def test_a_derived_figure_is_compared_to_the_digits_given(stated: str, agrees: bool) -> None:
    wrong = said(derived("a / b * 100", stated, figure("30"), figure("89"), unit="%"))
    assert (wrong == []) is agrees
    if wrong:
        finding = f"a / b * 100 gives 33.707865…, and the figure says {stated}."
        assert wrong == [("total", "derived figure", finding)]


@pytest.mark.parametrize(("stated", "agrees"), [("2", True), ("3", True), ("2.5", True), ("2.4", False)])
def test_a_half_may_be_rounded_up_or_to_even(stated: str, agrees: bool) -> None:
    assert (said(derived("a / 2", stated, figure("5"))) == []) is agrees


def test_a_percentage_is_what_the_formula_says_and_is_not_multiplied_for_the_writer() -> None:
    assert said(derived("a / b", "50", figure("1"), figure("2"), unit="%")) == [
        ("total", "derived figure", "a / b gives 0.5, and the figure says 50.")
    ]


def test_ranges_agree_where_they_meet() -> None:
    inputs = (figure(low="8", high="12"), figure("7"))
    assert said(derived("a + b", "17", *inputs)) == []
    assert said(derived("a + b", None, *inputs, low="10", high="15")) == []
    assert said(derived("a + b", None, *inputs, low="20")) == [
        ("total", "sum", "The inputs add up to 15 to 19, and the figure says at least 20.")
    ]
    assert said(derived("a + b", "14", *inputs)) == [
        ("total", "sum", "The inputs add up to 15 to 19, and the figure says 14.")
    ]


@pytest.mark.parametrize(
    ("things", "why"),
    [
        (derived("a / b", "1", figure("1"), figure("0")), "it divides by zero"),
        (derived("a / b", "1", figure("1"), figure(low="-1", high="1")), "it may divide by zero"),
        (derived("a + b", "1", figure("1")), "input b names no claim"),
        (derived("a", "1", {"kind": "event"}), "input a names a claim that is not in the record"),
        (derived("a", "1", figure({"none": "not asked"})), "input a has no value (not asked)"),
        (derived("a", "1", figure("thirty")), "input a is “thirty”, which is not a number in plain digits"),
        (derived("a", "1", figure("1,000")), "input a is “1,000”, which is not a number in plain digits"),
        (derived("a", "1", figure({"ref": "claim-a"})), "input a is not a number"),
        (derived("a", "1", figure()), "input a states no value"),
        (derived("a", "1", figure(low="5")), "input a is at least 5, which leaves one end open"),
        (derived("a", "1", figure("5", negated=True)), "input a is a denial, not a figure"),
        (
            derived("a", "many", figure("5")),
            "the figure itself is “many”, which is not a number in plain digits",
        ),
        (derived("a +", "1", figure("5")), "at character 4, it ends where a name or a number is missing"),
    ],
)
def test_a_figure_that_cannot_be_recomputed_says_why(things: dict[str, dict[str, Any]], why: str) -> None:
    assert said(things) == [("total", "derived figure", f"Cannot be recomputed: {why}.")]


def test_an_input_in_conflict_cannot_be_used_unless_its_versions_agree() -> None:
    def in_conflict(first: str, second: str) -> MemoryThings:
        total = figure("5", formula="a + a", inputs={"a": "claim-a"})
        versions = [Version("claim-a", "claim", f"log/{v}", figure(v)) for v in (first, second)]
        return MemoryThings(
            [
                Thing("claim-a", "claim", tuple(versions)),
                Thing("total", "claim", (Version("total", "claim", "log/9", total),)),
            ]
        )

    assert [one["finding"] for one in found(in_conflict("2", "3"))] == [
        "Cannot be recomputed: input a is in conflict, and its versions give different figures."
    ]
    assert [one["check"] for one in found(in_conflict("2", "2"))] == ["sum"]


@pytest.mark.parametrize(
    ("fields", "finding"),
    [
        ({"expires": "2019-11-22"}, None),
        ({"expires": "2019-11"}, None),
        ({"expires": "2019-11-21"}, "These terms held until 21 November 2019, and have expired."),
        ({"expires": {"none": "not asked"}}, None),
        ({"revoked_at": "2019-11-22"}, "These terms were withdrawn on 22 November 2019."),
        ({"revoked_at": "2019-10"}, "These terms were withdrawn (October 2019)."),
        ({"revoked_at": {"as_written": "last week"}}, "These terms were withdrawn (“last week”)."),
        ({"revoked_at": "2019-11-23"}, None),
        ({"revoked_at": {"none": "unknown"}}, None),
    ],
)
def test_terms_that_no_longer_hold_are_found(fields: dict[str, Any], finding: str | None) -> None:
    terms = {"kind": "terms", "over": ["item"], **fields}
    expected = [("t", "expired terms", finding)] if finding else []
    assert said({"t": terms}) == expected


def test_a_step_that_is_due_and_not_done_is_found() -> None:
    steps = [
        {"step": "send the questions", "due": "2019-06-01", "state": "done"},
        {"step": "their reply", "due": "2019-06-15"},
        {"step": "thank them", "due": "2019-06-20", "done": "2019-06-21"},
        {"step": "print", "due": "2020-01-01"},
    ]
    assert said({"reply": {"kind": "proceeding", "steps": steps}}) == [
        ("reply", "deadline", "“their reply” was due on 15 June 2019, and is not marked done.")
    ]


def test_an_erased_version_is_not_checked() -> None:
    erased = Version("t", "terms", "log/1", {"over": ["item"], "expires": "2001"}, erased=True)
    assert found(MemoryThings([Thing("t", "terms", (erased,))])) == []


def test_findings_come_in_one_order_and_once_each() -> None:
    expired = {"kind": "terms", "over": ["item"], "expires": "2001"}
    late = {"kind": "claim", "value": "2", "formula": "a + a", "inputs": {"a": "one"}}
    things = {
        "z": expired,
        "one": figure("2"),
        "b": late,
        "a": expired,
        "y": figure(as_written="Monday 2019-05-14"),
    }
    order = [(one["check"], one["thing"]) for one in found(MemoryThings.of(things))]
    assert order == [("weekday", "y"), ("sum", "b"), ("expired terms", "a"), ("expired terms", "z")]
    assert order == [
        (one["check"], one["thing"]) for one in found(MemoryThings.of(dict(reversed(things.items()))))
    ]
    version = Version("t", "terms", "log/1", expired)
    assert len(found(MemoryThings([Thing("t", "terms", (version, version))]))) == 1


@given(st.lists(st.integers(0, 10**9), min_size=2, max_size=3), st.integers(-2, 2))
def test_a_sum_is_found_exactly_when_it_is_off(parts: list[int], off: int) -> None:
    inputs = [figure(str(part)) for part in parts]
    formula = " + ".join("abc"[: len(parts)])
    wrong = said(derived(formula, str(sum(parts) + off), *inputs))
    assert bool(wrong) is (off != 0)
