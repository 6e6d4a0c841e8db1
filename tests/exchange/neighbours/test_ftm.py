"""FollowTheMoney: what a dataset's publisher says, line by line, with what its source wrote."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from onrecord.api import Record
from tests.exchange.neighbours.conftest import Bring

COLUMNS = (
    "canonical_id", "entity_id", "prop", "prop_type", "schema", "value", "dataset", "origin", "lang", "original_value",
    "external", "first_seen", "last_seen", "id",
)  # fmt: skip


def said(
    entity: str, schema: str, prop: str, value: str, lang: str = "", original: str = ""
) -> tuple[str, ...]:
    key = f"{entity}-{prop}-{value}"[:40]
    return (
        entity,
        entity,
        prop,
        "",
        schema,
        value,
        "weir_posts",
        "",
        lang,
        original,
        "f",
        "2024-01-01",
        "2024-02-01",
        key,
    )


ROWS = (
    said("p1", "Person", "name", "مريم", "ara", "السيدة مريم"),
    said("p1", "Person", "alias", "Maryam, of the ford", "eng"),
    said("p1", "Person", "birthDate", "1961-03", "", "March 1961"),
    said("p1", "Person", "id", "b5c0"),
    said("o1", "PublicBody", "name", "רשות הסכר", "heb"),
    said("j1", "Position", "name", "Keeper of the weir", "eng"),
    said("r1", "Occupancy", "holder", "p1"),
    said("r1", "Occupancy", "post", "j1"),
    said("r1", "Occupancy", "startDate", "2009-05"),
    said("m1", "Membership", "member", "p1"),
    said("m1", "Membership", "organization", "far-away"),
    said("e1", "Event", "name", "The morning at the gate"),
    said("e1", "Event", "date", "2019-05-14"),
    said("v1", "Vessel", "name", "A boat"),
)


def table(rows: tuple[tuple[str, ...], ...] = ROWS) -> str:
    out = io.StringIO()
    made = csv.writer(out, dialect=csv.unix_dialect)
    made.writerow(COLUMNS)
    made.writerows(rows)
    return out.getvalue()


@pytest.fixture
def statements(tmp_path: Path) -> Path:
    place = tmp_path / "weir.csv"
    place.write_text(table(), encoding="utf-8")
    return place


def test_people_bodies_and_posts_become_actors_with_all_their_names(
    bring: Bring, statements: Path, things
) -> None:
    report = bring(statements)
    assert not report.of("wrong"), report
    actors = {tuple(name["text"] for name in actor["names"]): actor for actor in things("actor")}
    assert actors["مريم", "Maryam, of the ford"]["type"] == "person"
    assert actors["مريم", "Maryam, of the ford"]["names"][0]["language"] == "ara"
    assert actors[("רשות הסכר",)]["type"] == "body"
    assert actors[("Keeper of the weir",)]["type"] == "office"


def test_a_post_is_a_dated_relation_that_rests_on_claims(
    bring: Bring, statements: Path, things, record: Record
) -> None:
    bring(statements)
    (relation,) = things("relation")
    assert (relation["role"], relation["when"]) == ("holds post", {"from": "2009-05"})
    assert record.get(relation["from"])["names"][0]["text"] == "مريم"
    assert len(relation["claims"]) == 3


def test_every_line_is_a_claim_that_rests_on_its_words(
    bring: Bring, statements: Path, things, record: Record
) -> None:
    bring(statements)
    (born,) = [claim for claim in things("claim") if claim["property"] == "birthDate"]
    assert (born["value"], born["as_written"]) == ("1961-03", "March 1961")
    statement = record.get(born["statement"])
    assert record.get(statement["speaker"])["names"][0]["text"] == "weir_posts"
    quotes = [record.get(passage)["quote"] for passage in statement["passages"]]
    assert any("March 1961" in quote and "birthDate" in quote for quote in quotes)
    assert statement["note"] == "first_seen 2024-01-01, last_seen 2024-02-01"


def test_an_event_keeps_its_day(bring: Bring, statements: Path, things) -> None:
    bring(statements)
    (event,) = things("event")
    assert (event["title"], event["when"]) == ("The morning at the gate", "2019-05-14")


def test_what_is_not_carried_is_said_line_by_line(bring: Bring, statements: Path) -> None:
    report = bring(statements)
    assert "Vessel is not carried over" in report.at("weir.csv line 15 name")["reason"]
    assert (
        report.at("weir.csv line 11 member")["reason"] == "its organization is not among what is carried over"
    )
    assert report.at("weir.csv line 12 organization")["status"] == "not carried"
    assert report.at("weir.csv line 5 id")["reason"] == "a checksum over the other lines"


def test_a_line_that_lacks_something_is_wrong_and_the_others_come(
    bring: Bring, tmp_path: Path, things
) -> None:
    place = tmp_path / "weir.csv"
    place.write_text(table((*ROWS[:2], ("", "", "name", *[""] * 11))), encoding="utf-8")
    report = bring(place)
    assert report.of("wrong") == ["weir.csv line 4"]
    assert len(things("actor")) == 2


def test_entities_as_json_are_carried_as_well(bring: Bring, tmp_path: Path, things) -> None:
    told = [
        {"id": "p1", "schema": "Person", "datasets": ["weir"], "properties": {"name": ["מרים", "مريم"]}},
        {"id": "j1", "schema": "Position", "datasets": ["weir"], "properties": {"name": ["Keeper"]}},
        {"id": "r1", "schema": "Occupancy", "datasets": ["weir"],
         "properties": {"holder": ["p1"], "post": ["j1"], "startDate": ["about 2009"]}},
    ]  # fmt: skip
    place = tmp_path / "weir.json"
    place.write_text("\n".join(json.dumps(one, ensure_ascii=False) for one in told) + "\nnot json\n")
    report = bring(place)
    assert report.of("wrong") == ["weir.json line 4"]
    (relation,) = things("relation")
    assert ("when" in relation, relation["as_written"]) == (False, "about 2009")
    assert len(things("passage")) == 3
    assert len(things("claim")) == 6


def test_statements_as_json_lines_are_carried_as_well(bring: Bring, tmp_path: Path, things) -> None:
    place = tmp_path / "weir.jsonl"
    place.write_text(
        "\n".join(json.dumps(dict(zip(COLUMNS, row, strict=True)), ensure_ascii=False) for row in ROWS[:3])
    )
    bring(place)
    assert {claim["property"] for claim in things("claim")} == {"name", "alias", "birthDate"}


def test_a_second_import_says_nothing_twice(bring: Bring, statements: Path, things) -> None:
    bring(statements)
    before = {kind: len(things(kind)) for kind in ("actor", "claim", "statement", "relation", "passage")}
    bring(statements)
    assert {kind: len(things(kind)) for kind in before} == before
