"""What the windows hold as JSON stands on the terminal too: every statement, every value, whoever said it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onrecord.cli.terminal.page import Page
from onrecord.cli.terminal.windows_view import show_windows
from onrecord.record.things import MemoryThings, Thing
from onrecord.record.windows import windows

SIDES = {"Ford": ["ana", "bel"], "Weir": ["cem"], "Hill": ["dov"]}
PEOPLE = ["ana", "bel", "cem", "dov", "eli"]
PLACES = ["mill", "quay"]

values = st.one_of(
    st.tuples(st.just("happened"), st.sampled_from(["yes", "no"])),
    st.tuples(st.sampled_from(["cause", "injury", "smell"]), st.sampled_from(["rain", "crates", "smoke"])),
    st.tuples(st.just("time"), st.sampled_from(["1987", "1988"])),
    st.tuples(st.just("count"), st.sampled_from(["7", "8"])),
    st.tuples(st.just("location"), st.sampled_from(PLACES).map(lambda place: {"ref": place})),
    st.tuples(st.just("cause"), st.sampled_from(["refused", "redacted"]).map(lambda none: {"none": none})),
)
claims = st.tuples(values, st.sampled_from(["morning", "market", "a wall"]), st.booleans())
statements = st.lists(
    st.tuples(st.sampled_from(PEOPLE), st.lists(claims, max_size=4), st.booleans()), min_size=1, max_size=6
)


def world(sides: list[str], told: list[Any]) -> MemoryThings:
    things: dict[str, dict[str, Any]] = {
        **{name: {"kind": "actor", "names": [{"text": name}]} for name in PEOPLE},
        **{name: {"kind": "place", "names": [{"text": name}]} for name in PLACES},
        "market": {"kind": "event", "title": "Market", "part_of": "morning"},
        "morning": {
            "kind": "event",
            "title": "Morning",
            "sides": [{"name": name, "actors": SIDES[name]} for name in sides],
        },
    }
    for number, (speaker, claimed, wordless) in enumerate(told):
        id = f"statement{number}"
        words = {} if wordless else {"text": f"words{number}"}
        things[id] = {"kind": "statement", "speaker": speaker, "about": ["morning"], **words}
        for place, ((property, value), subject, negated) in enumerate(claimed):
            claim = {"statement": id, "subject": subject, "property": property, "value": value}
            things[f"{id}claim{place}"] = {"kind": "claim", **claim, "negated": negated}
    return MemoryThings.of(things)


def statements_in(found: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for side in found["sides"]:
        yield from side["statements"]
    yield from found["elsewhere"]


def told_as(claim: Mapping[str, Any]) -> str:
    value = claim["value"]
    if claim["property"] == "happened":
        return "happen"
    return str(value.get("ref") or value.get("none")) if isinstance(value, Mapping) else str(value)


@pytest.mark.parametrize("width", [48, 100, 150])
@given(data=st.data(), told=statements, sides=st.lists(st.sampled_from(list(SIDES)), unique=True))
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_every_statement_and_every_value_of_the_windows_is_on_the_terminal(
    capsys: pytest.CaptureFixture[str], width: int, data: st.DataObject, told: list[Any], sides: list[str]
) -> None:
    shown_sides = data.draw(st.none() | st.lists(st.sampled_from(sides), unique=True)) if sides else None
    found = windows(world(sides, told), "morning", sides=shown_sides)
    capsys.readouterr()
    show_windows(Page(width), found)
    shown = capsys.readouterr().out
    points = shown.partition("\n── ")[2]
    for statement in statements_in(found):
        assert statement["id"] in shown
        assert statement["speaker"]["name"] in shown
        assert not statement["quote"] or statement["quote"] in shown
        for claim in statement["claims"]:
            assert told_as(claim) in points


def test_the_readings_of_a_statement_in_conflict_are_all_shown(capsys: pytest.CaptureFixture[str]) -> None:
    things = world(["Ford"], [("ana", [], False)])
    statement = things.get("statement0")
    assert statement is not None
    first = statement.heads[0]
    other = replace(
        first, name="b/9", clock=9, fields={**first.fields, "text": "otherwise", "speaker": "cem"}
    )
    both = Thing(statement.id, "statement", (first, other))
    kept = [thing for kind in ("actor", "event") for thing in things.of_kind(kind)]
    show_windows(Page(100), windows(MemoryThings([*kept, both]), "morning"))
    shown = capsys.readouterr().out
    assert "in conflict: nobody has resolved which version stands" in shown
    assert "words0" in shown
    assert "otherwise" in shown


def test_what_is_told_only_on_no_side_has_its_place(capsys: pytest.CaptureFixture[str]) -> None:
    told = [("eli", [(("cause", "smoke"), "morning", False)], False)]
    show_windows(Page(100), windows(world(["Ford", "Weir"], told), "morning"))
    shown = capsys.readouterr().out
    assert "Cause: smoke" in shown[shown.index("Told only by speakers on no side") :]


def test_a_witness_of_a_side_that_is_not_shown_is_not_called_on_no_side(
    capsys: pytest.CaptureFixture[str],
) -> None:
    rain = [(("cause", "rain"), "morning", False)]
    found = windows(
        world(["Ford", "Weir"], [("ana", rain, False), ("cem", rain, False)]), "morning", sides=["Ford"]
    )
    show_windows(Page(100), found)
    shown = capsys.readouterr().out
    assert "of another side: Weir" in shown
    assert "cem, of another side: Weir" in shown
    assert "Elsewhere: speakers on no side shown here" in shown
    assert "Told by one side only" not in shown


def test_different_ways_of_writing_one_value_are_all_shown(capsys: pytest.CaptureFixture[str]) -> None:
    seven = [(("count", value), "morning", False) for value in ("7", "7.0")]
    show_windows(Page(100), windows(world(["Ford", "Weir"], [("ana", seven, False)]), "morning"))
    assert "written: 7; 7.0" in capsys.readouterr().out


def test_what_we_judged_ourselves_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    things = world(["Ford", "Weir"], [("ana", [], False), ("cem", [], False)])
    found = windows(things, "morning")
    judged = {
        "id": "a1",
        "slug": "clash",
        "judgements": ["contradicts"],
        "about": ["statement0"],
        "in_conflict": True,
    }
    show_windows(Page(100), {**found, "assessments": [judged]})
    assert "contradicts: statement0 (clash, in conflict)" in capsys.readouterr().out
