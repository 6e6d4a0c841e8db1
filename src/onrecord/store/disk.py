"""What is known of the disk under a folder: whether it is full, and whether it is encrypted, as far as Linux tells."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

_ENCRYPTING = ("ecryptfs", "fuse.gocryptfs", "fuse.cryfs", "fuse.encfs", "fuse.securefs")


# Less than SQLite needs beside a database before it writes a page.
_FULL_BYTES = 128 * 1024


def is_full(folder: Path) -> bool:
    """Whether next to nothing can be written here for want of room."""
    try:
        found = os.statvfs(folder)
    except OSError:
        return False
    return not found.f_flag & os.ST_RDONLY and found.f_bavail * found.f_frsize < _FULL_BYTES


def is_encrypted(folder: Path, system: Path = Path("/")) -> bool | None:
    """True or False where the kernel shows it, None where it does not. `system` is where /proc and /sys stand."""
    try:
        device = folder.stat().st_dev
        mounted = _file_system(system, device)
        if mounted in _ENCRYPTING:
            return True
        block = system / "sys" / "dev" / "block" / f"{os.major(device)}:{os.minor(device)}"
        if not block.exists():
            return None
        return any(_is_crypt(one) for one in _beneath(block.resolve()))
    except OSError:
        return None


def _file_system(system: Path, device: int) -> str | None:
    """The type of the file system with this device number."""
    number = f"{os.major(device)}:{os.minor(device)}"
    for line in (
        (system / "proc" / "self" / "mountinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    ):
        fields = line.split()
        if fields[2] == number:
            return fields[fields.index("-") + 1]
    return None


def _beneath(block: Path) -> Iterator[Path]:
    """A block device and every one it lies on."""
    yield block
    slaves = block / "slaves"
    for slave in sorted(slaves.iterdir()) if slaves.is_dir() else ():
        yield from _beneath(slave.resolve())


def _is_crypt(block: Path) -> bool:
    uuid = block / "dm" / "uuid"
    return uuid.is_file() and uuid.read_text(encoding="ascii", errors="replace").startswith("CRYPT-")
