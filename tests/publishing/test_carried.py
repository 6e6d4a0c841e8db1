"""The one file that a dossier carries says of every dossier what the whole verifier says, and holds no more."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from onrecord.publishing.carried import MODULES, carried_verifier, joined
from onrecord.verifying import verifier_folder, verify_folder
from tests.verifier.laid_out import VERIFIER, everything_in, take_step, vector, write_files

DOSSIER = vector("dossier.json")


@pytest.fixture
def carried(tmp_path: Path) -> Path:
    path = tmp_path / "elsewhere" / "verify.py"
    path.parent.mkdir()
    path.write_bytes(carried_verifier())
    return path


def run(program: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", "-S", "-B", program, *words]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)


def test_it_is_one_short_file_for_python_3_8_that_imports_the_standard_library_alone() -> None:
    text = carried_verifier().decode()
    tree = ast.parse(text, feature_version=(3, 8))
    named = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    named |= {
        f"{'.' * node.level}{node.module}" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)
    }
    assert {name.partition(".")[0] for name in named} <= sys.stdlib_module_names
    assert len(text.splitlines()) <= 950


def test_no_name_stands_for_two_things_in_it() -> None:
    made: list[str] = []
    for node in ast.parse(carried_verifier()).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            made.append(node.name)
        elif isinstance(node, ast.Assign):
            made += [
                name.id for target in node.targets for name in ast.walk(target) if isinstance(name, ast.Name)
            ]
    assert sorted(set(made)) == sorted(made)


def test_every_module_rests_only_on_those_before_it() -> None:
    for at, name in enumerate(MODULES):
        text = (verifier_folder() / "onrecord_verify" / f"{name}.py").read_text(encoding="utf-8")
        used = {
            str(node.module)
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.ImportFrom) and node.level
        }
        assert used <= set(MODULES[:at]), name


def test_modules_are_joined_as_they_are_written_with_their_docstrings_for_headings() -> None:
    one = '"""First."""\n\nfrom re import sub\n\n# Why.\nA = 1  # here\n'
    two = '"""Second.\n\nMore."""\n\nimport os\nfrom re import match\n\nfrom .one import A\n\nB = A\n'
    text = joined([one, two])
    assert "\nimport os\nfrom re import match, sub\n" in text
    assert "# First.\n\n# Why.\nA = 1  # here\n\n\n# Second.\n\nB = A\n" in text
    assert ".one" not in text


def test_a_good_dossier_is_verified_in_the_same_words_and_nothing_is_written(
    carried: Path, tmp_path: Path
) -> None:
    dossier = write_files(DOSSIER["files"], tmp_path / "dossier")
    before = everything_in(tmp_path)
    alone, whole = run(carried, dossier), run(VERIFIER, dossier)
    assert alone.stdout.endswith("verified\n")
    assert (alone.returncode, alone.stdout, alone.stderr) == (0, whole.stdout, whole.stderr)
    assert everything_in(tmp_path) == before


@cache
def program() -> dict[str, Any]:
    made: dict[str, Any] = {"__name__": "carried", "__file__": "verify.py"}
    exec(compile(carried_verifier(), "verify.py", "exec"), made)
    return made


@pytest.mark.parametrize("case", DOSSIER["mutations"], ids=lambda case: str(case["why"]))
def test_an_altered_dossier_is_judged_as_the_whole_verifier_judges_it(
    case: dict[str, Any], tmp_path: Path
) -> None:
    dossier = write_files(DOSSIER["files"], tmp_path / "dossier")
    for step in case["steps"]:
        take_step(step, dossier)
    alone = program()["verify"](dossier).as_json()
    assert alone == verify_folder(dossier)
    assert not alone["ok"]


def test_what_is_found_comes_as_json_too(carried: Path, tmp_path: Path) -> None:
    dossier = write_files(DOSSIER["files"], tmp_path / "dossier")
    (dossier / "README.txt").unlink()
    alone, whole = run(carried, "--json", dossier), run(VERIFIER, "--json", dossier)
    assert alone.returncode == whole.returncode == 1
    assert json.loads(alone.stdout) == json.loads(whole.stdout)


def test_for_a_record_or_a_proof_it_names_what_checks_these(carried: Path, tmp_path: Path) -> None:
    (tmp_path / "record.db").touch()
    (tmp_path / "proof.json").write_text("{}")
    for named in (tmp_path, tmp_path / "proof.json"):
        done = run(carried, named)
        assert (done.returncode, done.stdout) == (2, "")
        assert "verifier/" in done.stderr
