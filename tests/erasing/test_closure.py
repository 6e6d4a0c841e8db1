"""What goes with a thing, what is only touched by it, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from onrecord.api import Record
from onrecord.erasing.places import brushes, overlap
from onrecord.record.errors import FieldInvalid, InConflict, KindWrong, ThingUnknown
from tests.conftest import lines
from tests.erasing.conftest import TWO

Erase = Callable[..., dict[str, Any]]
Letter = Callable[..., str]
WORDS = "Nobody came to open the gate before the evening."


@pytest.fixture
def accounts(record: Record, letter: Letter) -> str:
    """Two statements on one letter, one of them reported and answered; the letter's item."""
    item = letter(f"On the day itself. {WORDS} The guard says he did not see it.")
    record.put(
        lines(
            {"kind": "actor", "id": "nurse", "names": ["Nurse"]},
            {"kind": "passage", "id": "p", "item": item, "quote": WORDS},
            {"kind": "passage", "id": "inner", "item": item, "quote": "open the gate"},
            {
                "kind": "passage",
                "id": "guard-words",
                "item": item,
                "quote": "The guard says he did not see it.",
            },
            {"kind": "statement", "id": "s", "speaker": "nurse", "passages": ["p"]},
            {"kind": "statement", "id": "inside", "speaker": "nurse", "passages": ["inner"]},
            {"kind": "statement", "id": "guard", "speaker": "nurse", "passages": ["guard-words"]},
            {
                "kind": "statement",
                "id": "report",
                "speaker": "nurse",
                "text": "I was told so.",
                "reports": "s",
            },
            {
                "kind": "statement",
                "id": "answer",
                "speaker": "nurse",
                "text": "It is not so.",
                "replies_to": "s",
            },
            {
                "kind": "claim",
                "id": "c",
                "statement": "s",
                "subject": "nurse",
                "property": "said",
                "value": "no",
            },
            {"kind": "terms", "id": "t", "over": ["s"], "uses": {"words": "yes"}},
            {
                "kind": "publication",
                "id": "quoting",
                "title": "A day",
                "audience": "public",
                "text": f"> {WORDS}",
            },
            {
                "kind": "publication",
                "id": "citing",
                "title": "A day",
                "audience": "public",
                "text": "So [[s]].",
            },
        )
    )
    return item


def slugs(record: Record, rows: list[dict[str, str]]) -> set[str]:
    return {str(record.get(row["thing"])["slug"] or row["kind"]) for row in rows}


def test_a_statement_goes_with_its_claims_its_passages_and_those_over_the_same_words(
    record: Record, accounts: str
) -> None:
    looked = record.look_at_erasing("s")
    assert slugs(record, looked["gone"]) == {"s", "c", "p", "inner", "quoting", "guard-words"}
    assert slugs(record, looked["affected"]) == {"report", "answer", "t", "citing", "inside"}
    assert accounts in {row["thing"] for row in looked["remains"]}


def test_looking_writes_nothing(record: Record, accounts: str) -> None:
    before = record.verify()["entries"]
    record.look_at_erasing("s")
    assert record.verify()["entries"] == before


def test_a_passage_on_which_somebody_else_rests_stays_and_is_said_to(
    record: Record, accounts: str, erase: Erase
) -> None:
    record.put(lines({"kind": "statement", "id": "other", "speaker": "nurse", "passages": ["p"]}))
    receipt = erase("s")
    assert record.get("p")["quote"] == WORDS
    (row,) = [row for row in receipt["remains"] if row["kind"] == "passage"]
    assert "rest on this passage" in row["why"]


def test_a_passage_goes_with_the_last_of_those_that_rest_on_it(
    record: Record, accounts: str, erase: Erase
) -> None:
    record.put(lines({"kind": "statement", "id": "other", "speaker": "nurse", "passages": ["p"]}))
    receipt = erase("s", "other")
    assert "passage" in {row["kind"] for row in receipt["gone"]}
    assert "passage" not in {row["kind"] for row in receipt["remains"]}


def test_a_statement_stays_while_it_rests_on_a_passage_that_stays(
    record: Record, accounts: str, erase: Erase
) -> None:
    record.put(
        lines({"kind": "statement", "id": "both", "speaker": "nurse", "passages": ["p", "guard-words"]})
    )
    alone = record.get("s")["id"]
    receipt = erase("p")
    assert "both" in slugs(record, receipt["affected"])
    assert record.get("both")["passages"]
    assert record.get(alone)["heads"][0]["erased"]


def test_an_erased_thing_stays_as_an_empty_place(record: Record, accounts: str, erase: Erase) -> None:
    claim = record.get("c")["id"]
    erase("c")
    (version,) = record.history(claim)["versions"]
    assert version["erased"] and version["fields"] == {}
    with pytest.raises(ThingUnknown):
        record.get("c")


def test_an_older_version_does_not_come_back_for_an_erased_one(record: Record, erase: Erase) -> None:
    record.put(lines({"kind": "place", "id": "yard", "names": ["Yard"]}))
    record.put(lines({"kind": "place", "id": "yard", "names": ["Court"], "reason": "its name"}))
    id = record.get("yard")["id"]
    erase("yard")
    assert [head["fields"] for head in record.get(id)["heads"]] == [{}]
    assert all(version["erased"] for version in record.history(id)["versions"])
    assert record.search("Yard") and list(record.search("Court")) == []


def test_an_original_needs_two_people(record: Record, accounts: str, erase: Erase) -> None:
    for authority in (("Noam",), ("Noam", " noam ")):
        with pytest.raises(FieldInvalid, match="two people"):
            erase(accounts, authority=authority)
    assert record.text(accounts)["text"]
    erase(accounts, authority=TWO)


def test_an_original_stays_while_another_item_has_the_same_bytes(
    record: Record, accounts: str, erase: Erase
) -> None:
    store = record._store
    sha256 = record.get(accounts)["sha256"]
    twin = _twin(record, accounts)
    receipt = erase(accounts)
    assert store.originals.path(sha256).is_file()
    assert next(row["thing"] for row in receipt["remains"] if row["kind"] == "item") == twin
    assert {hit["id"] for hit in record.search("gate evening")} == {twin}
    assert record.verify(views=True)["ok"]


def _twin(record: Record, item: str) -> str:
    """A second item about the same bytes, as another laptop's `add` makes it."""
    from onrecord.record.entries import Draft
    from onrecord.record.ids import mint

    twin = mint()
    with record._store.writing() as writer:
        writer.append(Draft("item", twin, record._store.db.as_now().get(item).fields))  # type: ignore[union-attr]
    return twin


def test_the_custody_of_an_erased_item_says_so(record: Record, accounts: str, erase: Erase) -> None:
    receipt = erase(accounts, authority=TWO)
    (step,) = [c for c in record._store.db.as_now().of_kind("custody") if not c.heads[-1].erased]
    assert (step.fields["item"], step.fields["step"]) == (accounts, "erased")
    assert receipt["order"] in step.fields["outcome"]


def test_a_lost_layer_file_keeps_no_words_in_the_index(record: Record, accounts: str, erase: Erase) -> None:
    for layer in (record.path / "layers").iterdir():
        layer.unlink()
    erase(accounts, authority=TWO)
    assert list(record.search("evening")) == []
    assert record.verify(views=True)["ok"]


def test_what_the_record_itself_stands_by_is_not_erased(record: Record) -> None:
    for kind in ("record", "person", "device"):
        thing = next(record._store.db.as_now().of_kind(kind))
        with pytest.raises(KindWrong):
            record.look_at_erasing(thing.id)


def test_an_actor_without_a_sealed_identity_is_not_erased_by_chance(record: Record, accounts: str) -> None:
    with pytest.raises(FieldInvalid, match="--whole"):
        record.look_at_erasing("nurse")
    assert len(record.look_at_erasing("nurse", whole=True)["affected"]) == 6


def test_a_thing_with_one_version_has_no_older_ones(record: Record, accounts: str) -> None:
    with pytest.raises(FieldInvalid, match="no older version"):
        record.look_at_erasing("s", older=True)


def test_a_reason_and_somebody_who_decided_are_needed(record: Record, accounts: str) -> None:
    with pytest.raises(FieldInvalid, match="reason"):
        record.erase("s", " ", ["Noam"])
    with pytest.raises(FieldInvalid, match="authority"):
        record.erase("s", "danger", [" "])


def test_what_was_not_shown_is_not_taken(record: Record, accounts: str) -> None:
    looked = record.look_at_erasing("s")
    record.put(
        lines({"kind": "claim", "statement": "s", "subject": "nurse", "property": "said", "value": "more"})
    )
    with pytest.raises(InConflict, match="changed"):
        record.erase("s", "danger", ["Noam"], shown=looked)
    assert record.erasures() == []


def test_a_dossier_from_before_still_verifies_and_is_listed(
    record: Record, tmp_path: Path, erase: Erase
) -> None:
    import onrecord

    record.put(
        lines(
            {"kind": "actor", "id": "nurse", "names": ["Nurse"]},
            {"kind": "statement", "id": "s", "speaker": "nurse", "text": WORDS},
            {
                "kind": "terms",
                "over": ["s", "nurse"],
                "uses": dict.fromkeys(("media", "words", "name"), "yes"),
            },
            {"kind": "publication", "id": "pub", "title": "A day", "audience": "public", "text": "So [[s]]."},
        )
    )
    built = record.publish("pub", tmp_path / "dossier")
    assert built["refused"] == []
    receipt = erase("s")
    assert [row["kind"] for row in receipt["remains"]] == ["release"]
    assert onrecord.verify(tmp_path / "dossier")["ok"]
    assert record.verify(views=True)["ok"]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"layer": "a", "start": 0, "end": 5}, {"layer": "a", "start": 4, "end": 9}, True),
        ({"layer": "a", "start": 0, "end": 5}, {"layer": "a", "start": 5, "end": 9}, False),
        ({"layer": "a", "quote": "the gate"}, {"layer": "b", "quote": "At the  Gate they"}, True),
        ({"page": 1, "region": [0, 0, 10, 10]}, {"page": 1, "region": [5, 5, 10, 10]}, True),
        ({"page": 1, "region": [0, 0, 10, 10]}, {"page": 2, "region": [5, 5, 10, 10]}, False),
        ({"page": 1, "region": [0, 0, 10, 10]}, {"page": 1, "region": [10, 0, 10, 10]}, False),
        ({"seconds": ["1.5", 4]}, {"seconds": [3, "9.25"]}, True),
        ({"seconds": [1, 3]}, {"seconds": [3, 9]}, False),
        ({"cell": "B2"}, {"cell": "B2"}, True),
        ({"cell": "B2"}, {"cell": "B3"}, False),
    ],
)
def test_places_overlap_where_they_show_some_of_the_same(
    one: dict[str, Any], other: dict[str, Any], same: bool
) -> None:
    assert overlap(one, other) is same
    assert overlap(other, one) is same


def test_words_around_a_place_reach_into_its_neighbours() -> None:
    gone = {"layer": "a", "start": 20, "end": 30}
    assert brushes(gone, {"layer": "a", "start": 30, "end": 40, "prefix": "x" * 8})
    assert brushes(gone, {"layer": "a", "start": 5, "end": 15, "suffix": "x" * 8})
    assert not brushes(gone, {"layer": "a", "start": 5, "end": 15, "suffix": "x" * 5})
