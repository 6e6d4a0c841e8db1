"""A record can be read without us: by a short program that knows docs/format and Python's standard library only."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import onrecord
from onrecord.demo.sample import build
from onrecord.settings import Settings

READER = Path(__file__).with_name("plain_reader.py")


@pytest.fixture(scope="module")
def laptop(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(home=tmp_path_factory.mktemp("home"), handle="mira", zone="UTC")


@pytest.fixture(scope="module")
def sample(laptop: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("sample") / "record", laptop).path


def read(record: Path) -> subprocess.CompletedProcess[str]:
    """Without site packages, without the user's own, without this folder's modules."""
    run = [sys.executable, "-I", "-S", READER, record]
    return subprocess.run(run, capture_output=True, encoding="utf-8", cwd=record, env={"PYTHONUTF8": "1"})


def told(record: Path) -> dict[str, Any]:
    result = read(record)
    assert result.returncode == 0, result.stderr
    return dict(json.loads(result.stdout))


def test_it_knows_nothing_but_the_standard_library() -> None:
    imported = {
        line.split()[1] for line in READER.read_text().splitlines() if line.startswith(("import ", "from "))
    }
    assert imported <= set(sys.stdlib_module_names)


def test_it_lists_every_item_and_every_statement_with_speaker_and_exact_words(
    sample: Path, laptop: Settings
) -> None:
    found = told(sample)
    with onrecord.open(sample, settings=laptop) as record:
        assert sorted(row["item"] for row in found["items"]) == sorted(row["item"] for row in record.items())
        assert len(found["statements"]) > 10
        for row in found["statements"]:
            statement = record.get(row["statement"])
            speaker = record.get(statement["speaker"])
            assert row["speaker"] == speaker["names"][0]["text"]
            assert row["quotes"] == [record.get(id).get("quote") for id in statement.get("passages", ())]
    assert any("\u0627" in (quote or "") for row in found["statements"] for quote in row["quotes"])


def test_it_notices_an_altered_original(laptop: Settings, tmp_path: Path) -> None:
    onrecord.new(tmp_path / "record", settings=laptop)
    (tmp_path / "a.txt").write_text("The gate was shut.")
    with onrecord.open(tmp_path / "record", settings=laptop) as record:
        (line,) = record.add([tmp_path / "a.txt"])
    assert len(told(tmp_path / "record")["items"]) == 1
    digest = line["sha256"]
    original = tmp_path / "record" / "originals" / digest[:2] / digest
    original.chmod(0o644)
    original.write_text("The gate was open.")
    assert read(tmp_path / "record").returncode != 0


def test_it_reads_the_record_in_a_whole_copy(sample: Path, laptop: Settings, tmp_path: Path) -> None:
    with onrecord.open(sample, settings=laptop) as record:
        record.publish(None, tmp_path / "bag", form="bagit")
    copy = told(tmp_path / "bag" / "data" / "record")
    assert copy == told(sample)
