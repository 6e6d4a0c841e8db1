"""What the command line says of itself."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from onrecord.cli.program import onrecord
from onrecord.cli.verb import Verb
from onrecord.cli.verbs import PURPOSES, module_of
from tests.cli.conftest import Run


def verb(name: str) -> Verb:
    command = onrecord.get_command(click.Context(onrecord), name)
    assert isinstance(command, Verb)
    return command


def test_the_help_names_every_verb_with_its_purpose(run: Run) -> None:
    shown = " ".join(run("--help").output.split())
    for name, purpose in PURPOSES.items():
        assert f"{name} {purpose}" in shown


def test_asking_for_help_imports_no_verb_and_nothing_heavy() -> None:
    code = (
        "import sys; from onrecord.cli import main\n"
        "try: main()\n"
        "finally: print(*sys.modules, file=sys.stderr)\n"
    )  # fmt: skip
    ran = subprocess.run([sys.executable, "-c", code, "--help"], capture_output=True, text=True)
    imported = set(ran.stderr.split())
    assert "onrecord.cli.program" in imported
    assert not imported & set(map(module_of, PURPOSES))
    assert not imported & {
        "onrecord.api",
        "sqlite3",
        "cryptography",
        "pyrage",
        "trafilatura",
        "lxml",
        "jinja2",
        "wcwidth",
    }


@pytest.mark.parametrize("name", PURPOSES)
def test_every_verb_says_what_it_is_for_its_options_and_an_example(run: Run, name: str) -> None:
    shown = run(name, "--help")
    assert shown.exit_code == 0
    assert " ".join(shown.output.split()).count(PURPOSES[name]) == 1
    for part in ("-r, --record PATH", "--json", "Examples:", f"onrecord {name}"):
        assert part in shown.output


@pytest.mark.parametrize("name", PURPOSES)
def test_every_verb_says_more_than_its_purpose(name: str) -> None:
    purpose, _, more = (verb(name).help or "").partition("\n\n")
    assert purpose == PURPOSES[name]
    assert more


def test_a_mistyped_verb_is_answered_with_the_nearest_one(run: Run) -> None:
    result = run("serch", "gate")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith("error: There is no verb “serch”. Did you mean “search”?")


def test_a_missing_argument_is_a_wrong_request(run: Run) -> None:
    result = run("get")
    assert result.exit_code == 2
    assert result.stderr.startswith("error: Missing argument 'ID'")


def test_the_version_is_said(run: Run) -> None:
    assert run("--version").output.startswith("onrecord 0.")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_is_given_its_completion(run: Run, shell: str) -> None:
    result = run("completion", shell)
    assert result.exit_code == 0
    assert "_ONRECORD_COMPLETE" in result.stdout


def test_the_shell_completes_verbs(run: Run) -> None:
    result = run(_ONRECORD_COMPLETE="bash_complete", COMP_WORDS="onrecord win", COMP_CWORD="1")
    assert "windows" in result.output


def test_bash_completes_verbs_once_it_has_sourced_the_script(run: Run, tmp_path: Path) -> None:
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("bash is not installed")
    program, script = tmp_path / "onrecord", tmp_path / "completion.sh"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m onrecord.cli "$@"\n')
    program.chmod(0o755)
    script.write_text(run("completion", "bash").stdout)
    ask = """source "$1"; complete -p onrecord
COMP_WORDS=(onrecord ver) COMP_CWORD=1; _onrecord_completion onrecord; echo "${COMPREPLY[@]}"
"""
    path = f"{tmp_path}:{Path(bash).parent}:/usr/bin:/bin"
    surroundings = os.environ | {"PATH": path}
    ran = subprocess.run(
        [bash, "-c", ask, "bash", str(script)], capture_output=True, text=True, env=surroundings
    )
    assert ran.stderr == ""
    registered, completed = ran.stdout.splitlines()
    assert "-F _onrecord_completion onrecord" in registered
    assert completed == "verify"
