"""Writing a dossier's folder: files, manifest, the release entry in the log, proofs, and then its final name.

The folder is built beside its place and renamed at the end, so that nothing half-written ever stands there.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any

from onrecord.publishing.proofs import build_proofs, leaf_of
from onrecord.record.canonical import encode
from onrecord.record.entries import Draft
from onrecord.record.errors import OutputExists
from onrecord.record.ids import mint
from onrecord.store.log import LogWriter
from onrecord.store.record_store import RecordStore

FORMAT = "onrecord dossier 1"
MANIFEST = "manifest.json"
PROOFS = "proofs.json"
OURS = {MANIFEST, PROOFS, "index.html", "README.txt", "verify.py", "originals"}


@dataclass(frozen=True, slots=True)
class Extract:
    """A released extract: its number, words as printed, how the speaker is named, the entries beneath it."""

    n: int
    words: str
    who: str
    entries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Release:
    """Everything a dossier holds, already let through by the gate."""

    publication: str
    title: str
    audience: str
    language: str
    version: int
    extracts: tuple[Extract, ...]
    files: Mapping[str, bytes]
    originals: Mapping[str, Path]
    evaluated: Mapping[str, Any]


def check_out(out: Path, record: Path) -> None:
    """Raise `OutputExists` unless a new folder can be made at `out`, outside the record."""
    if out.resolve().is_relative_to(record.resolve()):
        raise OutputExists(
            str(out), "it would lie inside the record", "Choose a folder outside the record's own."
        )
    if not out.name or out.name == "..":
        raise OutputExists(str(out), "you are in it", "Name a new folder.")
    if out.is_symlink() or (out.exists() and (not out.is_dir() or any(out.iterdir()))):
        raise OutputExists(str(out), "something is already there", "Choose a new or an empty folder.")
    if any((above / MANIFEST).exists() and (above / PROOFS).exists() for above in out.resolve().parents):
        raise OutputExists(str(out), "it would lie inside another dossier", "Choose a folder beside it.")
    beside = _beside(out)
    if beside.is_symlink() or (beside.exists() and not _is_unfinished(beside)):
        raise OutputExists(
            str(beside),
            "something else is where a dossier is put together",
            "Move it away, or choose another folder.",
        )


def _beside(out: Path) -> Path:
    """Where a dossier is put together before it takes its place."""
    return out.with_name(f".{out.name}.part")


def _is_unfinished(folder: Path) -> bool:
    """Whether a folder holds nothing but what a build that was stopped left behind."""
    return folder.is_dir() and {path.name for path in folder.iterdir()} <= OURS


@dataclass(frozen=True, slots=True)
class Written:
    """A dossier that stands complete beside its place."""

    beside: Path
    out: Path
    sha256: str
    entry: str

    def rename_into_place(self) -> None:
        if self.out.is_dir():
            self.out.rmdir()
        self.beside.rename(self.out)

    def told(self) -> dict[str, Any]:
        return {
            "out": str(self.out),
            "manifest": str(self.out / MANIFEST),
            "sha256": self.sha256,
            "entry": self.entry,
        }


def write_release(store: RecordStore, writer: LogWriter, release: Release, out: Path) -> Written:
    """Write the dossier beside `out` and its entries in the log. Where anything fails, neither stays."""
    out.parent.mkdir(parents=True, exist_ok=True)
    beside = _beside(out)
    shutil.rmtree(beside, ignore_errors=True)
    try:
        _write_files(beside, release)
        manifest = _manifest(store, release, beside)
        (beside / MANIFEST).write_bytes(manifest)
        entry = _enter(writer, release, manifest)
        writer.checkpoint(keep=True)
        beneath = [entry for extract in release.extracts for entry in extract.entries]
        (beside / PROOFS).write_bytes(build_proofs(store, entry, beneath))
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    return Written(beside, out, sha256(manifest).hexdigest(), entry)


def _write_files(folder: Path, release: Release) -> None:
    for path, data in release.files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    for path, source in release.originals.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, place)


def _manifest(store: RecordStore, release: Release, folder: Path) -> bytes:
    files = [_listed(folder, path) for path in sorted((*release.files, *release.originals))]
    cited = [
        {
            "entries": [{"entry": entry, "leaf": leaf_of(store, entry)} for entry in extract.entries],
            "n": extract.n,
            "who": extract.who,
            "words": extract.words,
        }
        for extract in release.extracts
    ]
    return encode(
        {
            "audience": release.audience,
            "built": time.time_ns() // 1_000_000,
            "citations": cited,
            "files": files,
            "format": FORMAT,
            "language": release.language,
            "title": release.title,
            "version": release.version,
        }
    )


def _listed(folder: Path, path: str) -> dict[str, Any]:
    with (folder / path).open("rb") as file:
        digest = file_digest(file, "sha256")
        return {"path": path, "sha256": digest.hexdigest(), "size": file.tell()}


def _enter(writer: LogWriter, release: Release, manifest: bytes) -> str:
    """Write the release entry, whose body leaves, and beside it what stays: which publication and which terms."""
    opened = {
        "audience": release.audience,
        "manifest": sha256(manifest).hexdigest(),
        "title": release.title,
        "version": release.version,
    }
    thing = mint()
    entry = writer.append(Draft("release", thing, opened, author=writer.log))
    private = {"publication": release.publication, "release": thing, **release.evaluated}
    writer.append(Draft("export", mint(), private))
    return entry
