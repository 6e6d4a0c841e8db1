"""`root`, and `verify --against` what it wrote."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Run


def test_a_root_is_read_out_in_groups_and_written(run: Run, case: Path, tmp_path: Path) -> None:
    said = run("-r", case, "root", "--out", tmp_path / "root.json")
    assert said.exit_code == 0, said.stderr
    made = json.loads(run("-r", case, "root", "--json").stdout)
    words = made["spoken"].split(" ")
    assert " ".join(words[:8]) in said.stdout and " ".join(words[8:]) in said.stdout
    assert json.loads((tmp_path / "root.json").read_text())["root"] == made["root"] == "".join(words)


def test_a_record_is_verified_against_its_root(run: Run, case: Path, tmp_path: Path) -> None:
    run("-r", case, "root", "--out", tmp_path / "root.json")
    run("-r", case, "put", "-", input='{"kind": "actor", "names": ["Somebody"]}\n')
    said = run("verify", case, "--against", tmp_path / "root.json")
    assert said.exit_code == 0 and "It goes on from" in said.stdout


def test_the_root_of_another_record_is_told_from_this_one(run: Run, case: Path, tmp_path: Path) -> None:
    run("new", tmp_path / "another")
    run("-r", tmp_path / "another", "root", "--out", tmp_path / "root.json")
    said = run("verify", case, "--against", tmp_path / "root.json")
    assert said.exit_code == 1
    assert "It does NOT go on from" in said.stdout and "another record" in said.stdout


def test_evidence_that_is_not_there_is_a_wrong_request(run: Run, case: Path, tmp_path: Path) -> None:
    assert run("verify", case, "--against", tmp_path / "nothing").exit_code == 2


def test_a_dossier_cannot_be_compared(run: Run, case: Path, tmp_path: Path) -> None:
    (tmp_path / "dossier").mkdir()
    (tmp_path / "dossier" / "manifest.json").write_text("{}")
    said = run("verify", tmp_path / "dossier", "--against", case)
    assert said.exit_code == 2 and "record.db" in said.stderr
