"""Which record a command works on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run, documents


def test_the_record_and_json_may_be_named_before_and_after_the_verb(run: Run, case: Path) -> None:
    before = run("-r", case, "--json", "items")
    after = run("items", "--json", "--record", case)
    assert before.exit_code == after.exit_code == 0
    assert documents(before) == documents(after) != []


def test_the_record_named_after_the_verb_wins(run: Run, case: Path, tmp_path: Path) -> None:
    assert run("-r", tmp_path / "nowhere", "items", "-r", case).exit_code == 0


def test_the_environment_names_a_record_and_the_option_wins_over_it(
    run: Run, case: Path, tmp_path: Path
) -> None:
    assert run("items", ONRECORD=str(case)).exit_code == 0
    assert run("items", "-r", case, ONRECORD=str(tmp_path / "nowhere")).exit_code == 0


def test_a_command_inside_a_record_works_on_it(run: Run, case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(case / "originals")
    assert len(documents(run("items", "--json"))) == 1


def test_where_no_record_is_near_the_message_says_how_to_name_one(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("items")
    assert result.exit_code == 2
    assert "no record stands here or in a folder above" in result.stderr
    assert "-r PATH" in result.stderr


def test_a_folder_that_is_no_record_is_a_wrong_request(run: Run, tmp_path: Path) -> None:
    result = run("items", "-r", tmp_path)
    assert result.exit_code == 2
    assert result.stderr.startswith("error: ")
    assert "Onrecord itself failed" not in result.stderr
