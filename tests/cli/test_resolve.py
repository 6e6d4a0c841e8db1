"""`conflicts` and `resolve` on the command line: both versions beside each other, and a person's choice."""

from __future__ import annotations

import os
import pty
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import onrecord
from onrecord.settings import Settings
from tests.branches import merge
from tests.cli.conftest import Run, document, documents


@pytest.fixture
def torn(home: Path, tmp_path: Path) -> Path:
    """A record in which one place has two versions."""
    laptop, path = Settings(home=home, handle="mira", zone="UTC"), tmp_path / "torn"
    onrecord.new(path, settings=laptop)
    with onrecord.open(path, settings=laptop) as here:
        here.put([{"kind": "place", "id": "gate", "names": ["البوابة"], "condition": "unknown"}])
        shutil.copytree(path, tmp_path / "copy")
        change = {"kind": "place", "id": "gate", "reason": "seen"}
        here.put([{**change, "condition": "open", "note": "ours"}])
        with onrecord.open(tmp_path / "copy", settings=laptop) as there:
            there.put([{**change, "condition": "shut", "note": "theirs"}])
        merge(here, tmp_path / "copy")
    return path


def entry(run: Run, torn: Path, condition: str) -> str:
    (conflict,) = documents(run("-r", torn, "conflicts", "--json"))
    (found,) = [name for name, value in conflict["differ"]["condition"].items() if value == condition]
    return str(found)


@pytest.mark.parametrize("columns", ["80", "40"])
def test_both_versions_are_shown_whole_on_any_terminal(run: Run, torn: Path, columns: str) -> None:
    shown = run("-r", torn, "conflicts", COLUMNS=columns)
    assert shown.exit_code == 0
    for words in (
        "open",
        "shut",
        "ours",
        "theirs",
        "before: unknown",
        "mira",
        "this laptop",
        "because: seen",
    ):
        assert words in shown.stdout
    assert "onrecord resolve" in shown.stdout


def test_wide_enough_they_stand_beside_each_other(run: Run, torn: Path) -> None:
    shown = run("-r", torn, "conflicts", COLUMNS="100")
    (line,) = [line for line in shown.stdout.splitlines() if "open" in line and "shut" in line]
    assert " │ " in line


def test_a_record_in_agreement_says_so(run: Run, case: Path) -> None:
    assert "No conflicts" in run("-r", case, "conflicts").stdout
    assert run("-r", case, "conflicts", "--json").stdout == ""


def test_resolve_keeps_the_version_named(run: Run, torn: Path) -> None:
    kept = entry(run, torn, "shut")
    result = run("-r", torn, "resolve", "gate", "--reason", "two saw it", "--keep", kept, "--json")
    assert result.exit_code == 0
    told = document(result)
    assert set(told) >= {"id", "slug", "kind", "version", "superseded"} and kept in told["superseded"]
    assert document(run("-r", torn, "get", "gate", "--json"))["condition"] == "shut"


def test_resolve_takes_each_field_from_where_it_is_told(run: Run, torn: Path) -> None:
    shut, ours = entry(run, torn, "shut"), entry(run, torn, "open")
    chosen = ("--set", f"condition={shut}", "--set", f"note={ours}")
    assert run("-r", torn, "resolve", "gate", "--reason", "both", *chosen).exit_code == 0
    thing = document(run("-r", torn, "get", "gate", "--json"))
    assert (thing["condition"], thing["note"]) == ("shut", "ours")


def test_without_a_terminal_it_does_not_guess(run: Run, torn: Path) -> None:
    result = run("-r", torn, "resolve", "gate", "--reason", "because")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--keep ENTRY" in result.stderr


def test_on_a_terminal_it_asks_and_writes_what_a_person_chose(
    run: Run, torn: Path, surroundings: dict[str, str]
) -> None:
    keyboard, terminal = pty.openpty()
    words = ("-r", str(torn), "resolve", "gate", "--reason", "each saw half")
    command = [sys.executable, "-m", "onrecord.cli", *words]
    with subprocess.Popen(
        command,
        stdin=terminal,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, **surroundings},
    ) as asked:
        os.write(keyboard, b"f\nA\nb\n")
        shown, _ = asked.communicate(timeout=60)
    os.close(keyboard)
    os.close(terminal)
    assert asked.returncode == 0
    assert b" \xe2\x94\x82 " in shown and b"Resolved." in shown
    thing = document(run("-r", torn, "get", "gate", "--json"))
    assert (thing["condition"], thing["note"]) in {("open", "theirs"), ("shut", "ours")}


def test_a_reason_has_to_be_given(run: Run, torn: Path) -> None:
    assert run("-r", torn, "resolve", "gate", "--keep", entry(run, torn, "shut")).exit_code == 2


def test_what_is_not_in_conflict_cannot_be_resolved(run: Run, case: Path) -> None:
    (item,) = [row["item"] for row in documents(run("-r", case, "items", "--json"))][:1]
    result = run("-r", case, "resolve", item, "--reason", "x", "--keep", "a")
    assert result.exit_code == 2 and "not in conflict" in result.stderr
