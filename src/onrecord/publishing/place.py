"""Where a dossier is put together, and how it takes its place: beside it, whole on the disk, and then renamed.

Nothing half-written ever stands at the place that was named. What a build that was stopped left beside it is cleared
away by the next one.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Set
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from onrecord.record.errors import OutputExists, OutputNotWritten
from onrecord.store.part import sync

MANIFEST = "manifest.json"
PROOFS = "proofs.json"
OURS = {MANIFEST, PROOFS, "index.html", "README.txt", "verify.py", "originals"}


def check_out(out: Path, ours: Set[str] = frozenset(OURS)) -> None:
    """Raise `OutputExists` unless a new folder can be made at `out`.

    `ours` are the names that a stopped build of this sort may have left beside it.
    """
    if not out.name or out.name == "..":
        raise OutputExists(str(out), "you are in it", "Name a new folder.")
    if out.is_symlink() or (out.exists() and (not out.is_dir() or any(out.iterdir()))):
        raise OutputExists(str(out), "something is already there", "Choose a new or an empty folder.")
    if any((above / MANIFEST).exists() and (above / PROOFS).exists() for above in out.resolve().parents):
        raise OutputExists(str(out), "it would lie inside another dossier", "Choose a folder beside it.")
    beside = _beside(out)
    if beside.is_symlink() or (beside.exists() and not _is_unfinished(beside, ours)):
        raise OutputExists(
            str(beside),
            "something else is where a dossier is put together",
            "Move it away, or choose another folder.",
        )


def _beside(out: Path) -> Path:
    """Where a dossier is put together before it takes its place."""
    return out.with_name(f".{out.name}.part")


def _is_unfinished(folder: Path, ours: Set[str]) -> bool:
    """Whether a folder holds nothing but what a build that was stopped left behind."""
    return folder.is_dir() and {path.name for path in folder.iterdir()} <= ours


@dataclass(frozen=True, slots=True)
class Place:
    """A folder being built. `cleared` says whether one that was stopped had to be cleared away first."""

    beside: Path
    out: Path
    cleared: bool

    def flush(self) -> None:
        """Put all that was written on the disk, names and all."""
        for path in (*self.beside.rglob("*"), self.beside):
            sync(path)

    def take(self) -> None:
        """Give the whole folder its name."""
        try:
            if self.out.is_dir():
                self.out.rmdir()
            self.beside.rename(self.out)
            sync(self.out.parent)
        except OSError as wrong:
            reason = f"the dossier stands whole at {self.beside} and cannot take its place ({wrong.strerror})"
            raise OutputNotWritten(str(self.out), reason, "Rename it yourself.") from None


@contextmanager
def put_together(out: Path) -> Iterator[Place]:
    """A fresh folder beside `out`, which goes away where anything fails. Raises `OutputNotWritten`."""
    beside = _beside(out)
    cleared = beside.exists()
    try:
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir(parents=True)
        yield Place(beside, out, cleared)
    except BaseException as wrong:
        shutil.rmtree(beside, ignore_errors=True)
        if isinstance(wrong, OSError):
            raise _not_written(out, wrong) from wrong
        raise


def _not_written(out: Path, wrong: OSError) -> OutputNotWritten:
    reason = f"it cannot be written ({wrong.strerror or wrong})"
    return OutputNotWritten(str(out), reason, "Make room there, or choose another folder.")
