"""What a person reads on the terminal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from onrecord.cli.terminal.page import Page
from onrecord.cli.verify import show_verified
from tests.cli.conftest import Run, documents

ARABIC = "وصلت الشاهدة إلى البوابة صباح الاثنين وقالت إنها رأت الحارس يغلقها.\n"


def test_new_says_what_to_do_next(run: Run, tmp_path: Path) -> None:
    shown = run("new", tmp_path / "a record").stdout
    assert f"onrecord -r '{tmp_path / 'a record'}' add FILE…" in shown


def test_add_sums_up_what_came_in(run: Run, case: Path, tmp_path: Path) -> None:
    shown = run("-r", case, "add", tmp_path / "letter.txt", tmp_path / "absent").stdout
    assert "2 files: 1 already held, 1 refused." in shown


def test_items_of_an_empty_record_teach_the_next_step(run: Run, tmp_path: Path) -> None:
    run("new", tmp_path / "empty")
    assert "onrecord add FILE" in run("-r", tmp_path / "empty", "items").stdout


def test_a_thing_is_shown_with_the_names_of_what_it_refers_to(run: Run, case: Path) -> None:
    shown = run("-r", case, "get", "s1").stdout
    assert "The guard (guard)" in shown
    assert "“The gate was shut at 07:15.” (p1)" in shown


def test_history_says_who_changed_what_and_why(run: Run, case: Path) -> None:
    run(
        "-r",
        case,
        "put",
        "-",
        input='{"kind": "actor", "id": "guard", "type": "group", "reason": "There were two."}',
    )
    shown = run("-r", case, "history", "guard").stdout
    assert "2 versions" in shown
    assert "Because: There were two." in shown
    assert (
        shown.count("The guard") == 2
    )  # in the heading and in the first version; the second changes only the type


def test_search_shows_the_words_in_their_surroundings(run: Run, case: Path) -> None:
    shown = run("-r", case, "search", "06:40").stdout
    assert "shut at [06:40]" in shown
    assert run("-r", case, "search", "giraffe").stdout.startswith("Nothing found")


def test_search_stops_where_it_is_told_and_says_so(run: Run, case: Path) -> None:
    shown = run("-r", case, "search", "gate", "--limit", "1").stdout
    assert "The first place; --limit shows more." in shown


def test_put_says_what_kinds_went_in(run: Run, case: Path) -> None:
    lines = [{"kind": "place", "names": [{"text": name}]} for name in ("Ford", "Weir")]
    shown = run("-r", case, "put", "-", input="\n".join(map(json.dumps, lines))).stdout
    assert "Put 2 lines: 2 places." in shown


def test_a_refusal_is_a_to_do_list_by_person(run: Run, case: Path, tmp_path: Path) -> None:
    shown = run("-r", case, "publish", "release", "--out", tmp_path / "out").stdout
    assert "Not built. Nothing was written." in shown
    assert "☐" in shown
    assert "→ ask again" in shown


def test_verify_says_proven_or_what_is_wrong_and_where(run: Run, case: Path) -> None:
    assert "Proven unaltered" in run("-r", case, "verify").stdout
    (case / "stray.txt").write_text("Not ours.")
    shown = run("-r", case, "verify").stdout
    assert "Not proven" in shown
    assert "stray.txt" in shown


def test_originals_cannot_write_on_the_terminal_but_json_has_them_as_they_are(
    run: Run, case: Path, tmp_path: Path
) -> None:
    hostile = tmp_path / "hostile.txt"
    hostile.write_text("Before \x1b]0;owned\x07 and \u202eafter.\n", encoding="utf-8")
    (added,) = documents(run("-r", case, "add", hostile, "--json"))
    shown = run("-r", case, "text", added["item"]).stdout
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "\\x1b]0;owned\\x07 and \\u202eafter" in shown
    (exact,) = documents(run("-r", case, "text", added["item"], "--json"))
    assert "\x1b]0;owned\x07 and \u202eafter" in exact["text"]


def test_new_says_what_stands_in_its_way(run: Run, case: Path, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("A file.")
    assert "a file stands there" in run("new", tmp_path / "taken").stderr
    inside = run("new", case / "originals" / "another")
    assert inside.exit_code == 2
    assert f"it would lie inside the record at {case}" in inside.stderr
    assert not (case / "originals" / "another").exists()


def test_verify_says_when_nothing_or_another_file_stands_there(run: Run, case: Path, tmp_path: Path) -> None:
    assert "nothing stands there" in run("verify", tmp_path / "nowhere").stderr
    result = run("verify", case / "README.txt")
    assert result.exit_code == 2
    assert "it is neither a record nor a dossier nor a proof" in result.stderr


def test_a_guessed_encoding_is_said_when_a_file_comes_in_and_when_it_is_read(
    run: Run, case: Path, tmp_path: Path
) -> None:
    (tmp_path / "statement.txt").write_text(ARABIC, encoding="cp1256")
    assert "by its letters it is windows-1256" in run("-r", case, "add", tmp_path / "statement.txt").stdout
    assert "by its letters it is windows-1256" in run("-r", case, "text", "statement.txt").stdout
    assert "by its letters" not in run("-r", case, "add", tmp_path / "letter.txt").stdout


def test_an_original_without_text_is_marked_by_a_passage_that_is_put(
    run: Run, case: Path, tmp_path: Path
) -> None:
    (tmp_path / "scan.pdf").write_bytes(b"%PDF-1.4\n")
    run("-r", case, "add", tmp_path / "scan.pdf")
    for ask in (("text", "scan.pdf"), ("mark", "scan.pdf", "--quote", "gate")):
        result = run("-r", case, *ask)
        assert result.exit_code == 2
        assert "Put a passage with its page, region, seconds or cell" in result.stderr


def test_a_quote_that_stands_twice_asks_for_the_option_by_its_name(run: Run, case: Path) -> None:
    twice = run("-r", case, "mark", "letter.txt", "--quote", "gate was shut")
    assert "Say which with --nth, counted from 1." in twice.stderr


def test_what_verify_notes_stands_apart_from_its_problems(capsys: pytest.CaptureFixture[str]) -> None:
    found = {"ok": False, "entries": 1, "items": 0, "problems": [{"where": "a", "what": "it is altered"}]}
    show_verified(Page(100), Path("record"), {**found, "notes": ["2 texts are not attested."]})
    shown = capsys.readouterr().out
    assert shown.index("1 problem") < shown.index("it is altered") < shown.index("and no problem")
    assert shown.index("and no problem") < shown.index("2 texts are not attested.")
    show_verified(Page(100), Path("record"), {**found, "notes": []})
    assert "no problem" not in capsys.readouterr().out
