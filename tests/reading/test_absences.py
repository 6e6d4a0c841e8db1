"""Where nothing was asked, or nobody would say, every verb reads on."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from onrecord.api import Record
from onrecord.record.errors import OnrecordError
from onrecord.record.ideas import KINDS

SMALL_CASE: list[dict[str, Any]] = [
    {"kind": "actor", "id": "actor", "type": "person", "names": ["Mira"]},
    {"kind": "place", "id": "place", "names": ["the ford"]},
    {"kind": "event", "id": "event", "title": "E", "sides": {"a": ["actor"]}, "place": "place", "when": "2019-05-14"},
    {"kind": "passage", "id": "passage", "item": "@", "quote": "The wall fell."},
    {"kind": "statement", "id": "statement", "speaker": "actor", "passages": ["passage"], "about": ["event"]},
    {"kind": "statement", "id": "own", "speaker": "actor", "text": "It was shut.", "about": ["event"]},
    {"kind": "claim", "id": "claim", "statement": "statement", "subject": "event", "property": "count", "value": "3"},
    {"kind": "claim", "statement": "own", "subject": "event", "property": "count", "value": "6", "formula": "a * 2",
     "inputs": {"a": "claim"}},
    {"kind": "relation", "id": "relation", "from": "actor", "to": "event", "role": "present", "claims": ["claim"]},
    {"kind": "norm", "id": "norm", "title": "N", "threshold": {"property": "count", "at_most": 3}, "in_force": "2019"},
    {"kind": "proceeding", "id": "proceeding", "title": "P", "about": ["event"], "steps": [{"step": "ask", "due": "2019"}]},
    {"kind": "terms", "id": "terms", "over": ["@", "actor", "statement", "own"],
     "uses": {"media": "yes", "words": "yes", "name": "yes", "place": "yes", "statistics": "yes"}},
    {"kind": "assessment", "id": "assessment", "about": ["statement", "own"], "judgement": "contradicts", "reason": "r"},
    {"kind": "custody", "id": "custody", "item": "@", "step": "opened"},
    {"kind": "publication", "id": "publication", "title": "P", "audience": "public", "contents": ["event", "claim"],
     "text": "It fell [[statement]] [[claim]]."},
]  # fmt: skip


@pytest.fixture
def small_case(record: Record, letter: Callable[[str], str]) -> Record:
    item = letter("The gate was shut. The wall fell.")
    record.put(json.loads(json.dumps(SMALL_CASE).replace('"@"', f'"{item}"')))
    return record


def optional(kind: str) -> Iterator[str]:
    return (name for name, field in KINDS[kind].fields.items() if not field.required)


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"property"}))
def test_an_absence_in_any_field_that_may_hold_one_is_read_by_every_verb(
    small_case: Record, tmp_path: Path, kind: str
) -> None:
    record, name = small_case, kind if kind != "item" else next(small_case.items())["item"]
    for number, field in enumerate(optional(kind)):
        before = record.get(name)["heads"][0]["fields"]
        for value in ({"none": "not asked"}, []):
            try:
                record.put([{"kind": kind, "id": name, field: value, "reason": "not asked"}])
            except OnrecordError:
                continue
            _read(record, tmp_path / f"out-{number}-{value == []}")
            _put_back(record, kind, name, before, field)


def _read(record: Record, out: Path) -> None:
    record.windows("event")
    list(record.check())
    list(record.items())
    list(record.search("gate"))
    record.history("statement")
    record.publish("publication", out)


def _put_back(record: Record, kind: str, name: str, before: dict[str, Any], field: str) -> None:
    stated = {**before, field: before.get(field)}
    stated = {key: value for key, value in stated.items() if key not in ("citations", "recipe", "layer")}
    record.put([{"kind": kind, "id": name, **stated, "reason": "as it was"}])
