"""What a write that was stopped left in a record's folder: told of, and cleared away when nothing can need it.

Unfinished files go at once, unless their writer is still at work. An original that no entry names is kept for a week,
so that it can be added again; nothing that any body names is ever touched, whether it stands, rests or waits.
"""

from __future__ import annotations

import fcntl
import os
import re
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from onrecord.store.part import sweep
from onrecord.store.record_store import RecordStore

KEPT_DAYS = 7
_DAY_SECONDS = 86_400
_NAME = re.compile("[0-9a-f]{64}")
_HASH = re.compile(rb"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")


@dataclass(frozen=True, slots=True)
class Leftovers:
    """What was found when a write began. `waiting` are the originals, by hash, that may still be added."""

    unfinished: int
    cleared: int
    waiting: frozenset[str]

    def told(self, store: RecordStore) -> list[str]:
        """What a person should know of it, in plain words, once the write is done."""
        still = _unnamed(store, self.waiting)
        entered = len(self.waiting) - len(still)
        said = (
            (self.unfinished, "{} left unfinished by a write that was stopped {} cleared away.", "file"),
            (
                entered,
                "{} that an earlier write had copied in when it was stopped {} entered now.",
                "original",
            ),
            (len(still), _STILL, "original"),
            (
                self.cleared,
                f"{{}} that no entry had named for {KEPT_DAYS} days {{}} cleared away.",
                "original",
            ),
        )
        return [text.format(*_counted(count, what)) for count, text, what in said if count]


_STILL = (
    "{} that an earlier write had copied in when it was stopped {} named by no entry yet. Add the files again to enter "
    f"them; what is not named within {KEPT_DAYS} days is cleared away."
)


def _counted(count: int, what: str) -> tuple[str, str]:
    return (f"1 {what}", "is") if count == 1 else (f"{count} {what}s", "are")


@contextmanager
def telling_leftovers(store: RecordStore) -> Iterator[None]:
    """Around a write that brings originals: what an earlier one left is said at its end, among the notices.

    While others bring originals, which no entry names yet either, nothing is told apart and nothing is said.
    """
    with _bringing(store.folder.originals) as alone:
        left = look_for_leftovers(store) if alone else None
    with _bringing(store.folder.originals, alone=False):
        yield
    store.notices += left.told(store) if left else []


@contextmanager
def _bringing(originals: Path, alone: bool = True) -> Iterator[bool]:
    """Hold the place of those who bring originals, alone or with others; whether it could be had."""
    try:
        handle = os.open(originals, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except FileNotFoundError:
        yield False
        return
    try:
        yield _locked(handle, fcntl.LOCK_EX | fcntl.LOCK_NB if alone else fcntl.LOCK_SH)
    finally:
        os.close(handle)


def _locked(handle: int, how: int) -> bool:
    try:
        fcntl.flock(handle, how)
    except OSError:
        return False
    return True


def look_for_leftovers(store: RecordStore, now: float | None = None) -> Leftovers:
    """Clear away what stopped writes left, before another begins. `now` is in seconds, as the clock gives it."""
    rooms = (store.folder.originals, store.folder.layers, store.folder.keys)
    unfinished = sum(sweep(room) for room in rooms)
    unnamed = _unnamed(store, _lying_in(store.folder.originals))
    before = (time.time() if now is None else now) - KEPT_DAYS * _DAY_SECONDS
    unnamed = {hash for hash in unnamed if store.originals.path(hash).is_file()}
    old = {hash for hash in unnamed if _came(store.originals.path(hash)) < before}
    return Leftovers(unfinished, _clear(store, old) if old else 0, frozenset(unnamed - old))


def clear_unnamed(store: RecordStore, hashes: Collection[str]) -> int:
    """Remove originals that this write brought and that nothing names; only where nobody else brings any."""
    with _bringing(store.folder.originals) as alone:
        return _clear(store, set(hashes)) if alone else 0


def _lying_in(originals: Path) -> set[str]:
    """The hash of every original that lies here, by its name alone: there may be a million."""
    return {
        name
        for room in _names_in(originals)
        if len(room) == 2 and (originals / room).is_dir()
        for name in _names_in(originals / room)
        if name.startswith(room) and _NAME.fullmatch(name)
    }


def _names_in(folder: Path) -> list[str]:
    with os.scandir(folder) as entries:
        return [entry.name for entry in entries]


def _clear(store: RecordStore, old: Collection[str]) -> int:
    """Remove originals that are still named by nothing, while nobody can enter one of them."""
    with store.keys.alone(), store.db.transaction():
        gone = _unnamed(store, old)
        for hash in gone:
            store.originals.path(hash).unlink(missing_ok=True)
    return len(gone)


def _came(path: Path) -> float:
    try:
        found = path.lstat()
    except FileNotFoundError:
        return float("inf")
    return max(found.st_mtime, found.st_ctime)


def _unnamed(store: RecordStore, hashes: Collection[str]) -> set[str]:
    """Those of these originals that no body names. The view answers for nearly all, so bodies are rarely read."""
    if not hashes:
        return set()
    run = store.db.connection.execute
    left = set(hashes) - {hash for (hash,) in run("SELECT sha256 FROM held")}
    if left:
        for (body,) in run("SELECT bytes FROM body"):
            left -= {found.decode() for found in _HASH.findall(body)}
    return left
