"""What `send`, `merge` and `add` say to a person when something is left out, lost, or not to be had."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.cli.test_exchange import Desk, desks, stick

__all__ = ["desks", "stick"]

SEALED = '{"kind": "actor", "id": "v", "names": ["Voice one"], "sealed": {"name": "Anna Karam"}}\n'


def let_in(mira: Desk, noam: Desk, stick: Path) -> None:
    mira("send", stick)
    noam("join", stick, noam.path)
    (line,) = (line for line in mira("merge", stick).stdout.splitlines() if "onrecord admit" in line)
    mira(*line.split()[1:])
    mira("send", stick)
    assert noam("merge", stick).exit_code == 0


def test_a_stick_for_the_border_says_what_it_lacks_and_does_not_get_it_by_mistake(
    desks: tuple[Desk, Desk], stick: Path, tmp_path: Path
) -> None:
    mira, noam = desks
    let_in(mira, noam, stick)
    mira("put", "-", input=SEALED)
    journey = tmp_path / "journey"
    journey.mkdir()
    sent = mira("send", journey, "--for", "travel")
    assert sent.exit_code == 0 and "1 thing with sealed fields stayed here" in sent.stdout
    assert "file names travel whole" in sent.stdout
    refused = mira("send", journey)
    assert (
        refused.exit_code == 2 and "written for travel" in refused.stderr and "--for team" in refused.stderr
    )
    merged = noam("merge", journey)
    assert merged.exit_code == 0 and "1 entry came without what it says" in merged.stdout
    assert mira("send", journey, "--for", "team").exit_code == 0
    assert "1 sealed entry came that had been left out" in noam("merge", journey).stdout


def test_files_that_did_not_come_are_counted_and_say_whom_to_ask(
    desks: tuple[Desk, Desk], stick: Path, tmp_path: Path
) -> None:
    mira, noam = desks
    let_in(mira, noam, stick)
    files = tmp_path / "files"
    files.mkdir()
    for number in range(30):
        (files / f"{number}.jpg").write_bytes(b"\xff\xd8\xff" + bytes([number]) * 30)
    assert mira("add", files).exit_code == 0
    mira("send", stick)
    shutil.rmtree(next(stick.glob("*/originals")))
    merged = noam("merge", stick)
    assert merged.exit_code == 1 and "30 originals: the copy was cut off" in merged.stdout
    assert "Ask mira to send again" in merged.stdout and merged.stdout.count("original") < 5


def test_adding_a_file_whose_original_was_lost_says_that_it_is_back(
    desks: tuple[Desk, Desk], tmp_path: Path
) -> None:
    mira, _ = desks
    note = tmp_path / "note.txt"
    note.write_text("The gate was shut.")
    mira("add", note)
    for original in mira.path.glob("originals/*/*"):
        original.unlink()
    assert "had gone missing here, and is back" in mira("add", note).stdout


def test_entries_that_were_cut_off_say_whom_to_ask_and_that_the_rest_is_kept(
    desks: tuple[Desk, Desk], stick: Path
) -> None:
    mira, noam = desks
    let_in(mira, noam, stick)
    lines = "".join(f'{{"kind": "actor", "names": ["Witness {number}"]}}\n' for number in range(50))
    mira("put", "-", input=lines)
    mira("send", stick)
    largest = max(stick.glob("*/*.seg"), key=lambda path: path.stat().st_size)
    largest.write_bytes(largest.read_bytes()[:300])
    merged = noam("merge", stick)
    assert merged.exit_code == 1
    told = " ".join(merged.stdout.split())
    assert "Ask mira to send again" in told and "What was whole is kept" in told
