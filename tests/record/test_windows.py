"""One event as each side tells it: who holds what, what is shared, disputed, told by one, passed over."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.record.errors import KindWrong, ThingUnknown
from onrecord.record.things import MemoryThings, Thing, Version
from onrecord.record.windows import windows

CASEMENT = (Path(__file__).resolve().parents[2] / "../shared/data/casement/accounts.jsonl").resolve()

Fields = dict[str, Any]

CAST: dict[str, Fields] = {
    "raid": {
        "kind": "event",
        "title": "The raid",
        "when": "2009-03-03",
        "sides": [
            {"name": "village", "language": "ar", "actors": ["ana", "ben"]},
            {"name": "army", "actors": ["major", "spokesman"]},
        ],
    },
    "ana": {"kind": "actor", "names": [{"text": "Ana"}, {"text": "A.", "used_by": "the court"}]},
    "ben": {"kind": "actor", "names": [{"text": "Ben"}]},
    "major": {"kind": "actor", "names": [{"text": "The major"}]},
    "spokesman": {"kind": "actor", "names": [{"text": "The spokesman"}]},
    "doctor": {"kind": "actor", "sealed": {"age": "…", "to": []}},
    "captain": {"kind": "actor", "names": [{"text": "The captain"}]},
}


def says(speaker: str, **more: Any) -> Fields:
    return {"kind": "statement", "speaker": speaker, "about": ["raid"], "act": "asserts", "text": "…", **more}


def claim(statement: str, property: str, value: Any = None, **more: Any) -> Fields:
    said = {} if value is None else {"value": value}
    return {"kind": "claim", "statement": statement, "subject": "raid", "property": property, **said, **more}


def judged(judgement: str, *about: str) -> Fields:
    return {"kind": "assessment", "about": list(about), "judgement": judgement, "reason": "we compared them"}


def told(things: Mapping[str, Fields], **asked: Any) -> Fields:
    return windows(MemoryThings.of({**CAST, **things}), "raid", **asked)


def ids(statements: list[Fields]) -> list[str]:
    return [statement["id"] for statement in statements]


def side(window: Fields, name: str) -> list[Fields]:
    (found,) = (side for side in window["sides"] if side["name"] == name)
    statements: list[Fields] = found["statements"]
    return statements


def every_statement(window: Fields) -> list[Fields]:
    return [one for shown in window["sides"] for one in shown["statements"]] + window["elsewhere"]


def statement(window: Fields, id: str) -> Fields:
    return next(one for one in every_statement(window) if one["id"] == id)


def row(rows: list[Fields], property: str, subject: str = "raid") -> Fields:
    (found,) = (row for row in rows if (row["subject"], row["property"]) == (subject, property))
    return found


def holders(row: Fields) -> dict[tuple[Any, bool], dict[str, list[str]]]:
    return {(json.dumps(value["value"]), value["negated"]): value["by"] for value in row["values"]}


# Where statements stand


def test_sides_go_by_the_actor_who_spoke_and_the_rest_stands_elsewhere() -> None:
    window = told({"s": says("ana"), "t": says("major"), "u": says("doctor")})
    assert ids(side(window, "village")) == ["s"]
    assert ids(side(window, "army")) == ["t"]
    assert ids(window["elsewhere"]) == ["u"]


def test_being_one_person_moves_no_words_to_another_side() -> None:
    window = told({"s": says("captain"), "j": judged("same as", "captain", "major")})
    assert ids(window["elsewhere"]) == ["s"]


def test_a_joint_statement_stands_on_the_side_of_each_speaker() -> None:
    window = told({"s": says("ana", jointly_with=["major"]), "t": says("doctor", jointly_with=["ben"])})
    assert ids(side(window, "village")) == ["s", "t"]
    assert ids(side(window, "army")) == ["s"]
    assert window["elsewhere"] == []


def test_a_window_holds_what_is_about_the_event_its_parts_or_claims_something_of_it() -> None:
    window = told(
        {
            "search": {"kind": "event", "part_of": "raid"},
            "door": {"kind": "event", "part_of": "search"},
            "march": {"kind": "event"},
            "s": says("ana"),
            "t": says("ana", about=["door"]),
            "u": says("ana", about=[]),
            "u1": claim("u", "cause", "an order"),
            "v": says("ana", about=["march"]),
        }
    )
    assert {one["id"]: one["why_here"] for one in side(window, "village")} == {
        "s": "about the event",
        "t": "about a part of the event",
        "u": "a claim on the event",
    }


def test_a_reply_that_denies_what_is_here_is_here_too() -> None:
    window = told(
        {
            "s": says("ana"),
            "s1": claim("s", "loss", "the mill"),
            "t": says("major", about=[], act="denies", replies_to="s"),
            "u": says("major", about=[], act="asserts", replies_to="s"),
        }
    )
    assert ids(side(window, "army")) == ["t"]
    assert statement(window, "t")["why_here"] == "denies a statement here"


def test_parts_in_a_circle_end() -> None:
    loop = {"search": {"kind": "event", "part_of": "hunt"}, "hunt": {"kind": "event", "part_of": "search"}}
    window = windows(MemoryThings.of({**CAST, **loop, "s": says("ana", about=["hunt"])}), "search")
    assert ids(window["elsewhere"]) == ["s"]


def test_an_event_without_sides_holds_all_elsewhere() -> None:
    things = {"fire": {"kind": "event"}, "s": says("ana", about=["fire"])}
    window = windows(
        MemoryThings.of({**CAST, **things, "s1": {**claim("s", "loss", "the mill"), "subject": "fire"}}),
        "fire",
    )
    assert window["sides"] == []
    assert ids(window["elsewhere"]) == ["s"]
    assert [held["value"] for held in window["only"]["elsewhere"]] == ["the mill"]


def test_a_side_that_is_not_chosen_stands_elsewhere() -> None:
    things = {"s": says("ana"), "t": says("major"), "t1": claim("t", "loss", "a jeep")}
    window = told(things, sides=["village"])
    assert [shown["name"] for shown in window["sides"]] == ["village"]
    assert ids(window["elsewhere"]) == ["t"]
    assert window["elsewhere"][0]["unshown_sides"] == ["army"]


def test_an_unknown_event_or_side_is_refused() -> None:
    with pytest.raises(ThingUnknown, match="village, army"):
        told({}, sides=["navy"])
    with pytest.raises(ThingUnknown):
        windows(MemoryThings.of(CAST), "raids")
    with pytest.raises(KindWrong):
        windows(MemoryThings.of(CAST), "ana")


def test_statements_stand_in_the_order_said_and_the_undated_last() -> None:
    window = told(
        {
            "hearing": {"kind": "event", "when": "2010-05"},
            "s": says("ana"),
            "t": says("ana", at_event="hearing"),
            "u": says("ana", said_at="2009-04"),
            "v": says("ana", said_at={"none": "unknown"}, at_event="hearing"),
        }
    )
    assert ids(side(window, "village")) == ["u", "t", "v", "s"]
    assert statement(window, "t")["when"] == "2010-05"


# What a statement shows


def test_a_statement_shows_its_words_speaker_and_what_is_missing() -> None:
    window = told(
        {
            "p": {"kind": "passage", "quote": "They came"},
            "q": {"kind": "passage", "quote": "at night."},
            "s": says("ana", passages=["p", "q"], text=None, basis="saw", hedge="I think"),
            "u": says("doctor", text="A broken arm.", said_at="2009-03-04"),
            "u1": claim("u", "injury", "broken arm"),
        }
    )
    shown = statement(window, "s")
    assert shown["quote"] == "They came … at night."
    assert shown["passages"] == ["p", "q"]
    assert (shown["speaker"]["id"], shown["speaker"]["name"]) == ("ana", "Ana")
    assert [name["text"] for name in shown["speaker"]["names"]] == ["Ana", "A."]
    assert (shown["act"], shown["basis"], shown["hedge"]) == ("asserts", "saw", "I think")
    assert shown["unfinished"] == ["said_at", "claims"]
    assert statement(window, "u")["quote"] == "A broken arm."
    assert statement(window, "u")["speaker"]["name"] == "not named"
    assert statement(window, "u")["unfinished"] == ["basis"]


def in_conflict(id: str, *versions: Fields) -> Thing:
    heads = tuple(
        Version(id, fields["kind"], f"device{number}.1/7", {**fields}, clock=number)
        for number, fields in enumerate(versions)
    )
    return Thing(id, versions[0]["kind"], heads)


def with_conflict(thing: Thing, **more: Fields) -> Fields:
    plain = MemoryThings.of({**CAST, **more})
    held = [found for id in {**CAST, **more} if (found := plain.get(id))]
    return windows(MemoryThings([*held, thing]), "raid")


def test_both_readings_of_a_statement_in_conflict_stay_visible() -> None:
    window = with_conflict(in_conflict("s", says("ana", text="At night."), says("major", text="At noon.")))
    for name in ("village", "army"):
        (shown,) = side(window, name)
        assert shown["in_conflict"]
        assert [reading["quote"] for reading in shown["readings"]] == ["At night.", "At noon."]


def test_every_version_of_a_claim_in_conflict_counts() -> None:
    both = in_conflict("s1", claim("s", "count", "12"), claim("s", "count", "21"))
    window = with_conflict(both, s=says("ana"))
    (shown,) = statement(window, "s")["claims"]
    assert shown["in_conflict"]
    assert [reading["value"] for reading in shown["readings"]] == ["12", "21"]
    disputed = row(window["disputed"], "count")
    assert holders(disputed) == {('"12"', False): {"village": ["s"]}, ('"21"', False): {"village": ["s"]}}
    assert all(value["in_conflict"] for value in disputed["values"])


def test_where_versions_of_an_event_seat_people_differently_all_seats_count() -> None:
    other = [{"name": "army", "actors": ["ana"]}]
    event = in_conflict("raid", CAST["raid"], {**CAST["raid"], "sides": other})
    things = MemoryThings.of({**CAST, "s": says("ana")})
    held = [found for id in (*CAST, "s") if id != "raid" and (found := things.get(id))]
    window = windows(MemoryThings([*held, event]), "raid")
    assert window["in_conflict"]
    assert ids(side(window, "village")) == ids(side(window, "army")) == ["s"]


# Shared, disputed, only, silent


def test_shared_is_what_every_side_says_and_nobody_contradicts() -> None:
    window = told(
        {
            "s": says("ana"),
            "s1": claim("s", "cause", "A shell"),
            "t": says("major"),
            "t1": claim("t", "cause", "a  shell"),
            "u": says("doctor"),
            "u1": claim("u", "cause", "a shell"),
        }
    )
    shared = row(window["shared"], "cause")
    assert shared["by"] == {"village": ["s"], "army": ["t"], "elsewhere": ["u"]}
    assert (shared["value"], shared["as_written"]) == ("A shell", ["A shell", "a  shell", "a shell"])
    assert (shared["reports"], shared["origins"]) == (3, 3)
    assert window["disputed"] == []


def test_one_voice_elsewhere_is_enough_to_dispute() -> None:
    window = told(
        {
            "s": says("ana"),
            "s1": claim("s", "cause", "a shell"),
            "t": says("major"),
            "t1": claim("t", "cause", "a shell"),
            "u": says("doctor"),
            "u1": claim("u", "cause", "a mine"),
        }
    )
    assert window["shared"] == []
    assert holders(row(window["disputed"], "cause")) == {
        ('"a shell"', False): {"village": ["s"], "army": ["t"]},
        ('"a mine"', False): {"elsewhere": ["u"]},
    }


def test_a_dispute_inside_one_side_lists_every_holder() -> None:
    window = told(
        {
            "s": says("ana"),
            "s1": claim("s", "count", "12"),
            "t": says("ben"),
            "t1": claim("t", "count", low=20, high=30),
        }
    )
    disputed = row(window["disputed"], "count")
    assert [value["by"] for value in disputed["values"]] == [{"village": ["s"]}, {"village": ["t"]}]
    assert disputed["why"] == [{"rule": "ranges apart", "assessment": None}]
    assert (disputed["values"][1]["low"], disputed["values"][1]["high"]) == (20, 30)


def test_what_all_say_stays_shared_beside_a_dispute_on_the_same_property() -> None:
    window = told(
        {
            "s": says("ana"),
            "s1": claim("s", "present", {"ref": "doctor"}),
            "s2": claim("s", "present", {"ref": "captain"}),
            "s3": claim("s", "present", "two dogs"),
            "t": says("major"),
            "t1": claim("t", "present", {"ref": "doctor"}),
            "t2": claim("t", "present", {"ref": "captain"}, negated=True),
        }
    )
    assert row(window["shared"], "present")["value"] == {"ref": "doctor"}
    disputed = row(window["disputed"], "present")
    assert disputed["shared"] == [{"value": {"ref": "doctor"}, "negated": False}]
    assert [(value["value"], value["contested"]) for value in disputed["values"]] == [
        ({"ref": "captain"}, True),
        ("two dogs", False),
        ({"ref": "captain"}, True),
    ]


def test_a_claim_of_one_side_and_the_silence_of_the_other() -> None:
    window = told({"s": says("ana"), "s1": claim("s", "loss", "the mill"), "t": says("major")})
    assert row(window["only"]["village"], "loss")["by"] == {"village": ["s"]}
    assert window["only"]["army"] == window["only"]["elsewhere"] == []
    assert window["silent"]["village"] == []
    assert (row(window["silent"]["army"], "loss")["subject_name"]) == "The raid"


def test_a_stated_absence_is_listed_and_is_not_silence() -> None:
    window = told(
        {
            "s": says("ana"),
            "s1": claim("s", "cause", "a shell"),
            "t": says("major"),
            "t1": claim("t", "cause", {"none": "refused"}),
        }
    )
    assert row(window["absent"], "cause")["none"] == "refused"
    assert row(window["absent"], "cause")["by"] == {"army": ["t"]}
    assert window["silent"] == {"village": [], "army": []}
    assert window["disputed"] == []


def test_what_two_of_three_sides_say_has_its_own_place() -> None:
    sides = [{"name": name, "actors": [name]} for name in ("ana", "ben", "major")]
    event = {**CAST["raid"], "sides": sides}
    things = {"raid": event, "s": says("ana"), "t": says("ben")}
    window = told({**things, "s1": claim("s", "loss", "the mill"), "t1": claim("t", "loss", "the mill")})
    assert row(window["some"], "loss")["by"] == {"ana": ["s"], "ben": ["t"]}
    assert not any(window["only"].values())
    assert [silent["property"] for silent in window["silent"]["major"]] == ["loss"]


def test_nobody_shares_with_themselves() -> None:
    window = told({"s": says("ana"), "s1": claim("s", "loss", "the mill")}, sides=["village"])
    assert window["shared"] == []
    assert row(window["only"]["village"], "loss")["value"] == "the mill"


def test_the_same_figure_of_different_things_is_not_shared() -> None:
    window = told(
        {
            "s": says("ana"),
            "s1": claim("s", "count", "12", counted="killed"),
            "t": says("major"),
            "t1": claim("t", "count", "12", counted="wounded"),
        }
    )
    assert window["shared"] == window["disputed"] == []
    assert row(window["only"]["village"], "count")["counted"] == "killed"
    assert row(window["only"]["army"], "count")["counted"] == "wounded"


# Denials and contradictions


def test_a_bare_denial_in_reply_denies_each_claim() -> None:
    window = told(
        {
            "s": says("ana"),
            "s1": claim("s", "done_by", {"ref": "captain"}),
            "s2": claim("s", "loss", "the mill", negated=True),
            "t": says("major", act="denies", replies_to="s"),
        }
    )
    done_by = row(window["disputed"], "done_by")
    assert done_by["why"] == [{"rule": "a reply denies", "assessment": None}]
    assert [(value["negated"], value["by"], value["in_reply"]) for value in done_by["values"]] == [
        (False, {"village": ["s"]}, []),
        (True, {"army": ["t"]}, ["t"]),
    ]
    assert [value["negated"] for value in row(window["disputed"], "loss")["values"]] == [True, False]
    assert statement(window, "t")["claims"] == []
    assert statement(window, "t")["denied"] == ["s1", "s2"]


def test_a_denial_that_says_what_it_denies_denies_no_more() -> None:
    window = told(
        {
            "s": says("ana"),
            "s1": claim("s", "done_by", {"ref": "captain"}),
            "s2": claim("s", "cause", "a blow"),
            "t": says("major", act="denies", replies_to="s"),
            "t1": claim("t", "done_by", {"ref": "captain"}, negated=True),
        }
    )
    assert [disputed["property"] for disputed in window["disputed"]] == ["done_by"]


def test_a_judgement_of_contradiction_sets_free_texts_against_each_other() -> None:
    things = {
        "s": says("ana"),
        "s1": claim("s", "sky", "clear"),
        "s2": claim("s", "loss", "the mill"),
        "t": says("major"),
        "t1": claim("t", "sky", "thick fog"),
    }
    assert told(things)["disputed"] == []
    for pair in (("s", "t"), ("s1", "t1"), ("s1", "t")):
        window = told({**things, "j": judged("contradicts", *pair)})
        disputed = row(window["disputed"], "sky")
        assert disputed["why"] == [{"rule": "assessed as contradicting", "assessment": "j"}]
        assert row(window["only"]["village"], "loss")


def test_statements_judged_contradictory_on_no_point_of_both_dispute_all_that_they_say() -> None:
    things = {
        "s": says("ana"),
        "s1": claim("s", "time", "2009-03-03"),
        "t": says("major"),
        "t1": claim("t", "weather", "rain"),
        "j": judged("contradicts", "s", "t"),
    }
    assert [disputed["property"] for disputed in told(things)["disputed"]] == ["time", "weather"]


def test_a_disputed_row_names_the_judgement_that_made_two_values_one() -> None:
    things = {
        "s": says("ana"),
        "s1": claim("s", "done_by", {"ref": "captain"}),
        "t": says("spokesman"),
        "t1": claim("t", "done_by", {"ref": "major"}, negated=True),
        "j": judged("same as", "captain", "major"),
    }
    window = told(things)
    assert row(window["disputed"], "done_by")["same_as"] == ["j"]
    window = told({**things, "n": judged("not same as", "captain", "major")})
    assert window["disputed"] == []
    assert [one["id"] for one in window["assessments"]] == ["j", "n"]


# The same person, later


RETRACTION: dict[str, Fields] = {
    "s": says("ana", said_at="2009-03-04"),
    "s1": claim("s", "done_by", {"ref": "captain"}),
    "t": says("captain", said_at="2009-09-01"),
    "t1": claim("t", "done_by", {"ref": "captain"}, negated=True),
}


def test_a_later_contrary_statement_of_the_same_person_shows_beside_the_earlier() -> None:
    window = told({**RETRACTION, "j": judged("same as", "ana", "captain")})
    (later,) = statement(window, "s")["later"]
    assert (later["id"], later["side"], later["order"]) == ("t", "elsewhere", "as dated")
    assert (later["speaker"], later["quote"]) == ({"id": "captain", "name": "The captain"}, "…")
    assert (later["on"], later["same_as"]) == (["done_by"], ["j"])
    (earlier,) = statement(window, "t")["earlier"]
    assert (earlier["id"], earlier["side"]) == ("s", "village")
    assert statement(window, "s")["earlier"] == statement(window, "t")["later"] == []


def test_another_person_contradicting_is_not_a_change_of_mind() -> None:
    window = told(RETRACTION)
    assert statement(window, "s")["later"] == []


def test_taking_back_in_reply_shows_even_without_claims() -> None:
    window = told({"s": says("ana"), "t": says("ana", act="retracts", replies_to="s")})
    assert [later["id"] for later in statement(window, "s")["later"]] == ["t"]


def test_without_dates_the_record_gives_the_order_and_says_so() -> None:
    undated = {id: {**fields} for id, fields in RETRACTION.items()}
    undated["t"]["speaker"] = "ana"
    undated["s"]["said_at"] = {"none": "unknown"}
    (later,) = statement(told(undated), "s")["later"]
    assert (later["id"], later["order"]) == ("t", "as recorded")


# Limited to what a dossier contains


def test_a_limited_window_knows_nothing_of_other_statements() -> None:
    things = {
        "s": says("ana"),
        "s1": claim("s", "loss", "the mill"),
        "t": says("major", act="denies", replies_to="s", reports="s"),
    }
    window = told(things, only=frozenset({"t"}))
    assert ids(every_statement(window)) == ["t"]
    assert window["disputed"] == []
    assert (statement(window, "t")["replies_to"], statement(window, "t")["reports"]) == (None, None)
    assert [[actor["id"] for actor in held["actors"]] for held in window["sides"]] == [[], ["major"]]
    window = told(things, only=frozenset({"s"}))
    assert row(window["only"]["village"], "loss")["value"] == "the mill"


# The contested case of 1904


@pytest.fixture(scope="module")
def casement() -> Fields:
    if not CASEMENT.exists():
        pytest.skip(f"the sample case is not here: {CASEMENT}")
    things = {}
    for line in CASEMENT.read_text(encoding="utf-8").splitlines():
        fields = json.loads(line)
        if isinstance(fields.get("sides"), dict):
            fields["sides"] = [{"name": name, "actors": held} for name, held in fields["sides"].items()]
        things[fields.pop("id")] = fields
    return windows(MemoryThings.of(things), "loss-of-hand")


def test_all_statements_of_the_case_are_accounted_for_once(casement: Fields) -> None:
    assert sorted(ids(every_statement(casement))) == [f"s{number:02}" for number in range(1, 25)]
    assert casement["elsewhere"] == []


def test_the_cause_is_disputed_with_every_holder_and_four_reports_have_one_origin(casement: Fields) -> None:
    accusers, government = (held["name"] for held in casement["sides"])
    cut, boar = row(casement["disputed"], "cause", "loss-of-hand")["values"]
    assert cut["by"] == {accusers: ["s01", "s03", "s08", "s14", "s15"], government: ["s10"]}
    assert cut["origins"] == 5
    assert {id for holders in boar["by"].values() for id in holders} == {"s18", "s20", "s21", "s23"}
    assert (boar["reports"], boar["origins"]) == (4, 1)
    (origin,) = boar["origin_tree"]
    assert {tie["why"] for tie in origin["ties"]} == {"reports", "assessed as same origin"}


def test_the_doer_is_disputed_through_the_judgement_on_the_sentry(casement: Fields) -> None:
    accusers, government = (held["name"] for held in casement["sides"])
    disputed = row(casement["disputed"], "done_by", "loss-of-hand")
    assert disputed["same_as"] == ["same-sentry"]
    did, did_not, another = disputed["values"]
    assert did["by"] == {accusers: ["s01", "s03", "s04", "s05", "s06", "s09", "s14"]}
    assert (did_not["negated"], did_not["by"]) == (True, {government: ["s02", "s17"]})
    assert (another["by"], another["contested"]) == ({government: ["s10"]}, False)


def test_the_boy_s_retraction_stands_beside_his_accusation_in_both_windows(casement: Fields) -> None:
    _, government = (held["name"] for held in casement["sides"])
    for accusation in ("s01", "s14"):
        later = statement(casement, accusation)["later"]
        assert [(one["id"], one["side"], one["order"]) for one in later] == [
            ("s17", government, "as dated"),
            ("s18", government, "as dated"),
        ]
    for retraction in ("s17", "s18"):
        assert ids(statement(casement, retraction)["earlier"]) == ["s01", "s14"]
        assert all(one["same_as"] == ["same-boy"] for one in statement(casement, retraction)["earlier"])


# For any record


ACTORS = ["ana", "ben", "major", "doctor", "captain"]
some_actor = st.sampled_from(ACTORS)
some_value = st.one_of(
    st.sampled_from(["a shell", "A  shell", "12", "13", {"none": "refused"}]),
    st.builds(lambda actor: {"ref": actor}, some_actor),
)


@st.composite
def records(draw: st.DrawFn) -> dict[str, Fields]:
    sides = draw(st.lists(st.lists(some_actor, max_size=3), max_size=3))
    event = {
        "kind": "event",
        "sides": [{"name": f"side {n}", "actors": actors} for n, actors in enumerate(sides)],
    }
    things: dict[str, Fields] = {**CAST, "raid": event}
    count = draw(st.integers(0, 6))
    for number in range(count):
        about = draw(st.sampled_from([["raid"], ["raid"], []]))
        spoken = says(draw(some_actor), about=about, act=draw(st.sampled_from(["asserts", "denies"])))
        spoken["jointly_with"] = draw(st.lists(some_actor, max_size=2))
        spoken["said_at"] = draw(st.sampled_from(["2009", "2009-03", "2010-01-01", {"none": "unknown"}]))
        for link in ("replies_to", "reports"):
            if draw(st.booleans()):
                spoken[link] = f"s{draw(st.integers(0, count - 1))}"
        things[f"s{number}"] = spoken
        for place in range(draw(st.integers(0, 3))):
            property = draw(st.sampled_from(["cause", "count", "present", "colour"]))
            said = claim(f"s{number}", property, draw(some_value), negated=draw(st.booleans()))
            said |= {"when": "2009-03"} if draw(st.booleans()) else {}
            things[f"s{number}c{place}"] = said
    for number in range(draw(st.integers(0, 2))):
        word = draw(st.sampled_from(["same as", "not same as", "contradicts", "same origin"]))
        about = draw(st.lists(st.sampled_from([*ACTORS, *things]), min_size=2, max_size=3, unique=True))
        things[f"j{number}"] = judged(word, *about)
    return things


def stored(things: Mapping[str, Fields]) -> MemoryThings:
    """With entry names and clocks that do not depend on the order in which the things are given."""
    return MemoryThings(
        Thing(id, fields["kind"], (Version(id, fields["kind"], f"{id}.1/0", fields, clock=len(id)),))
        for id, fields in things.items()
    )


def placed(window: Fields) -> list[tuple[str, Fields]]:
    rows = [("shared", row) for row in window["shared"]] + [("some", row) for row in window["some"]]
    rows += [(f"only {name}", row) for name, held in window["only"].items() for row in held]
    for disputed in window["disputed"]:
        point = {"subject": disputed["subject"], "property": disputed["property"]}
        rows += [("disputed", {**point, **value}) for value in disputed["values"]]
    return rows


@settings(deadline=None)
@given(records())
def test_every_statement_stands_on_its_speakers_sides_or_elsewhere(things: dict[str, Fields]) -> None:
    window = windows(stored(things), "raid")
    seats = {held["name"]: {actor["id"] for actor in held["actors"]} for held in window["sides"]}
    expected: Counter[str] = Counter()
    claimed = {fields["statement"] for fields in things.values() if fields["kind"] == "claim"}
    for id, fields in things.items():
        if fields["kind"] == "statement" and (fields["about"] or id in claimed):
            speakers = {fields["speaker"], *fields["jointly_with"]}
            expected[id] = max(1, sum(bool(speakers & seated) for seated in seats.values()))
    found = Counter(ids(every_statement(window)))
    assert {id: found[id] for id in expected} == expected
    assert all(statement(window, id)["why_here"] == "denies a statement here" for id in found - expected)


@settings(deadline=None)
@given(records())
def test_every_claim_stands_in_exactly_one_place(things: dict[str, Fields]) -> None:
    window = windows(stored(things), "raid")
    found = Counter(id for _, row in placed(window) for id in row["claims"])
    found.update(id for row in window["absent"] for id in row["claims"])
    shown = {one["id"]: one for one in every_statement(window)}
    assert found == Counter(claim["id"] for one in shown.values() for claim in one["claims"])


@settings(deadline=None)
@given(records())
def test_every_holder_is_listed_under_the_side_that_shows_them(things: dict[str, Fields]) -> None:
    window = windows(stored(things), "raid")
    shown = {held["name"]: ids(held["statements"]) for held in window["sides"]}
    shown["elsewhere"] = ids(window["elsewhere"])
    for place, held in placed(window):
        holders = {things[id]["statement"] for id in held["claims"]} | set(held["in_reply"])
        assert held["by"] == {
            name: [id for id in there if id in holders]
            for name, there in shown.items()
            if not holders.isdisjoint(there)
        }
        assert 1 <= held["origins"] <= held["reports"] == len(holders)
        telling = set(held["by"]) - {"elsewhere"}
        if place == "shared":
            assert telling == set(shown) - {"elsewhere"} and len(telling) > 1
        elif place == "some":
            assert len(telling) > 1
        elif place != "disputed":
            assert telling == {place.removeprefix("only ")} - {"elsewhere"}


@settings(deadline=None)
@given(records(), st.randoms())
def test_the_order_in_which_things_are_met_changes_nothing(things: dict[str, Fields], random: Any) -> None:
    shuffled = list(things.items())
    random.shuffle(shuffled)
    first, second = (windows(stored(met), "raid") for met in (things, dict(shuffled)))
    assert json.dumps(first) == json.dumps(second)


def test_none_of_two_thousand_statements_is_left_out() -> None:
    things: dict[str, Fields] = {f"voice{n}": {"kind": "actor"} for n in range(200)}
    sides = [
        {"name": name, "actors": [f"voice{n}" for n in range(at, 200, 3)]} for at, name in enumerate("ab")
    ]
    for number in range(2000):
        things[f"s{number}"] = says(f"voice{number * 7 % 200}", said_at=f"{1950 + number % 60}")
        things[f"s{number}c"] = claim(f"s{number}", "count", low=number, high=number + 1500)
        things[f"s{number}d"] = claim(f"s{number}", "cause", f"cause {number % 9}")
    held = MemoryThings.of({**CAST, **things, "raid": {**CAST["raid"], "sides": sides}})
    window = windows(held, "raid")
    assert len(every_statement(window)) == 2000
