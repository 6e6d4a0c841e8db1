"""What two claims say is the same, can both be so, or cannot."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.record.properties import Properties
from onrecord.record.sameness import Sameness
from onrecord.record.things import MemoryThings
from onrecord.record.values import Stated, Value, Values

THINGS: dict[str, dict[str, Any]] = {
    "raid": {"kind": "event", "title": "The raid"},
    "letter": {"kind": "actor", "names": [{"text": "K"}]},
    "name": {"kind": "actor", "names": [{"text": "Karim"}]},
    "same": {
        "kind": "assessment",
        "about": ["letter", "name"],
        "judgement": "same as",
        "reason": "a photograph",
    },
    "district": {"kind": "place"},
    "town": {"kind": "place", "part_of": "district"},
    "street": {"kind": "place", "part_of": "town"},
    "elsewhere": {"kind": "place"},
    "plate": {"kind": "property", "name": "Plate", "holds": "many", "type": "text"},
    "speed": {"kind": "property", "name": "speed", "holds": "one", "type": "number"},
}


def values(**more: dict[str, Any]) -> Values:
    things = MemoryThings.of({**THINGS, **more})
    return Values(things, Sameness.of(things), Properties.of(things))


def claim(property: str, value: Any = None, **more: Any) -> dict[str, Any]:
    said = {} if value is None else {"value": value}
    return {"subject": "raid", "property": property, **said, **more}


def stated(read: Values, fields: dict[str, Any]) -> Stated:
    return read.stated("claim", "statement", fields)


def clash(a: dict[str, Any], b: dict[str, Any], **more: dict[str, Any]) -> str | None:
    read = values(**more)
    rule = read.clash(stated(read, a), stated(read, b))
    assert rule == read.clash(stated(read, b), stated(read, a))
    return rule


def value(fields: dict[str, Any]) -> Value:
    return stated(values(), fields).value


def test_text_is_the_same_however_it_is_spaced_cased_and_composed() -> None:
    assert value(claim("cause", "Shot by\n a Café guard")) == value(
        claim("cause", "shot by a cafe\u0301 guard")
    )


def test_things_are_the_same_through_an_undisputed_judgement() -> None:
    assert value(claim("done_by", {"ref": "letter"})) == value(claim("done_by", {"ref": "name"}))
    assert value(claim("done_by", {"ref": "letter"})) != value(claim("done_by", "letter"))


def test_a_subject_is_a_thing_or_text() -> None:
    read = values()
    assert read.subject("letter") == read.subject("name")
    assert read.subject("The  Gate") == read.subject("the gate") == ("text", "the gate")


def test_numbers_are_the_same_whatever_digits_they_are_written_with() -> None:
    assert value(claim("count", "12")) == value(claim("count", 12)) == value(claim("count", "12.0"))
    assert value(claim("count", "12", low=10, high="15")) == value(claim("count", low="10", high=15))


def test_a_number_that_cannot_be_read_without_guessing_stays_text() -> None:
    assert value(claim("count", "about twelve")).kind == "text"
    assert value(claim("count", "3,000")).kind == "text"


def test_one_value_that_differs_clashes() -> None:
    assert clash(claim("cause", "a shell"), claim("cause", "a mine")) == "different values"
    assert clash(claim("cause", "a shell"), claim("cause", "A SHELL")) is None
    assert clash(claim("happened", True), claim("happened", False)) == "different values"


def test_many_values_stand_side_by_side() -> None:
    assert clash(claim("done_by", "police"), claim("done_by", "army")) is None


@pytest.mark.parametrize("property", ["cause", "done_by", "colour"])
def test_what_is_said_stands_against_its_denial_under_any_property(property: str) -> None:
    assert clash(claim(property, "x"), claim(property, "X", negated=True)) == "said and denied"
    assert clash(claim(property, "x", negated=True), claim(property, "y", negated=True)) is None
    assert clash(claim(property, "x"), claim(property, "y", negated=True)) is None


def test_a_denial_under_one_name_meets_a_claim_under_another() -> None:
    rule = clash(claim("done_by", {"ref": "letter"}), claim("done_by", {"ref": "name"}, negated=True))
    assert rule == "said and denied"


def test_free_text_on_an_undeclared_property_never_clashes() -> None:
    assert clash(claim("colour", "white"), claim("colour", "black")) is None


@pytest.mark.parametrize("property", ["count", "speed", "wounded"])
def test_ranges_clash_only_where_they_do_not_meet(property: str) -> None:
    assert clash(claim(property, low=10, high=20), claim(property, "15")) is None
    assert clash(claim(property, low=10, high=20), claim(property, low=20)) is None
    assert clash(claim(property, low=10, high=20), claim(property, low="20.5", high=30)) == "ranges apart"
    assert clash(claim(property, "12"), claim(property, "13")) == "ranges apart"
    assert clash(claim(property, high=10), claim(property, low=11)) == "ranges apart"


def test_a_figure_and_words_are_different_values_of_a_property_that_holds_one() -> None:
    assert clash(claim("count", "12"), claim("count", "about twelve")) == "different values"


@pytest.mark.parametrize("property", ["time", "arrested on"])
def test_times_clash_only_where_no_day_is_in_both(property: str) -> None:
    assert clash(claim(property, "2009-03"), claim(property, "2009-03-14")) is None
    ranged = {"from": "2009-03-01", "to": "2009-03-10", "precise": False}
    assert clash(claim(property, ranged), claim(property, "2009-03-14")) == "times apart"


def test_times_of_day_are_compared_and_hours_without_a_zone_only_by_their_day() -> None:
    assert clash(claim("time", "2009-03-14T06:40"), claim("time", "2009-03-14T07:15")) == "times apart"
    assert clash(claim("time", "2009-03-14T06:40Z"), claim("time", "2009-03-14T08:40+02:00")) is None
    assert value(claim("time", "2009-03-14T06:40Z")) == value(claim("time", "2009-03-14T08:40+02:00"))
    assert clash(claim("time", "2009-03-14T06:40"), claim("time", "2009-03-14T08:40+02:00")) is None
    assert clash(claim("time", "2009-03-14T06:40"), claim("time", "2009-03-15T08:40+02:00")) == "times apart"


def test_a_period_is_the_same_however_it_is_written() -> None:
    whole_month = {"from": "2009-03-01", "to": "2009-03-31", "as_written": "all of March"}
    assert value(claim("time", "2009-03")) == value(claim("time", whole_month))


def test_a_place_within_the_other_does_not_clash() -> None:
    assert clash(claim("location", {"ref": "street"}), claim("location", {"ref": "district"})) is None
    assert (
        clash(claim("location", {"ref": "street"}), claim("location", {"ref": "elsewhere"}))
        == "different values"
    )


def test_places_that_are_part_of_each_other_end() -> None:
    loop = {"inn": {"kind": "place", "part_of": "yard"}, "yard": {"kind": "place", "part_of": "inn"}}
    assert (
        clash(claim("location", {"ref": "inn"}), claim("location", {"ref": "town"}), **loop)
        == "different values"
    )


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ({"counted": "killed"}, {"counted": "wounded"}),
        ({"population": "the village"}, {"population": "the district"}),
        ({"unit": "hours"}, {"unit": "days"}),
        ({"when": "2009-03-01"}, {"when": "2009-03-02"}),
        ({"place": "town"}, {"place": "elsewhere"}),
        ({"qualifiers": {"age": "under 18"}}, {"qualifiers": {"age": "18 and over"}}),
    ],
)
def test_what_is_limited_to_different_things_is_not_compared(a: dict[str, Any], b: dict[str, Any]) -> None:
    assert clash(claim("count", "12", **a), claim("count", "30", **b)) is None
    assert clash(claim("count", "12", **a), claim("count", "30")) == "ranges apart"
    assert clash(claim("count", "12", **a), claim("count", "30", **a)) == "ranges apart"


def test_a_stated_absence_is_no_value() -> None:
    asked = claim("cause", {"none": "not asked"})
    assert stated(values(), asked).absent
    assert clash(asked, claim("cause", "a shell")) is None


def test_a_team_declares_its_own_properties_but_not_the_built_in_ones() -> None:
    changed = {"mine": {"kind": "property", "name": "cause", "holds": "many"}}
    assert clash(claim("plate", "12"), claim("Plate", "13")) is None
    assert clash(claim("cause", "a shell"), claim("cause", "a mine"), **changed) == "different values"


def test_where_declarations_differ_a_property_holds_one() -> None:
    again = {"again": {"kind": "property", "name": "plate", "holds": "one", "type": "text"}}
    assert clash(claim("plate", "12"), claim("plate", "13"), **again) == "different values"


NUMBERS = st.integers(-5, 5)


@given(NUMBERS, NUMBERS, NUMBERS, NUMBERS)
def test_two_ranges_clash_exactly_when_no_number_is_in_both(a: int, b: int, c: int, d: int) -> None:
    a, b, c, d = *sorted((a, b)), *sorted((c, d))
    rule = clash(claim("count", low=a, high=b), claim("count", low=c, high=d))
    assert (rule is None) == bool(set(range(a, b + 1)) & set(range(c, d + 1)))
