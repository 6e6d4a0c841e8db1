"""`erase` as a person and a program have it."""

from __future__ import annotations

import os
import select
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run, document, documents
from tests.erasing.traces import traces
from tests.exchange.laptops import a_stick, a_team

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


def answered(
    case: Path,
    surroundings: dict[str, str],
    answer: str,
    *arguments: str,
    piped: bool = False,
) -> tuple[int, str, str]:
    """Run it on a terminal of its own and answer its question; the exit code, what was seen, what went to a pipe."""
    ours, theirs = os.openpty()
    given = arguments or ("told", *WHY)
    command = [sys.executable, "-m", "onrecord.cli", "-r", str(case), "erase", *given]
    environment = {**os.environ, **surroundings, "TERM": "dumb"}
    out = subprocess.PIPE if piped else theirs
    with subprocess.Popen(command, env=environment, stdin=theirs, stdout=out, stderr=theirs) as process:
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
        sent = process.stdout.read().decode() if process.stdout else ""
    return process.returncode, seen, sent


@pytest.mark.parametrize("piped", [False, True])
def test_a_person_at_the_keyboard_sees_what_would_go_and_is_asked(
    run: Run, case: Path, surroundings: dict[str, str], piped: bool
) -> None:
    statement(run, case)
    code, seen, sent = answered(case, surroundings, "n", piped=piped)
    assert (code, sent) == (1, "")
    assert "This would go, for good" in seen and "Nothing was erased." in seen
    assert run("-r", case, "get", "told").exit_code == 0
    code, seen, sent = answered(case, surroundings, "y", piped=piped)
    assert code == 0
    assert "Erased: 1 version." in (sent if piped else seen)
    assert run("-r", case, "get", "told").exit_code == 2


def test_nobody_is_asked_who_said_yes_or_wants_json(
    run: Run, case: Path, surroundings: dict[str, str]
) -> None:
    for number, flag in enumerate(("--yes", "--json")):
        statement(run, case, f"told{number}")
        code, seen, sent = answered(case, surroundings, "", f"told{number}", *WHY, flag, piped=True)
        assert code == 0 and "[y/N]" not in seen and "she" not in seen
        assert sent


def test_an_order_that_waits_is_shown_and_asked_about_too(
    tmp_path: Path, surroundings: dict[str, str]
) -> None:
    mira, noam = a_team(tmp_path, "mira", "noam")
    mira.put({"kind": "place", "id": "yard", "names": ["Yard"]})
    folder = a_stick(tmp_path, "stick")
    mira.send(folder)
    noam.merge(folder)
    with mira.record() as record:
        order = record.erase("yard", "it is watched", ["Noam, editor"])["order"]
    mira.send(folder)
    noam.merge(folder)
    at_noam = surroundings | {"ONRECORD_HOME": str(noam.home), "ONRECORD_HANDLE": "noam"}
    code, seen, sent = answered(noam.path, at_noam, "n", "--accept", order, piped=True)
    assert (code, sent) == (1, "") and "it is watched" in seen and "Nothing was erased." in seen
    assert noam.get("yard")["names"]
    code, seen, sent = answered(noam.path, at_noam, "y", "--accept", "all", piped=True)
    assert code == 0 and "Erased: 1 version." in sent


def test_an_erased_thing_is_shown_with_its_order(run: Run, case: Path) -> None:
    statement(run, case)
    id = document(run("-r", case, "get", "told", "--json"))["id"]
    order = document(run("-r", case, "erase", "told", *WHY, "--json"))["order"]
    for verb in ("get", "history"):
        shown = " ".join(run("-r", case, verb, id).stdout.split())
        assert f"by order {order} of mira, decided by Noam, editor, because: she is in danger." in shown
        assert "1970" not in shown
    assert "erase --list" in run("-r", case, "get", "told").stderr


def test_an_erased_original_is_not_counted(run: Run, case: Path) -> None:
    item = documents(run("-r", case, "--json", "items"))[0]["item"]
    two = (*WHY, "--authority", "Dalia, legal")
    order = document(run("-r", case, "erase", item, *two, "--json"))["order"]
    shown = run("-r", case, "items").stdout
    assert f"erased by order {order}" in shown and "0 originals. 1 erased." in shown
    told = run("-r", case, "text", item)
    assert told.exit_code == 2 and f"order {order}" in told.stderr


def test_a_place_that_was_destroyed_is_named_again(run: Run, case: Path, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    statement(run, case)
    folder = document(run("-r", case, "send", stick, "--json"))["folder"]
    shown = " ".join(run("-r", case, "erase", "told", *WHY).stdout.split())
    assert "first sent to by mira on" in shown and f"({folder[:6]}…)" in shown
    told = run("-r", case, "erase", "--destroyed", folder[:6]).stdout
    assert "stick no longer exists" in " ".join(told.split())
