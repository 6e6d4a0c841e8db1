"""What is known of a disk. Whether it is encrypted is read from the kernel's own files; here from a copy of their shape."""

import os
from pathlib import Path

import pytest

from onrecord.store.disk import is_encrypted, is_full


@pytest.fixture
def system(tmp_path: Path) -> Path:
    """A made-up /proc and /sys in which the disk under `tmp_path` is a plain one."""
    device = tmp_path.stat().st_dev
    number = f"{os.major(device)}:{os.minor(device)}"
    (tmp_path / "proc" / "self").mkdir(parents=True)
    (tmp_path / "proc" / "self" / "mountinfo").write_text(
        f"36 35 {number} / / rw shared:1 - ext4 /dev/x rw\n"
    )
    (tmp_path / "sys" / "dev" / "block" / number / "slaves").mkdir(parents=True)
    return tmp_path


def block(system: Path) -> Path:
    (found,) = (system / "sys" / "dev" / "block").iterdir()
    return found


def test_a_plain_disk_is_told(system: Path) -> None:
    assert is_encrypted(system, system) is False


def test_a_disk_that_lies_on_an_encrypted_one_is_told(system: Path) -> None:
    lower = block(system) / "slaves" / "dm-0" / "dm"
    lower.mkdir(parents=True)
    (lower / "uuid").write_text("CRYPT-LUKS2-0011\n")
    assert is_encrypted(system, system) is True


def test_an_encrypting_file_system_is_told(system: Path) -> None:
    file = system / "proc" / "self" / "mountinfo"
    file.write_text(file.read_text().replace("ext4", "fuse.gocryptfs"))
    assert is_encrypted(system, system) is True


def test_where_the_kernel_shows_nothing_nothing_is_claimed(system: Path, tmp_path: Path) -> None:
    block(system).joinpath("slaves").rmdir()
    block(system).rmdir()
    assert is_encrypted(system, system) is None
    assert is_encrypted(tmp_path / "gone", system) is None


def test_a_disk_is_full_where_next_to_nothing_can_be_written_for_want_of_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not is_full(tmp_path) and not is_full(tmp_path / "gone")
    for free, flag, full in ((31, 0, True), (32, 0, False), (0, os.ST_RDONLY, False)):
        found = os.statvfs_result((4096, 4096, 100, free, free, 0, 0, 0, flag, 255))
        monkeypatch.setattr(os, "statvfs", lambda path, found=found: found)
        assert is_full(tmp_path) == full
