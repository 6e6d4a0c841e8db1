"""The kinds hold every field that the contract names, and no field does what its name does not say."""

from typing import Any

import pytest

from onrecord.record import fields as f
from onrecord.record.errors import FieldInvalid, OnrecordError
from onrecord.record.ideas import KINDS

REF = "aaaaaaaaaaaaaaaa"
SEALED = {"age": "YWdlLWVuY3J5cHRpb24ub3JnL3YxCg==", "to": [REF]}
TIME = {
    "from": "2019-05",
    "to": "2019-06",
    "precise": False,
    "started": True,
    "ended": False,
    "as_written": "in spring",
}

# Each kind with every field of the contract, filled with a value that the contract allows.
CONTRACT: dict[str, dict[str, Any]] = {
    "item": {
        "title": "t", "language": "ar", "received_from": "a clerk", "received_at": "2019", "captured_at": TIME,
        "place": REF, "handled_by": {"ref": REF}, "note": "n", "derived_from": REF, "recipe": {"tool": "x", "version": "1"},
    },
    "passage": {
        "item": REF, "layer": "0" * 64, "quote": "q", "prefix": "p", "suffix": "s", "nth": 1, "start": 0, "end": 1,
        "page": 2, "region": [0, "0.5", 1, 1], "seconds": ["1.5", 2], "cell": "B3",
    },
    "statement": {
        "speaker": REF, "jointly_with": [REF], "capacity": "c", "passages": [REF], "about": [REF], "said_at": "2019",
        "at_event": REF, "act": "asserts", "basis": "saw", "hedge": "I think", "reports": REF, "replies_to": REF,
    },
    "claim": {
        "statement": REF, "subject": REF, "property": "count", "value": "12", "negated": True, "when": "2019",
        "place": REF, "qualifiers": {"side": "north"}, "low": 10, "high": "12.5", "unit": "people", "counted": "dead",
        "population": "village", "formula": "a / (b + 1)", "inputs": {"a": REF, "b": REF}, "as_written": "a dozen",
    },
    "actor": {
        "type": "person", "names": [{"text": "x", "language": "ar", "used_by": "kin", "since": "1990"}],
        "sealed": SEALED, "pseudonyms": {"public": "W"},
    },
    "relation": {"from": REF, "to": REF, "role": "member", "degree": "close", "when": TIME, "claims": [REF]},
    "place": {"type": "village", "names": ["x"], "part_of": REF, "geometry": '{"type": "Point"}', "condition": "c"},
    "event": {
        "title": "t", "type": "visit", "state": "held", "when": "2019", "place": REF, "part_of": REF,
        "sides": {"one": [REF]}, "chain": [{"to": REF, "link": "causes", "asserted_by": REF}],
    },
    "norm": {
        "title": "t", "passage": REF, "author": "parliament", "scope": "s", "in_force": TIME, "duties": ["open it"],
        "threshold": {"property": "count", "at_least": 1, "at_most": "3.5", "unit": "m"}, "replaces": REF,
    },
    "proceeding": {
        "title": "t", "about": [REF],
        "steps": [{"step": "ask", "state": "sent", "due": "2019", "done": "2020", "by": "x", "outcome": "o", "passage": REF}],
    },
    "terms": {
        "over": [REF], "agreed_with": {"ref": REF}, "agreed_at": {"none": "not asked"}, "how": "signed",
        "attribution": {"form": "described as", "text": "a clerk"}, "expires": "2030", "revoked_at": "2021",
        "uses": {"words": "yes", "name": "no", "image": "ask", "voice": "not asked", "keep": "yes", "machine": "no"},
        "conditions": {"approval_by": "x", "state": "asked", "embargo_until": "2020"},
    },
    "assessment": {"about": [REF, REF], "judgement": "same as", "reason": "r", "standard": "s"},
    "custody": {"item": REF, "step": "received", "by": "x", "at": "2019", "place": "y", "tool": "t", "outcome": "o"},
    "publication": {"title": "t", "audience": "public", "language": "en", "contents": [REF], "text": "x [[y]]"},
}  # fmt: skip


class Everything:
    """A writer to whom every name stands for something."""

    def resolve(self, name: str, kinds: tuple[str, ...]) -> str:
        return REF

    def seal(self, value: Any) -> dict[str, Any]:
        return SEALED


def test_the_contract_names_the_fourteen_ideas() -> None:
    assert set(CONTRACT) == set(KINDS) - {"property"}


@pytest.mark.parametrize("name", CONTRACT)
def test_every_field_of_the_contract_is_accepted(name: str) -> None:
    kind = KINDS[name]
    turned = kind.turn(CONTRACT[name], Everything())
    assert set(turned) == set(CONTRACT[name])
    kind.check(turned)
    list(kind.words(turned))


@pytest.mark.parametrize("name", KINDS)
def test_what_every_thing_of_a_kind_needs_is_asked_for(name: str) -> None:
    kind, given = KINDS[name], CONTRACT.get(name, {"name": "x", "holds": "one"})
    turned = kind.turn(given, Everything())
    for field in (field for field, held in kind.fields.items() if held.required):
        for value in (None, {"none": "unknown"}, [], {}):
            with pytest.raises(FieldInvalid, match="it is missing"):
                kind.check({**turned, field: value})


NONSENSE: list[Any] = [
    0.5,
    True,
    -1,
    10**40,
    "",
    " ",
    [],
    {},
    [[]],
    {"none": "x"},
    {"ref": 5},
    [None],
    "\x00",
    {"a": [1]},
]


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("value", NONSENSE, ids=repr)
def test_nonsense_is_taken_or_refused_in_words_and_never_fails(name: str, value: Any) -> None:
    kind = KINDS[name]
    for field in kind.fields:
        try:
            kind.turn({field: value}, Everything())
        except OnrecordError as wrong:
            assert field in str(wrong)


@pytest.mark.parametrize("name", KINDS)
def test_a_stated_absence_can_be_kept_and_read_wherever_a_field_may_be_left_out(name: str) -> None:
    kind, given = KINDS[name], CONTRACT.get(name, {"name": "x", "holds": "one"})
    for field, held in kind.fields.items():
        stated = {**given, field: {"none": "not asked"}}
        if not held.of_the_world:
            with pytest.raises(FieldInvalid, match="nothing is asked"):
                kind.turn(stated, Everything())
        elif not held.required:
            turned = kind.turn(stated, Everything())
            list(kind.words(turned))
            kind.unfinished(turned)


def test_an_unknown_field_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(FieldInvalid, match="Did you mean 'speaker'"):
        KINDS["statement"].turn({"speeker": REF}, Everything())


def test_only_an_age_file_with_its_people_is_taken_for_sealed() -> None:
    assert f.is_sealed(SEALED)
    for value in (
        {"age": 33, "to": "x"},
        {**SEALED, "to": []},
        {**SEALED, "age": "x"},
        {"age": SEALED["age"]},
        None,
    ):
        assert not f.is_sealed(value)
