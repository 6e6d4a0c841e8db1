"""A small disk mounted over one folder of a world, filled up, made read-only, and always taken away again."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.campaigns.world import World

LOGGED = {"add", "put", "merge", "publish", "erase", "send"}
WRITES_TO = {"record": LOGGED, "home": LOGGED | {"new"}, "out": {"publish", "new"}, "stick": {"send"}}
"""What of a world may lie on a disk of its own, and which verbs write there."""


@contextmanager
def on_small_disk(world: World, folder: str, megabytes: int = 16) -> Iterator[Path]:
    """Let one folder of a world lie on a small disk. Skips the test where this account may not mount one."""
    place = world.folder / folder
    aside = place.with_name(f"{folder}-aside")
    place.mkdir(exist_ok=True)
    place.rename(aside)
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", place]
    if subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("this account may not mount a disk")
    try:
        shutil.copytree(aside, place, dirs_exist_ok=True)
        yield place
    finally:
        subprocess.run(["umount", "--lazy", place], check=True)


@contextmanager
def filled(disk: Path, left: int) -> Iterator[None]:
    """Leave so many bytes of a disk free. What takes the room has no name, so that nobody finds it."""
    found = os.statvfs(disk)
    with tempfile.TemporaryFile(dir=disk) as filler:
        os.posix_fallocate(filler.fileno(), 0, max(1, found.f_bavail * found.f_bsize - left))
        yield


@contextmanager
def read_only(disk: Path) -> Iterator[None]:
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    try:
        yield
    finally:
        subprocess.run(["mount", "-o", "remount,rw", disk], check=True)


def limit_files(size: int) -> None:
    """Let this process write no file beyond a size, as on a disk that is full for it alone.

    It must not write bytecode either: Python leaves a cut-off file of it in place, and every later program stumbles.
    """
    sys.dont_write_bytecode = True
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
