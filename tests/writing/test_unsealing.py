"""Opening one sealed field: a reason kept for good comes first, and the words are nowhere afterwards."""

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import onrecord
from onrecord.api import Record
from onrecord.record.errors import (
    FieldInvalid,
    InConflict,
    KeyMissing,
    KindWrong,
    RecordNotWritten,
    ThingUnknown,
)
from onrecord.settings import Settings
from tests.branches import merge

NAME = "Zeinab Qarawi"
SEALED = {"names": [{"text": NAME, "language": "ar"}], "telephone": "0599 123 456", "note": "زينب قرعاوي"}
WITNESS = {"kind": "actor", "id": "witness", "names": ["Witness 3"], "sealed": SEALED}


@pytest.fixture
def sealed(record: Record) -> Record:
    record.put([WITNESS])
    return record


def steps(record: Record) -> list[dict[str, object]]:
    return [dict(thing.fields) for thing in record._store.db.as_now().of_kind("custody")]


def test_what_is_sealed_is_opened_and_who_opened_it_is_kept(sealed: Record) -> None:
    opened = sealed.unseal("witness", "the court asked")
    witness = sealed.get("witness")
    assert opened == {"id": witness["id"], "kind": "actor", "sealed": SEALED, "custody": opened["custody"]}
    step = sealed.get(opened["custody"])
    assert (step["step"], step["of"], step["by"]) == ("opened", witness["id"], "mira")
    assert witness["heads"][0]["version"] in step["outcome"]
    assert step["heads"][0]["reason"] == "the court asked"
    assert sealed.verify(views=True)["problems"] == []


def test_every_opening_is_a_step_of_its_own(sealed: Record) -> None:
    for reason in ("once", "twice"):
        sealed.unseal("witness", reason)
    assert len(steps(sealed)) == 2


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_without_a_reason_nothing_opens(sealed: Record, reason: str) -> None:
    with pytest.raises(FieldInvalid, match="Say why"):
        sealed.unseal("witness", reason)
    assert steps(sealed) == []


def test_where_the_step_cannot_be_written_nothing_is_shown(sealed: Record) -> None:
    refuse = lambda *given: sqlite3.SQLITE_DENY if given[:2] == (sqlite3.SQLITE_TRANSACTION, "COMMIT") else 0  # noqa: E731
    sealed._store.db.connection.set_authorizer(refuse)
    with pytest.raises((sqlite3.DatabaseError, RecordNotWritten)) as wrong:
        sealed.unseal("witness", "the court asked")
    sealed._store.db.connection.set_authorizer(None)
    assert NAME not in str(wrong.value)
    assert steps(sealed) == []


def test_the_step_is_in_the_record_when_the_words_come_back(sealed: Record) -> None:
    opened = sealed.unseal("witness", "the court asked")
    with sqlite3.connect(f"file:{sealed.path / 'record.db'}?mode=ro", uri=True) as other:
        found = other.execute("SELECT count(*) FROM version WHERE thing = ?", (opened["custody"],)).fetchone()
    assert found == (1,)


def test_a_thing_without_anything_sealed_says_so_and_leaves_no_step(sealed: Record) -> None:
    sealed.put([{"kind": "actor", "id": "guard", "names": ["The guard"]}])
    with pytest.raises(KindWrong, match="nothing is sealed"):
        sealed.unseal("guard", "why")
    with pytest.raises(ThingUnknown):
        sealed.unseal("nobody", "why")
    assert steps(sealed) == []


def test_a_refusal_that_somebody_is_named_is_no_sealed_field(record: Record) -> None:
    record.put([{"kind": "actor", "id": "w", "names": ["W"], "sealed": {"none": "refused"}}])
    with pytest.raises(KindWrong, match="nothing is sealed"):
        record.unseal("w", "why")


def test_an_earlier_version_opens_by_its_name(sealed: Record) -> None:
    first = sealed.get("witness")["heads"][0]["version"]
    sealed.put([{**WITNESS, "sealed": {"names": ["Somebody else"]}, "reason": "a mistake"}])
    assert sealed.unseal("witness", "why")["sealed"] == {"names": ["Somebody else"]}
    assert sealed.unseal("witness", "why", first)["sealed"] == SEALED
    with pytest.raises(ThingUnknown, match="no version"):
        sealed.unseal("witness", "why", "aaaaaaaaaaaaaaaa.1/0")


def test_a_thing_of_which_two_versions_stand_asks_which(
    sealed: Record, tmp_path: Path, laptop: Settings
) -> None:
    shutil.copytree(sealed.path, tmp_path / "other")
    sealed.put([{**WITNESS, "sealed": {"names": ["Here"]}, "reason": "here"}])
    with onrecord.open(tmp_path / "other", settings=laptop) as other:
        other.put([{**WITNESS, "sealed": {"names": ["There"]}, "reason": "there"}])
    merge(sealed, tmp_path / "other")
    with pytest.raises(InConflict, match="--entry"):
        sealed.unseal("witness", "why")
    heads = sealed.get("witness")["heads"]
    names = [sealed.unseal("witness", "why", head["version"])["sealed"]["names"] for head in heads]
    assert sorted(names) == [["Here"], ["There"]]
    done = sealed.make_recovery(3, 2, tmp_path / "shares")
    assert (done["earlier"], sealed.reseal()["resealed"]) == (2, 2)
    assert sealed.get("witness")["in_conflict"]


def test_a_laptop_without_the_key_opens_nothing_and_writes_nothing(sealed: Record, tmp_path: Path) -> None:
    sealed.close()
    other = Settings(home=tmp_path / "other", handle="noam", zone="UTC")
    with onrecord.open(sealed.path, settings=other) as record:
        with pytest.raises(KeyMissing):
            record.unseal("witness", "why")
        assert len(record._store.db.log_numbers()) == 1


def traces(word: str) -> Iterator[bytes]:
    for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
        yield word.encode(encoding)
        yield word.lower().encode(encoding)


def test_afterwards_the_words_are_in_no_file(sealed: Record, laptop: Settings, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "onrecord.cli", "--debug", "-r", str(sealed.path)]
    command += ["unseal", "witness", "--reason", "the court asked"]
    environment = {"ONRECORD_HOME": str(laptop.home), "PATH": "/usr/bin", "TMPDIR": str(tmp_path)}
    shown = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert NAME in shown.stdout and NAME not in shown.stderr
    sealed.unseal("witness", "the court asked")
    sealed.history("witness")
    assert not list(sealed.search("Zeinab")) and not list(sealed.search("زينب"))
    files = [
        file for top in (sealed.path, laptop.home, tmp_path) for file in top.rglob("*") if file.is_file()
    ]
    assert sealed.path / "record.db" in files
    for file in files:
        held = file.read_bytes()
        for word in ("Zeinab", "Qarawi", "0599 123", "قرعاوي"):
            assert not any(trace in held for trace in traces(word)), (file, word)
    assert NAME not in str(sealed.get("witness")) + str(sealed.history("witness"))


def test_a_custody_step_is_about_an_item_or_another_thing_and_not_both(record: Record) -> None:
    record.put([{"kind": "place", "id": "ford", "names": ["The ford"]}])
    record.put([{"kind": "custody", "id": "step", "of": "ford", "step": "checked"}])
    assert record.get("step")["of"] == record.get("ford")["id"]
    for wrong in ({}, {"item": {"none": "unknown"}}):
        with pytest.raises(onrecord.record.errors.PutRefused, match="put"):
            record.put([{"kind": "custody", "step": "checked", **wrong}])
