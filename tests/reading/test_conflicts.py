"""Conflicts listed and resolved: both versions show until a person says which stands, and why."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import onrecord
from onrecord.api import Record
from onrecord.record.entries import Draft
from onrecord.record.errors import FieldInvalid, InConflict
from onrecord.settings import Settings
from tests.branches import merge

Lines = list[dict[str, Any]]
Split = Callable[[Lines, Lines, Lines], Record]
GATE: dict[str, Any] = {"kind": "place", "id": "gate", "type": "gate", "names": ["The gate"]}


@pytest.fixture
def split(record: Record, laptop: Settings, tmp_path: Path) -> Split:
    """Put lines here, then some here and others in a copy, and join the copy."""

    def join(both: Lines, here: Lines, there: Lines) -> Record:
        record.put(both)
        shutil.copytree(record.path, tmp_path / "copy")
        record.put(here)
        with onrecord.open(tmp_path / "copy", settings=laptop) as copy:
            copy.put(there)
        merge(record, tmp_path / "copy")
        return record

    return join


def changed(reason: str = "seen again", **fields: Any) -> Lines:
    return [{"kind": "place", "id": "gate", "reason": reason, **fields}]


def versions(record: Record) -> list[str]:
    (conflict,) = record.conflicts()
    return [row["version"] for row in conflict["versions"]]


def test_a_record_without_conflicts_lists_none(record: Record) -> None:
    record.put([GATE])
    assert list(record.conflicts()) == []
    with pytest.raises(InConflict):
        record.conflict("gate")


def test_a_conflict_says_what_differs_and_who_said_which_where_and_why(split: Split) -> None:
    record = split([GATE], changed("it is one", condition="open"), changed("it was shut", condition="shut"))
    (conflict,) = record.conflicts()
    assert (conflict["slug"], conflict["kind"]) == ("gate", "place")
    assert list(conflict["differ"]) == ["condition"]
    assert set(conflict["differ"]["condition"].values()) == {"open", "shut"}
    assert {row["reason"] for row in conflict["versions"]} == {"it is one", "it was shut"}
    for row in conflict["versions"]:
        assert row["author"] == "mira" and row["recorded"] and row["laptop"]["fingerprint"]
    assert len({row["laptop"]["log"] for row in conflict["versions"]}) == 2


def test_it_says_what_stood_before(split: Split) -> None:
    before = {**GATE, "condition": "unknown to us"}
    record = split([before], changed(condition="open"), changed(condition="shut"))
    (conflict,) = record.conflicts()
    assert conflict["before"] == {"condition": "unknown to us"}


def test_a_field_that_only_one_version_has_differs_too(split: Split) -> None:
    record = split([GATE], changed(condition="open"), changed(note="rusty"))
    (conflict,) = record.conflicts()
    assert {field: len(values) for field, values in conflict["differ"].items()} == {"condition": 1, "note": 1}


def test_keeping_one_version_makes_it_the_only_one_with_the_reason_and_both_stay_in_the_history(
    split: Split,
) -> None:
    record = split([GATE], changed(condition="open", note="ours"), changed(condition="shut"))
    heads = versions(record)
    (theirs,) = [head for head in heads if record.conflict("gate")["differ"]["condition"][head] == "shut"]
    result = record.resolve("gate", "two people saw it shut", keep=theirs)
    thing = record.get("gate")
    assert not thing["in_conflict"]
    assert thing["condition"] == "shut" and "note" not in thing
    (head,) = thing["heads"]
    assert head["reason"] == "two people saw it shut"
    assert head["version"] == result["version"] and sorted(head["supersedes"]) == sorted(heads)
    assert len(record.history("gate")["versions"]) == 4
    assert list(record.conflicts()) == []
    assert record.verify(views=True)["problems"] == []


def test_field_by_field_takes_each_value_from_the_version_named(split: Split) -> None:
    record = split([GATE], changed(condition="open", note="ours"), changed(condition="shut", note="theirs"))
    differ = record.conflict("gate")["differ"]
    (ours,) = [entry for entry, value in differ["note"].items() if value == "ours"]
    (theirs,) = [entry for entry in differ["note"] if entry != ours]
    record.resolve("gate", "each saw half", take={"condition": theirs, "note": ours})
    thing = record.get("gate")
    assert (thing["condition"], thing["note"]) == ("shut", "ours")


def test_one_field_may_be_taken_over_a_version_that_is_kept(split: Split) -> None:
    record = split([GATE], changed(condition="open", note="ours"), changed(condition="shut", note="theirs"))
    differ = record.conflict("gate")["differ"]
    (ours,) = [entry for entry, value in differ["note"].items() if value == "ours"]
    (theirs,) = [entry for entry in differ["note"] if entry != ours]
    record.resolve("gate", "theirs, with our note", keep=theirs, take={"note": ours})
    thing = record.get("gate")
    assert (thing["condition"], thing["note"]) == ("shut", "ours")


def test_what_is_not_said_is_asked_for_and_nothing_is_written(split: Split) -> None:
    record = split([GATE], changed(condition="open", note="ours"), changed(condition="shut", note="theirs"))
    first, _ = versions(record)
    wrong: list[tuple[str | None, dict[str, str]]] = [
        (None, {}),
        (None, {"note": first}),
        (first, {"colour": first}),
        ("nowhere.1/7", {}),
        (None, {"note": first, "condition": "nowhere.1/7"}),
    ]
    for keep, take in wrong:
        with pytest.raises(FieldInvalid):
            record.resolve("gate", "why", keep, take)
    assert len(list(record.conflicts())) == 1


def test_a_passage_keeps_the_exact_place_that_was_chosen(
    split: Split, record: Record, letter: Callable[[str], str]
) -> None:
    item = letter("The gate was shut at six. The gate was open at nine.")
    place = {"kind": "passage", "id": "p", "item": item, "quote": "The gate was shut"}
    moved = {"kind": "passage", "id": "p", "reason": "the whole of it"}
    split([place], [{**moved, "quote": "shut at six"}], [{**moved, "quote": "open at nine"}])
    (conflict,) = record.conflicts()
    (chosen,) = [entry for entry, quote in conflict["differ"]["quote"].items() if quote == "open at nine"]
    record.resolve("p", "that is what she meant", keep=chosen)
    text = record.text(item)["text"]
    passage = record.get("p")
    assert text[passage["start"] : passage["end"]] == passage["quote"] == "open at nine"
    assert record.verify()["ok"]


def test_a_publication_cites_anew_what_its_chosen_text_cites(split: Split) -> None:
    said = {"kind": "statement", "id": "s", "speaker": "w", "text": "It was shut."}
    words = {"kind": "publication", "id": "d", "title": "T", "audience": "public", "text": "One.[[s]]"}
    more = {"kind": "publication", "id": "d", "reason": "better"}
    record = split(
        [{"kind": "actor", "id": "w", "names": ["W"]}, said, words],
        [{**more, "text": "Two.[[s]]"}],
        [{**more, "text": "Three."}],
    )
    (conflict,) = record.conflicts()
    (chosen,) = [entry for entry, text in conflict["differ"]["text"].items() if text == "Two.[[s]]"]
    record.resolve("d", "it needs its source", keep=chosen)
    assert record.get("d")["text"] == "Two.[[s]]"
    assert [one["as_written"] for one in record.get("d")["citations"]] == ["s"]


def test_what_was_sealed_stays_sealed_and_opens_to_what_was_chosen(split: Split) -> None:
    one = {"kind": "actor", "id": "w", "names": ["Witness 3"]}
    here, there = (
        {"kind": "actor", "id": "w", "sealed": {"name": name}, "reason": "r"} for name in ("A", "B")
    )
    record = split([one], [here], [there])
    (conflict,) = record.conflicts()
    chosen, kept = next(iter(conflict["differ"]["sealed"].items()))
    record.resolve("w", "she spelt it", keep=chosen)
    assert record.get("w")["sealed"] == kept
    assert record.verify()["ok"]


def test_an_erased_version_can_give_way_but_not_be_kept(split: Split) -> None:
    record = split([GATE], changed(condition="open"), changed(condition="shut"))
    erased, other = versions(record)
    store = record._store
    (body,) = (
        version for version in store.db.as_now().get(record.get("gate")["id"]).heads if version.name == erased
    )
    fields = {"order": "a" * 16, "clock": body.clock, "authority": ["mira"]}
    with store.writing() as writer:
        writer.append(Draft(body.kind, body.thing, fields, supersedes=body.supersedes, reason="r", of=erased))
        store.db.connection.execute("DELETE FROM body WHERE entry = ?", (store.db.entry_of(erased),))
    with pytest.raises(FieldInvalid, match="erased"):
        record.resolve("gate", "why", keep=erased)
    record.resolve("gate", "the other was erased", keep=other)
    assert not record.get("gate")["in_conflict"]
