"""The fictional case holds together: every quote stands in its original, every reference leads somewhere.

It is the shipped sample record. Neither community may be told at greater length than the other.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from importlib import resources
from typing import Any

import pytest

from onrecord.record.checks import checks
from onrecord.record.formula import parse
from onrecord.record.ideas import KINDS
from onrecord.record.things import MemoryThings
from onrecord.record.times import check_time

CASE = resources.files("onrecord.demo")
ORIGINALS = {file.name: file for file in (CASE / "originals").iterdir()}
LINES: list[dict[str, Any]] = [
    json.loads(line) for line in (CASE / "accounts.jsonl").read_text(encoding="utf-8").splitlines()
]
BY_SLUG = {line["id"]: line for line in LINES if not line["id"].startswith("@")}
INVENTED = {"Ilvane", "Ford", "Weir"}
ORDINARY = {
    "Monday", "Tuesday", "Thursday", "May", "June", "Arabic", "English", "Hebrew", "ILVANE", "DISTRICT",
    "CLINIC", "People", "District", "Clinic", "Administration", "Council", "Committee", "Monitors",
    "Witness", "Visitors", "Notices", "Statements", "Statement", "Updated", "The", "This", "We", "What",
    "No", "Its",
}  # fmt: skip
POINTING = (
    "ref", "asserted_by", "to", "from", "item", "speaker", "passages", "about", "at_event", "replies_to",
    "statement", "subject", "place", "part_of", "actors", "over", "passage", "claims",
)  # fmt: skip


class Paragraphs(HTMLParser):
    """The visible paragraphs of a page, each with its white space folded."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag == "p":
            self.found.append("")
            self._inside = True

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "p"

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.found[-1] += data


def folded(text: str) -> str:
    return " ".join(text.split())


def units(name: str) -> list[str]:
    """The parts of an original that one quote must lie within: a page's paragraphs, or a whole text."""
    written = ORIGINALS[name].read_bytes().decode("utf-8")
    if not name.endswith(".html"):
        return [folded(written)]
    page = Paragraphs()
    page.feed(written)
    return [folded(paragraph) for paragraph in page.found]


def of_kind(kind: str) -> Iterator[dict[str, Any]]:
    return (line for line in LINES if line["kind"] == kind)


def references(value: Any) -> Iterator[str]:
    """Everything in a line that has to name a thing."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name in POINTING and not _is_time(value):
                yield from named(inner)
            if name != "uses":
                yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def named(value: Any) -> Iterator[str]:
    """The names in a field that points: one, or a list."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        yield from (inner for inner in value if isinstance(inner, str))


def _is_time(value: dict[str, Any]) -> bool:
    return "kind" not in value and bool({"from", "to"} & set(value)) and "link" not in value


def times(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if name in (
                "when",
                "said_at",
                "received_at",
                "captured_at",
                "agreed_at",
                "in_force",
                "due",
                "done",
            ):
                yield inner
            else:
                yield from times(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from times(inner)


@pytest.mark.parametrize(
    "passage", [line for line in of_kind("passage") if "quote" in line], ids=lambda p: p["id"]
)
def test_every_quote_stands_once_in_its_original(passage: dict[str, Any]) -> None:
    parts = units(passage["item"].removeprefix("@"))
    assert sum(part.count(folded(passage["quote"])) for part in parts) == 1


def test_every_line_has_a_slug_of_its_own_and_a_known_kind() -> None:
    slugs = [line["id"] for line in LINES]
    assert len(slugs) == len(set(slugs))
    assert {line["kind"] for line in LINES} <= set(KINDS)
    for line in LINES:
        known = {"kind", "id", "reason", "note", "as_written", *KINDS[line["kind"]].fields}
        assert set(line) <= known, line["id"]


def test_every_reference_leads_to_an_earlier_line_or_an_original() -> None:
    met: set[str] = set()
    for line in LINES:
        for name in [*references(line), *line.get("inputs", {}).values()]:
            assert name in met or name.removeprefix("@") in ORIGINALS, (line["id"], name)
        met.add(line["id"])


def test_every_citation_leads_to_a_statement() -> None:
    for publication in of_kind("publication"):
        cited = re.findall(r"\[\[(.+?)\]\]", publication["text"])
        assert cited
        assert {BY_SLUG[name]["kind"] for name in cited} == {"statement"}


def test_every_original_is_described_and_has_terms() -> None:
    described = {line["id"].removeprefix("@") for line in of_kind("item")}
    agreed = {name.removeprefix("@") for line in of_kind("terms") for name in line["over"] if name[0] == "@"}
    assert described == agreed == set(ORIGINALS)


def test_every_actor_has_terms() -> None:
    agreed = {name for line in of_kind("terms") for name in line["over"]}
    assert {line["id"] for line in of_kind("actor")} <= agreed


def test_every_time_and_formula_can_be_read() -> None:
    for line in LINES:
        for time in times(line):
            check_time(time)
        if "formula" in line:
            assert set(parse(line["formula"]).names) == set(line["inputs"])


def test_the_case_shows_what_the_product_is_for() -> None:
    acts = {line["act"] for line in of_kind("statement")}
    assert {"asserts", "denies", "retracts"} <= acts
    assert {line["judgement"] for line in of_kind("assessment")} >= {"same as", "same origin"}
    assert {line["audience"] for line in of_kind("publication")} == {"public"}
    assert sum("sealed" in line for line in LINES) == 1
    assert any(line.get("low") for line in of_kind("claim"))
    assert len(list(of_kind("norm"))) == 1


def test_every_figure_adds_up_and_no_terms_have_run_out() -> None:
    things = MemoryThings.of({line["id"]: {k: v for k, v in line.items() if k != "id"} for line in LINES})
    assert list(checks(things, date(2020, 1, 1), lambda text: [])) == []


def test_a_sealed_name_stands_nowhere_else() -> None:
    sealed = [line.pop("sealed") for line in map(dict, of_kind("actor")) if "sealed" in line]
    names = [name["text"] for one in sealed for name in one["names"]]
    others = [{k: v for k, v in line.items() if k != "sealed"} for line in LINES]
    everything = json.dumps(others, ensure_ascii=False) + "".join(
        file.read_bytes().decode("utf-8", "replace") for file in ORIGINALS.values()
    )
    assert names
    assert not [name for name in names for part in name.split() if part in everything]


def bare_length(text: str) -> int:
    return sum(not unicodedata.combining(sign) and not sign.isspace() for sign in text)


def test_both_communities_are_told_at_equal_length() -> None:
    arabic, hebrew = (" ".join(units(name)) for name in ("testimony-3-june.txt", "letter-19-may.txt"))
    assert 0.95 < bare_length(arabic) / bare_length(hebrew) < 1.05
    (event,) = (line for line in of_kind("event") if line.get("sides"))
    spoken = [
        [line for line in of_kind("statement") if line["speaker"] in side["actors"]]
        for side in event["sides"]
    ]
    assert len(spoken[0]) == len(spoken[1])
    for publication in of_kind("publication"):
        cited = re.findall(r"\[\[(.+?)\]\]", publication["text"])
        by_side = [sum(line["id"] in cited for line in side) for side in spoken]
        assert by_side[0] == by_side[1]


def test_the_notice_says_each_rule_in_both_languages() -> None:
    lines = ORIGINALS["crossing-notice.txt"].read_text(encoding="utf-8").split("\n")
    scripts = ["".join(unicodedata.name(sign, "")[:6] for sign in line[:1]) for line in lines]
    assert scripts.count("ARABIC") == scripts.count("HEBREW") == 6


def test_english_names_in_the_case_are_invented() -> None:
    texts = [" ".join(units(name)) for name in ORIGINALS if name.endswith((".html", "book.txt"))]
    texts += [
        str(line[name]) for line in LINES for name in ("title", "text", "standfirst", "note") if name in line
    ]
    inside = {word for text in texts for word in re.findall(r"(?<=[a-z,] )[A-Z]\w+", text)}
    assert inside <= INVENTED | ORDINARY


def test_the_day_was_a_tuesday_and_one_original_says_otherwise() -> None:
    assert date(2019, 5, 14).strftime("%A") == "Tuesday"
    wrong = [line["id"] for line in LINES if "Monday, 14 May 2019" in json.dumps(line, ensure_ascii=False)]
    assert wrong == ["book-counted"]
    assert "Monday, 14 May 2019" in units("clinic-day-book.txt")[0]
