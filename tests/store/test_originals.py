"""Originals: bytes come in once, whole or not at all, and stay as they were."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from onrecord.record.errors import FileRefused, OriginalAltered
from onrecord.store.copying import WINDOW_BYTES
from onrecord.store.originals import Originals, Taken

LARGE = b"\0\x01frame" * (WINDOW_BYTES // 7 + 1000)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "originals"
    folder.mkdir()
    return folder


@pytest.fixture
def originals(folder: Path) -> Originals:
    return Originals(folder)


@pytest.fixture(params=[b"She said it twice.", LARGE], ids=["small", "large"])
def source(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / "source.bin"
    path.write_bytes(request.param)
    return path


def temporary(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.name.startswith(".")]


def test_a_file_is_held_under_the_hash_of_its_bytes(originals: Originals, folder: Path, source: Path) -> None:
    taken = originals.take(source)
    originals.sync()
    content = source.read_bytes()
    assert taken.sha256 == hashlib.sha256(content).hexdigest()
    assert (taken.size, taken.status) == (len(content), "added")
    held = folder / taken.sha256[:2] / taken.sha256
    assert held == originals.path(taken.sha256)
    assert held.read_bytes() == content
    with originals.open(taken.sha256) as file:
        assert file.read() == content


def test_a_held_file_is_read_only(originals: Originals, source: Path) -> None:
    before = os.umask(0o022)
    try:
        taken = originals.take(source)
    finally:
        os.umask(before)
    assert stat.S_IMODE(originals.path(taken.sha256).stat().st_mode) == 0o444


def test_the_beginning_comes_along_and_so_do_all_bytes_of_a_small_file(
    originals: Originals, source: Path
) -> None:
    taken, content = originals.take(source), source.read_bytes()
    assert taken.beginning == content[: 64 * 1024]


def test_the_same_bytes_twice_are_held_once(
    originals: Originals, folder: Path, source: Path, tmp_path: Path
) -> None:
    first = originals.take(source)
    again = tmp_path / "copy under another name"
    again.write_bytes(source.read_bytes())
    second = originals.take(again)
    assert (second.sha256, second.status) == (first.sha256, "already held")
    assert list(originals.hashes()) == [first.sha256]
    assert not temporary(folder)


def test_a_held_file_that_lost_bytes_is_named_and_not_overwritten(
    originals: Originals, folder: Path, source: Path
) -> None:
    held = originals.path(originals.take(source).sha256)
    held.chmod(0o644)
    held.write_bytes(b"cut")
    with pytest.raises(OriginalAltered, match="has 3 bytes"):
        originals.take(source)
    assert held.read_bytes() == b"cut"
    assert not temporary(folder)


@pytest.mark.parametrize("what", ["folder", "pipe", "link", "nothing", "empty", "impossible"])
def test_what_is_no_file_is_refused_with_a_reason_and_a_mend(
    originals: Originals, tmp_path: Path, what: str
) -> None:
    path, said = made(tmp_path, what)
    with pytest.raises(FileRefused, match=said) as refused:
        originals.take(path)
    assert refused.value.mend
    assert not list(originals.hashes())


def made(tmp_path: Path, what: str) -> tuple[Path, str]:
    path = tmp_path / what
    match what:
        case "folder":
            path.mkdir()
            return path, "a folder"
        case "pipe":
            os.mkfifo(path)
            return path, "pipe"
        case "link":
            (tmp_path / "behind").write_text("words")
            path.symlink_to(tmp_path / "behind")
            return path, "links are not followed"
        case "empty":
            path.touch()
            return path, "the file is empty"
        case "impossible":
            return Path("a\0b"), "not a possible file name"
    return path, "not there"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_refused(originals: Originals, source: Path) -> None:
    source.chmod(0)
    with pytest.raises(FileRefused, match="may not be read"):
        originals.take(source)


def test_a_file_that_grows_while_it_is_read_is_refused_and_nothing_of_it_stays(
    originals: Originals, folder: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    grows_after_first_look(source, monkeypatch)
    with pytest.raises(FileRefused, match="it changed while it was read"):
        originals.take(source)
    assert not temporary(folder)
    assert not list(originals.hashes())


def grows_after_first_look(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    look, looks = os.fstat, iter([True])

    def growing(handle: int) -> os.stat_result:
        seen = look(handle)
        if seen.st_ino == source.stat().st_ino and next(looks, False):
            with source.open("ab") as file:
                file.write(b"more")
        return seen

    monkeypatch.setattr(os, "fstat", growing)


def test_a_file_rewritten_with_as_many_bytes_is_noticed(
    originals: Originals, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: Iterator[int] = iter([1])
    look = os.fstat

    def rewritten(handle: int) -> os.stat_result:
        seen = look(handle)
        if seen.st_ino == source.stat().st_ino and next(looks, 0):
            os.utime(source, ns=(seen.st_atime_ns, seen.st_mtime_ns + 1_000_000))
        return seen

    monkeypatch.setattr(os, "fstat", rewritten)
    with pytest.raises(FileRefused, match="changed"):
        originals.take(source)


class Failing:
    """A card some of whose blocks cannot be read: what the system then says, for the reads of one file."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, source: Path, *bad: tuple[int, int]) -> None:
        self._read, self._bad, self._inode = os.preadv, bad, source.stat().st_ino
        monkeypatch.setattr(os, "preadv", self.preadv)

        self._read_one = os.pread
        monkeypatch.setattr(os, "pread", self.pread)

    def preadv(self, handle: int, buffers: list[memoryview], at: int) -> int:
        self._fail_on(handle, at, sum(map(len, buffers)))
        return self._read(handle, buffers, at)

    def pread(self, handle: int, wanted: int, at: int) -> bytes:
        self._fail_on(handle, at, wanted)
        return self._read_one(handle, wanted, at)

    def _fail_on(self, handle: int, at: int, wanted: int) -> None:
        ours = os.fstat(handle).st_ino == self._inode
        if ours and any(at < end and start < at + wanted for start, end in self._bad):
            raise OSError(5, "Input/output error")


def test_a_part_that_a_card_does_not_give_stands_as_zeros_and_is_named(
    originals: Originals, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = os.urandom(3_000_000)
    source.write_bytes(content)
    Failing(monkeypatch, source, (1_200_000, 1_200_010))
    taken = originals.take(source)
    (hole,) = taken.unreadable
    assert hole.start <= 1_200_000 < 1_200_010 <= hole.end and hole.end - hole.start == 4096
    assert hole.as_json()["kept_as"] == "zeros"
    kept = originals.path(taken.sha256).read_bytes()
    assert kept == content[: hole.start] + bytes(4096) + content[hole.end :]


def test_an_end_that_a_card_does_not_give_is_left_out_and_named(
    originals: Originals, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = os.urandom(20_000_000)
    source.write_bytes(content)
    Failing(monkeypatch, source, (9 * 1024**2, len(content)))
    taken = originals.take(source)
    assert [(one.start, one.end, one.kept_as) for one in taken.unreadable][-1] == (
        taken.size,
        len(content),
        "left out",
    )
    assert content.startswith(originals.path(taken.sha256).read_bytes()[: 9 * 1024**2])


def test_what_can_be_read_after_a_long_bad_part_is_kept(
    originals: Originals, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = os.urandom(20_000_000)
    source.write_bytes(content)
    Failing(monkeypatch, source, (2_000_000, 16_000_000))
    taken = originals.take(source)
    (hole,) = taken.unreadable
    assert taken.size == len(content) and hole.kept_as == "zeros" and hole.end < 16_005_000
    assert originals.path(taken.sha256).read_bytes()[hole.end :] == content[hole.end :]


def test_a_file_of_which_nothing_can_be_read_is_refused(
    originals: Originals, folder: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Failing(monkeypatch, source, (0, 1 << 40))
    with pytest.raises(FileRefused, match="none of it can be read"):
        originals.take(source)
    assert not temporary(folder)


def test_a_card_that_is_gone_is_told_from_one_that_fails(
    originals: Originals, folder: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Failing(monkeypatch, source, (0, 1 << 40))
    handle = os.open(source, os.O_RDONLY)
    looked = os.open

    def opened(path: object, *more: object, **named: object) -> int:
        if path == source:
            source.unlink()
            return handle
        return looked(path, *more, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "open", opened)
    with pytest.raises(FileRefused, match="card is gone"):
        originals.take(source)
    assert not temporary(folder)


def test_a_copy_that_reads_back_otherwise_is_not_kept(
    originals: Originals, folder: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, came = os.preadv, source.stat().st_ino

    def spoilt(handle: int, buffers: list[memoryview], at: int) -> int:
        length = read(handle, buffers, at)
        if os.fstat(handle).st_ino != came:
            buffers[0][length - 1] ^= 1
        return length

    monkeypatch.setattr(os, "preadv", spoilt)
    with pytest.raises(FileRefused, match="was not what was written"):
        originals.take(source)
    assert not temporary(folder) and not list(originals.hashes())


def test_bytes_that_come_piece_by_piece_are_kept_as_one_original(originals: Originals) -> None:
    content = os.urandom(10_000_000)
    pieces = (content[at : at + 70_001] for at in range(0, len(content), 70_001))
    taken = originals.take_chunks(pieces, "member")
    assert taken.size == len(content) and originals.verify(taken.sha256, len(content)) is None


def test_a_full_disk_is_the_records_fault_and_leaves_nothing(
    originals: Originals, folder: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*asked: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(FileRefused, match="the record's disk is full"):
        originals.take(source)
    assert not temporary(folder)


def test_a_name_that_is_not_utf8_can_be_said(originals: Originals, tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xe9t\xe9.txt"))
    with pytest.raises(FileRefused) as refused:
        originals.take(path)
    str(refused.value).encode("utf-8")


def test_verifying_says_what_is_wrong(originals: Originals, source: Path) -> None:
    taken = originals.take(source)
    assert originals.verify(taken.sha256, taken.size) is None
    held = originals.path(taken.sha256)
    held.chmod(0o644)
    held.write_bytes(b"x" * taken.size)
    assert originals.verify(taken.sha256, taken.size) == "the file's bytes are not those that came in"
    held.write_bytes(b"x")
    assert originals.verify(taken.sha256, taken.size) == f"the file has 1 bytes, not {taken.size}"
    held.unlink()
    assert originals.verify(taken.sha256, taken.size) == "the file is missing"
    with pytest.raises(OriginalAltered):
        originals.open(taken.sha256)


@pytest.mark.parametrize("hash", ["../../etc/passwd", "", "AB" * 32, "ab" * 31])
def test_what_is_no_hash_names_no_path(originals: Originals, hash: str) -> None:
    with pytest.raises(OriginalAltered):
        originals.path(hash)


def test_hashes_are_sorted_and_what_is_no_original_is_unknown(
    originals: Originals, folder: Path, tmp_path: Path
) -> None:
    taken = [take_text(originals, tmp_path, f"{number}") for number in range(20)]
    (folder / "stray.txt").write_text("x")
    (folder / taken[0].sha256[:2] / "notes").write_text("x")
    assert list(originals.hashes()) == sorted(one.sha256 for one in taken)
    assert sorted(str(path) for path in originals.unknown()) == sorted(
        [f"{taken[0].sha256[:2]}/notes", "stray.txt"]
    )


def take_text(originals: Originals, tmp_path: Path, text: str) -> Taken:
    path = tmp_path / "text"
    path.write_text(text)
    return originals.take(path)


def test_what_a_stopped_take_left_is_swept_away_but_not_what_is_being_written(
    originals: Originals, folder: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / ".taking-1-left").write_bytes(b"half")
    write, swept = os.write, []

    def sweeping(handle: int, chunk: bytes) -> int:
        swept.append(Originals(folder).sweep_temporary())
        return write(handle, chunk)

    monkeypatch.setattr(os, "write", sweeping)
    taken = originals.take(source)
    assert swept[0] == 1
    assert not any(swept[1:])
    assert originals.verify(taken.sha256, taken.size) is None


def test_a_folder_that_is_filled_while_others_are_flushed_is_flushed_next(
    originals: Originals, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: list[Path] = []
    late = tmp_path / "late"
    late.mkdir()

    def flush(folder: Path) -> None:
        flushed.append(folder)
        if len(flushed) == 1:
            originals._unsynced.add(late)

    monkeypatch.setattr("onrecord.store.originals.sync", flush)
    (tmp_path / "a").write_bytes(b"the gate")
    originals.take(tmp_path / "a")
    originals.sync()
    assert late not in flushed
    originals.sync()
    assert flushed[-1] == late


@pytest.mark.parametrize("length", [1, 65_536, 65_537, 262_144, 9_000_000, 8 * 1024**2])
def test_what_comes_piece_by_piece_is_kept_whatever_its_length(originals: Originals, length: int) -> None:
    content = bytes(number % 251 for number in range(1_000)) * (length // 1_000 + 1)
    content = content[:length]
    taken = originals.take_chunks((content[at : at + 40_000] for at in range(0, length, 40_000)), "member")
    assert originals.path(taken.sha256).read_bytes() == content
    assert (taken.size, taken.beginning) == (length, content[:65_536])
