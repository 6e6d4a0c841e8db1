"""A record is verified as it was at one moment, while another process adds to it, and leaves it in peace."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

import onrecord
from onrecord.settings import Settings
from onrecord.store.record_store import RecordStore
from onrecord_verify.checking import verify
from onrecord_verify.database import open_log
from tests.verifier.laid_out import everything_in

ADDING = """
import sys
from pathlib import Path
import onrecord
from onrecord.settings import Settings
record, home, card, stop = map(Path, sys.argv[1:])
settings, n = Settings(home=home), 0
while not stop.exists():
    with onrecord.open(record, settings=settings) as opened:
        for _ in range(5):
            folder = card / str(n)
            folder.mkdir()
            for letter in "abc":
                (folder / f"{letter}.txt").write_text(f"{letter} {n} said that the bridge was open. " * 200)
            lines = list(opened.add([folder]))
            assert all(line["status"] == "added" for line in lines), lines
            opened.mark(lines[0]["item"], f"a {n} said that the bridge", 1)
            n += 1
            print(n, flush=True)
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


@pytest.fixture
def record(tmp_path: Path, settings: Settings) -> Path:
    onrecord.new(tmp_path / "record", settings=settings, zone="UTC")
    (tmp_path / "card").mkdir()
    return tmp_path / "record"


@contextmanager
def adding(record: Path, settings: Settings) -> Iterator[None]:
    """Another process opens the record, adds to it and closes it, again and again."""
    card, stop = record.with_name("card"), record.with_name("stop")
    command = [sys.executable, "-c", ADDING, record, settings.home, card, stop]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout and writer.stdout.readline()
        drained = threading.Thread(target=writer.stdout.read)
        drained.start()
        try:
            yield
            assert writer.poll() is None
        finally:
            stop.write_text("")
            drained.join()
    assert writer.returncode == 0


@pytest.mark.parametrize("in_use", [False, True])
def test_a_record_that_is_being_written_to_verifies(record: Path, settings: Settings, in_use: bool) -> None:
    grown: list[int] = []
    with adding(record, settings):
        ends = time.monotonic() + 3
        while time.monotonic() < ends:
            report = verify(record, in_use=in_use)
            assert report.problems == []
            grown.append(report.entries)
    assert grown == sorted(grown)
    assert len(set(grown)) > 2
    assert not any("no entry names" in note for note in verify(record).notes)


def test_the_programs_own_verify_agrees(record: Path, settings: Settings) -> None:
    with adding(record, settings), onrecord.open(record, settings=settings) as opened:
        for _ in range(3):
            found = opened.verify()
            assert (found["ok"], found["problems"]) == (True, [])


def test_all_tables_are_read_as_they_were_at_one_moment(record: Path, settings: Settings) -> None:
    """What another process writes while the log is read is not seen, whichever table it is in."""
    database = record / "record.db"
    with onrecord.open(record, settings=settings):
        with closing(open_log(database, False)) as log:
            count = "SELECT (SELECT count(*) FROM head), (SELECT count(*) FROM checkpoint), (SELECT count(*) FROM log)"
            before = log.execute(count).fetchone()
            with adding(record, settings):
                pass
            assert log.execute(count).fetchone() == before
        assert verify(record).entries > before[0]


def test_nothing_beside_a_program_at_work_is_changed(record: Path) -> None:
    program = (
        "import sqlite3, sys\ndb = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "db.execute('BEGIN IMMEDIATE')\ndb.execute('CREATE TABLE further (x)')\ndb.execute('COMMIT')\n"
        "db.execute('BEGIN IMMEDIATE')\nprint(flush=True)\nsys.stdin.readline()\ndb.execute('COMMIT')"
    )
    command = [sys.executable, "-c", program, record / "record.db"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout and writer.stdout.readline()
        before = everything_in(record)
        assert {"record.db-shm", "record.db-wal"} <= {Path(path).name for path in before}
        assert verify(record).problems == []
        assert everything_in(record) == before
        writer.communicate("\n")
    assert writer.returncode == 0


@contextmanager
def idle_writer(record: Path) -> Iterator[None]:
    """A connection of this process, with the writer's place."""
    db = sqlite3.connect(record / "record.db", isolation_level=None)
    db.execute("BEGIN IMMEDIATE")
    yield
    db.execute("COMMIT")
    db.close()


def test_this_processs_own_connections_keep_their_locks(record: Path, settings: Settings) -> None:
    """A process that opens and closes a locked file by itself loses its locks on it; then two could write at once."""
    taking = "import sqlite3, sys; sqlite3.connect(sys.argv[1], timeout=0).execute('BEGIN IMMEDIATE')"
    for in_use in (False, True):
        with idle_writer(record):
            assert verify(record, in_use=in_use).problems == []
            done = subprocess.run(
                [sys.executable, "-c", taking, record / "record.db"],
                capture_output=True,
                text=True,
                check=False,
            )
            assert "database is locked" in done.stderr


def test_a_process_that_verifies_in_use_goes_on_writing(record: Path, settings: Settings) -> None:
    """Without it, SQLite would share memory that takes no writing with whoever opens the record meanwhile."""
    log = open_log(record / "record.db", True)
    log.execute("SELECT count(*) FROM head").fetchone()
    with onrecord.open(record, settings=settings) as opened:
        (record.with_name("card") / "a.txt").write_text("The bridge was open.")
        assert [line["status"] for line in opened.add([record.with_name("card")])] == ["added"]
    log.close()


def test_an_add_that_was_stopped_before_its_entries_is_a_note(record: Path, settings: Settings) -> None:
    (record.with_name("card") / "a.txt").write_text("The bridge was open.")
    store = RecordStore(record, settings.home)
    taken = store.originals.take(record.with_name("card") / "a.txt")
    store.originals.sync()
    store.close()
    report = verify(record)
    assert report.problems == []
    (note,) = report.notes
    assert "1 original that no entry names" in note and taken.sha256 in note
    with onrecord.open(record, settings=settings) as opened:
        list(opened.add([record.with_name("card")]))
    assert not any("no entry names" in note for note in verify(record).notes)


STOPPED = """
import os, shutil, signal, sys
from pathlib import Path
import onrecord
from onrecord.settings import Settings
record, home = Path(sys.argv[1]), Path(sys.argv[2])
with onrecord.open(record, settings=Settings(home=home)) as opened:
    list(opened.items())
    shutil.copyfile(record / "record.db-shm", record.with_name("shm"))
    opened.put([{"kind": "actor", "names": ["Rosa"]}])
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize(("frames", "entries"), [(0, 3), (1, 3), (None, 4)])
def test_a_writer_that_was_killed_before_its_shared_memory_knew_is_no_problem(
    record: Path, settings: Settings, frames: int | None, entries: int
) -> None:
    """SQLite itself cannot read beside such memory without writing to it; whole transactions count, and others do not."""
    subprocess.run([sys.executable, "-c", STOPPED, record, settings.home], check=False)
    record.with_name("shm").replace(record / "record.db-shm")
    if frames is not None:
        os.truncate(record / "record.db-wal", 32 + frames * (24 + 8192))
    before = everything_in(record)
    report = verify(record)
    assert (report.problems, report.entries) == ([], entries)
    assert everything_in(record) == before
