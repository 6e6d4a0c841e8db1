"""`erase` as a person and a program have it."""

from __future__ import annotations

import os
import select
import subprocess
import sys
from pathlib import Path

from tests.cli.conftest import Run, document, documents
from tests.erasing.traces import traces

WHY = ("--reason", "she is in danger", "--authority", "Noam, editor")


def statement(run: Run, case: Path, slug: str = "told") -> str:
    text = "Zebulonika crossed Quillonmarsh barefoot"
    line = f'{{"kind":"statement","id":"{slug}","speaker":"nurse","text":"{text}"}}\n'
    actor = '{"kind":"actor","id":"nurse","names":["Witness N"]}\n'
    assert run("-r", case, "put", "-", input=actor + line).exit_code == 0
    return text


def test_a_receipt_is_one_document(run: Run, case: Path) -> None:
    text = statement(run, case)
    result = run("-r", case, "erase", "told", *WHY, "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    receipt = document(result)
    assert set(receipt) >= {"order", "gone", "unconfirmed", "affected", "remains", "promised", "not_promised"}
    assert [row["kind"] for row in receipt["gone"]] == ["statement"]
    assert traces(case, text) == []


def test_a_receipt_says_in_words_what_cannot_be_promised(run: Run, case: Path) -> None:
    statement(run, case)
    result = run("-r", case, "erase", "told", *WHY)
    assert result.exit_code == 0
    assert "Erased: 1 version." in result.stdout
    assert "What nobody can promise" in result.stdout
    assert "solid-state" in result.stdout


def test_a_dry_run_lists_and_changes_nothing(run: Run, case: Path) -> None:
    statement(run, case)
    result = run("-r", case, "erase", "told", "--dry-run")
    assert result.exit_code == 0
    assert "This would go, for good" in result.stdout
    planned = document(run("-r", case, "erase", "told", "--dry-run", "--json"))
    assert planned["dry_run"] is True
    assert run("-r", case, "get", "told").exit_code == 0


def test_without_a_reason_or_somebody_who_decided_nothing_goes(run: Run, case: Path) -> None:
    statement(run, case)
    for given in ((), ("--reason", "danger"), ("--authority", "Noam")):
        result = run("-r", case, "erase", "told", *given, "--json")
        assert (result.exit_code, result.stdout) == (2, "")
    assert run("-r", case, "get", "told").exit_code == 0


def test_one_of_its_ways_is_asked_for(run: Run, case: Path) -> None:
    for given in ((), ("told", "--list"), ("--list", "--waiting")):
        assert run("-r", case, "erase", *given).exit_code == 2


def test_an_original_goes_on_the_word_of_two(run: Run, case: Path) -> None:
    item = documents(run("-r", case, "--json", "items"))[0]["item"]
    refused = run("-r", case, "erase", item, *WHY)
    assert refused.exit_code == 2
    assert "two people have to decide" in refused.stderr
    result = run("-r", case, "erase", item, *WHY, "--authority", "Dalia, legal", "--json")
    assert "original" in {row["kind"] for row in document(result)["gone"]}
    assert document(run("verify", case, "--json"))["ok"]


def test_the_list_says_who_decided_and_why(run: Run, case: Path) -> None:
    assert "Nothing was erased." in run("-r", case, "erase", "--list").stdout
    statement(run, case)
    order = document(run("-r", case, "erase", "told", *WHY, "--json"))["order"]
    (row,) = documents(run("-r", case, "erase", "--list", "--json"))
    assert (row["order"], row["authority"], row["unconfirmed"]) == (order, ["Noam, editor"], [])
    shown = run("-r", case, "erase", "--list").stdout
    assert "she is in danger" in shown
    assert order in shown
    assert "No order waits here." in run("-r", case, "erase", "--waiting").stdout


def test_there_is_nothing_to_finish_or_accept(run: Run, case: Path) -> None:
    assert "Nothing was left to do." in run("-r", case, "erase", "--finish").stdout
    for given in (("--accept", "all"), ("--destroyed", "stick")):
        assert run("-r", case, "erase", *given).exit_code == 2


def answered(case: Path, surroundings: dict[str, str], answer: str) -> tuple[int, str]:
    """Run it on a terminal of its own and answer its question; the exit code and what was seen."""
    ours, theirs = os.openpty()
    command = [sys.executable, "-m", "onrecord.cli", "-r", str(case), "erase", "told", *WHY]
    environment = {**os.environ, **surroundings, "TERM": "dumb"}
    with subprocess.Popen(command, env=environment, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        seen, asked = "", False
        while select.select([ours], [], [], 120)[0]:
            try:
                seen += os.read(ours, 4096).decode()
            except OSError:
                break
            if not asked and "[y/N]: " in seen:
                asked = True
                os.write(ours, f"{answer}\n".encode())
        os.close(ours)
    return process.returncode, seen


def test_on_a_terminal_it_shows_what_would_go_and_asks(
    run: Run, case: Path, surroundings: dict[str, str]
) -> None:
    statement(run, case)
    code, seen = answered(case, surroundings, "n")
    assert code != 0
    assert "This would go, for good" in seen
    assert run("-r", case, "get", "told").exit_code == 0
    code, seen = answered(case, surroundings, "y")
    assert code == 0
    assert "Erased: 1 version." in seen
    assert run("-r", case, "get", "told").exit_code == 2
