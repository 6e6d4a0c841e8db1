"""`custody`, and the whole copy, on the command line: what they print, and their exit codes."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Run, document, documents


def item(run: Run, case: Path) -> str:
    return str(documents(run("-r", case, "--json", "items"))[0]["item"])


def test_custody_writes_the_report_and_says_whether_the_file_is_the_same(
    run: Run, case: Path, tmp_path: Path
) -> None:
    out = tmp_path / "report.html"
    result = run("-r", case, "custody", item(run, case), "--out", out, "--for", "team", "--json")
    assert result.exit_code == 0
    told = document(result)
    assert set(told) >= {"out", "item", "unaltered", "refused", "withheld"}
    assert told["unaltered"] is True and out.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_custody_ends_with_1_and_a_to_do_list_where_terms_forbid_it(
    run: Run, case: Path, tmp_path: Path
) -> None:
    out = tmp_path / "report.html"
    result = run("-r", case, "custody", "letter.txt", "--out", out)
    assert result.exit_code == 1 and not out.exists()
    said = " ".join(result.stdout.split())
    assert "ask again" in said and "No report was written." in said and "ask for the report again" in said
    assert "publish" not in said.lower() and "leave it out" not in said and "leave out:" not in said


def test_custody_ends_with_1_where_the_file_is_not_what_came_in(run: Run, case: Path, tmp_path: Path) -> None:
    (line,) = documents(run("-r", case, "--json", "items"))
    original = case / "originals" / line["sha256"][:2] / line["sha256"]
    original.chmod(0o644)
    original.write_text("Another letter.")
    result = run("-r", case, "custody", line["item"], "--out", tmp_path / "r.html", "--for", "team")
    assert result.exit_code == 1 and "NOT the one that came in" in result.stdout


def test_custody_does_not_write_over_a_file(run: Run, case: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    out.write_text("mine")
    result = run("-r", case, "custody", "letter.txt", "--out", out, "--for", "team")
    assert (result.exit_code, result.stdout, out.read_text()) == (2, "", "mine")


def test_publish_as_copies_the_whole_record_and_says_that_no_terms_were_asked(
    run: Run, case: Path, tmp_path: Path
) -> None:
    for form in ("bagit", "ro-crate"):
        result = run("-r", case, "publish", "--as", form, "--out", tmp_path / form)
        assert result.exit_code == 0 and "not for giving out" in result.stdout
    told = document(run("-r", case, "publish", "--as", "bagit", "--out", tmp_path / "b", "--json"))
    assert set(told) >= {"out", "as", "folder", "files", "bytes", "missing"}


def test_publish_as_ends_with_1_where_an_original_is_not_here(run: Run, case: Path, tmp_path: Path) -> None:
    (line,) = documents(run("-r", case, "--json", "items"))
    (case / "originals" / line["sha256"][:2] / line["sha256"]).unlink()
    result = run("-r", case, "publish", "--as", "bagit", "--out", tmp_path / "bag", "--json")
    assert result.exit_code == 1 and document(result)["missing"] == [line["sha256"]]


def test_publish_needs_a_publication_or_a_form(run: Run, case: Path, tmp_path: Path) -> None:
    assert run("-r", case, "publish", "--out", tmp_path / "x").exit_code == 2
    assert run("-r", case, "publish", "d", "--as", "bagit", "--out", tmp_path / "x").exit_code == 2
