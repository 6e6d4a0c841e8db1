"""Reading: every file gives a layer or a plain reason, and the room stays light until one is read."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onrecord.intake.formats import FORMATS
from onrecord.intake.reads import read_confined
from tests.intake.articles import ARTICLE


def test_a_text_file_is_read_from_its_place(tmp_path: Path) -> None:
    path = tmp_path / "notes"
    path.write_bytes("مرحبا\r\n".encode())
    reading = read_confined(path, "text/plain", "notes.txt")
    assert reading.layer_text == "مرحبا\n"
    assert reading.recipe == {
        "tool": "onrecord plain text",
        "version": "1",
        "parameters": {"encoding": "utf-8"},
    }


def test_a_page_is_read(tmp_path: Path) -> None:
    path = tmp_path / "page"
    path.write_text(ARTICLE)
    reading = read_confined(path, "text/html", "page.html")
    assert "Two witnesses" in (reading.layer_text or "")
    json.dumps([part.as_json() for part in reading.segments])


@pytest.mark.parametrize(
    "kind", ["application/octet-stream", "application/vnd.sqlite3", "application/msword"]
)
def test_what_no_reader_knows_is_kept_without_a_text_layer(kind: str, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"x")
    assert read_confined(tmp_path / "x", kind, "x").why_none == "no text layer"


def test_a_file_that_went_away_is_a_reason(tmp_path: Path) -> None:
    assert "cannot be read" in (read_confined(tmp_path / "gone", "text/plain", "gone").why_none or "")


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=600), st.sampled_from(sorted(FORMATS)))
def test_no_bytes_raise_an_error_in_any_reader(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, kind: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "any-bytes"
    path.write_bytes(content)
    reading = read_confined(path, kind, "x")
    assert (reading.layer_text is None) == bool(reading.why_none)


def test_the_room_loads_no_parser_until_one_is_needed() -> None:
    program = """
import sys
import onrecord.intake.reads, onrecord.intake.media, onrecord.intake.walking, onrecord.writing.add
heavy = {"lxml", "trafilatura", "charset_normalizer", "puremagic", "PIL", "pypdfium2", "openpyxl"} & set(sys.modules)
sys.exit(str(heavy) if heavy else 0)
"""
    subprocess.run([sys.executable, "-c", program], check=True)
