"""A program that is killed, or whose disk is full, leaves a record that reads, verifies and goes on."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import onrecord
from onrecord.api import Record
from onrecord.record.errors import OnrecordError, RecordBusy, RecordNotWritten, RecordUnreadable
from onrecord.settings import Settings
from onrecord.store import device, sqlite

STEPS = ("open", "write", "fsync", "mkdir", "rename", "replace", "unlink")
# What a stopped program may leave beside the record until it writes again.
LEFTOVERS = ("is not part of a record", "no item is about", "is the key of no log")


def stopped_at(step: int, path: Path, laptop: Settings, work: Callable[[Record], object]) -> bool:
    """Do work in a process of its own that is killed at its nth step on files or in SQLite; whether it was."""
    child = os.fork()
    if child == 0:
        try:
            with onrecord.open(path, settings=laptop) as record:
                _kill_at(step, record._store.db.connection)
                work(record)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def _kill_at(step: int, connection: sqlite3.Connection) -> None:
    left = iter(range(step))

    def count(*_: object) -> None:
        if next(left, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)

    def counted(call: Callable[..., Any]) -> Callable[..., Any]:
        def counting(*given: Any, **named: Any) -> Any:
            count()
            return call(*given, **named)

        return counting

    for name in STEPS:
        setattr(os, name, counted(getattr(os, name)))
    connection.set_trace_callback(count)


def problems(record: Record) -> list[str]:
    return [problem["what"] for problem in record.verify(views=True)["problems"]]


def letters(folder: Path, count: int) -> list[Path]:
    files = [folder / f"letter-{number}.txt" for number in range(count)]
    for file in files:
        file.write_text(f"The gate was shut, says {file.name}.", encoding="utf-8")
    return files


def test_a_kill_at_any_step_leaves_a_record_that_verifies_and_goes_on(
    record: Record, laptop: Settings, tmp_path: Path
) -> None:
    files = letters(tmp_path, 2)

    def work(opened: Record) -> None:
        taken = list(opened.add(files))
        opened.put([{"kind": "actor", "names": ["Rosa"]}, {"kind": "actor", "names": ["Dina"]}])
        opened.mark(taken[0]["item"], "gate")

    record.close()
    killed = step = 0
    while True:
        path, home = tmp_path / f"record-{step}", tmp_path / f"home-{step}"
        shutil.copytree(record.path, path)
        shutil.copytree(laptop.home, home)
        here = Settings(home=home, handle="mira", zone="UTC")
        if not stopped_at(step, path, here, work):
            break
        with onrecord.open(path, settings=here) as opened:
            left = problems(opened)
            assert [one for one in left if not one.endswith(LEFTOVERS)] == [], f"killed at step {step}"
            names = {hit["exact"] for query in ("Rosa", "Dina") for hit in opened.search(query)}
            assert names in (set(), {"Rosa", "Dina"}), "a put is whole or nothing"
            work(opened)
            assert problems(opened) == [], f"killed at step {step}"
            assert [item["text"] for item in opened.items()] == [True, True]
        shutil.rmtree(path)
        killed, step = killed + 1, step + 4
    assert killed >= 30


def test_a_kill_while_a_copy_begins_a_new_branch_never_signs_two_different_logs(
    record: Record, laptop: Settings, tmp_path: Path
) -> None:
    def work(opened: Record) -> None:
        opened.put([{"kind": "actor", "names": ["Rosa"]}])

    record.close()
    shutil.copytree(record.path, tmp_path / "backup")
    with onrecord.open(record.path, settings=laptop) as later:
        work(later)
    step = 0
    while True:
        path, home = tmp_path / f"record-{step}", tmp_path / f"home-{step}"
        shutil.copytree(tmp_path / "backup", path)
        shutil.copytree(laptop.home, home)
        here = Settings(home=home, handle="mira", zone="UTC")
        if not stopped_at(step, path, here, work):
            break
        shutil.copytree(path, tmp_path / f"twin-{step}")
        for copy in (path, tmp_path / f"twin-{step}"):
            with onrecord.open(copy, settings=here) as opened:
                work(opened)
                assert problems(opened) == [], f"killed at step {step}"
        assert not _signed_twice(path, tmp_path / f"twin-{step}")
        step += 1
    assert step > 20


def _signed_twice(one: Path, other: Path) -> bool:
    """Whether two records hold different entries under the same log and place."""
    heads = []
    for path in (one, other):
        connection = sqlite3.connect(path / "record.db")
        query = "SELECT name, entry & 0xffffffffff, bytes FROM head JOIN log ON entry >> 40 = number"
        heads.append({(name, seq): head for name, seq, head in connection.execute(query)})
        connection.close()
    return any(heads[0][place] != heads[1][place] for place in heads[0].keys() & heads[1].keys())


def test_a_refused_put_on_a_copy_leaves_the_copy_as_it_was(
    record: Record, laptop: Settings, tmp_path: Path
) -> None:
    record.put([{"kind": "actor", "names": ["Rosa"]}])
    record.close()
    shutil.copytree(record.path, tmp_path / "copy")
    for settings in (laptop, Settings(home=tmp_path / "another", handle="noam", zone="UTC")):
        with onrecord.open(record.path, settings=laptop) as later:
            later.put([{"kind": "actor", "names": ["Dina"]}])
        with onrecord.open(tmp_path / "copy", settings=settings) as copy:
            with pytest.raises(OnrecordError):
                copy.put([{"kind": "nothing"}])
            assert problems(copy) == [] and copy.notices == []
            assert len(copy._store.db.log_numbers()) == 1


WRITER = """
import sys
from pathlib import Path
import onrecord
from onrecord.settings import Settings
path, home, name, files = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], [Path(file) for file in sys.argv[4:]]
for number in range(15):
    with onrecord.open(path, settings=Settings(home=home, handle="mira", zone="UTC")) as record:
        record.put([{"kind": "actor", "id": f"{name}-{number}", "names": [name]}])
        if number < len(files):
            list(record.add([files[number]]))
"""


def writers(*runs: list[object]) -> None:
    """Run writers at the same time; each must end well."""
    started = [subprocess.Popen([sys.executable, "-c", WRITER, *map(str, run)]) for run in runs]
    assert [one.wait() for one in started] == [0] * len(started)


def test_two_programs_write_to_one_record_at_once(record: Record, laptop: Settings, tmp_path: Path) -> None:
    record.close()
    files = letters(tmp_path, 15)
    writers(*([record.path, laptop.home, name, *files] for name in ("one", "two")))
    with onrecord.open(record.path, settings=laptop) as opened:
        assert problems(opened) == []
        assert len(opened._store.db.log_numbers()) == 1
        assert len(list(opened.items())) == 15, "the same bytes are one item, whoever was first"
        assert len(list(opened.search("one", limit=None))) == 15


def test_two_programs_that_write_to_two_copies_at_once_write_two_branches(
    record: Record, laptop: Settings, tmp_path: Path
) -> None:
    record.close()
    shutil.copytree(record.path, tmp_path / "copy")
    writers([record.path, laptop.home, "one"], [tmp_path / "copy", laptop.home, "two"])
    assert not _signed_twice(record.path, tmp_path / "copy")
    for path in (record.path, tmp_path / "copy"):
        assert onrecord.verify(path, views=True)["problems"] == []


def test_two_programs_that_open_an_older_copy_begin_one_branch_together(
    record: Record, laptop: Settings, tmp_path: Path
) -> None:
    record.close()
    shutil.copytree(record.path, tmp_path / "copy")
    with onrecord.open(record.path, settings=laptop) as later:
        later.put([{"kind": "actor", "names": ["Rosa"]}])
    writers([tmp_path / "copy", laptop.home, "one"], [tmp_path / "copy", laptop.home, "two"])
    with onrecord.open(tmp_path / "copy", settings=laptop) as opened:
        assert len(opened._store.db.log_numbers()) == 2
        assert problems(opened) == []


def test_a_record_that_another_program_writes_to_for_too_long_is_busy(
    record: Record, laptop: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(device, "PATIENCE_SECONDS", 0.05)
    monkeypatch.setattr(sqlite, "PATIENCE_SECONDS", 0.05)
    stranger = Settings(home=laptop.home / "another", handle="noam", zone="UTC")
    with record._store.writing():
        for settings in (laptop, stranger):
            with onrecord.open(record.path, settings=settings) as other:
                with pytest.raises(RecordBusy):
                    other.put([{"kind": "actor", "names": ["Rosa"]}])
                assert list(other.items()) == [], "reading goes on"


def test_a_program_that_waited_for_another_says_so(
    record: Record, laptop: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(device, "WORTH_SAYING_SECONDS", 0.01)
    released = threading.Timer(0.2, lambda: held.__exit__(None, None, None))
    with onrecord.open(record.path, settings=laptop) as other:
        held = other._store.keys.alone()
        held.__enter__()
        released.start()
        record.put([{"kind": "actor", "names": ["Rosa"]}])
        released.join()
    assert ["waited" in notice for notice in record.notices] == [True]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of four megabytes, where this account may mount one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", disk], capture_output=True
    ).returncode:
        pytest.skip("this account may not mount a disk")
    yield disk
    subprocess.run(["umount", disk], check=True)


def test_a_full_disk_is_said_and_nothing_of_the_write_stays(
    small_disk: Path, laptop: Settings, tmp_path: Path
) -> None:
    onrecord.new(small_disk / "record", settings=laptop)
    with onrecord.open(small_disk / "record", settings=laptop) as record:
        item = _only_item(record, letters(tmp_path, 1))
        (small_disk / "filler").write_bytes(os.urandom(_room(small_disk) - 200_000))
        with pytest.raises(RecordNotWritten, match="disk is full"):
            record.put([{"kind": "actor", "names": [os.urandom(150_000).hex()]}])
        (tmp_path / "large.txt").write_text(os.urandom(300_000).hex())
        (line,) = record.add([tmp_path / "large.txt"])
        assert line["status"] == "refused" and "disk is full" in line["reason"]
        (small_disk / "filler").unlink()
        record.put([{"kind": "actor", "names": ["Rosa"]}])
        assert problems(record) == []
        assert [one["item"] for one in record.items()] == [item]
        assert len(record._store.db.log_numbers()) == 1


def _only_item(record: Record, files: list[Path]) -> str:
    (line,) = record.add(files)
    return str(line["item"])


def _room(disk: Path) -> int:
    found = os.statvfs(disk)
    return found.f_bavail * found.f_bsize


def test_a_full_disk_under_the_keys_is_said_and_nothing_is_written(
    small_disk: Path, record: Record, laptop: Settings
) -> None:
    shutil.copytree(laptop.home, small_disk / "home")
    (small_disk / "filler").write_bytes(b"x" * _room(small_disk))
    with onrecord.open(record.path, settings=Settings(home=small_disk / "home", zone="UTC")) as opened:
        with pytest.raises(RecordNotWritten, match="keys cannot be kept"):
            opened.put([{"kind": "actor", "names": ["Rosa"]}])
        assert list(opened.search("Rosa")) == []
    record.put([{"kind": "actor", "names": ["Dina"]}])
    assert problems(record) == []


def test_a_record_on_a_read_only_disk_can_be_read_and_verified(
    small_disk: Path, record: Record, laptop: Settings, letter: Callable[[str], str]
) -> None:
    item = letter("The gate was shut.")
    record.put([{"kind": "actor", "id": "rosa", "names": ["Rosa"]}])
    record.close()
    shutil.copytree(record.path, small_disk / "record")
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    with onrecord.open(small_disk / "record", settings=laptop) as opened:
        assert opened.text(item)["text"] == "The gate was shut."
        assert [hit["exact"] for hit in opened.search("gate")] == ["gate"]
        assert opened.history("rosa")["versions"]
        assert problems(opened) == []
        with pytest.raises(RecordNotWritten, match="nothing can be written there"):
            opened.put([{"kind": "actor", "names": ["Dina"]}])
        (line,) = opened.add([record.path / "README.txt"])
        assert line["status"] == "refused"


def test_entries_that_wait_on_a_read_only_disk_are_named_and_not_passed_over(
    small_disk: Path, record: Record, laptop: Settings
) -> None:
    record.put([{"kind": "actor", "names": ["Rosa"]}])
    shutil.copytree(record.path, small_disk / "record", ignore=shutil.ignore_patterns("*-shm"))
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    with pytest.raises(RecordUnreadable, match=r"wait in record\.db-wal"):
        onrecord.open(small_disk / "record", settings=laptop)
