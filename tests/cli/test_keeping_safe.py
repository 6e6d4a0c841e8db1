"""Sealed names, passphrases, recovery shares and packed records, as a person at a terminal and a script have them."""

from __future__ import annotations

import fcntl
import json
import os
import select
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from onrecord.store import passphrase_file
from tests.cli.conftest import Run, document, documents

NAME = "Zeinab Qarawi"
HIDDEN = {
    "names": [{"text": NAME + "\u202e\x1b[2J"}],
    "address": {"street": "Well Lane", "number": 4},
    "note": "",
}
PASSPHRASE = "kettle orbit cellar"


@pytest.fixture(autouse=True)
def little_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passphrase_file, "WORK", 10)


@pytest.fixture
def sealed(run: Run, tmp_path: Path) -> Path:
    path = tmp_path / "sealed"
    run("new", path)
    line = {"kind": "actor", "id": "witness", "names": ["Witness 3"], "sealed": HIDDEN}
    assert run("-r", path, "put", "-", input=json.dumps(line)).exit_code == 0
    return path


def test_unseal_shows_a_person_what_is_sealed_without_harm_to_the_terminal(run: Run, sealed: Path) -> None:
    result = run("-r", sealed, "unseal", "witness", "--reason", "the court asked")
    assert result.exit_code == 0
    assert NAME in result.stdout and "Well Lane" in result.stdout and "number: 4" in result.stdout
    assert "\u202e" not in result.stdout and "\x1b[2J" not in result.stdout and "\\x1b" in result.stdout
    assert "custody step" in result.stdout


def test_unseal_gives_a_script_exactly_what_was_sealed(run: Run, sealed: Path) -> None:
    opened = document(run("-r", sealed, "--json", "unseal", "witness", "--reason", "the court asked"))
    assert set(opened) == {"id", "kind", "sealed", "custody"}
    assert opened["sealed"] == HIDDEN
    step = document(run("-r", sealed, "--json", "get", opened["custody"]))
    assert (step["step"], step["of"], step["heads"][0]["reason"]) == (
        "opened",
        opened["id"],
        "the court asked",
    )


def test_unseal_asks_for_a_reason(run: Run, sealed: Path) -> None:
    result = run("-r", sealed, "unseal", "witness")
    assert result.exit_code == 2 and "--reason" in result.stderr and NAME not in result.output


def test_no_trace_of_a_failure_holds_what_is_sealed_or_who_may_open_it(
    run: Run, sealed: Path, surroundings: dict[str, str]
) -> None:
    run("-r", sealed, "passphrase", ONRECORD_NEW_PASSPHRASE=PASSPHRASE)
    for arguments, environment in (
        (("unseal", "witness", "--reason", "why"), {"ONRECORD_PASSPHRASE": "a wrong one"}),
        (("unseal", "witness", "--reason", " "), {"ONRECORD_PASSPHRASE": PASSPHRASE}),
        (("passphrase",), {"ONRECORD_PASSPHRASE": PASSPHRASE, "ONRECORD_NEW_PASSPHRASE": "short"}),
        (("pack", "/nowhere/at/all.age"), {"ONRECORD_PASSPHRASE": PASSPHRASE}),
    ):
        result = run("-r", sealed, "--debug", *arguments, **environment)
        assert result.exit_code == 2 and "Traceback" in result.stderr
        for secret in (NAME, "AGE-SECRET-KEY", *environment.values()):
            assert secret not in result.output + result.stderr or secret == "short"


def test_a_passphrase_is_set_changed_and_removed_by_a_script(run: Run, sealed: Path) -> None:
    assert document(run("-r", sealed, "--json", "passphrase", ONRECORD_NEW_PASSPHRASE=PASSPHRASE))[
        "passphrase"
    ]
    unseal = ("-r", sealed, "unseal", "witness", "--reason", "why")
    asked = run(*unseal)
    assert asked.exit_code == 2 and "ONRECORD_PASSPHRASE" in asked.stderr
    wrong = run(*unseal, ONRECORD_PASSPHRASE="a wrong one")
    assert wrong.exit_code == 2 and "does not open it" in wrong.stderr and "recovery shares" in wrong.stderr
    assert run(*unseal, ONRECORD_PASSPHRASE=PASSPHRASE).exit_code == 0
    removed = run("-r", sealed, "passphrase", "--remove", ONRECORD_PASSPHRASE=PASSPHRASE)
    assert "not under a passphrase" in removed.stdout
    assert run(*unseal).exit_code == 0


def test_passphrase_refuses_what_makes_no_sense(run: Run, sealed: Path) -> None:
    assert "--new-identity" in run("-r", sealed, "passphrase", "--lost").stderr
    assert run("-r", sealed, "passphrase", "--remove", "--new-identity").exit_code == 2


def at_a_terminal(command: list[str], environment: dict[str, str], typed: list[str]) -> tuple[int, str]:
    """Run a command on a terminal of its own, typing a line whenever it asks; its exit code and what was seen.

    What is typed before the space behind the colon is thrown away: until then the terminal still echoes.
    """
    ours, theirs = os.openpty()

    def take_terminal() -> None:
        os.setsid()
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    streams = {"stdin": theirs, "stdout": theirs, "stderr": theirs}
    with subprocess.Popen(command, env=environment, preexec_fn=take_terminal, **streams) as process:
        os.close(theirs)
        seen, asked = "", 0
        while True:
            if not select.select([ours], [], [], 120)[0]:
                process.kill()
                raise TimeoutError(seen)
            try:
                piece = os.read(ours, 4096).decode()
            except OSError:
                break
            seen += piece
            if asked < len(typed) and seen.endswith(": ") and seen.count("\n") == asked:
                os.write(ours, typed[asked].encode() + b"\n")
                asked += 1
        os.close(ours)
    return process.returncode, seen


def test_on_a_terminal_a_passphrase_is_typed_twice_and_not_shown(
    sealed: Path, surroundings: dict[str, str]
) -> None:
    environment = {**os.environ, **surroundings, "TERM": "dumb"}
    command = [sys.executable, "-m", "onrecord.cli", "-r", str(sealed)]
    code, seen = at_a_terminal([*command, "passphrase"], environment, [PASSPHRASE, "another one"])
    assert code == 2 and "not alike" in seen and PASSPHRASE not in seen
    code, seen = at_a_terminal([*command, "passphrase"], environment, [PASSPHRASE, PASSPHRASE])
    assert code == 0 and "under a passphrase" in seen and PASSPHRASE not in seen
    unseal = [*command, "unseal", "witness", "--reason", "why"]
    code, seen = at_a_terminal(unseal, environment, [PASSPHRASE])
    assert code == 0 and NAME in seen and PASSPHRASE not in seen and seen.count("Passphrase of") == 1


def test_recovery_makes_shares_says_what_they_do_not_open_and_seals_again(
    run: Run, sealed: Path, tmp_path: Path
) -> None:
    made = run(
        "-r", sealed, "recovery", "make", "--shares", "5", "--needed", "3", "--out", tmp_path / "shares"
    )
    assert made.exit_code == 0 and "1 thing sealed before does not open" in made.stdout
    assert len(list((tmp_path / "shares").iterdir())) == 5
    again = run("-r", sealed, "recovery", "reseal")
    assert (
        again.exit_code == 0
        and "Sealed again: 1 thing." in again.stdout
        and "The earlier versions remain" in again.stdout
    )
    assert document(run("-r", sealed, "--json", "recovery", "show"))["earlier"] == 0


def test_recovery_opens_one_field_with_shares_on_a_laptop_without_a_key(
    run: Run, sealed: Path, tmp_path: Path
) -> None:
    made = document(run("-r", sealed, "--json", "recovery", "make", "--out", tmp_path / "shares"))
    run("-r", sealed, "recovery", "reseal")
    elsewhere = {"ONRECORD_HOME": str(tmp_path / "elsewhere")}
    opening = ("--unseal", "witness", "--reason", "mira was arrested")
    few = run("-r", sealed, "recovery", "open", made["shares"][0], *opening, **elsewhere)
    assert few.exit_code == 2 and "share-1-of-3.txt" in few.stderr and NAME not in few.output
    opened = document(
        run("-r", sealed, "--json", "recovery", "open", *made["shares"][1:], *opening, **elsewhere)
    )
    assert opened["sealed"] == HIDDEN


@pytest.mark.parametrize("wrong", [("make",), ("open", "x"), ("shout",)])
def test_recovery_says_what_it_needs(run: Run, sealed: Path, wrong: tuple[str, ...]) -> None:
    assert run("-r", sealed, "recovery", *wrong).exit_code == 2


def test_a_record_is_packed_removed_and_unpacked(run: Run, sealed: Path, tmp_path: Path) -> None:
    packed = run("-r", sealed, "pack", tmp_path / "sealed.age", "--remove")
    assert packed.exit_code == 0 and "solid-state" in packed.stdout and not sealed.exists()
    told = document(run("--json", "unpack", tmp_path / "sealed.age", tmp_path / "back"))
    assert told["ok"] and told["problems"] == []
    assert documents(run("-r", tmp_path / "back", "--json", "get", "witness"))
    assert run("unpack", tmp_path / "sealed.age", tmp_path / "back").exit_code == 2
    assert "inside the record" in run("unpack", tmp_path / "sealed.age", tmp_path / "back" / "in").stderr


def test_a_packed_file_under_a_passphrase(run: Run, sealed: Path, tmp_path: Path) -> None:
    made = run("-r", sealed, "pack", "--passphrase", tmp_path / "s.age", ONRECORD_NEW_PASSPHRASE=PASSPHRASE)
    assert made.exit_code == 0
    elsewhere = {"ONRECORD_HOME": str(tmp_path / "elsewhere")}
    assert run("unpack", tmp_path / "s.age", tmp_path / "back", **elsewhere).exit_code == 2
    assert (
        run(
            "unpack", tmp_path / "s.age", tmp_path / "back", ONRECORD_PASSPHRASE=PASSPHRASE, **elsewhere
        ).exit_code
        == 0
    )


def test_no_passphrase_is_left_in_any_file(run: Run, sealed: Path, tmp_path: Path) -> None:
    environment = {"ONRECORD_PASSPHRASE": PASSPHRASE, "ONRECORD_NEW_PASSPHRASE": PASSPHRASE}
    for arguments in (
        ("passphrase",),
        ("unseal", "witness", "--reason", "why"),
        ("passphrase", "--new-identity"),
        ("pack", "--passphrase", tmp_path / "s.age"),
    ):
        assert run("-r", sealed, *arguments, **environment).exit_code == 0
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert tmp_path / "s.age" in files
    assert not [file for file in files if PASSPHRASE.encode() in file.read_bytes()]


def test_unpacking_with_another_passphrase_in_the_environment_says_so_and_asks_on_a_terminal(
    run: Run, sealed: Path, surroundings: dict[str, str], tmp_path: Path
) -> None:
    run("-r", sealed, "pack", "--passphrase", tmp_path / "s.age", ONRECORD_NEW_PASSPHRASE=PASSPHRASE)
    unpack = ["unpack", str(tmp_path / "s.age"), str(tmp_path / "back")]
    wrong = run(*unpack, ONRECORD_PASSPHRASE="that of my key")
    assert wrong.exit_code == 2 and "the passphrase in ONRECORD_PASSPHRASE does not open it" in wrong.stderr
    environment = {
        **os.environ,
        **surroundings,
        "TERM": "dumb",
        "ONRECORD_PASSPHRASE": "that of my key",
        "COLUMNS": "300",
    }
    command = [sys.executable, "-m", "onrecord.cli", *unpack]
    code, seen = at_a_terminal(command, environment, ["no", PASSPHRASE])
    assert code == 0 and "the one in ONRECORD_PASSPHRASE does not open it" in seen and "again" in seen
    assert (tmp_path / "back" / "record.db").is_file()


def test_a_record_packed_to_a_key_under_a_passphrase_is_asked_for_by_the_record(
    run: Run, sealed: Path, tmp_path: Path
) -> None:
    run("-r", sealed, "passphrase", ONRECORD_NEW_PASSPHRASE=PASSPHRASE)
    run("-r", sealed, "pack", tmp_path / "s.age", ONRECORD_PASSPHRASE=PASSPHRASE)
    wrong = run("unpack", tmp_path / "s.age", tmp_path / "back", ONRECORD_PASSPHRASE="another one")
    assert wrong.exit_code == 2 and "your key in the record" in wrong.stderr
    assert "ONRECORD_PASSPHRASE does not open it" in wrong.stderr
    done = run("unpack", tmp_path / "s.age", tmp_path / "back", ONRECORD_PASSPHRASE=PASSPHRASE)
    assert done.exit_code == 0


def test_a_key_is_asked_for_by_the_title_of_its_record(run: Run, tmp_path: Path) -> None:
    run("new", tmp_path / "visits", "--title", "Visits, spring")
    run("-r", tmp_path / "visits", "passphrase", ONRECORD_NEW_PASSPHRASE=PASSPHRASE)
    asked = run("-r", tmp_path / "visits", "passphrase", ONRECORD_NEW_PASSPHRASE=PASSPHRASE)
    assert asked.exit_code == 2 and asked.stderr.startswith("error: your key in “Visits, spring”: ")


def test_a_passphrase_is_for_one_record_and_says_how_many_others_are_open(
    run: Run, sealed: Path, tmp_path: Path
) -> None:
    run("new", tmp_path / "another")
    said = run("-r", sealed, "passphrase", ONRECORD_NEW_PASSPHRASE=PASSPHRASE)
    assert "for this record only" in " ".join(said.stdout.split()) and "1 other record" in said.stdout
    done = run("-r", tmp_path / "another", "--json", "passphrase", ONRECORD_NEW_PASSPHRASE=PASSPHRASE)
    assert document(done)["open"] == 0
