"""Reading: every file gives a layer or a plain reason, and the room stays light until a page comes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onrecord.intake.reading import read
from tests.intake.pages import ARTICLE


def test_a_text_file_is_read_from_its_place(tmp_path: Path) -> None:
    path = tmp_path / "notes"
    path.write_bytes("مرحبا\r\n".encode())
    reading = read(path, "text/plain", "notes.txt")
    assert reading.layer_text == "مرحبا\n"
    assert reading.recipe == {
        "tool": "onrecord plain text",
        "version": "1",
        "parameters": {"encoding": "utf-8"},
    }


def test_bytes_at_hand_are_not_read_again() -> None:
    assert read(Path("/nowhere"), "text/plain", "x", b"words").layer_text == "words"


def test_a_page_goes_through_the_confined_reader(tmp_path: Path) -> None:
    path = tmp_path / "page"
    path.write_text(ARTICLE)
    reading = read(path, "text/html", "page.html")
    assert "Two witnesses" in (reading.layer_text or "")
    json.dumps([part.as_json() for part in reading.segments])


@pytest.mark.parametrize(
    "kind", ["application/pdf", "image/jpeg", "application/octet-stream", "message/rfc822"]
)
def test_other_kinds_have_no_layer_yet(kind: str) -> None:
    assert read(Path("/nowhere"), kind, "x", b"x").why_none == "no text layer yet"


def test_a_file_that_went_away_is_a_reason(tmp_path: Path) -> None:
    assert "cannot be read" in (read(tmp_path / "gone", "text/plain", "gone").why_none or "")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=600), st.sampled_from(["text/html", "text/plain", "text/csv"]))
def test_no_bytes_raise_an_error(content: bytes, kind: str) -> None:
    reading = read(Path("/nowhere"), kind, "x", content)
    assert (reading.layer_text is None) == bool(reading.why_none)


def test_the_room_loads_no_parser_until_one_is_needed() -> None:
    program = """
import sys
import onrecord.intake.reading, onrecord.intake.media, onrecord.intake.walking, onrecord.intake.plain
heavy = {"lxml", "trafilatura", "charset_normalizer", "puremagic"} & set(sys.modules)
sys.exit(str(heavy) if heavy else 0)
"""
    subprocess.run([sys.executable, "-c", program], check=True)
