"""The sample record and its demonstration."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Run, document


@pytest.fixture
def place(sample: Path, tmp_path: Path) -> Path:
    """A sample record that was built before, with the keys that belong to it."""
    shutil.copytree(sample.parent, tmp_path, dirs_exist_ok=True)
    return tmp_path / "sample-record"


def test_it_shows_both_windows_a_refusal_a_dossier_and_the_proof_of_both(run: Run, place: Path) -> None:
    result = run("demo", place, "--no-serve")
    assert result.exit_code == 0, result.stderr
    for words in (
        "أهل المخاضة",
        "אנשי הסכר",
        "Disputed",
        "Not built. Nothing was written.",
        "The dossier is built",
    ):
        assert words in result.stdout
    assert result.stdout.count("Proven unaltered") == 2
    assert (place.parent / "sample-dossier" / "index.html").is_file()


def test_a_second_time_the_dossier_is_not_said_to_be_built(run: Run, place: Path) -> None:
    assert "The dossier is built at" in run("demo", place).stdout
    shown = run("demo", place).stdout
    assert "The dossier is built" not in shown
    assert "The dossier stands there already, and is verified again" in shown


def test_an_empty_folder_is_taken_also_the_one_stood_in(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, path in (("empty", "empty"), ("here", ".")):
        (tmp_path / name).mkdir()
        monkeypatch.chdir(tmp_path / name if path == "." else tmp_path)
        result = run("demo", path, "--no-serve")
        assert result.exit_code == 0, result.stderr
        assert (tmp_path / name / "record.db").is_file()
        assert (tmp_path / f"{name}-dossier" / "index.html").is_file()
    assert list(tmp_path.rglob("*.part")) == []


def test_what_to_try_next_can_be_typed_in_a_shell_that_does_not_know_onrecord(
    run: Run, place: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    switch = tmp_path / "surroundings" / "bin" / "activate"
    switch.parent.mkdir(parents=True)
    switch.touch()
    monkeypatch.setattr("sys.prefix", str(switch.parent.parent))
    monkeypatch.chdir(tmp_path)
    assert "  . surroundings/bin/activate" in run("demo", place, PATH="").stdout
    (tmp_path / "onrecord").touch(mode=0o755)
    assert "activate" not in run("demo", place, PATH=str(tmp_path)).stdout


def test_a_second_time_the_record_and_the_dossier_are_used_again(run: Run, place: Path) -> None:
    first = run("demo", place, "--json")
    second = run("demo", place, "--json")
    assert second.exit_code == 0, second.stderr
    assert document(second) == document(first)
    assert document(second)["found"] is True


def test_json_says_what_was_built_refused_and_proven(run: Run, place: Path) -> None:
    told = document(run("demo", place, "--json"))
    assert told["record"] == str(place)
    assert told["dossier"] == str(place.parent / "sample-dossier")
    assert told["refused"]
    assert not (place.parent / "sample-dossier-refused").exists()
    assert set(told["verified"].values()) == {True}


def test_what_is_not_the_sample_record_is_left_alone(run: Run, case: Path, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("Mine.")
    for place in (case, tmp_path / "full"):
        result = run("demo", place)
        assert result.exit_code == 2
        assert "something other than the sample record stands there" in result.stderr


def test_an_altered_sample_is_said_to_be_altered(run: Run, place: Path) -> None:
    original = next(file for file in (place / "originals").rglob("*") if file.is_file())
    original.chmod(0o644)
    original.write_bytes(b"Altered.")
    result = run("demo", place)
    assert result.exit_code == 1
    assert "Not proven" in result.stdout
    assert "4. Checked: the record and the dossier" in result.stdout
