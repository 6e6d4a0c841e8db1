"""Writing what a dossier's folder holds: files, manifest, the release entry in the log, and proofs."""

from __future__ import annotations

import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any

from onrecord.publishing.place import MANIFEST, PROOFS, Place
from onrecord.publishing.proofs import build_proofs, leaf_of
from onrecord.record.canonical import encode
from onrecord.record.entries import Draft
from onrecord.record.ids import mint
from onrecord.store.log import LogWriter
from onrecord.store.record_store import RecordStore

FORMAT = "onrecord dossier 1"


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


def write_release(store: RecordStore, writer: LogWriter, release: Release, place: Place) -> dict[str, Any]:
    """Write the dossier where it is put together, and its entries in the log: `{"out", "manifest", "sha256", "entry"}`."""
    folder = place.beside
    _write_files(folder, release)
    manifest = _manifest(store, release, folder)
    (folder / MANIFEST).write_bytes(manifest)
    entry = _enter(writer, release, manifest)
    writer.checkpoint(keep=True)
    beneath = [entry for extract in release.extracts for entry in extract.entries]
    (folder / PROOFS).write_bytes(build_proofs(store, entry, beneath, writer.public))
    place.flush()
    told = {"out": str(place.out), "manifest": str(place.out / MANIFEST)}
    return told | {"sha256": sha256(manifest).hexdigest(), "entry": entry}


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
