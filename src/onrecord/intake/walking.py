"""Finding the files under the given paths: sorted, links not followed, and whatever is left out is named."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote_from_bytes

_LINK = "it is a link, and links are not followed"
_NOT_A_FILE = "it is not a file but a pipe, device or socket"
# Controls, and the characters that reorder the text around them: a name must not look like another name.
_MISLEADING = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u061c\u2028-\u202e\u2066-\u2069\ufeff]")
_PLAIN_BYTES = "".join(chr(code) for code in range(0x20, 0x7F) if chr(code) != "%")


@dataclass(frozen=True, slots=True)
class Found:
    """A file to take in. `name` and `folder` are text that can be kept; `folder` is None for a file given alone.

    `name_bytes` is the percent-escaped name where its bytes are not UTF-8; `name` then has U+FFFD in their place.
    """

    path: Path
    name: str
    name_bytes: str | None = None
    folder: str | None = None

    @property
    def shown(self) -> str:
        return shown(self.path)


@dataclass(frozen=True, slots=True)
class Refused:
    """What cannot be taken in, and why."""

    path: Path
    reason: str

    @property
    def shown(self) -> str:
        return shown(self.path)


def shown(path: Path) -> str:
    """A path as text that is safe in a message: nothing in it reorders, hides or breaks off what stands around it."""
    text = os.fsencode(path).decode("utf-8", "backslashreplace")
    return _MISLEADING.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


def walk(paths: Iterable[Path], leave_out: Path | None = None) -> Iterator[Found | Refused]:
    """Every file under the paths, in the order given, folders sorted by the bytes of their names.

    `leave_out` is a folder that is not entered: the record itself, where it lies inside what is added.
    """
    avoided = _identity(leave_out) if leave_out else None
    for path in paths:
        try:
            yield from _walk_one(path, path.lstat().st_mode, avoided)
        except (OSError, ValueError) as wrong:
            yield Refused(path, _why(wrong))


def _walk_one(path: Path, mode: int, avoided: tuple[int, int] | None) -> Iterator[Found | Refused]:
    if stat.S_ISLNK(mode):
        yield Refused(path, _LINK)
    elif stat.S_ISDIR(mode):
        yield from _walk_folder(path, avoided)
    elif stat.S_ISREG(mode):
        yield _found(path, None)
    else:
        yield Refused(path, _NOT_A_FILE)


def _walk_folder(top: Path, avoided: tuple[int, int] | None) -> Iterator[Found | Refused]:
    """A stack, not recursion: folders may be nested deeper than calls can be."""
    name = top.name if top.name not in ("", "..") else top.resolve().name
    waiting: list[tuple[str, os.DirEntry[str] | None]] = [(_as_text(name), None)]
    while waiting:
        folder, entry = waiting.pop()
        path = Path(entry.path) if entry else top
        if entry is None or entry.is_dir(follow_symlinks=False):
            inside = folder if entry is None else f"{folder}/{_as_text(path.name)}"
            entries, refused = _entries(path, avoided)
            if refused:
                yield refused
            waiting += [(inside, found) for found in reversed(entries)]
        elif entry.is_symlink():
            yield Refused(path, _LINK)
        elif entry.is_file(follow_symlinks=False):
            yield _found(path, folder)
        else:
            yield Refused(path, _NOT_A_FILE)


def _entries(folder: Path, avoided: tuple[int, int] | None) -> tuple[list[os.DirEntry[str]], Refused | None]:
    try:
        if avoided and _identity(folder) == avoided:
            return [], Refused(folder, "it is the record itself")
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: os.fsencode(entry.name)), None
    except OSError as wrong:
        return [], Refused(folder, _why(wrong))


def _found(path: Path, folder: str | None) -> Found:
    raw = os.fsencode(path.name)
    try:
        return Found(path, raw.decode("utf-8"), None, folder)
    except UnicodeDecodeError:
        return Found(path, raw.decode("utf-8", "replace"), quote_from_bytes(raw, safe=_PLAIN_BYTES), folder)


def _as_text(name: str) -> str:
    """A folder's name, percent-escaped where its bytes are not UTF-8."""
    raw = os.fsencode(name)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return quote_from_bytes(raw, safe=_PLAIN_BYTES)


def _identity(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_dev, found.st_ino


def _why(wrong: OSError | ValueError) -> str:
    if isinstance(wrong, FileNotFoundError | NotADirectoryError):
        return "it is not there"
    if isinstance(wrong, PermissionError):
        return "it may not be read"
    return f"it cannot be opened ({getattr(wrong, 'strerror', None) or wrong})"
