"""Damaged files of every kind, through the real reading processes and the whole of `add`.

What has to be nought: escapes (anything written outside the record and the keys, a process or a socket left over), and
lost files (neither kept nor refused with a reason, or a record that does not verify). Readers may end; that is counted.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import onrecord
from onrecord.api import Record
from onrecord.settings import Settings
from tests.hostile_originals.damage import damaged
from tests.hostile_originals.taking import is_plain
from tests.samples import every

FIRST_SEED = 20_140_515
ROUND = 60
SECONDS = 600
_FAILED = "the reader failed on this"


def test_damage_to_any_kind_of_file_loses_nothing_and_reaches_nothing(
    tmp_path: Path, laptop: Settings, tally: Counter[str]
) -> None:
    for _ in _rounds(tmp_path, laptop, tally, FIRST_SEED, 2):
        pass
    _assert_none(tally)


@pytest.mark.slow
def test_ten_minutes_of_damage_lose_nothing_and_reach_nothing(
    tmp_path: Path, laptop: Settings, tally: Counter[str]
) -> None:
    first = int(os.environ.get("ONRECORD_SEED", time.time()))
    print(f"ONRECORD_SEED={first}")
    end = time.monotonic() + SECONDS
    for _ in _rounds(tmp_path, laptop, tally, first, None):
        if time.monotonic() > end:
            break
    _assert_none(tally)


def _assert_none(tally: Counter[str]) -> None:
    assert tally["files"] and tally["kept"]
    assert tally["escapes"] == 0 and tally["lost files"] == 0


def _rounds(
    place: Path, laptop: Settings, tally: Counter[str], first: int, count: int | None
) -> Iterator[None]:
    """Rounds of damaged files, all into one record."""
    for name in ("files", "kept", "refused", "readers that failed", "escapes", "lost files"):
        tally[name] += 0
    onrecord.new(place / "record", settings=laptop)
    samples, turn = every(), 0
    folder = place / "handed over"
    while count is None or turn < count:
        folder.mkdir()
        seeds = range(first + turn * ROUND, first + (turn + 1) * ROUND)
        for seed in seeds:
            name, content = damaged(samples, seed)
            (folder / name).write_bytes(content)
        with onrecord.open(place / "record", settings=laptop) as record:
            _take_in(record, folder, place, tally)
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()
        turn += 1
        yield


def _take_in(record: Record, folder: Path, place: Path, tally: Counter[str]) -> None:
    before = _outside(place)
    lines = list(record.add([folder]))
    escaped = _outside(place) ^ before
    if escaped:
        print(f"escaped: {sorted(escaped)[:5]}")
    tally["escapes"] += len(escaped)
    told = {line["path"]: line for line in lines}
    for file in folder.iterdir():
        tally["files"] += 1
        _count(told.get(str(file)), str(file), tally)
    for line in lines:
        tally["readers that failed"] += any(_FAILED in note for note in line.get("notes", ()))
    found = record.verify()
    if found["problems"] or list(record.path.rglob(".taking-*")):
        print(f"wrong in the record: {found['problems'][:3]}")
        tally["lost files"] += 1


def _count(line: dict[str, Any] | None, file: str, tally: Counter[str]) -> None:
    if line is None or (line["status"] == "refused" and not is_plain(line["reason"])):
        print(f"lost: {file} {line}")
        tally["lost files"] += 1
        return
    tally["refused" if line["status"] == "refused" else "kept"] += 1


def _outside(place: Path) -> set[str]:
    """What could have been reached from inside: files beside the record, in the folders for temporary files, and sockets."""
    beside = {
        str(path) for path in place.rglob("*") if path.relative_to(place).parts[0] not in ("record", "home")
    }
    escaped = {str(path) for name in ("/tmp/x", "/x", "/etc/x", "/var/x") if (path := Path(name)).exists()}
    return beside | escaped | _addresses()


def _addresses() -> set[str]:
    """The network sockets of this process and of all that it started."""
    found: set[str] = set()
    for process in _family():
        for handle in _handles(process):
            if handle.startswith("socket:") and handle[8:-1] in _network():
                found.add(handle)
    return found


def _family() -> set[str]:
    parents = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[status.parent.name] = status.read_text().rsplit(")", 1)[1].split()[1]
        except OSError:
            continue
    ours = {str(os.getpid())}
    for _ in range(4):
        ours |= {process for process, parent in parents.items() if parent in ours}
    return ours


def _handles(process: str) -> Iterator[str]:
    try:
        handles = list(Path(f"/proc/{process}/fd").iterdir())
    except OSError:
        return
    for handle in handles:
        try:
            yield str(handle.readlink())
        except OSError:
            continue


def _network() -> set[str]:
    """The inodes of all sockets of the internet protocols."""
    found: set[str] = set()
    for name in ("tcp", "tcp6", "udp", "udp6"):
        rows = Path(f"/proc/net/{name}")
        if rows.exists():
            found |= {row.split()[9] for row in rows.read_text().splitlines()[1:]}
    return found
