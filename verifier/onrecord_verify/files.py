"""Files and folders that a stranger may have made: read within limits, and never through a link."""

from __future__ import annotations

import os
import stat
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from .grammar import Broken, must
from .report import Report

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import BufferedReader


def open_plain(path: Path) -> BufferedReader:
    """A regular file, opened for reading and never through a link."""

    def opener(name: str, flags: int) -> int:
        return os.open(name, flags | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))

    must(not path.is_symlink(), "is a link, and links are not followed")
    file = open(path, "rb", opener=opener)  # noqa: SIM115 - handed to the caller, who closes it
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise Broken("is not a plain file")
    return file


def read_small(path: Path, most: int) -> bytes:
    with open_plain(path) as file:
        raw = file.read(most + 1)
    must(len(raw) <= most, "is larger than such a file can be")
    return raw


def hash_of(path: Path) -> tuple[str, int]:
    """The SHA-256 and the size of a file."""
    digest, size, block = sha256(), 0, memoryview(bytearray(1 << 18))
    with open_plain(path) as file:
        for count in iter(lambda: file.readinto(block), 0):
            digest.update(block[:count])
            size += count
    return digest.hexdigest(), size


def walk(folder: Path, report: Report) -> Iterator[tuple[str, bool]]:
    """Every path below the folder, written with /, and whether it is a folder. Links and devices are problems."""
    waiting = [""]
    while waiting:
        inside = waiting.pop()
        try:
            with os.scandir(folder / inside) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError as wrong:
            report.problem(inside or ".", f"cannot be read: {wrong.strerror}")
            continue
        for entry in entries:
            path = inside + entry.name
            if entry.is_dir(follow_symlinks=False):
                waiting.append(path + "/")
                yield path, True
            elif entry.is_file(follow_symlinks=False):
                yield path, False
            else:
                report.problem(path, "is a link or a device, and neither is read")


def unknown(path: str) -> str:
    """What to say of a file that nothing accounts for."""
    name = path.rpartition("/")[2]
    if name in (".DS_Store", "Thumbs.db", "desktop.ini") or name.startswith("._"):
        return "does not belong here; the computer's file browser makes such files: delete it and check again"
    return "does not belong here"
