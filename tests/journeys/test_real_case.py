"""A real contested case, whole: two files and one event's accounts in, both windows, a search, a verified dossier."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import onrecord
from onrecord.api import Record
from onrecord.settings import Settings

ACCUSERS = "accusers before the consul"
GOVERNMENT = "the government and its inquiry"
CITED = ("s01", "s02", "s03", "s09", "s14", "s15", "s17", "s18", "s20", "s23")
VERIFIER = Path(__file__).resolve().parents[2] / "verifier" / "verify.py"


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory, shared_data: Path) -> Iterator[Record]:
    place = tmp_path_factory.mktemp("casement")
    laptop = Settings(home=place / "home", handle="mira", zone="UTC")
    folder = shared_data / "casement"
    onrecord.new(place / "record", settings=laptop)
    with onrecord.open(place / "record", settings=laptop) as record:
        added = list(record.add([folder / "casement-1904.txt", folder / "casement-1904.html"]))
        assert [line["status"] for line in added] == ["added", "added"]
        accounts = (folder / "accounts.jsonl").read_text(encoding="utf-8")
        record.put(accounts.replace("@casement-1904.txt", added[0]["item"]).splitlines())
        yield record


@pytest.fixture(scope="module")
def ids(case: Record) -> dict[str, str]:
    """The id of every statement, by its slug."""
    return {f"s{n:02}": case.get(f"s{n:02}")["id"] for n in range(1, 25)}


@pytest.fixture(scope="module")
def shown(case: Record) -> dict[str, Any]:
    return case.windows("loss-of-hand")


@pytest.fixture(scope="module")
def dossier(case: Record) -> dict[str, Any]:
    item = next(case.items())["item"]
    text = "## What was said\n\n" + "\n\n".join(f"One account.[[{slug}]]" for slug in CITED)
    uses = dict.fromkeys(("keep", "team", "media", "words", "name", "place"), "yes")
    how = "A paper printed by order of a parliament"
    case.put(
        [
            {"kind": "terms", "id": "printed", "over": [item], "agreed_with": "no one: a public paper", "how": how, "uses": uses},
            {"kind": "item", "id": item, "title": "The printed report of 1904", "reason": "What people call it."},
            {"kind": "publication", "id": "the-hand", "title": "How a boy lost his hand", "audience": "public",
             "language": "en", "text": text},
        ]
    )  # fmt: skip
    return case.publish("the-hand", case.path.parent / "dossier")


def side(shown: dict[str, Any], name: str) -> dict[str, dict[str, Any]]:
    (found,) = (side for side in shown["sides"] if side["name"] == name)
    return {statement["id"]: statement for statement in found["statements"]}


def disputed(shown: dict[str, Any], property: str) -> dict[str, Any]:
    (row,) = (row for row in shown["disputed"] if row["property"] == property)
    return row


def test_all_twenty_four_statements_are_accounted_for(shown: dict[str, Any], ids: dict[str, str]) -> None:
    told = [statement["id"] for side in shown["sides"] for statement in side["statements"]]
    told += [statement["id"] for statement in shown["elsewhere"]]
    assert sorted(told) == sorted(ids.values())


def test_the_cause_is_disputed_with_every_holder(shown: dict[str, Any], ids: dict[str, str]) -> None:
    values = {value["value"]: value for value in disputed(shown, "cause")["values"]}
    cut, boar = values["cut off by a person"], values["bitten by a wild boar"]
    assert sorted(cut["by"][ACCUSERS]) == sorted(ids[s] for s in ("s01", "s03", "s08", "s14", "s15"))
    assert cut["by"][GOVERNMENT] == [ids["s10"]]
    assert sorted(boar["by"][GOVERNMENT]) == sorted(ids[s] for s in ("s18", "s20", "s21", "s23"))
    assert ACCUSERS not in boar["by"]


def test_three_reports_of_the_boar_come_down_to_one_origin(shown: dict[str, Any]) -> None:
    (boar,) = (
        value for value in disputed(shown, "cause")["values"] if value["value"] == "bitten by a wild boar"
    )
    assert boar["origins"] == 1


def test_the_culprit_is_disputed_and_the_row_names_what_joins_the_two_sentries(
    case: Record, shown: dict[str, Any], ids: dict[str, str]
) -> None:
    row = disputed(shown, "done_by")
    said = {
        holder
        for value in row["values"]
        if not value["negated"]
        for ids_ in value["by"].values()
        for holder in ids_
    }
    denied = {
        holder
        for value in row["values"]
        if value["negated"]
        for ids_ in value["by"].values()
        for holder in ids_
    }
    assert said == {ids[s] for s in ("s01", "s03", "s04", "s05", "s06", "s09", "s10", "s14")}
    assert denied >= {ids["s02"], ids["s17"]}
    assert case.get("same-sentry")["id"] in row["same_as"]


def test_the_retraction_stands_beside_the_earlier_accusation_in_both_windows(
    shown: dict[str, Any], ids: dict[str, str]
) -> None:
    accusation = side(shown, ACCUSERS)[ids["s01"]]
    retraction = side(shown, GOVERNMENT)[ids["s17"]]
    assert ids["s17"] in [later["id"] for later in accusation["later"]]
    assert ids["s01"] in [earlier["id"] for earlier in retraction["earlier"]]


def test_inside_both_names_of_the_boy_and_the_sentry_show(shown: dict[str, Any]) -> None:
    names = {s["speaker"]["name"] for side in shown["sides"] for s in side["statements"]}
    assert {"I I", "Epondo", "K K"} <= names
    assert "Kelengo" in json.dumps(shown, ensure_ascii=False)


@pytest.mark.parametrize("word", ["Epondo", "Bossunguma", "sanglier"])
def test_a_word_is_found_at_its_exact_place_in_both_files(case: Record, word: str) -> None:
    hits = list(case.search(word, limit=None))
    in_items = [hit for hit in hits if hit["kind"] == "item"]
    assert {hit["id"] for hit in in_items} == {item["item"] for item in case.items()}
    texts = {item["item"]: case.text(item["item"])["text"] for item in case.items()}
    for hit in in_items:
        assert texts[hit["id"]][hit["start"] : hit["end"]] == hit["exact"]


def test_the_dossier_is_built_and_says_the_boy_everywhere_also_inside_the_quotes(
    dossier: dict[str, Any],
) -> None:
    assert dossier["refused"] == []
    out = Path(dossier["out"])
    page = (out / "index.html").read_text(encoding="utf-8")
    assert "[the boy]" in page
    for file in out.rglob("*"):
        if file.is_file():
            data = file.read_bytes()
            assert b"Epondo" not in data, file
            assert b"I I\xe2\x80\x99s" not in data, file


def test_neither_ids_nor_slugs_leave(case: Record, dossier: dict[str, Any], ids: dict[str, str]) -> None:
    everything = b"".join(file.read_bytes() for file in Path(dossier["out"]).rglob("*") if file.is_file())
    for slug, id in ids.items():
        assert id.encode() not in everything
        assert f"[[{slug}]]".encode() not in everything


def test_the_record_and_the_dossier_verify(case: Record, dossier: dict[str, Any]) -> None:
    for place in (case.path, Path(dossier["out"])):
        found = onrecord.verify(place)
        assert found["ok"], found["problems"]


def test_the_stand_alone_verifier_agrees_on_both(case: Record, dossier: dict[str, Any]) -> None:
    for place in (case.path, Path(dossier["out"])):
        ran = subprocess.run([sys.executable, "-I", "-S", VERIFIER, place], capture_output=True, text=True)
        assert ran.returncode == 0, ran.stdout + ran.stderr


def test_an_altered_byte_in_the_dossier_is_named(dossier: dict[str, Any], tmp_path: Path) -> None:
    import shutil

    copy = tmp_path / "copy"
    shutil.copytree(dossier["out"], copy)
    page = copy / "index.html"
    page.write_bytes(page.read_bytes().replace(b"[the boy]", b"[the man]", 1))
    found = onrecord.verify(copy)
    assert not found["ok"]
    assert any("index.html" in problem["where"] for problem in found["problems"])
