"""A folder comes in as one act: it says what it will do, goes on where it stopped, and what was said binds all of it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

import onrecord
from onrecord.api import Record
from onrecord.record.errors import FieldInvalid
from onrecord.settings import Settings
from onrecord.writing import add as adding


@pytest.fixture
def card(tmp_path: Path) -> Path:
    folder = tmp_path / "card"
    (folder / "DCIM").mkdir(parents=True)
    (folder / "DCIM" / "one.txt").write_text("The gate was shut.")
    (folder / "DCIM" / "שתיים.txt").write_text("השער נסגר.")
    (folder / "ثلاثة.txt").write_text("أُغلقت البوابة.")
    return folder


def archive(path: Path, **members: str) -> Path:
    with zipfile.ZipFile(path, "w") as made:
        for name, words in members.items():
            made.writestr(f"{name}.txt", words)
    return path


def statuses(rows: list[dict[str, Any]]) -> list[str]:
    return [row["status"] for row in rows]


def test_a_dry_run_says_what_would_happen_and_writes_nothing(record: Record, card: Path) -> None:
    list(record.add([card / "DCIM" / "one.txt"]))
    before = sorted(path for path in record.path.rglob("*"))
    (card / "empty").touch()
    rows = list(record.look_at([card]))
    assert sorted(statuses(rows)) == ["already held", "refused", "would be added", "would be added"]
    assert sorted(path for path in record.path.rglob("*")) == before
    assert len(list(record.items())) == 1


def test_what_was_said_once_stands_on_a_inventory_in_which_every_file_lies(
    record: Record, card: Path
) -> None:
    said = {
        "received_from": "the family",
        "clock": {"shown": "2026-05-14T10:07", "right": "2026-05-14T08:05"},
    }
    inventory, *files = record.add([card], handover=said)
    kept = record.get(inventory["item"])
    assert kept["received_from"] == "the family" and kept["members_count"] == 3
    assert {record.get(row["item"])["inside"] for row in files} == {inventory["item"]}
    assert record.get(files[0]["item"])["device_clock"]["ahead"] == 2 * 3600 + 2 * 60
    named = [json.loads(line)["path"] for line in record.text(inventory["item"])["text"].splitlines()[1:]]
    assert len(named) == 3 and all(str(card) in path for path in named)


def test_terms_said_once_bind_every_file_and_what_lies_inside_them(record: Record, card: Path) -> None:
    archive(card / "a.zip", inner="words in an archive")
    terms = {"uses": {"words": "yes", "court": "no"}, "agreed_with": "the family"}
    rows = list(record.add([card], terms=terms))
    from onrecord.record.bearing import Bearings

    bearings = Bearings(record._store.db.as_now())
    for row in rows:
        (way,) = bearings.ground(row["item"]).ways
        assert [bearing.version.fields["uses"] for bearing in way] == [terms["uses"]], row["path"]


@pytest.mark.parametrize(
    ("facts", "terms", "reason"),
    [
        ({"sha256": "00"}, None, "cannot be said of a handover"),
        ({"clock": {"shown": "yesterday", "right": "2026-05-14"}}, None, "clock.shown"),
        ({"place": "nowhere"}, None, "nowhere"),
        ({}, {"uses": {"words": "perhaps"}}, "perhaps"),
        ({}, {"use": {"words": "yes"}}, "no such field"),
    ],
)
def test_what_cannot_be_said_is_refused_before_anything_is_taken_in(
    record: Record, card: Path, facts: dict[str, Any], terms: dict[str, Any] | None, reason: str
) -> None:
    with pytest.raises(FieldInvalid, match=reason):
        list(record.add([card], handover=facts, terms=terms))
    assert not list(record.items()) and not list((record.path / "originals").iterdir())


def test_an_import_that_was_stopped_goes_on_without_reading_again_what_is_in(
    record: Record, card: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adding, "BATCH_FILES", 1)
    rows = record.add([card], handover={"received_from": "the family"})
    inventory, first, *_ = (next(rows) for _ in range(2))
    rows.close()
    (card / "DCIM" / "one.txt").chmod(0o444)
    taken: list[Path] = []
    take = record._store.originals.take
    monkeypatch.setattr(
        record._store.originals, "take", lambda path, name: (taken.append(path), take(path, name))[1]
    )
    again = list(record.add([card]))
    assert Path(first["path"]) not in taken and len(taken) == 2
    assert statuses(again) == ["already held", "added", "added"]
    assert {record.get(row["item"])["inside"] for row in again} == {inventory["item"]}
    assert len([item for item in record.items() if item["name"].startswith("inventory")]) == 1
    assert not record._store.imports.unfinished() and record.verify()["ok"]


def test_a_file_that_changed_since_the_import_was_stopped_is_read_again(
    record: Record, card: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adding, "BATCH_FILES", 1)
    rows = record.add([card])
    first = next(rows)
    rows.close()
    path = Path(first["path"])
    look = path.stat()
    path.write_text("The gate was open.")
    os.utime(path, ns=(look.st_atime_ns, look.st_mtime_ns))
    assert statuses(list(record.add([card]))) == ["added"] * 3, "same size, same time, other bytes"


def test_an_archive_whose_members_were_not_all_entered_is_gone_on_with(
    record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adding, "BATCH_FILES", 1)
    held = archive(tmp_path / "a.zip", one="first words", two="second words", three="third words")
    rows = record.add([held])
    container, first = next(rows), next(rows)
    rows.close()
    other = tmp_path / "other.txt"
    other.write_text("something else")
    told = list(record.add([other]))
    assert [Path(row["path"]).name for row in told if row["status"] == "added"] == [
        "two.txt",
        "three.txt",
        "other.txt",
    ]
    inside = record.get(container["item"])["members"]
    assert len(inside) == 3 and first["item"] in inside
    assert len(record.get(first["item"])["heads"]) == 1
    steps = record._store.db.as_now().pointing_at(first["item"], "custody", "item")
    assert len(list(steps)) == 1, "that it came is said once"
    assert record.verify()["ok"]


def test_a_killed_import_goes_on(record: Record, laptop: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for n in range(400):
        (folder / f"{n:03}.bin").write_bytes(b"\0" + n.to_bytes(2, "big") * 20_000)
    command = [sys.executable, "-m", "onrecord.cli", "-r", record.path, "--json", "add", folder]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, env={**os.environ, "ONRECORD_HOME": str(laptop.home)}
    )
    assert process.stdout and process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    process.wait()
    record.close()
    with onrecord.open(record.path, settings=laptop) as opened:
        before = len(list(opened.items()))
        rows = list(opened.add([folder]))
        assert 0 < before <= 400 and len(rows) == 400
        assert statuses(rows).count("already held") == before
        assert len(list(opened.items())) == 400 and opened.verify()["ok"]


def test_a_card_that_is_pulled_ends_the_import_and_says_how_to_go_on(
    record: Record, card: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from onrecord.record.errors import FileRefused

    take = record._store.originals.take

    def pulled(path: Path, name: str) -> Any:
        if path.name == "ثلاثة.txt":
            raise FileRefused(name, "its disk or card is gone", "Put it back.")
        return take(path, name)

    monkeypatch.setattr(record._store.originals, "take", pulled)
    assert statuses(list(record.add([card]))) == ["added", "added", "refused"]
    assert any("goes on where it stopped" in notice for notice in record.notices)
    monkeypatch.undo()
    assert statuses(list(record.add([card]))) == ["already held", "already held", "added"]


def test_a_dry_run_tells_kinds_and_refusals_as_adding_does(record: Record, card: Path) -> None:
    (card / "empty").touch()
    (card / "link").symlink_to("empty")
    with zipfile.ZipFile(card / "late.docx", "w") as made:
        made.writestr("[Content_Types].xml", "<Types/>" + " " * 80_000, zipfile.ZIP_STORED)
        made.writestr("word/document.xml", "<w:document/>")
    told = [(row["path"], row["media_type"], row["size"], row["reason"]) for row in record.look_at([card])]
    rows = [row for row in record.add([card]) if "inside" not in row]
    assert told == [(row["path"], row["media_type"], row["size"], row["reason"]) for row in rows]
