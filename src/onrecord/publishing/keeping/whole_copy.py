"""`publish --as bagit` and `--as ro-crate`: the whole copy, put together beside its place, all of it or nothing.

That the record went there is entered first, so that an erasure's receipt names the copy even where the copying stopped.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from onrecord.publishing.keeping.about import About
from onrecord.publishing.keeping.bag import PAYLOAD, close_bag
from onrecord.publishing.keeping.crate import METADATA, write_crate
from onrecord.publishing.keeping.readable import missing_originals, titles, write_readable
from onrecord.publishing.keeping.snapshot import Copied, copy_record, listed
from onrecord.publishing.place import check_out, put_together
from onrecord.record.entries import Draft
from onrecord.record.errors import FieldInvalid
from onrecord.record.ids import mint
from onrecord.store.outside import require_outside
from onrecord.store.record_store import RecordStore
from onrecord.verifying import verifier_folder
from onrecord.version import __version__

Progress = Callable[[int, int | None, str], None]
BAGIT, CRATE = "bagit", "ro-crate"
FORMS = (BAGIT, CRATE)
RECORD, READABLE = "record", "readable"
VERIFIER = ("verify.py", "verify_time.py", "onrecord_verify")
OURS = frozenset(
    {
        PAYLOAD,
        RECORD,
        READABLE,
        METADATA,
        "README.txt",
        *VERIFIER,
        "bagit.txt",
        "bag-info.txt",
    }
    | {"manifest-sha256.txt", "tagmanifest-sha256.txt"}
)


def keep_whole(store: RecordStore, form: str, out: Path, progress: Progress | None = None) -> dict[str, Any]:
    """Write the whole record to `out`: `{"out", "as", "folder", "files", "bytes", "missing": [hashes]}`.

    `missing` has the originals that items name and that are not here. Raises `OutputExists`, `OutputNotWritten`,
    `OriginalAltered`.
    """
    if form not in FORMS:
        raise FieldInvalid("--as", f"{form!r} is not known here", f"Known: {', '.join(FORMS)}.")
    require_outside(store, out)
    check_out(out, OURS)
    folder = _enter(store, out)
    about = About(store.id, store.title or store.id, store.today().isoformat(), _program(), out.name)
    with put_together(out) as place:
        place.beside.chmod(0o700)
        within = place.beside / PAYLOAD if form == BAGIT else place.beside
        within.mkdir(mode=0o700, exist_ok=True)
        copy_record(store, within / RECORD, progress)
        write_readable(within / RECORD, within / READABLE)
        missing = missing_originals(within / RECORD)
        files = _close(form, place.beside, within, about, len(missing))
        place.flush()
        place.take()
    told: dict[str, Any] = {"out": str(out), "as": form, "folder": folder, "files": len(files)}
    return {**told, "bytes": sum(file.size for file in files), "missing": missing}


def _enter(store: RecordStore, out: Path) -> str:
    """Enter where the record goes, with a checkpoint that is kept; the minted id of that place."""
    folder = mint()
    with store.writing(keep_checkpoint=True) as writer:
        writer.append(Draft("sent", mint(), {"folder": folder, "place": out.name, "for": "archive"}))
    return folder


def _close(form: str, folder: Path, within: Path, about: About, missing: int) -> list[Copied]:
    """Write what makes the folder a bag or a crate; the files that were copied into it."""
    inside = within.relative_to(folder).as_posix()
    at = (lambda name: f"{inside}/{name}") if inside != "." else str
    more = _MORE[form]
    _write_verifier(folder)
    readme = about.readme(at(RECORD), at(READABLE), more, missing)
    (folder / "README.txt").write_text(readme, encoding="utf-8")
    if form == BAGIT:
        files = list(listed(folder, within))
        close_bag(folder, files, about)
    else:
        files = list(listed(folder, folder))
        called = {f"{RECORD}/{path}": title for path, title in titles(within / RECORD).items()}
        write_crate(folder, files, about, called)
    return files


_MORE = {
    BAGIT: "bagit.txt, bag-info.txt, manifest-sha256.txt, tagmanifest-sha256.txt\n"
    "                Make this folder a BagIt bag (RFC 8493). They show damage; only the record shows tampering.",
    CRATE: f"{METADATA}\n                Makes this folder an RO-Crate (version 1.1): it describes every file.",
}


def _write_verifier(folder: Path) -> None:
    """The stand-alone verifier: the programs, and beside them the folder of what they are made of."""
    for name in VERIFIER:
        found = verifier_folder() / name
        for file in sorted(found.rglob("*.py")) if found.is_dir() else [found]:
            place = folder / file.relative_to(verifier_folder())
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            place.write_bytes(file.read_bytes())


def _program() -> str:
    return f"Onrecord {__version__}"
