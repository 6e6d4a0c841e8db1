"""Nothing that goes out is written into the record's own folder, or among the account's keys."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run

WRITING = {
    "send": ("send", "{}"),
    "pack": ("pack", "{}/out.age"),
    "publish": ("publish", "release", "--out", "{}/out"),
    "a whole copy": ("publish", "--as", "bagit", "--out", "{}/out"),
    "custody": ("custody", "letter.txt", "--out", "{}/out.html", "--for", "team"),
    "prove": ("prove", "s1", "--out", "{}/out.json", "--without-body"),
    "root": ("root", "--out", "{}/out.json"),
}


@pytest.mark.parametrize("verb", WRITING)
def test_nothing_is_written_into_the_record_or_among_the_keys(
    run: Run, case: Path, home: Path, verb: str, tmp_path: Path
) -> None:
    (tmp_path / "link").symlink_to(home / "records")
    for place, why in (
        (case, "inside the record"),
        (case / "originals", "inside the record"),
        (home, "ONRECORD_HOME"),
        (home / "records", "ONRECORD_HOME"),
        (tmp_path / "link", "ONRECORD_HOME"),
    ):
        before = {path for folder in (case, home) for path in folder.rglob("*")}
        done = run("-r", case, *(part.format(place) for part in WRITING[verb]))
        assert (done.exit_code, done.stdout) == (2, ""), place
        assert why in done.stderr
        assert {path for folder in (case, home) for path in folder.rglob("*")} == before


@pytest.mark.parametrize("verb", WRITING)
def test_beside_them_it_is_written(run: Run, case: Path, tmp_path: Path, verb: str) -> None:
    (tmp_path / "beside").mkdir()
    done = run("-r", case, *(part.format(tmp_path / "beside") for part in WRITING[verb]))
    assert "inside" not in done.stderr and "ONRECORD_HOME" not in done.stderr and done.exit_code in (0, 1)
