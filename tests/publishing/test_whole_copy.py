"""The keepers' whole copy: all of the record in forms that other programs read, or nothing."""

from __future__ import annotations

import csv
import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import bagit
import pytest
from rocrate.rocrate import ROCrate

import onrecord
from onrecord.api import Record
from onrecord.publishing.keeping import whole_copy
from onrecord.record.errors import FieldInvalid, OriginalAltered, OutputExists
from onrecord.settings import Settings
from tests.conftest import lines

FORMS = ("bagit", "ro-crate")
SECRET = "סלואן דורפאן"


@pytest.fixture
def kept(record: Record, letter: Callable[..., str]) -> Record:
    """A record with two originals, a sealed name and a passage."""
    first = letter("The gate was shut.")
    letter("البوابة مغلقة.", "ملاحظة 100%.txt")
    record.put(
        lines(
            {
                "kind": "actor",
                "id": "w",
                "names": [{"text": "Witness 3"}],
                "sealed": {"names": [{"text": SECRET}]},
            },
            {
                "kind": "item",
                "id": first,
                "title": "A letter",
                "received_from": {"ref": "w"},
                "reason": "known",
            },
            {"kind": "passage", "id": "p", "item": first, "quote": "The gate"},
            {"kind": "statement", "id": "s", "speaker": "w", "passages": ["p"]},
        )
    )
    return record


def copied(record: Record, form: str, out: Path) -> Path:
    result = record.publish(None, out, form=form)
    assert (result["out"], result["as"], result["missing"]) == (str(out), form, [])
    return out / "data" if form == "bagit" else out


def files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def test_the_bag_is_one_that_bagit_validates(kept: Record, tmp_path: Path) -> None:
    copied(kept, "bagit", tmp_path / "bag")
    bag = bagit.Bag(str(tmp_path / "bag"))
    bag.validate()
    assert bag.algorithms == ["sha256"]
    assert bag.info["External-Identifier"] == kept.id


def test_bagit_finds_a_file_of_the_bag_that_was_changed(kept: Record, tmp_path: Path) -> None:
    payload = copied(kept, "bagit", tmp_path / "bag")
    with (payload / "readable" / "things.jsonl").open("a") as file:
        file.write("{}\n")
    with pytest.raises(bagit.BagValidationError):
        bagit.Bag(str(tmp_path / "bag")).validate()


def test_the_crate_is_one_that_rocrate_reads_with_every_file_described(kept: Record, tmp_path: Path) -> None:
    out = copied(kept, "ro-crate", tmp_path / "crate")
    crate = ROCrate(out)
    assert crate.root_dataset["identifier"] == kept.id
    described = {entity.id for entity in crate.get_entities() if entity.type == "File"}
    there = {path.relative_to(out).as_posix() for path in files(out)} - {"ro-crate-metadata.json"}
    assert described == there
    original = next(item for item in kept.items() if item.get("title") == "A letter")
    path = f"record/originals/{original['sha256'][:2]}/{original['sha256']}"
    entity = crate.get(path)
    assert (entity["name"], entity["contentSize"], entity["sha256"]) == (
        "A letter",
        str(original["size"]),
        original["sha256"],
    )


@pytest.mark.parametrize("form", FORMS)
def test_the_record_in_it_verifies_alone_and_opens_with_every_thing(
    kept: Record, laptop: Settings, tmp_path: Path, form: str
) -> None:
    inside = copied(kept, form, tmp_path / "copy") / "record"
    run = [sys.executable, "-I", tmp_path / "copy" / "verify.py", inside]
    assert subprocess.run(run, capture_output=True).returncode == 0
    assert onrecord.verify(inside, views=True)["problems"] == []
    with onrecord.open(inside, settings=laptop) as opened:
        assert list(opened.items()) == list(kept.items())
        assert opened.get("s")["heads"] == kept.get("s")["heads"]


@pytest.mark.parametrize("form", FORMS)
def test_its_database_needs_no_other_file_and_no_right_to_write(
    kept: Record, tmp_path: Path, form: str
) -> None:
    inside = copied(kept, form, tmp_path / "copy") / "record"
    assert {path.name for path in inside.iterdir()} == {
        "record.db",
        "README.txt",
        "originals",
        "layers",
        "keys",
    }
    with sqlite3.connect(f"{(inside / 'record.db').as_uri()}?mode=ro&immutable=1", uri=True) as alone:
        assert alone.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert alone.execute("SELECT count(*) FROM head").fetchone() >= (9,)
        assert alone.execute("PRAGMA journal_mode").fetchone() == ("delete",)


@pytest.mark.parametrize("form", FORMS)
def test_every_thing_stands_in_plain_files(kept: Record, tmp_path: Path, form: str) -> None:
    readable = copied(kept, form, tmp_path / "copy") / "readable"
    text = (readable / "things.jsonl").read_text(encoding="utf-8")
    things = [json.loads(line) for line in text.splitlines()]
    for slug in ("w", "p", "s"):
        (head,) = [line for line in things if line["slug"] == slug and line["stands"]]
        assert head["fields"] == kept.get(slug)["heads"][0]["fields"]
        assert head["author"] == "mira"
    assert [line["stands"] for line in things if line["kind"] == "item" and line["fields"]["size"] == 18] == [
        False,
        True,
    ]
    with (readable / "items.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["name"] for row in rows] == ["letter.txt", "ملاحظة 100%.txt"]
    assert rows[0]["title"] == "A letter" and rows[0]["received_from"].startswith("Witness 3 (")
    for row in rows:
        assert (readable.parent / "record" / row["file"]).stat().st_size == int(row["size"])


@pytest.mark.parametrize("form", FORMS)
def test_sealed_fields_stay_sealed_and_the_readme_says_whom_the_copy_is_for(
    kept: Record, tmp_path: Path, form: str
) -> None:
    copied(kept, form, tmp_path / "copy")
    for file in files(tmp_path / "copy"):
        assert SECRET.encode() not in file.read_bytes()
    readme = (tmp_path / "copy" / "README.txt").read_text(encoding="utf-8")
    assert "for keeping, not for giving out" in readme and "EVERYTHING" in readme
    assert "stay encrypted" in readme


def test_where_it_went_is_entered_so_that_an_erasure_can_name_it(kept: Record, tmp_path: Path) -> None:
    result = kept.publish(None, tmp_path / "bag", form="bagit")
    (sent,) = kept._store.db.as_now().of_kind("sent")
    assert sent.fields == {"folder": result["folder"], "place": "bag", "for": "archive"}
    copy = (tmp_path / "bag" / "data" / "readable" / "things.jsonl").read_text(encoding="utf-8")
    assert result["folder"] in copy


def test_an_original_that_is_not_here_is_named(kept: Record, tmp_path: Path) -> None:
    digest = next(iter(kept.items()))["sha256"]
    kept._store.originals.path(digest).unlink()
    result = kept.publish(None, tmp_path / "bag", form="bagit")
    assert result["missing"] == [digest]
    assert "One original was not on the laptop" in (tmp_path / "bag" / "README.txt").read_text()
    bagit.Bag(str(tmp_path / "bag")).validate()


def test_a_damaged_original_stops_it_and_nothing_is_left(kept: Record, tmp_path: Path) -> None:
    digest = next(iter(kept.items()))["sha256"]
    file = kept._store.originals.path(digest)
    file.chmod(0o644)
    file.write_text("The gate was open.")
    with pytest.raises(OriginalAltered):
        kept.publish(None, tmp_path / "out" / "bag", form="bagit")
    assert list((tmp_path / "out").iterdir()) == []


def test_what_a_stopped_copy_left_is_cleared_away_and_nothing_else_is(kept: Record, tmp_path: Path) -> None:
    beside = tmp_path / ".bag.part"
    (beside / "data" / "record").mkdir(parents=True)
    copied(kept, "bagit", tmp_path / "bag")
    bagit.Bag(str(tmp_path / "bag")).validate()
    (tmp_path / ".crate.part").mkdir()
    (tmp_path / ".crate.part" / "diary.txt").write_text("mine")
    with pytest.raises(OutputExists):
        kept.publish(None, tmp_path / "crate", form="ro-crate")
    assert (tmp_path / ".crate.part" / "diary.txt").exists()


def test_it_holds_one_moment_of_a_record_that_is_written_to(
    kept: Record, laptop: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody adds and puts between the copying of the database and that of the files."""
    real = whole_copy.write_readable
    late = tmp_path / "late.txt"
    late.write_text("Too late.")

    def meanwhile(record: Path, into: Path) -> None:
        with onrecord.open(kept.path, settings=laptop) as other:
            list(other.add([late]))
        real(record, into)

    monkeypatch.setattr(whole_copy, "write_readable", meanwhile)
    inside = copied(kept, "bagit", tmp_path / "bag") / "record"
    assert onrecord.verify(inside, views=True)["problems"] == []
    assert "late.txt" not in (inside.parent / "readable" / "items.csv").read_text()


@pytest.mark.parametrize(("publication", "form"), [(None, None), ("d", "bagit"), (None, "zip")])
def test_a_publication_or_a_form_has_to_be_named_and_not_both(
    kept: Record, tmp_path: Path, publication: str | None, form: str | None
) -> None:
    with pytest.raises(FieldInvalid):
        kept.publish(publication, tmp_path / "out", form=form)
    assert not (tmp_path / "out").exists()


def test_only_its_keeper_can_read_it(kept: Record, tmp_path: Path) -> None:
    copied(kept, "ro-crate", tmp_path / "crate")
    assert (tmp_path / "crate").stat().st_mode & 0o077 == 0
