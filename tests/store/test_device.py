"""What this laptop keeps outside the record: where it is lost or damaged, reading goes on and writing says why not."""

import shutil
import sqlite3
from pathlib import Path

import pytest

import onrecord
from onrecord.api import Record
from onrecord.record.errors import KeyMissing, RecordNotWritten, RecordUnreadable
from onrecord.settings import Settings
from onrecord.store.sealing import recipient_of

ROSA = {"kind": "actor", "id": "rosa", "names": ["Rosa"]}


def key_file(record: Record) -> Path:
    (file,) = record._store.keys.path.glob("*.key")
    return file


@pytest.mark.parametrize(
    "held",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"seed": "00"}',
        '{"head": "", "log": "x", "person": "x", "seed": "00", "size": "3"}',
    ],
)
def test_a_damaged_key_file_is_named_when_writing_and_no_bar_to_reading(record: Record, held: str) -> None:
    record.put([ROSA])
    key_file(record).write_text(held)
    with pytest.raises(KeyMissing, match=r"\.key"):
        record.put([{**ROSA, "id": "other"}])
    assert record.get("rosa")["names"] == [{"text": "Rosa"}]


def test_a_home_that_is_no_folder_is_named_when_writing(record: Record, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with onrecord.open(record.path, settings=Settings(home=tmp_path / "file", zone="UTC")) as opened:
        assert list(opened.items()) == []
        with pytest.raises(RecordNotWritten, match="keys cannot be kept"):
            opened.put([ROSA])


def test_a_home_that_is_gone_makes_the_laptop_a_guest_that_says_so(record: Record, laptop: Settings) -> None:
    shutil.rmtree(laptop.home)
    record.put([ROSA])
    assert "admit" in record.notices[0]
    assert record.verify(views=True)["problems"] == []


def test_keys_are_for_their_owner_only(record: Record, laptop: Settings) -> None:
    record.put([ROSA])
    for file in (laptop.home / "records" / record.id).iterdir():
        assert file.stat().st_mode & 0o077 == 0, file.name


def test_a_guest_that_restores_an_older_copy_keeps_the_identity_it_has(
    record: Record, tmp_path: Path
) -> None:
    shutil.copytree(record.path, tmp_path / "before")
    guest = Settings(home=tmp_path / "guest", handle="noam", zone="UTC")
    for path in (record.path, tmp_path / "before"):
        with onrecord.open(path, settings=guest) as opened:
            opened.put([ROSA])
            (own,) = [
                who for who in opened._store.db.as_now().of_kind("person") if who.fields["role"] == "guest"
            ]
            assert own.fields["recipient"] == recipient_of(opened._store.keys.identity.opened()[0])


def test_how_far_a_log_reaches_is_remembered_before_it_is_written(
    record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    remembered: list[str] = []
    record._store.db.connection.set_trace_callback(
        lambda sql: remembered.append(key_file(record).read_text()) if sql == "COMMIT" else None
    )
    record.put([ROSA])
    assert remembered == [key_file(record).read_text()]


def test_what_was_remembered_is_taken_back_where_the_write_fails(
    record: Record, laptop: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = key_file(record).read_text()
    refuse = lambda *given: sqlite3.SQLITE_DENY if given[:2] == (sqlite3.SQLITE_TRANSACTION, "COMMIT") else 0  # noqa: E731
    record._store.db.connection.set_authorizer(refuse)
    with pytest.raises(sqlite3.DatabaseError):
        record.put([ROSA])
    record._store.db.connection.set_authorizer(None)
    assert key_file(record).read_text() == before
    record.put([ROSA])
    assert len(record._store.db.log_numbers()) == 1
    assert record.verify(views=True)["problems"] == []


def test_a_database_of_another_format_is_refused_and_left_as_it_is(tmp_path: Path, laptop: Settings) -> None:
    for version in (0, 2):
        folder = tmp_path / str(version)
        folder.mkdir()
        other = sqlite3.connect(folder / "record.db")
        other.executescript(f"CREATE TABLE x (y); PRAGMA user_version = {version}")
        other.close()
        before = (folder / "record.db").read_bytes()
        with pytest.raises(RecordUnreadable, match="its format is"):
            onrecord.open(folder, settings=laptop)
        assert (folder / "record.db").read_bytes() == before
        assert [file.name for file in folder.iterdir()] == ["record.db"]


def test_a_title_that_cannot_be_kept_makes_no_record(tmp_path: Path, laptop: Settings) -> None:
    with pytest.raises(onrecord.record.errors.FieldInvalid, match="surrogate"):
        onrecord.new(tmp_path / "new", title="\ud800", settings=laptop)
    assert not (tmp_path / "new").exists()


def test_a_damaged_database_is_said_to_be_damaged(record: Record, laptop: Settings) -> None:
    record.put([{"kind": "actor", "id": f"a{number}", "names": ["x" * 2000]} for number in range(200)])
    record.close()
    file = record.path / "record.db"
    content = bytearray(file.read_bytes())
    for page in range(3, len(content) // 8192):
        content[page * 8192 : page * 8192 + 200] = b"\xff" * 200
    file.write_bytes(content)
    with (
        pytest.raises(RecordUnreadable, match="damaged"),
        onrecord.open(record.path, settings=laptop) as opened,
    ):
        opened.get("a150")
