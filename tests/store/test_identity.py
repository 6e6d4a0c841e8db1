"""The key that opens sealed fields: plain or under a passphrase, lost, damaged, open to others, or gone."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

import onrecord
from onrecord.api import Record
from onrecord.record.errors import FieldInvalid, KeyMissing, OnrecordError, PassphraseMissing, PutRefused
from onrecord.settings import Settings
from onrecord.store import passphrase_file
from onrecord.store.identity import IdentityFile
from onrecord.store.sealing import new_identity

PASSPHRASE = "kettle orbit cellar"
NAME = "Zeinab Qarawi"
WITNESS = {"kind": "actor", "id": "witness", "names": ["Witness 3"], "sealed": {"names": [{"text": NAME}]}}


@pytest.fixture(autouse=True)
def little_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passphrase files as always, at a cost that a test can pay: the number of rounds stands in each."""
    monkeypatch.setattr(passphrase_file, "WORK", 10)


def laptop_with(home: Path, passphrase: str | None = None, new: str | None = None) -> Settings:
    return Settings(home=home, handle="mira", zone="UTC", passphrase=passphrase, new_passphrase=new)


def key_file(record: Record) -> Path:
    return record.settings.home / "records" / record.id / "identity.age"


@pytest.fixture
def locked(record: Record, home: Path) -> Iterator[Record]:
    """A record with a sealed witness, on a laptop whose key is under a passphrase that it is given."""
    record.put([WITNESS])
    with onrecord.open(record.path, settings=laptop_with(home, new=PASSPHRASE)) as opened:
        opened.passphrase()
    with onrecord.open(record.path, settings=laptop_with(home, PASSPHRASE)) as opened:
        yield opened


def test_under_a_passphrase_no_key_stands_on_the_disk(locked: Record) -> None:
    for file in key_file(locked).parent.iterdir():
        assert b"AGE-SECRET-KEY-1" not in file.read_bytes() or file.name == "exchange.age", file.name
        assert file.stat().st_mode & 0o077 == 0, file.name


def test_what_was_sealed_opens_with_the_passphrase(locked: Record) -> None:
    assert locked.unseal("witness", "the court asked")["sealed"] == WITNESS["sealed"]


def test_the_passphrase_is_asked_for_once_in_a_command_and_only_if_needed(locked: Record, home: Path) -> None:
    asked: list[str] = []

    def ask(thing: str) -> str:
        asked.append(thing)
        return PASSPHRASE

    with onrecord.open(locked.path, settings=laptop_with(home), ask=ask) as record:
        record.put([{"kind": "place", "names": ["Ford"]}, {**WITNESS, "id": "other"}])
        assert asked == []
        assert record.put([{**WITNESS, "names": ["Witness 3"]}])[0]["unchanged"]
        record.unseal("witness", "the court asked")
        record.unseal("witness", "and asked again")
    assert asked == [f"your key in the record {locked.id}"]


def test_without_the_passphrase_nothing_is_written_and_the_mend_is_named(locked: Record, home: Path) -> None:
    with onrecord.open(locked.path, settings=laptop_with(home)) as record:
        before = record.history("witness")
        for act in (lambda: record.put([WITNESS]), lambda: record.unseal("witness", "why")):
            with pytest.raises(PassphraseMissing, match="ONRECORD_PASSPHRASE"):
                act()
        assert record.history("witness") == before


def test_a_wrong_passphrase_says_what_is_left_to_do(locked: Record, home: Path) -> None:
    with (
        onrecord.open(locked.path, settings=laptop_with(home, "kettle")) as record,
        pytest.raises(
            PassphraseMissing, match=r"ONRECORD_PASSPHRASE does not open it.*--lost.*recovery shares"
        ),
    ):
        record.unseal("witness", "why")


def test_a_passphrase_can_be_changed_and_taken_away(locked: Record, home: Path) -> None:
    with onrecord.open(locked.path, settings=laptop_with(home, PASSPHRASE, "another one now")) as record:
        before = record.passphrase()["recipient"]
    with onrecord.open(locked.path, settings=laptop_with(home, "another one now")) as record:
        assert record.passphrase(remove=True) == {"recipient": before, "passphrase": False}
    with onrecord.open(locked.path, settings=laptop_with(home)) as record:
        assert record.unseal("witness", "why")["sealed"] == WITNESS["sealed"]


def test_a_passphrase_that_keeps_nothing_is_refused(record: Record, home: Path) -> None:
    before = key_file(record).read_bytes()
    with (
        onrecord.open(record.path, settings=laptop_with(home, new="short")) as opened,
        pytest.raises(FieldInvalid, match="six words"),
    ):
        opened.passphrase()
    assert key_file(record).read_bytes() == before


@pytest.mark.parametrize("keep", [0, 10, 100, -1])
def test_a_damaged_key_file_is_named(locked: Record, home: Path, keep: int) -> None:
    file = key_file(locked)
    file.write_bytes(file.read_bytes()[:keep])
    with onrecord.open(locked.path, settings=laptop_with(home, PASSPHRASE)) as record:
        with pytest.raises(KeyMissing, match=r"identity\.age: this key file is damaged.*recovery shares"):
            record.unseal("witness", "why")
        assert record.get("witness")["names"] == [{"text": "Witness 3"}]


def test_a_plain_key_file_that_holds_no_key_is_damaged(record: Record) -> None:
    for held in ("", "nothing", "AGE-SECRET-KEY-1QQQQ", "\ufffd"):
        key_file(record).write_text(held, encoding="utf-8")
        record.put([{**WITNESS, "id": f"w{len(held)}"}])
        with pytest.raises(KeyMissing, match="damaged"):
            record.unseal(f"w{len(held)}", "why")


def test_a_key_file_that_is_gone_is_named(record: Record) -> None:
    record.put([WITNESS])
    key_file(record).unlink()
    with pytest.raises(KeyMissing, match="not on this laptop"):
        record.unseal("witness", "why")


def test_a_key_file_that_others_can_read_is_told_of(record: Record) -> None:
    record.put([WITNESS])
    key_file(record).chmod(0o644)
    record.unseal("witness", "why")
    assert any("chmod 600" in notice for notice in record.notices)


def test_a_new_key_is_what_is_sealed_to_and_the_former_one_still_opens(locked: Record) -> None:
    done = locked.passphrase(new_identity=True)
    assert done["passphrase"] and done["aside"] is None
    assert locked._store.recipients() == {locked._store.keys.log_keys()[0].person: done["recipient"]}
    assert locked.unseal("witness", "why")["sealed"] == WITNESS["sealed"]
    assert locked.verify(views=True)["problems"] == []


def test_a_lost_passphrase_leaves_the_old_key_aside(locked: Record, home: Path) -> None:
    with onrecord.open(
        locked.path, settings=laptop_with(home, "a quite new one", "a quite new one")
    ) as record:
        done = record.passphrase(new_identity=True, lost=True)
        assert Path(done["aside"]).is_file()
        with pytest.raises(KeyMissing, match="not sealed to the key on this laptop"):
            record.unseal("witness", "why")
        record.put([{**WITNESS, "id": "later"}])
        assert record.unseal("later", "why")["sealed"] == WITNESS["sealed"]


def test_a_guest_whose_key_is_under_a_passphrase_is_not_asked_to_begin_its_log(
    locked: Record, home: Path, tmp_path: Path
) -> None:
    for key in locked._store.keys.path.glob("*.key"):
        key.unlink()
    with onrecord.open(locked.path, settings=laptop_with(home)) as record:
        record.put([{"kind": "place", "names": ["Ford"]}])
        assert "admit" in record.notices[0]


def test_neither_passphrase_nor_key_stands_in_what_an_object_shows_of_itself(home: Path) -> None:
    identity, _ = new_identity()
    file = IdentityFile(home, lambda _: PASSPHRASE)
    file.keep((identity,), PASSPHRASE)
    shown = repr(file) + repr(laptop_with(home, PASSPHRASE, PASSPHRASE)) + repr(file.opened)
    assert PASSPHRASE not in shown and identity not in shown


def test_the_seed_of_a_log_does_not_stand_in_what_its_key_shows(record: Record) -> None:
    (key,) = record._store.keys.log_keys()
    assert key.seed.hex() not in repr(key) and repr(key.seed) not in repr(key)


@pytest.mark.parametrize(
    "sealed",
    [
        {NAME: {"زينب": "x"}},
        {"names": [{NAME + "é": 1}]},
        {"text": NAME + "\ud800"},
        {"n": 2**60, "t": NAME},
    ],
)
def test_an_error_about_what_is_to_be_sealed_holds_none_of_it(record: Record, sealed: object) -> None:
    with pytest.raises(PutRefused) as refused:
        record.put([json.dumps({**WITNESS, "sealed": sealed})])
    assert "sealed" in str(refused.value.errors)
    assert NAME not in str(refused.value.errors) and "زينب" not in str(refused.value.errors)


def test_every_error_here_is_one_that_a_person_can_act_on() -> None:
    assert issubclass(PassphraseMissing, OnrecordError) and PassphraseMissing.exit_code == 2
