"""`import` on the command line: its lines, its sum, and its exit code."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run, documents

WORDS = {"weir.txt": "The gate was shut.", "المخاضة.txt": "البوابة مغلقة.", "שער.txt": "השער סגור."}


@pytest.fixture
def bag(tmp_path: Path) -> Path:
    folder = tmp_path / "bag"
    (folder / "data").mkdir(parents=True)
    for name, words in WORDS.items():
        (folder / "data" / name).write_text(words, encoding="utf-8")
    hashes = {name: hashlib.sha256(words.encode()).hexdigest() for name, words in WORDS.items()}
    (folder / "manifest-sha256.txt").write_text(
        "".join(f"{one}  data/{name}\n" for name, one in hashes.items())
    )
    (folder / "bagit.txt").write_text("BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
    return folder


def test_a_sound_bundle_ends_with_0_and_a_sum(run: Run, case: Path, bag: Path) -> None:
    result = run("-r", case, "import", bag)
    assert result.exit_code == 0, result.stderr
    assert "its bytes have the sha256 that the bag states" in result.stdout
    assert result.stdout.endswith("5 lines: 3 carried, 2 kept as a file.\n")


def test_a_wrong_hash_ends_with_1_and_the_file_is_kept(run: Run, case: Path, bag: Path) -> None:
    (bag / "data" / "weir.txt").write_text("The gate was open.")
    result = run("-r", case, "import", bag, "--json")
    assert result.exit_code == 1
    (wrong,) = [row for row in documents(result) if row["status"] == "wrong"]
    assert set(wrong) == {"from", "status", "item", "thing", "reason"}
    assert "weir.txt" in run("-r", case, "items").stdout
    history = run("-r", case, "get", wrong["thing"]).stdout
    assert "wrong: its sha256 is not what the bag states" in " ".join(history.split())


def test_a_dry_run_says_that_nothing_was_written(run: Run, case: Path, bag: Path) -> None:
    before = run("-r", case, "items", "--json").stdout
    result = run("-r", case, "import", bag, "--dry-run")
    assert result.exit_code == 0
    assert result.stdout.endswith("Nothing was written.\n")
    assert run("-r", case, "items", "--json").stdout == before


def test_what_is_not_known_names_the_forms(run: Run, case: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("nothing of the kind")
    for arguments in ((tmp_path / "notes.txt",), (tmp_path / "notes.txt", "--as", "carrier pigeon")):
        result = run("-r", case, "import", *arguments)
        assert result.exit_code == 2
        assert "bagit" in result.stderr
        assert "taguette" in result.stderr


def test_a_text_that_json_cannot_hold_leaves_only_its_own_line_out(
    run: Run, case: Path, tmp_path: Path
) -> None:
    target = {
        "source": "letter.txt",
        "selector": {"type": "TextQuoteSelector", "exact": "The gate was shut at 07:15."},
    }
    told = [
        {"@context": "http://www.w3.org/ns/anno.jsonld", "type": "Annotation", "target": target, "body": body}
        for body in ("\ud800", "good")
    ]
    (tmp_path / "notes.json").write_text(json.dumps(told))
    first, second, _ = documents(run("-r", case, "import", tmp_path / "notes.json", "--json"))
    assert first["status"] == "not carried"
    assert second["status"] == "carried"


def test_names_that_reorder_are_shown_without_doing_so(run: Run, case: Path, bag: Path) -> None:
    (bag / "data" / "a\u202etxt.exe").write_text("x")
    assert "\u202e" not in run("-r", case, "import", bag).stdout
