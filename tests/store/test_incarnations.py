"""A record copied, or restored behind what was written, goes on in a new incarnation by itself."""

import shutil
from pathlib import Path

import pytest

import onrecord
from onrecord.api import Record
from onrecord.record.checkpoint import Signer
from onrecord.record.errors import PutRefused
from onrecord.settings import Settings


def put(record: Record, slug: str) -> None:
    record.put([{"kind": "actor", "id": slug, "names": [slug]}])


def logs(record: Record) -> list[str]:
    return sorted(record._store.db.log_numbers())


def test_a_record_restored_from_a_backup_goes_on_in_a_new_incarnation(
    record: Record, laptop: Settings, tmp_path: Path
) -> None:
    put(record, "a")
    record.close()
    shutil.copytree(record.path, tmp_path / "backup")
    with onrecord.open(record.path, settings=laptop) as later:
        put(later, "b")
    with onrecord.open(tmp_path / "backup", settings=laptop) as restored:
        put(restored, "c")
        first, second = logs(restored)
        assert second != first and second.partition(".")[0] == first.partition(".")[0]
        assert "new branch" in restored.notices[0]
        device = list(restored._store.db.as_now().of_kind("device"))[-1]
        assert device.fields["after"] == f"{first}/3"
        found = restored.verify(views=True)
        assert found["ok"]
        assert found["notes"] == [], "the old key vouches for the new one"


def test_a_word_for_a_new_key_that_is_forged_does_not_let_it_in(
    record: Record, laptop: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(record, "a")
    record.close()
    shutil.copytree(record.path, tmp_path / "backup")
    with onrecord.open(record.path, settings=laptop) as later:
        put(later, "b")
    monkeypatch.setattr(Signer, "vouch", lambda self, line: "A" * 86 + "==")
    with onrecord.open(tmp_path / "backup", settings=laptop) as restored:
        put(restored, "c")
        found = restored.verify()
        assert found["ok"]
        assert any("no member has let in" in note for note in found["notes"])


def test_a_log_begun_and_never_written_is_taken_up_again(
    record: Record, laptop: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(record, "a")
    record.close()
    shutil.copytree(record.path, tmp_path / "backup")
    with onrecord.open(record.path, settings=laptop) as later:
        put(later, "b")
    with onrecord.open(tmp_path / "backup", settings=laptop) as restored:
        with pytest.raises(PutRefused):
            restored.put([{"kind": "nothing"}])
        put(restored, "c")
        assert len(logs(restored)) == 2
        assert restored.verify(views=True)["ok"]


def test_each_copy_goes_on_in_its_own_branch(record: Record, laptop: Settings, tmp_path: Path) -> None:
    put(record, "a")
    record.close()
    shutil.copytree(record.path, tmp_path / "copy")
    for number in range(3):
        for path in (record.path, tmp_path / "copy"):
            with onrecord.open(path, settings=laptop) as opened:
                put(opened, f"x{number}-{path.name}")
    with (
        onrecord.open(record.path, settings=laptop) as one,
        onrecord.open(tmp_path / "copy", settings=laptop) as other,
    ):
        assert len(logs(one)) == 1
        assert len(logs(other)) == 2
        assert one.verify()["ok"] and other.verify()["ok"]


def test_a_laptop_without_the_key_writes_as_a_further_device(record: Record, tmp_path: Path) -> None:
    put(record, "a")
    stranger = Settings(home=tmp_path / "another home", handle="noam", zone="UTC")
    with onrecord.open(record.path, settings=stranger) as opened:
        put(opened, "b")
        assert len(logs(opened)) == 2
        assert "admit" in opened.notices[0]
        assert opened.verify(views=True)["ok"]


def test_a_guest_device_is_not_among_those_a_sealed_field_is_encrypted_to(
    record: Record, tmp_path: Path
) -> None:
    stranger = Settings(home=tmp_path / "another home", handle="noam", zone="UTC")
    with onrecord.open(record.path, settings=stranger) as opened:
        put(opened, "b")
        assert len(opened._store.recipients()) == 1


def test_reading_a_copy_changes_nothing(record: Record, laptop: Settings, tmp_path: Path) -> None:
    put(record, "a")
    record.close()
    shutil.copytree(record.path, tmp_path / "copy")
    with onrecord.open(tmp_path / "copy", settings=laptop) as copy:
        copy.get("a")
        assert len(logs(copy)) == 1
        assert copy.notices == []
