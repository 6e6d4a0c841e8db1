"""A folder on a stick or a shared disk as an exchange folder. Links, pipes and devices in it are never opened."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from onrecord.exchange.place import MOST_FILES, PART, Fill, Source, checked_prefixes, is_file
from onrecord.record.errors import ExchangeRefused

_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


class LocalFolder:
    """Every folder on the way to a file is opened by itself, so no link leads out, also not one set meanwhile."""

    writable = True

    def __init__(self, path: Path) -> None:
        self.shown = str(path)
        self.path = path

    def prefixes(self) -> list[str]:
        try:
            with os.scandir(self.path) as entries:
                names = [entry.name for entry in entries if entry.is_dir(follow_symlinks=False)]
        except OSError as wrong:
            raise ExchangeRefused(
                self.shown, f"it cannot be read ({wrong.strerror})", "Name a folder, such as one on a stick."
            ) from None
        return checked_prefixes(names, self.shown)

    def files(self, prefix: str) -> dict[str, int]:
        found: dict[str, int] = {}
        for name, about in self._walk(prefix, "", 3):
            if is_file(name) and stat.S_ISREG(about.st_mode):
                found[name] = about.st_size
            if len(found) > MOST_FILES:
                raise ExchangeRefused(
                    f"{self.shown}/{prefix}", "it holds too many files", "Nothing was taken."
                )
        return found

    def open(self, name: str) -> Source:
        folder, last = self._folder_of(name)
        try:
            handle = os.open(last, _READ, dir_fd=folder)
        finally:
            os.close(folder)
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            os.close(handle)
            raise OSError("it is no plain file")
        return os.fdopen(handle, "rb", buffering=1 << 18)

    def write(self, name: str, fill: Fill) -> int:
        folder, last = self._folder_of(name, make=True)
        try:
            return _write_whole(folder, last, fill)
        finally:
            os.close(folder)

    def delete(self, name: str) -> None:
        with contextlib.suppress(FileNotFoundError):
            folder, last = self._folder_of(name)
            try:
                os.unlink(last, dir_fd=folder)
            finally:
                os.close(folder)

    def sweep(self, prefix: str) -> None:
        for name, about in list(self._walk(prefix, "", 3)):
            whole = name.removesuffix(PART)
            if name != whole and is_file(whole) and stat.S_ISREG(about.st_mode):
                self.delete(f"{prefix}/{name}")

    def drop(self, prefix: str) -> None:
        self.sweep(prefix)
        with contextlib.suppress(OSError):
            self._drop_folder([prefix])

    def _drop_folder(self, folders: list[str]) -> None:
        """Remove a folder with the folders in it. Raises `OSError` where a file is left."""
        handle = self._open_folder(folders, make=False)
        try:
            for name in os.listdir(handle):  # noqa: PTH208 - by handle, so that no link leads elsewhere
                self._drop_folder([*folders, name])
        finally:
            os.close(handle)
        above = self._open_folder(folders[:-1], make=False)
        try:
            os.rmdir(folders[-1], dir_fd=above)
        finally:
            os.close(above)

    def settle(self, prefix: str) -> None:
        for folder in (prefix, "."):
            handle = self._open_folder([] if folder == "." else [folder], make=False)
            with contextlib.suppress(OSError):
                os.fsync(handle)
            os.close(handle)

    def _walk(self, prefix: str, inside: str, deep: int) -> Iterator[tuple[str, os.stat_result]]:
        try:
            handle = self._open_folder([prefix, *filter(None, inside.split("/"))], make=False)
        except OSError:
            return
        try:
            names = os.listdir(handle)  # noqa: PTH208 - by handle, so that no link leads elsewhere
            for name in names:
                about = os.stat(name, dir_fd=handle, follow_symlinks=False)
                within = f"{inside}/{name}" if inside else name
                if not stat.S_ISDIR(about.st_mode):
                    yield within, about
                elif deep > 1:
                    yield from self._walk(prefix, within, deep - 1)
        finally:
            os.close(handle)

    def _folder_of(self, name: str, make: bool = False) -> tuple[int, str]:
        *folders, last = name.split("/")
        return self._open_folder(folders, make), last

    def _open_folder(self, folders: list[str], make: bool) -> int:
        handle = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        for folder in folders:
            above = handle
            try:
                if make:
                    with contextlib.suppress(FileExistsError):
                        os.mkdir(folder, dir_fd=above)
                handle = os.open(folder, _FOLDER, dir_fd=above)
            finally:
                os.close(above)
        return handle


def _write_whole(folder: int, name: str, fill: Fill) -> int:
    part = name + PART
    with contextlib.suppress(FileNotFoundError):
        os.unlink(part, dir_fd=folder)
    handle = os.open(
        part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644, dir_fd=folder
    )
    try:
        with os.fdopen(handle, "wb", buffering=1 << 18) as file:
            fill(file)
            size = _flushed(file)
        os.rename(part, name, src_dir_fd=folder, dst_dir_fd=folder)
        return size
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(part, dir_fd=folder)
        raise


def _flushed(file: BinaryIO) -> int:
    file.flush()
    os.fsync(file.fileno())
    return file.tell()
