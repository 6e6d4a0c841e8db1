"""A record closed into one file and opened again: the same record, or nothing, and nobody else reads it."""

import io
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path

import pyrage
import pytest

import onrecord
from onrecord.api import Record
from onrecord.record.errors import (
    KeyMissing,
    OutputExists,
    OutputNotWritten,
    PassphraseMissing,
    RecordBusy,
    RecordMissing,
    RecordNotWritten,
    RecordUnreadable,
)
from onrecord.settings import Settings
from onrecord.store import passphrase_file

PASSPHRASE = "kettle orbit cellar"
WITNESS = {"kind": "actor", "id": "witness", "names": ["Witness 3"], "sealed": {"names": ["Zeinab Qarawi"]}}


@pytest.fixture(autouse=True)
def little_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passphrase_file, "WORK", 10)


@pytest.fixture
def filled(record: Record, letter: Callable[[str], str]) -> Record:
    letter("The gate was shut at 07:15.")
    record.put([WITNESS])
    return record


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def left_in(folder: Path) -> list[str]:
    """Names in a folder that an unpacking may have left."""
    return [file.name for file in folder.iterdir() if "unpacking" in file.name or "taking" in file.name]


def test_what_comes_back_is_the_same_record(filled: Record, tmp_path: Path, laptop: Settings) -> None:
    packed = filled.pack(tmp_path / "record.age")
    before = files_of(filled.path)
    told = onrecord.unpack(tmp_path / "record.age", tmp_path / "back", settings=laptop)
    assert told["ok"] and told["files"] == packed["files"] == len(files_of(tmp_path / "back"))
    assert files_of(tmp_path / "back") == {
        n: d for n, d in before.items() if not n.endswith(("-shm", "-wal"))
    }
    with onrecord.open(tmp_path / "back", settings=laptop) as back:
        assert back.unseal("witness", "why")["sealed"] == WITNESS["sealed"]
        assert len(back._store.db.log_numbers()) == 1
        assert back.verify(views=True)["problems"] == []


def test_nothing_of_it_can_be_read_in_the_file(filled: Record, tmp_path: Path) -> None:
    filled.pack(tmp_path / "record.age")
    data = (tmp_path / "record.age").read_bytes()
    assert data.startswith(b"age-encryption.org/v1\n")
    for word in (b"gate", b"Witness", b"record.db", filled.id.encode()):
        assert word not in data
    assert (tmp_path / "record.age").stat().st_mode & 0o077 == 0


def test_any_age_and_tar_program_opens_it(filled: Record, tmp_path: Path, home: Path) -> None:
    filled.pack(tmp_path / "record.age")
    (line,) = (home / "records" / filled.id / "identity.age").read_text().split()
    plain = pyrage.decrypt((tmp_path / "record.age").read_bytes(), [pyrage.x25519.Identity.from_str(line)])
    with tarfile.open(fileobj=io.BytesIO(plain)) as tar:
        assert "record.db" in tar.getnames()


def test_the_record_says_that_it_was_packed(filled: Record, tmp_path: Path) -> None:
    filled.pack(tmp_path / "record.age")
    (sent,) = filled._store.db.as_now().of_kind("sent")
    assert (sent.fields["for"], sent.fields["place"]) == ("packed", "record.age")


def test_it_opens_with_recovery_shares_where_no_key_is(filled: Record, tmp_path: Path) -> None:
    shares = filled.make_recovery(3, 2, tmp_path / "shares")["shares"]
    filled.pack(tmp_path / "record.age")
    elsewhere = Settings(home=tmp_path / "elsewhere", zone="UTC")
    with pytest.raises(KeyMissing, match="no key"):
        onrecord.unpack(tmp_path / "record.age", tmp_path / "back", settings=elsewhere)
    told = onrecord.unpack(tmp_path / "record.age", tmp_path / "back", shares=shares[1:], settings=elsewhere)
    assert told["ok"]


def test_a_key_of_another_record_does_not_open_it(filled: Record, tmp_path: Path) -> None:
    filled.pack(tmp_path / "record.age")
    other = Settings(home=tmp_path / "other", handle="noam", zone="UTC")
    onrecord.new(tmp_path / "second", settings=other)
    with pytest.raises(KeyMissing, match=r"record\.age: no key on this laptop opens it.*--share"):
        onrecord.unpack(tmp_path / "record.age", tmp_path / "back", settings=other)
    assert not (tmp_path / "back").exists() and left_in(tmp_path) == []


def test_a_passphrase_of_its_own_needs_no_key(filled: Record, tmp_path: Path, home: Path) -> None:
    with onrecord.open(
        filled.path, settings=Settings(home=home, zone="UTC", new_passphrase=PASSPHRASE)
    ) as record:
        record.pack(tmp_path / "record.age", passphrase=True)
    elsewhere = Settings(home=tmp_path / "elsewhere", zone="UTC")
    with pytest.raises(PassphraseMissing):
        onrecord.unpack(tmp_path / "record.age", tmp_path / "back", settings=elsewhere)
    with pytest.raises(PassphraseMissing, match="does not open it"):
        onrecord.unpack(
            tmp_path / "record.age", tmp_path / "back", settings=elsewhere, ask=lambda _: "kettle"
        )
    assert not (tmp_path / "back").exists() and left_in(tmp_path) == []
    told = onrecord.unpack(
        tmp_path / "record.age", tmp_path / "back", settings=elsewhere, ask=lambda _: PASSPHRASE
    )
    assert told["ok"]


def test_a_key_under_a_passphrase_is_asked_for_before_anything_is_written(
    filled: Record, tmp_path: Path, home: Path
) -> None:
    with onrecord.open(
        filled.path, settings=Settings(home=home, zone="UTC", new_passphrase=PASSPHRASE)
    ) as record:
        record.passphrase()
    with (
        onrecord.open(filled.path, settings=Settings(home=home, zone="UTC")) as record,
        pytest.raises(PassphraseMissing),
    ):
        record.pack(tmp_path / "record.age", remove=True)
    assert not (tmp_path / "record.age").exists() and filled.path.exists()
    asked: list[str] = []
    with onrecord.open(
        filled.path, settings=Settings(home=home, zone="UTC"), ask=lambda one: asked.append(one) or PASSPHRASE
    ) as record:
        record.pack(tmp_path / "record.age")
    assert len(asked) == 1
    told = onrecord.unpack(
        tmp_path / "record.age",
        tmp_path / "back",
        settings=Settings(home=home, zone="UTC", passphrase=PASSPHRASE),
    )
    assert told["ok"]


def test_the_folder_goes_only_when_asked_and_after_the_file_was_read_back(
    filled: Record, tmp_path: Path, laptop: Settings
) -> None:
    before = files_of(filled.path)
    packed = filled.pack(tmp_path / "record.age", remove=True)
    assert packed["removed"] and not filled.path.exists()
    onrecord.unpack(tmp_path / "record.age", tmp_path / "back", settings=laptop)
    after = files_of(tmp_path / "back")
    assert {name for name in before if not name.startswith("record.db")} <= set(after)


def test_a_record_that_somebody_has_open_is_not_removed(
    filled: Record, tmp_path: Path, laptop: Settings
) -> None:
    holding = (
        "import sys, sqlite3; c = sqlite3.connect(sys.argv[1]); c.execute('SELECT * FROM head').fetchone();"
    )
    holding += "print('open', flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", holding, str(filled.path / "record.db")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout and other.stdout.readline()
        with pytest.raises(RecordBusy, match="packed, but the record was not removed"):
            filled.pack(tmp_path / "record.age", remove=True)
        assert other.stdin
        other.stdin.close()
    assert filled.get("witness")
    assert onrecord.unpack(tmp_path / "record.age", tmp_path / "back", settings=laptop)["ok"]


@pytest.mark.parametrize("harm", ["cut", "byte", "empty", "longer", "other"])
@pytest.mark.parametrize("under", [False, True])
def test_a_damaged_file_leaves_nothing(
    filled: Record, tmp_path: Path, home: Path, harm: str, under: bool
) -> None:
    settings = Settings(home=home, zone="UTC", passphrase=PASSPHRASE, new_passphrase=PASSPHRASE)
    file = tmp_path / "record.age"
    with onrecord.open(filled.path, settings=settings) as record:
        record.pack(file, passphrase=under)
    data = file.read_bytes()
    file.write_bytes(
        {
            "cut": data[: len(data) // 65552 * 65552 - 20000],
            "byte": data[:90000] + bytes([data[90000] ^ 1]) + data[90001:],
            "empty": b"",
            "longer": data + b"x",
            "other": b"not an age file at all\n" * 100,
        }[harm]
    )
    with pytest.raises(RecordUnreadable, match=r"record\.age"):
        onrecord.unpack(file, tmp_path / "back", settings=settings)
    assert not (tmp_path / "back").exists() and left_in(tmp_path) == []


def test_an_age_file_that_holds_something_else_leaves_nothing(
    filled: Record, tmp_path: Path, laptop: Settings
) -> None:
    to = pyrage.x25519.Recipient.from_str(filled._store.keys.identity.recipient())
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        tar.addfile(tarfile.TarInfo("README.txt"), io.BytesIO(b""))
    for held, said in ((out.getvalue(), "holds no record"), (b"words", "ends too early")):
        (tmp_path / "record.age").write_bytes(pyrage.encrypt(held, [to]))
        with pytest.raises(RecordUnreadable, match=said):
            onrecord.unpack(tmp_path / "record.age", tmp_path / "back", settings=laptop)
        assert not (tmp_path / "back").exists() and left_in(tmp_path) == []


def test_nothing_is_overwritten(filled: Record, tmp_path: Path, laptop: Settings) -> None:
    filled.pack(tmp_path / "record.age")
    with pytest.raises(OutputExists):
        filled.pack(tmp_path / "record.age")
    with pytest.raises(OutputExists):
        onrecord.unpack(tmp_path / "record.age", filled.path, settings=laptop)
    with pytest.raises(RecordMissing):
        onrecord.unpack(tmp_path / "nothing.age", tmp_path / "back", settings=laptop)


def test_a_place_to_unpack_to_that_cannot_be_is_named(
    filled: Record, tmp_path: Path, laptop: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled.pack(tmp_path / "record.age")
    with pytest.raises(RecordNotWritten, match="around it is not there"):
        onrecord.unpack(tmp_path / "record.age", tmp_path / "no" / "where", settings=laptop)
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    with pytest.raises(OutputExists, match="you stand in it"):
        onrecord.unpack(tmp_path / "record.age", ".", settings=laptop)
    assert onrecord.unpack(tmp_path / "record.age", "inside", settings=laptop)["ok"]
    monkeypatch.chdir(tmp_path)
    assert onrecord.unpack(tmp_path / "record.age", "empty/inside/../../empty2", settings=laptop)["ok"]


def test_a_place_that_cannot_be_is_named_and_the_record_goes_on(filled: Record, tmp_path: Path) -> None:
    with pytest.raises(OutputNotWritten, match="inside the record"):
        filled.pack(filled.path / "record.age")
    with pytest.raises(RecordNotWritten, match="folder is not there"):
        filled.pack(tmp_path / "nowhere" / "record.age")
    (filled.path / "originals" / "link").symlink_to(tmp_path)
    with pytest.raises(RecordNotWritten, match="originals/link: it cannot be packed: it is a link"):
        filled.pack(tmp_path / "record.age", remove=True)
    assert not (tmp_path / "record.age").exists() and left_in(tmp_path) == []
    assert filled.get("witness")


def test_what_stands_in_a_waiting_write_ahead_log_is_packed_too(
    filled: Record, tmp_path: Path, laptop: Settings
) -> None:
    reader = onrecord.open(filled.path, settings=laptop)
    reader._store.db.connection.execute("BEGIN")
    reader._store.db.connection.execute("SELECT count(*) FROM head").fetchone()
    filled.put([{"kind": "place", "id": "ford", "names": ["The ford"]}])
    filled.pack(tmp_path / "record.age")
    reader.close()
    assert onrecord.unpack(tmp_path / "record.age", tmp_path / "back", settings=laptop)["ok"]
    with onrecord.open(tmp_path / "back", settings=laptop) as back:
        assert back.get("ford")


def test_a_disk_that_takes_no_more_leaves_nothing_half_written(
    filled: Record, tmp_path: Path, laptop: Settings
) -> None:
    filled.pack(tmp_path / "record.age")
    limited = (
        "import resource, signal, sys; sys.dont_write_bytecode = True; resource.setrlimit(resource.RLIMIT_FSIZE, (100000, 100000));"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); from onrecord.cli import main; main()"
    )
    environment = {"ONRECORD_HOME": str(laptop.home), "PATH": "/usr/bin"}
    for arguments, made in (
        (["unpack", "record.age", "back"], "back"),
        (["-r", str(filled.path), "pack", "second.age", "--remove"], "second.age"),
    ):
        command = [sys.executable, "-c", limited, *arguments]
        done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 2 and "too large" in done.stderr, done.stderr
        assert not (tmp_path / made).exists() and left_in(tmp_path) == []
    assert filled.get("witness")


def test_what_a_stopped_unpacking_left_goes_with_the_next_one(
    filled: Record, tmp_path: Path, laptop: Settings
) -> None:
    filled.pack(tmp_path / "record.age")
    stopped = (
        "import os, sys; from pathlib import Path; import onrecord.writing.unpacking as unpacking;"
        "unpacking._make_durable = lambda folder: os.kill(os.getpid(), 9);"
        "from onrecord.cli import main; main()"
    )
    environment = {"ONRECORD_HOME": str(laptop.home), "PATH": "/usr/bin"}
    command = [sys.executable, "-c", stopped, "unpack", "record.age", "back"]
    assert subprocess.run(command, env=environment, cwd=tmp_path).returncode == -9
    assert len(left_in(tmp_path)) == 1 and not (tmp_path / "back").exists()
    assert onrecord.unpack(tmp_path / "record.age", tmp_path / "back", settings=laptop)["ok"]
    assert left_in(tmp_path) == []


def test_of_several_keys_the_one_that_fits_is_found(filled: Record, tmp_path: Path, home: Path) -> None:
    filled.pack(tmp_path / "record.age")
    for number in range(3):
        onrecord.new(tmp_path / f"other-{number}", settings=Settings(home=home, zone="UTC"))
        new = PASSPHRASE if number else "another passphrase"
        with onrecord.open(
            tmp_path / f"other-{number}", settings=Settings(home=home, zone="UTC", new_passphrase=new)
        ) as other:
            other.passphrase()
            other.pack(tmp_path / f"{number}.age")
    given = Settings(home=home, zone="UTC", passphrase=PASSPHRASE)
    assert onrecord.unpack(tmp_path / "record.age", tmp_path / "back", settings=given)["ok"]
    assert onrecord.unpack(tmp_path / "2.age", tmp_path / "back-2", settings=given)["ok"]
    with pytest.raises(PassphraseMissing):
        onrecord.unpack(tmp_path / "0.age", tmp_path / "back-0", settings=given)


def test_an_erasure_lists_the_packed_file_as_a_copy_that_still_holds_it(
    filled: Record, tmp_path: Path
) -> None:
    filled.pack(tmp_path / "record.age")
    receipt = filled.erase("witness", reason="asked to be forgotten", authority=["mira"])
    assert [row["name"] for row in receipt["unconfirmed"] if "folder" in row] == ["record.age"]
