"""No byte, file or row can be altered, added or taken away without the verifier naming a problem."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord_verify.checking import verify
from onrecord_verify.dossier import JSON_FILES
from onrecord_verify.report import show
from tests.verifier.laid_out import lay_out_record, vector, write_files

DOSSIER = vector("dossier.json")["files"]
RECORD = vector("record.json")
# What nothing else attests: the reading notes of a record prove nothing.
ATTESTED = sorted(path for path in RECORD["files"] if path != "README.txt")
SIGNED = ("log", "head", "body", "checkpoint")

many = settings(max_examples=150, deadline=None)


@contextmanager
def dossier() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        yield write_files(DOSSIER, Path(folder))


@pytest.fixture(scope="module")
def sound_record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lay_out_record(RECORD, tmp_path_factory.mktemp("record"))


@contextmanager
def copy_of(record: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        yield shutil.copytree(record, Path(folder) / "record")


def problems(folder: Path) -> list[dict[str, str]]:
    return list(verify(folder).problems)


def flip(path: Path, at: int, bit: int) -> None:
    raw = bytearray(path.read_bytes())
    raw[at % len(raw)] ^= 1 << bit
    path.write_bytes(raw)


@many
@given(st.sampled_from(sorted(DOSSIER)), st.integers(0, 10**6), st.integers(0, 7))
def test_a_flipped_bit_in_a_dossier_is_named_by_its_file(path: str, at: int, bit: int) -> None:
    with dossier() as folder:
        flip(folder / path, at, bit)
        assert any(one["where"].startswith(show(path)) or path in JSON_FILES for one in problems(folder))


@pytest.mark.parametrize("name", JSON_FILES)
def test_every_byte_of_the_two_json_files_counts(name: str) -> None:
    with dossier() as folder:
        for at in range(0, len(DOSSIER[name].encode()), 7):
            flip(folder / name, at, at % 8)
            assert problems(folder), at
            flip(folder / name, at, at % 8)


@many
@given(st.sampled_from(sorted(DOSSIER)), st.integers(0, 10**6), st.binary(max_size=3))
def test_a_file_of_a_dossier_cut_or_lengthened_is_a_problem(path: str, at: int, more: bytes) -> None:
    with dossier() as folder:
        raw = (folder / path).read_bytes()
        changed = raw[: at % len(raw)] + more
        (folder / path).write_bytes(changed)
        assert problems(folder) or changed == raw


@pytest.mark.parametrize("path", sorted(DOSSIER))
def test_a_file_missing_from_a_dossier_is_named(path: str) -> None:
    with dossier() as folder:
        (folder / path).unlink()
        assert {"what": "is missing", "where": path} in problems(folder)


@pytest.mark.parametrize("path", ["x", "originals/x", "new/x", "manifest.json.bak", "MANIFEST.json"])
def test_a_file_added_to_a_dossier_is_named(path: str) -> None:
    with dossier() as folder:
        write_files({path: ""}, folder)
        assert path in {one["where"] for one in problems(folder)}


def test_an_empty_folder_added_to_a_dossier_is_named() -> None:
    with dossier() as folder:
        (folder / "empty").mkdir()
        assert problems(folder) == [{"what": "does not belong here", "where": "empty"}]


@pytest.mark.parametrize("path", sorted(DOSSIER))
def test_a_link_to_the_very_same_bytes_is_refused(path: str, tmp_path: Path) -> None:
    with dossier() as folder:
        shutil.move(folder / path, tmp_path / "moved")
        (folder / path).symlink_to(tmp_path / "moved")
        assert path in {one["where"] for one in problems(folder)}


def test_a_folder_replaced_by_a_link_is_refused(tmp_path: Path) -> None:
    with dossier() as folder:
        shutil.move(folder / "originals", tmp_path / "moved")
        (folder / "originals").symlink_to(tmp_path / "moved")
        assert {"originals", "originals/1-הגשר.txt"} <= {one["where"] for one in problems(folder)}


# Records


@many
@given(st.sampled_from(ATTESTED), st.integers(0, 10**6), st.integers(0, 7))
def test_a_flipped_bit_in_a_records_file_is_a_problem(
    sound_record: Path, path: str, at: int, bit: int
) -> None:
    with copy_of(sound_record) as folder:
        flip(folder / path, at, bit)
        assert problems(folder)


def rows(folder: Path) -> object:
    """What the log says, as far as anything depends on it."""
    try:
        with sqlite3.connect(f"file:{folder}/record.db?mode=ro&immutable=1", uri=True) as db:
            return [db.execute(f"SELECT * FROM {table} NOT INDEXED").fetchall() for table in SIGNED]
    except (sqlite3.Error, UnicodeError) as wrong:
        return str(wrong)


@settings(max_examples=400, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 7))
def test_a_flipped_bit_in_the_database_is_a_problem_or_changes_no_row(
    sound_record: Path, at: int, bit: int
) -> None:
    with copy_of(sound_record) as folder:
        before = [table if n < 3 else [row[:3] for row in table] for n, table in enumerate(rows(folder))]
        flip(folder / "record.db", at, bit)
        found, after = problems(folder), rows(folder)
        if not found:
            assert isinstance(after, list)
            assert [table if n < 3 else [row[:3] for row in table] for n, table in enumerate(after)] == before


def every_cell() -> list[tuple[str, int, str]]:
    columns = {
        "log": ["name"],
        "head": ["bytes"],
        "body": ["salt", "bytes"],
        "checkpoint": ["size", "note", "peaks"],
    }
    keys = {table: [row[0] for row in found] for table, found in RECORD["tables"].items()}
    return [(table, key, column) for table in columns for key in keys[table] for column in columns[table]]


@many
@given(st.sampled_from(every_cell()), st.integers(0, 10**6), st.integers(0, 7))
def test_a_flipped_bit_in_any_cell_of_the_log_is_a_problem(
    sound_record: Path, cell: tuple[str, int, str], at: int, bit: int
) -> None:
    table, key, column = cell
    with copy_of(sound_record) as folder:
        with sqlite3.connect(folder / "record.db") as db:
            name = "number" if table == "log" else "entry"
            (held,) = db.execute(f"SELECT {column} FROM {table} WHERE {name} = ?", (key,)).fetchone()
            db.execute(f"UPDATE {table} SET {column} = ? WHERE {name} = ?", (bent(held, at, bit), key))
        db.close()
        assert problems(folder)


def bent(held: int | str | bytes, at: int, bit: int) -> int | str | bytes:
    if isinstance(held, int):
        return held ^ 1 << bit
    raw = bytearray(held.encode() if isinstance(held, str) else held)
    raw[at % len(raw)] ^= 1 << bit if isinstance(held, bytes) else 1 << bit % 7
    return raw.decode() if isinstance(held, str) else bytes(raw)


def every_row() -> list[tuple[str, int]]:
    """All rows but the checkpoint kept on the way, without which the last one still proves everything."""
    first = RECORD["tables"]["checkpoint"][0][0]
    found = [(table, row[0]) for table, held in RECORD["tables"].items() for row in held]
    return [one for one in found if one != ("checkpoint", first)]


@pytest.mark.parametrize("row", every_row(), ids=str)
def test_a_row_taken_from_the_log_is_a_problem(sound_record: Path, row: tuple[str, int]) -> None:
    with copy_of(sound_record) as folder:
        with sqlite3.connect(folder / "record.db") as db:
            name = "number" if row[0] == "log" else "entry"
            db.execute(f"DELETE FROM {row[0]} WHERE {name} = ?", row[1:])
        db.close()
        assert problems(folder)


@pytest.mark.parametrize("path", sorted(RECORD["files"]))
def test_a_file_missing_from_a_record_is_named(sound_record: Path, path: str) -> None:
    with copy_of(sound_record) as folder:
        (folder / path).unlink()
        assert path in {one["where"] for one in problems(folder)}


@pytest.mark.parametrize(
    "path", ["x", "originals/x", "layers/x", "keys/x.vkey", "record.db-journal", "new/x"]
)
def test_a_file_added_to_a_record_is_named(sound_record: Path, path: str) -> None:
    with copy_of(sound_record) as folder:
        write_files({path: "x"}, folder)
        assert path in {one["where"] for one in problems(folder)}
