"""Bundles made to do harm, or made of nothing in particular: what is wrong is said, and nothing else happens."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onrecord.exchange.neighbours import registry, taguette
from onrecord.exchange.neighbours.bundle import open_bundle
from onrecord.exchange.neighbours.plan import STATUSES
from onrecord.exchange.neighbours.tokens import is_certificate, is_token, judge
from onrecord.record.errors import FileRefused, OnrecordError

LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=20)
WORDS = st.sampled_from(
    ["target", "source", "selector", "type", "exact", "TextQuoteSelector", "FragmentSelector", "value", "body", "items",
     "first", "properties", "hash", "media", "filename", "urls", "id", "schema", "name", "datasets", "File Hash SHA256"]
)  # fmt: skip
ANYTHING = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=5)
)
NAMES = (
    "metadata.json",
    "notes.jsonld",
    "entities.json",
    "bagit.txt",
    "manifest-sha256.txt",
    "a.csv",
    "x.proof.json",
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    told=ANYTHING,
    cells=st.lists(st.lists(st.text(max_size=8), max_size=4), max_size=4),
    name=st.sampled_from(NAMES),
)
def test_no_neighbour_stumbles_over_what_it_is_given(
    tmp_path_factory: pytest.TempPathFactory, told: Any, cells: list[list[str]], name: str
) -> None:
    place = tmp_path_factory.mktemp("in")
    (place / name).write_bytes(json.dumps(told).encode())
    (place / "table.csv").write_bytes("\n".join(",".join(row) for row in cells).encode("utf-8", "replace"))
    (place / "KEY.csv").write_bytes(
        b"KEY,SubmissionDate\n" + "\n".join(",".join(row) for row in cells).encode("utf-8", "replace")
    )
    for one in registry.neighbours():
        one.looks_like(place)
        if one.NAME == "taguette":  # Reads in a process of its own, each time; see below.
            continue
        for path in (place, place / name):
            try:
                made = one.plan(path, tmp_path_factory.mktemp("scratch"))
            except OnrecordError:
                continue
            assert all(line.status in STATUSES for line in made.told)


@given(st.binary(max_size=200))
def test_no_bytes_are_taken_for_a_good_token(content: bytes) -> None:
    assert not judge(b"\x30\x03" + content, b"the gate", []).good
    is_token(content)
    is_certificate(b"\x30" + content)


def test_json_that_is_nested_without_end_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "metadata.json").write_text("[" * 100_000 + '"SHA-256:' + "0" * 64 + '"')
    for one in registry.neighbours():
        if one.NAME != "taguette":
            assert one.plan(tmp_path / "in", _fresh(tmp_path, one.NAME)).told


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\x00", b"SQLite format 3\x00" + b"\xff" * 5000])
def test_what_is_no_project_is_said_to_be_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.sqlite3").write_bytes(content)
    (told,) = taguette.plan(tmp_path / "a.sqlite3", _fresh(tmp_path, "t")).told
    assert told.status == "wrong"
    with pytest.raises(FileRefused, match="one file"):
        taguette.plan(tmp_path, _fresh(tmp_path, "u"))


def _fresh(folder: Path, name: str) -> Path:
    place = folder / f"scratch {name}"
    place.mkdir()
    return place


def test_a_zip_that_unpacks_without_end_is_not_unpacked(tmp_path: Path) -> None:
    place = tmp_path / "bomb.zip"
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as made:
        for number in range(3):
            made.writestr(f"data/{number}", b"\0" * 3_000_000)
    content = bytearray(place.read_bytes())
    # The first member claims to be a thousand times what the zip could hold.
    at = content.index(b"PK\x01\x02")
    content[at + 24 : at + 28] = (0xF0000000).to_bytes(4, "little")
    place.write_bytes(content)
    scratch = _fresh(tmp_path, "zip")
    bundle = open_bundle(place, scratch)
    assert "too much is packed into it" in dict(bundle.left)["data/0"]
    assert "data/1" in bundle.files


@pytest.mark.parametrize("name", ["../up.txt", "/etc/x", "a/../../x", "C:/x", "a\\..\\x", "~/x", "a//x"])
def test_no_member_is_written_outside(tmp_path: Path, name: str) -> None:
    place = tmp_path / "in.zip"
    with zipfile.ZipFile(place, "w") as made:
        made.writestr("good.txt", "x")
        info = zipfile.ZipInfo("x")
        info.filename = name
        made.writestr(info, "out")
    scratch = _fresh(tmp_path, "zip")
    bundle = open_bundle(place, scratch)
    assert list(bundle.files) == ["good.txt"]
    assert bundle.left
    assert [file.name for file in scratch.rglob("*") if file.is_file()] == ["good.txt"]


def test_members_that_stand_in_each_others_way_are_named_and_the_rest_comes(tmp_path: Path) -> None:
    place = tmp_path / "in.zip"
    with zipfile.ZipFile(place, "w") as made:
        for name in ("a/b.txt", "a", "c", "c/d.txt", "שער.txt"):
            made.writestr(name, "x")
    bundle = open_bundle(place, _fresh(tmp_path, "zip"))
    assert set(bundle.files) == {"a/b.txt", "c", "שער.txt"}
    assert [name for name, _ in bundle.left] == ["a", "c/d.txt"]


def test_a_member_whose_bytes_are_damaged_is_named(tmp_path: Path) -> None:
    place = tmp_path / "in.zip"
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("weir.txt", "The gate was shut. " * 50)
        made.writestr("ford.txt", "البوابة مغلقة")
    content = bytearray(place.read_bytes())
    content[45:60] = bytes(15)
    place.write_bytes(content)
    bundle = open_bundle(place, _fresh(tmp_path, "zip"))
    assert list(bundle.files) == ["ford.txt"]
    assert "cannot be read" in dict(bundle.left)["weir.txt"]
