"""W3C Web Annotations: places in originals that are held become passages, and the rest is said."""

from __future__ import annotations

import hashlib
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.exchange.neighbours.conftest import Bring, sha256

TEXT = "The gate was shut.\n\nكانت البوابة مغلقة.\n\nהשער היה סגור. The gate was shut at noon.\n"


def annotation(target: Any, body: Any = None, **more: Any) -> dict[str, Any]:
    told = {"@context": "http://www.w3.org/ns/anno.jsonld", "type": "Annotation", "target": target, **more}
    return told | ({"body": body} if body is not None else {})


def quote(source: str, exact: str, **around: Any) -> dict[str, Any]:
    return {"source": source, "selector": {"type": "TextQuoteSelector", "exact": exact, **around}}


@pytest.fixture
def annotated(tmp_path: Path, letter: Callable[..., str], bring: Bring) -> Callable[..., Any]:
    """Import what is given, over a letter that is held."""
    letter(TEXT, "gate.txt")

    def run(*told: Any) -> Any:
        place = tmp_path / "notes.json"
        place.write_text(json.dumps(told[0] if len(told) == 1 else list(told), ensure_ascii=False))
        return bring(place)

    return run


def test_a_quotation_becomes_a_passage_with_the_bodies_as_its_note(annotated, things) -> None:
    body = [{"type": "TextualBody", "value": "متى؟", "purpose": "tagging"}, "היכן?"]
    report = annotated(
        annotation(quote("gate.txt", "البوابة مغلقة"), body, creator={"name": "Mira"}, created="2024")
    )
    assert report.at("notes.json annotation 1")["status"] == "carried"
    (passage,) = things("passage")
    assert passage["quote"] == "البوابة مغلقة"
    assert passage["note"] == "tagging: متى؟\nהיכן?\n(Mira, 2024)"


@pytest.mark.parametrize(
    "source",
    [
        "https://example.org/files/gate.txt",
        "file:///home/mira/gate.txt#page=1",
        f"urn:sha256:{sha256(TEXT)}",
        f"ni:///sha-256;{urlsafe_b64encode(hashlib.sha256(TEXT.encode()).digest()).decode().rstrip('=')}",
    ],
)
def test_an_original_is_known_by_its_file_name_or_its_hash(annotated, things, source: str) -> None:
    assert (
        annotated(annotation(quote(source, "השער היה סגור"))).at("notes.json annotation 1")["status"]
        == "carried"
    )
    assert things("passage")[0]["quote"] == "השער היה סגור"


def test_words_that_stand_twice_are_told_apart_by_what_stands_around_them(annotated, things) -> None:
    report = annotated(
        annotation(quote("gate.txt", "The gate was shut", suffix=" at noon")),
        annotation(quote("gate.txt", "The gate was shut")),
        annotation(quote("gate.txt", "The gate was shut", prefix="nowhere ")),
    )
    (passage,) = things("passage")
    assert passage["suffix"].startswith(" at noon")
    assert "2 times" in report.at("notes.json annotation 2")["reason"]
    assert "not between" in report.at("notes.json annotation 3")["reason"]


def test_a_position_counts_where_the_words_stand_there(annotated, things) -> None:
    start = TEXT.rindex("The gate")
    target = quote("gate.txt", "The gate was shut")
    target["selector"] = [
        target["selector"],
        {"type": "TextPositionSelector", "start": start, "end": start + 17},
    ]
    annotated(annotation(target))
    assert things("passage")[0]["start"] == start


def test_pages_regions_and_seconds_are_carried(annotated, things) -> None:
    def fragment(value: str) -> dict[str, Any]:
        return {"source": "gate.txt", "selector": {"type": "FragmentSelector", "value": value}}

    report = annotated(
        annotation(fragment("page=3&xywh=10,20.5,30,40")),
        annotation("gate.txt#t=12.5,14"),
        annotation(fragment("xywh=percent:1,2,3,4")),
    )
    paged, timed = things("passage")
    assert (paged["page"], paged["region"]) == (3, ["10", "20.5", "30", "40"])
    assert timed["seconds"] == ["12.5", "14"]
    assert "FragmentSelector" in report.at("notes.json annotation 3")["reason"]


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (
            annotation(
                {"source": "gate.txt", "selector": {"type": "TextPositionSelector", "start": 1, "end": 5}}
            ),
            "numbers alone",
        ),
        (
            annotation({"source": "gate.txt", "selector": {"type": "XPathSelector", "value": "/p[1]"}}),
            "XPathSelector",
        ),
        (annotation("gate.txt"), "the whole source"),
        (annotation(quote("far.txt", "The gate")), "is not in the record"),
        (annotation(quote("gate.txt", "the bridge")), "not in the text"),
        (annotation({"selector": {}}), "does not say what it is about"),
    ],
)
def test_what_cannot_be_carried_is_said(annotated, things, told: dict[str, Any], why: str) -> None:
    row = annotated(told).at("notes.json annotation 1")
    assert row["status"] == "not carried"
    assert why in row["reason"]
    assert not things("passage")


def test_collections_and_pages_are_taken_apart(annotated, things) -> None:
    page = {"type": "AnnotationPage", "items": [annotation(quote("gate.txt", "The gate was shut at noon"))]}
    collection = {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "type": "AnnotationCollection",
        "first": page,
    }
    annotated(collection)
    assert len(things("passage")) == 1


def test_a_range_is_carried_by_the_words_that_refine_it(annotated, things) -> None:
    selector = {
        "type": "RangeSelector", "startSelector": {"type": "XPathSelector", "value": "/p"},
        "refinedBy": {"type": "TextQuoteSelector", "exact": "at noon"},
    }  # fmt: skip
    annotated(annotation({"source": "gate.txt", "selector": selector}))
    assert things("passage")[0]["quote"] == "at noon"


def test_an_annotation_lies_in_a_folder_with_what_it_is_about(bring: Bring, tmp_path: Path, things) -> None:
    folder = tmp_path / "handed over"
    folder.mkdir()
    (folder / "שער.txt").write_text(TEXT)
    (folder / "notes.jsonld").write_text(json.dumps(annotation(quote("שער.txt", "at noon"))))
    bring(folder)
    assert things("passage")[0]["quote"] == "at noon"


def test_a_file_that_is_not_json_is_kept_and_wrong(bring: Bring, tmp_path: Path) -> None:
    (tmp_path / "notes.json").write_text('{"@context": "http://www.w3.org/ns/anno.jsonld", ')
    report = bring(tmp_path / "notes.json")
    assert report.at("notes.json")["status"] == "wrong"
    assert report.at("notes.json")["item"]
