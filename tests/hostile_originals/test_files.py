"""Files that are no files, that change or go while they are read, and names made to mislead."""

from __future__ import annotations

import os
import resource
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import onrecord
from onrecord.intake.confined import shared_readers
from onrecord.settings import Settings
from tests.hostile_originals.taking import Taking
from tests.samples import every

GATE = b"The gate was shut."


def test_links_pipes_sockets_and_devices_are_refused_by_name(taking: Taking, tmp_path: Path) -> None:
    taking.write({})
    (taking.folder / "link").symlink_to("/etc/passwd")
    (taking.folder / "loop").symlink_to("loop")
    (taking.folder / "folder").symlink_to(tmp_path)
    os.mkfifo(taking.folder / "pipe")
    with socket.socket(socket.AF_UNIX) as bound:
        here = os.open(taking.folder, os.O_RDONLY)
        bound.bind(f"/proc/self/fd/{here}/socket")
        os.close(here)
        lines = taking({}, Path("/dev/null"), Path("/dev/zero"))
    assert {line["path"].rsplit("/")[-1] for line in lines} == {
        "link",
        "loop",
        "folder",
        "pipe",
        "socket",
        "null",
        "zero",
    }
    assert {line["status"] for line in lines} == {"refused"}


def test_an_empty_file_is_refused(taking: Taking) -> None:
    own, _ = taking.one("empty.txt", b"")
    assert own["status"] == "refused" and own["reason"].startswith("the file is empty")


def test_names_that_mislead_or_are_as_long_as_can_be_are_kept_as_they_are(taking: Taking) -> None:
    long = "سد" * 60 + ".txt.aaaa.bbbb"
    files = {
        "photo\u202egpj.exe": GATE,
        "x" * 255: GATE + b"2",
        long: GATE + b"3",
        "a\nb\x1b[2J": GATE + b"4",
    }
    lines = taking(files)
    assert {line["status"] for line in lines} == {"added"}
    kept = {_stated(taking, line)["name"] for line in lines}
    assert kept == set(files)


def test_names_that_mislead_are_shown_escaped(taking: Taking, laptop: Settings) -> None:
    taking.write({"photo\u202egpj.exe": b"", "photo\u202etxt.a": GATE, "line\nbreak\x1b[2J.txt": GATE + b"2"})
    command = [sys.executable, "-m", "onrecord.cli", "add", str(taking.folder)]
    environment = {**os.environ, "ONRECORD_HOME": str(laptop.home), "ONRECORD_HANDLE": "mira"}
    taking.record.close()
    done = subprocess.run(
        command, cwd=taking.record.path, env=environment, capture_output=True, text=True, timeout=120
    )
    said = done.stdout + done.stderr
    assert "photo" in said
    assert not {"\u202e", "\x1b", "break\x1b"} & set(said) and "line\nbreak" not in said


def test_a_name_that_is_not_utf8_is_kept_with_its_bytes(taking: Taking) -> None:
    taking.write({})
    Path(os.fsdecode(os.fsencode(taking.folder) + b"/\xe4\xf1.txt")).write_bytes(GATE)
    (line,) = taking()
    fields = _stated(taking, line)
    assert fields["name_bytes"] == "%E4%F1.txt"


@pytest.mark.parametrize("change", ["grows", "shrinks", "goes"])
def test_a_file_that_changes_while_it_is_read_is_refused_or_kept_whole(taking: Taking, change: str) -> None:
    file = taking.folder / "moving.bin"
    taking.write({"moving.bin": b"begun" * 4_000_000})
    with _changing(file, change):
        lines = taking()
    assert {line["status"] for line in lines} <= {"added", "refused", "already held"}
    for line in lines:
        if line["status"] == "added":
            assert (
                line["size"]
                == (taking.record.path / "originals" / line["sha256"][:2] / line["sha256"]).stat().st_size
            )


@contextmanager
def _changing(file: Path, change: str) -> Iterator[None]:
    stop = threading.Event()

    def work() -> None:
        size = 20_000_000
        while not stop.is_set():
            if change == "goes":
                file.unlink(missing_ok=True)
                return
            size += 4096 if change == "grows" else -4096
            os.truncate(file, max(1, size))

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def test_a_folder_that_may_only_be_read_is_not_touched(taking: Taking) -> None:
    taking.write(
        {name: content for name, content in every().items() if name.endswith((".txt", ".zip", ".html"))}
    )
    taking.folder.chmod(0o555)
    files = sorted(taking.folder.iterdir())
    for file in files:
        os.utime(file, (1_400_000_000, 1_400_000_000))
    before = [(file.name, _state(file)) for file in (taking.folder, *files)]
    try:
        lines = list(taking.record.add([taking.folder]))
    finally:
        taking.folder.chmod(0o755)
    taking.is_whole(lines)
    taking.folder.chmod(0o555)
    assert [(file.name, _state(file)) for file in (taking.folder, *sorted(taking.folder.iterdir()))] == before
    taking.folder.chmod(0o755)


def _state(file: Path) -> tuple[int, ...]:
    found = file.stat()
    return found.st_mtime_ns, found.st_size, found.st_mode, found.st_ino, found.st_nlink


def test_a_disk_that_is_full_keeps_nothing_half(taking: Taking, laptop: Settings) -> None:
    """Files may not grow beyond 300 kB in another process: what is larger is refused, what is inside it too."""
    taking.write({"large.bin": os.urandom(400_000), "papers.zip": every()["papers.zip"]})
    program = (
        "import resource, sys; from pathlib import Path; import onrecord; from onrecord.settings import Settings\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (380_000, 380_000))\n"
        "with onrecord.open(sys.argv[1], settings=Settings(home=Path(sys.argv[2]), handle='mira', zone='UTC')) as record:\n"
        "    for line in record.add([Path(sys.argv[3])]): print(line['status'], line['reason'])\n"
    )
    told = [
        sys.executable,
        "-B",
        "-c",
        program,
        str(taking.record.path),
        str(laptop.home),
        str(taking.folder),
    ]
    taking.record.close()
    done = subprocess.run(told, capture_output=True, text=True, timeout=120)
    with onrecord.open(taking.record.path, settings=laptop) as again:
        assert again.verify()["ok"]
        assert not list(again.path.rglob(".taking-*"))
        assert {line["status"] for line in again.add([taking.folder])} <= {"added", "already held"}
        assert again.verify()["ok"]
    assert "Traceback" not in done.stdout and ("refused" in done.stdout or done.returncode)


def test_a_reader_that_is_killed_costs_at_most_what_it_read(taking: Taking) -> None:
    """Whoever reads is ended again and again while a folder comes in."""
    taking.write({f"{number}.html": every()["page.html"] + b"<p>%d" % number for number in range(60)})
    stop = threading.Event()

    def kill() -> None:
        while not stop.wait(0.02):
            for pid in _readers():
                try:
                    os.kill(pid, 9)
                except ProcessLookupError:
                    continue

    thread = threading.Thread(target=kill)
    thread.start()
    try:
        lines = list(taking.record.add([taking.folder]))
    finally:
        stop.set()
        thread.join()
    taking.is_whole(lines)
    assert {line["status"] for line in lines} == {"added"}
    later = list(taking.record.add([taking.folder]))
    assert {line["status"] for line in later} == {"already held"}


def _readers() -> list[int]:
    """The reading processes that this process started."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rsplit(")", 1)[1].split()
            command = (status.parent / "cmdline").read_bytes()
        except OSError:
            continue
        if int(fields[1]) == os.getpid() and b"onrecord.intake.worker" in command:
            found.append(int(status.parent.name))
    return found


def test_what_readers_eat_is_not_eaten_here(taking: Taking) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    own, _ = taking.one("wide.html", b"<!doctype html><table>" + b"<tr><td>weir<td>gate" * 60_000)
    assert own["status"] == "added"
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 1_500_000, "kilobytes"
    shared_readers().close()


def _stated(taking: Taking, line: dict[str, Any]) -> dict[str, Any]:
    """The item's fields as `get` gives them."""
    told = taking.record.get(line["item"])
    return dict(told.get("fields", told))
