"""The root file finds an insider who rewrote the record with every key it has, and says which entry was first."""

from __future__ import annotations

import sqlite3
from hashlib import sha256
from pathlib import Path

import pytest

import onrecord
from onrecord.record.canonical import decode, encode
from onrecord.record.checkpoint import Signer, origin_of
from onrecord.record.entries import commitment
from onrecord.record.errors import FieldInvalid
from onrecord.record.listing import parse_listing
from onrecord.record.merkle import Frontier, leaf_hash
from onrecord.settings import Settings
from onrecord.store.device import KeyFolder
from onrecord.store.record_store import RecordStore

SECRET = "نادية Nadia"
OWN = "entry >> 40 = 1"  # the log that this laptop began the record with


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", handle=SECRET)


@pytest.fixture
def record(tmp_path: Path, settings: Settings) -> Path:
    onrecord.new(tmp_path / "record", settings=settings, zone="UTC", title=SECRET)
    say(tmp_path / "record", settings, 12)
    return tmp_path / "record"


def say(record: Path, settings: Settings, count: int) -> None:
    (record.parent / "a.txt").write_text(f"{SECRET} said that the bridge was open.", encoding="utf-8")
    with onrecord.open(record, settings=settings) as opened:
        item = next(iter(opened.items()), None) or next(iter(opened.add([record.parent / "a.txt"])))
        passage = opened.mark(item["item"], "the bridge was open", 1)["passage"]
        speaker = opened.put([{"kind": "actor", "type": "person", "names": [{"text": SECRET}]}])[0]["id"]
        for _ in range(count):
            opened.put([{"kind": "statement", "speaker": speaker, "passages": [passage]}])


def rewrite(record: Path, settings: Settings, seq: int) -> None:
    """Another reason in one body, and every hash, root and signature after it made anew."""
    store = RecordStore(record, settings.home)
    (key,) = KeyFolder(settings.home, store.id).log_keys()
    signer = Signer(origin_of(store.id, key.log), key.seed)
    store.close()
    with sqlite3.connect(record / "record.db") as db:
        entry = (1 << 40) + seq
        salt, raw = db.execute("SELECT salt, bytes FROM body WHERE entry = ?", (entry,)).fetchone()
        (head,) = db.execute("SELECT bytes FROM head WHERE entry = ?", (entry,)).fetchone()
        body = encode({**decode(raw), "reason": "as it suits us"})
        again = head.replace(commitment(salt, raw).encode(), commitment(salt, body).encode())
        db.execute("UPDATE body SET bytes = ? WHERE entry = ?", (body, entry))
        db.execute("UPDATE head SET bytes = ? WHERE entry = ?", (again, entry))
        frontier = Frontier()
        sizes = {size for (size,) in db.execute(f"SELECT size FROM checkpoint WHERE {OWN}")}
        for at, (bytes_,) in enumerate(
            db.execute(f"SELECT bytes FROM head WHERE {OWN} ORDER BY entry").fetchall(), 1
        ):
            frontier.append(leaf_hash(bytes_))
            if at in sizes:
                row = (signer.note(at, frontier.root()), frontier.to_bytes(), at)
                db.execute(f"UPDATE checkpoint SET note = ?, peaks = ? WHERE size = ? AND {OWN}", row)
    db.close()


def test_the_root_is_that_of_the_listing(record: Path, settings: Settings, tmp_path: Path) -> None:
    with onrecord.open(record, settings=settings) as opened:
        made = opened.root(tmp_path / "root.json")
    value = decode((tmp_path / "root.json").read_bytes())
    assert made["root"] == sha256(value["listing"].encode()).hexdigest() == made["spoken"].replace(" ", "")
    (listed,) = parse_listing(value["listing"]).logs
    assert made["logs"] == [{"log": listed.log, "size": listed.size}]


def test_a_record_that_goes_on_extends_its_root_file(
    record: Path, settings: Settings, tmp_path: Path
) -> None:
    with onrecord.open(record, settings=settings) as opened:
        opened.root(tmp_path / "root.json")
    say(record, settings, 3)
    found = onrecord.api.verify(record, against=[tmp_path / "root.json"])
    assert (found["ok"], found["against"]) == (
        True,
        [{"evidence": str(tmp_path / "root.json"), "extends": True}],
    )


@pytest.mark.parametrize("seq", [0, 1, 6, 11, 16])
def test_the_first_rewritten_entry_is_named(
    record: Path, settings: Settings, tmp_path: Path, seq: int
) -> None:
    with onrecord.open(record, settings=settings) as opened:
        opened.root(tmp_path / "root.json")
        log = opened.root()["logs"][0]["log"]
    rewrite(record, settings, seq)
    assert onrecord.api.verify(record)["ok"]
    found = onrecord.api.verify(record, against=[tmp_path / "root.json"])
    assert [one["where"] for one in found["problems"]] == [f"{log}/{seq}"]


def test_it_holds_nothing_that_anybody_said_or_is_called(
    record: Path, settings: Settings, tmp_path: Path
) -> None:
    with onrecord.open(record, settings=settings) as opened:
        opened.root(tmp_path / "root.json")
        person = next(opened._store.db.as_now().of_kind("person")).id
    text = (tmp_path / "root.json").read_text(encoding="utf-8")
    assert SECRET not in text and "Nadia" not in text and person not in text


def test_a_file_that_is_there_is_not_written_over(record: Path, settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "root.json").write_text("mine")
    with onrecord.open(record, settings=settings) as opened, pytest.raises(FieldInvalid):
        opened.root(tmp_path / "root.json")
    assert (tmp_path / "root.json").read_text() == "mine"
