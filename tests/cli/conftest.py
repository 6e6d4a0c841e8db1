"""The command line as its users have it: in this process for most, as a program of its own where that matters."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from onrecord.cli.program import onrecord

Run = Callable[..., Result]
Program = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def surroundings(home: Path) -> dict[str, str]:
    """The environment of a command: keys in a folder of their own, no record named."""
    return {"ONRECORD_HOME": str(home), "ONRECORD_HANDLE": "mira", "ONRECORD_ZONE": "UTC", "COLUMNS": "100"}


@pytest.fixture
def run(surroundings: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in this process."""
    monkeypatch.delenv("ONRECORD", raising=False)

    def run(*arguments: str | Path, input: str | None = None, **environment: str) -> Result:
        names = [str(argument) for argument in arguments]
        return CliRunner().invoke(onrecord, names, input=input, env={**surroundings, **environment})

    return run


@pytest.fixture
def program(surroundings: dict[str, str]) -> Program:
    """Run `onrecord` as a process of its own."""

    def run(*arguments: str | Path, **more: Any) -> subprocess.CompletedProcess[str]:
        environment = {name: value for name, value in os.environ.items() if name != "ONRECORD"} | surroundings
        command: Sequence[str] = [sys.executable, "-m", "onrecord.cli", *map(str, arguments)]
        options = {"capture_output": True, "text": True, "encoding": "utf-8", "env": environment} | more
        return subprocess.run(command, **options)

    return run


@pytest.fixture
def case(run: Run, tmp_path: Path) -> Path:
    """A record with one letter and, over it, two people who dispute when a gate was shut."""
    path = tmp_path / "case"
    letter = tmp_path / "letter.txt"
    letter.write_text(LETTER, encoding="utf-8")
    run("new", path)
    (added,) = documents(run("-r", path, "--json", "add", letter))
    put = run("-r", path, "put", "-", input=accounts(added["item"]))
    assert put.exit_code == 0, put.stderr
    return path


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample record, built once, and beside it the keys of the laptop that built it. Copy before writing."""
    from onrecord.demo.sample import build
    from onrecord.settings import Settings

    place = tmp_path_factory.mktemp("sample")
    return build(place / "sample-record", Settings(home=place / "home", handle="mira", zone="UTC")).path


LETTER = "The gate was shut at 07:15.\n\nالسوق مغلق منذ الصباح.\n\nNo, the gate was shut at 06:40.\n"


def accounts(item: str) -> str:
    """Both accounts, with a public publication that nobody agreed to."""
    told: list[dict[str, Any]] = [
        {"kind": "actor", "id": "guard", "type": "person", "names": [{"text": "The guard"}]},
        {"kind": "actor", "id": "vendor", "type": "person", "names": [{"text": "بائعة الخضار"}]},
        {"kind": "event", "id": "morning", "title": "The morning at the gate", "when": "2019-05-14",
         "sides": {"the weir": ["guard"], "the ford": ["vendor"]}},
        {"kind": "passage", "id": "p1", "item": item, "quote": "The gate was shut at 07:15."},
        {"kind": "statement", "id": "s1", "speaker": "guard", "act": "asserts", "basis": "saw", "passages": ["p1"],
         "about": ["morning"]},
        {"kind": "claim", "id": "c1", "statement": "s1", "subject": "morning", "property": "cause", "value": "a shut gate"},
        {"kind": "passage", "id": "p2", "item": item, "quote": "No, the gate was shut at 06:40."},
        {"kind": "statement", "id": "s2", "speaker": "vendor", "act": "asserts", "basis": "heard", "passages": ["p2"],
         "about": ["morning"]},
        {"kind": "claim", "id": "c2", "statement": "s2", "subject": "morning", "property": "cause", "value": "a crowd"},
        {"kind": "publication", "id": "release", "title": "The gate", "audience": "public", "language": "en",
         "text": "One account.[[s1]]"},
    ]  # fmt: skip
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in told)


def documents(result: Result) -> list[dict[str, Any]]:
    """What `--json` printed: every line is a document, and nothing else is there."""
    return [json.loads(line) for line in result.stdout.splitlines()]


def document(result: Result) -> dict[str, Any]:
    (only,) = documents(result)
    return only
