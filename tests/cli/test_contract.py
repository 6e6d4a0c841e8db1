"""What programs rely on: the JSON of every verb, alone on stdout, and the exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Program, Run, document, documents


def item(run: Run, case: Path) -> str:
    return str(documents(run("-r", case, "--json", "items"))[0]["item"])


def test_new_names_the_record_and_the_device(run: Run, tmp_path: Path) -> None:
    result = run("new", tmp_path / "record", "--json")
    assert result.exit_code == 0
    assert set(document(result)) >= {"record", "device"}


def test_new_does_not_stand_on_what_is_there(run: Run, case: Path) -> None:
    result = run("new", case)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("error: ")


def test_add_says_a_line_for_each_file(run: Run, case: Path, tmp_path: Path) -> None:
    (tmp_path / "new.txt").write_text("Something new.")
    result = run("-r", case, "add", "--json", tmp_path / "new.txt", tmp_path / "letter.txt")
    assert result.exit_code == 0
    lines = documents(result)
    assert [line["status"] for line in lines] == ["added", "already held"]
    for line in lines:
        assert set(line) >= {"path", "item", "sha256", "media_type", "size", "status", "reason"}


def test_add_ends_with_1_when_a_file_was_refused_and_takes_the_others(
    run: Run, case: Path, tmp_path: Path
) -> None:
    (tmp_path / "new.txt").write_text("Something new.")
    result = run("-r", case, "add", "--json", tmp_path / "absent.txt", tmp_path / "new.txt")
    assert result.exit_code == 1
    assert {line["status"] for line in documents(result)} == {"refused", "added"}


def test_items_names_each_item(run: Run, case: Path) -> None:
    (line,) = documents(run("-r", case, "items", "--json"))
    assert line["item"] == item(run, case)


def test_text_gives_the_layer_unchanged(run: Run, case: Path) -> None:
    layer = document(run("-r", case, "text", item(run, case), "--json"))
    assert set(layer) >= {"item", "layer", "engine", "text", "segments"}
    assert "No, the gate was shut at 06:40." in layer["text"]


def test_mark_gives_the_place_of_the_exact_words(run: Run, case: Path) -> None:
    marked = run("-r", case, "mark", item(run, case), "--quote", "The gate was  shut", "--json")
    assert marked.exit_code == 0
    passage = document(marked)
    assert set(passage) >= {"passage", "start", "end", "exact"}
    assert (passage["start"], passage["end"], passage["exact"]) == (0, 17, "The gate was shut"[:17])


def test_a_quote_that_is_not_there_or_stands_twice_is_a_wrong_request(run: Run, case: Path) -> None:
    for quote in ("never said", "gate was shut"):
        result = run("-r", case, "mark", item(run, case), "--quote", quote)
        assert (result.exit_code, result.stdout) == (2, "")
    assert run("-r", case, "mark", item(run, case), "--quote", "gate was shut", "--nth", "2").exit_code == 0


def test_put_says_a_line_for_each_line(run: Run, case: Path) -> None:
    result = run(
        "-r", case, "put", "-", "--json", input='{"kind": "place", "id": "ford", "names": [{"text": "Ford"}]}'
    )
    assert result.exit_code == 0
    line = document(result)
    assert (line["line"], line["slug"], line["kind"]) == (1, "ford", "place")
    assert document(run("-r", case, "get", line["id"], "--json"))["slug"] == "ford"


def test_put_names_up_to_100_bad_lines_and_writes_nothing(run: Run, case: Path) -> None:
    good = '{"kind": "place", "id": "ford", "names": [{"text": "Ford"}]}\n'
    result = run("-r", case, "--json", "put", "-", input=good + "not json\n" * 150)
    assert result.exit_code == 2
    lines = documents(result)
    assert len(lines) == 100
    assert all(set(line) == {"line", "error"} for line in lines)
    assert lines[0]["line"] == 2
    assert result.stderr.startswith("error: ")
    assert run("-r", case, "get", "ford").exit_code == 2


def test_put_says_bad_lines_on_stderr_to_a_person(run: Run, case: Path) -> None:
    result = run("-r", case, "put", "-", input='{"kind": "dragon"}')
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("line 1: ")


def test_put_reads_a_file_with_a_byte_order_mark(run: Run, case: Path, tmp_path: Path) -> None:
    file = tmp_path / "places.jsonl"
    file.write_text('{"kind": "place", "names": [{"text": "Ford"}]}\n', encoding="utf-8-sig")
    assert run("-r", case, "put", file).exit_code == 0


def test_put_refuses_a_line_of_bytes_that_are_not_text_by_its_number(
    run: Run, case: Path, tmp_path: Path
) -> None:
    file = tmp_path / "broken.jsonl"
    good, bad = (
        b'{"kind": "place", "names": [{"text": "Ford"}]}\n',
        b'{"kind": "place", "names": [{"text": "\xff"}]}\n',
    )
    file.write_bytes(good + bad)
    result = run("-r", case, "put", file, "--json")
    assert result.exit_code == 2
    assert [line["line"] for line in documents(result)] == [2]


def test_get_and_history_give_a_thing_and_its_versions(run: Run, case: Path) -> None:
    run(
        "-r",
        case,
        "put",
        "-",
        input='{"kind": "actor", "id": "guard", "type": "group", "reason": "There were two."}',
    )
    for verb in ("get", "history"):
        thing = document(run("-r", case, verb, "guard", "--json"))
        assert set(thing) >= {"id", "kind", "heads"}
        assert thing["kind"] == "actor"


@pytest.mark.parametrize("verb", ["get", "history", "text", "windows"])
def test_an_unknown_id_is_a_wrong_request(run: Run, case: Path, verb: str) -> None:
    result = run("-r", case, verb, "nobody", "--json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "nobody" in result.stderr


def test_search_says_a_line_for_each_place(run: Run, case: Path) -> None:
    lines = [line for line in documents(run("-r", case, "search", "--json", "gate", "shut")) if line["layer"]]
    text = document(run("-r", case, "text", item(run, case), "--json"))["text"]
    assert {line["exact"] for line in lines} == {"gate", "shut"}
    for line in lines:
        assert set(line) >= {"id", "kind", "layer", "start", "end", "exact"}
        assert text[line["start"] : line["end"]] == line["exact"]


def test_a_search_that_finds_nothing_is_done(run: Run, case: Path) -> None:
    result = run("-r", case, "search", "giraffe", "--json")
    assert (result.exit_code, result.stdout) == (0, "")
    assert run("-r", case, "search", " ").exit_code == 2


def test_windows_gives_both_sides_and_what_is_disputed(run: Run, case: Path) -> None:
    windows = document(run("-r", case, "windows", "morning", "--json"))
    assert set(windows) >= {"event", "sides", "shared", "disputed", "only", "silent", "elsewhere"}
    assert [side["name"] for side in windows["sides"]] == ["the weir", "the ford"]
    assert [point["property"] for point in windows["disputed"]] == ["cause"]
    alone = document(run("-r", case, "windows", "morning", "--side", "the ford", "--json"))
    assert [side["name"] for side in alone["sides"]] == ["the ford"]


def test_windows_as_known_before_the_first_entry_hold_no_such_event(run: Run, case: Path) -> None:
    early = run("-r", case, "windows", "morning", "--as-known-on", "2001-01-01")
    assert early.exit_code == 2
    assert "not in the record on that day; it was first received on" in early.stderr
    assert run("-r", case, "windows", "morning", "--as-known-on", "yesterday").exit_code == 2
    assert run("-r", case, "windows", "morning", "--as-known-on", "2100-01-01").exit_code == 0


def test_check_ends_with_1_when_it_found_something(run: Run, case: Path) -> None:
    assert run("-r", case, "check", "--json").exit_code == 0
    said_at = {"from": "2019-05-14", "to": "2019-05-14", "as_written": "Friday, 14 May 2019"}
    day = {"kind": "statement", "id": "s1", "said_at": said_at, "reason": "As the letter has it."}
    assert run("-r", case, "put", "-", input=json.dumps(day)).exit_code == 0
    result = run("-r", case, "check", "--json")
    assert result.exit_code == 1
    assert set(documents(result)[0]) >= {"thing", "check", "finding", "inputs"}


def test_a_blocked_publication_ends_with_1_and_writes_nothing(run: Run, case: Path, tmp_path: Path) -> None:
    result = run("-r", case, "publish", "release", "--out", tmp_path / "out", "--json")
    assert result.exit_code == 1
    told = document(result)
    assert set(told) >= {"out", "manifest", "refused"}
    assert all(set(row) >= {"thing", "term", "mend"} for row in told["refused"])
    assert told["refused"]
    assert not (tmp_path / "out").exists()


def test_a_record_and_an_altered_copy_of_it_are_verified(run: Run, case: Path) -> None:
    sound = run("-r", case, "verify", "--json")
    assert sound.exit_code == 0
    assert set(document(sound)) >= {"ok", "entries", "items", "problems"}
    original = next(file for file in (case / "originals").rglob("*") if file.is_file())
    original.chmod(0o644)
    original.write_text("The gate was shut at 08:00.")
    altered = run("verify", case, "--json")
    assert altered.exit_code == 1
    assert all(set(problem) >= {"what", "where"} for problem in document(altered)["problems"])


def test_verifying_what_is_neither_a_record_nor_a_dossier_is_a_wrong_request(
    run: Run, tmp_path: Path
) -> None:
    assert run("verify", tmp_path / "absent").exit_code == 2


def test_a_file_name_that_is_not_text_goes_out_as_json(program: Program, case: Path, tmp_path: Path) -> None:
    odd = tmp_path / "odd"
    odd.mkdir()
    try:
        (odd / "caf\udce9.txt").write_text("Coffee.")
    except OSError:
        pytest.skip("this file system takes only names that are text")
    ran = program("-r", case, "--json", "add", odd)
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["status"] == "added"


def test_nothing_but_json_is_on_stdout_when_the_output_is_a_file(program: Program, case: Path) -> None:
    ran = program("-r", case, "verify", "--json")
    assert json.loads(ran.stdout)["ok"] is True
    assert ran.stderr == ""
