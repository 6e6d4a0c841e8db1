"""Walking: everything under a folder is found in order, and whatever is left out is named."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from onrecord.intake.walking import Found, Refused, shown, walk


def names(*paths: Path, leave_out: Path | None = None) -> list[str]:
    return [
        one.name if isinstance(one, Found) else f"refused: {one.reason}" for one in walk(paths, leave_out)
    ]


def test_folders_are_walked_in_the_order_of_their_names(tmp_path: Path) -> None:
    for place in ("b.txt", "a/2.txt", "a/1.txt", "c/d/3.txt", "B.txt"):
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_text("x")
    assert names(tmp_path) == ["B.txt", "1.txt", "2.txt", "b.txt", "3.txt"]


def test_a_file_knows_the_folder_it_came_from_beneath_what_was_given(tmp_path: Path) -> None:
    card = tmp_path / "card"
    (card / "DCIM").mkdir(parents=True)
    (card / "DCIM" / "1.jpg").write_text("x")
    (found,) = walk([card])
    assert isinstance(found, Found)
    assert found.folder == "card/DCIM"
    (alone,) = walk([card / "DCIM" / "1.jpg"])
    assert isinstance(alone, Found)
    assert alone.folder is None


def test_the_folder_one_stands_in_has_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x").write_text("x")
    monkeypatch.chdir(tmp_path)
    (found,) = walk([Path()])
    assert isinstance(found, Found)
    assert found.folder == tmp_path.name


def test_links_are_named_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "back").symlink_to(tmp_path)
    (tmp_path / "link").symlink_to("inner")
    assert names(tmp_path, tmp_path / "link") == ["refused: it is a link, and links are not followed"] * 3


def test_pipes_and_missing_files_are_named(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert (
        names(tmp_path, tmp_path / "pipe") == ["refused: it is not a file but a pipe, device or socket"] * 2
    )
    assert names(tmp_path / "gone") == ["refused: it is not there"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_read_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir(mode=0)
    (tmp_path / "b").write_text("x")
    assert names(tmp_path) == ["refused: it may not be read", "b"]


def test_the_record_is_not_taken_into_itself(tmp_path: Path) -> None:
    (tmp_path / "record").mkdir()
    (tmp_path / "record" / "record.db").write_text("x")
    (tmp_path / "notes").write_text("x")
    assert names(tmp_path, leave_out=tmp_path / "record") == ["notes", "refused: it is the record itself"]


def test_a_name_that_is_not_utf8_is_kept_byte_for_byte_beside_a_readable_one(tmp_path: Path) -> None:
    raw = b"100%-\xf9\xec\xe5\xed.txt"
    folder = tmp_path / os.fsdecode(b"\xff card")
    folder.mkdir()
    (folder / os.fsdecode(raw)).write_text("x")
    (found,) = walk([folder])
    assert isinstance(found, Found)
    assert found.name == "100%-\ufffd\ufffd\ufffd\ufffd.txt"
    assert found.name_bytes == "100%25-%F9%EC%E5%ED.txt"
    assert found.folder == "%FF card"
    found.shown.encode("utf-8")


@pytest.mark.parametrize(
    "name", ["שלום עולם.txt", "line\nfeed", "-rf", "a\u202egnp.exe", "é e\u0301", " lead", "%41"]
)
def test_odd_names_are_kept_exactly(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("x")
    (found,) = walk([tmp_path])
    assert isinstance(found, Found)
    assert (found.name, found.name_bytes) == (name, None)


def test_a_name_that_reorders_what_stands_around_it_is_shown_openly() -> None:
    assert shown(Path("evidence\u202egpj.exe")) == "evidence\\u202egpj.exe"
    assert shown(Path("two\nlines")) == "two\\u000alines"
    assert Refused(Path(os.fsdecode(b"\xff")), "x").shown == "\\xff"


def test_deeply_nested_folders_are_walked_to_the_end(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["d"] * 500)
    before = Path.cwd()
    os.chdir(tmp_path)
    try:
        for _ in range(500):
            Path("d").mkdir()
            os.chdir("d")
    finally:
        os.chdir(before)
    (deep / "x").write_text("x")
    assert names(tmp_path) == ["x"]
