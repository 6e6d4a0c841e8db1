"""Finds out what was named, a record, a dossier or a proof, and checks it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from .report import Neither, Report, show

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable

    from .report import Progress


def verify(
    folder: str | os.PathLike[str],
    progress: Progress | None = None,
    in_use: bool = False,
    original: Path | None = None,
    roots: Iterable[bytes] = (),
    against: Iterable[Path] = (),
) -> Report:
    """Check a record, a dossier or a proof. Raises `Neither`. `progress` hears (done, total or None, of what).

    `in_use` says that this same process may open the record meanwhile. Then its shared memory is used as its
    writers use it, and may be written to; else nothing is. A record is compared with what was kept `against` it.
    """
    path = Path(folder)
    against = list(against)
    if not path.exists():
        raise Neither(f"nothing stands at {show(str(path))}")
    if against and not (path / "record.db").exists():
        raise Neither(f"{show(str(path))} is not the folder of a record: only that can be compared")
    if path.is_file():
        return verify_proof(path, progress, original, roots)
    if (path / "record.db").exists() or (path / "keys").is_dir():
        from .record import verify_record

        return verify_record(path, progress, in_use, against)
    from .dossier import JSON_FILES, verify_dossier

    if not any((path / name).exists() for name in JSON_FILES):
        raise Neither(f"{show(str(path))} is neither a record nor a dossier")
    return verify_dossier(path, progress)


def verify_proof(
    file: Path, progress: Progress | None, original: Path | None, roots: Iterable[bytes]
) -> Report:
    """`original` is compared with what the entry states; `roots` are certificates (DER) that tokens have to lead to."""
    from .proof import LARGEST_PROOF, Proof

    with file.open("rb") as opened:
        if b'"format":"onrecord proof ' not in opened.read(LARGEST_PROOF):
            raise Neither(f"{show(str(file))} is not a proof, and not the folder of a record or a dossier")
    report = Report("proof", progress)
    Proof(file.resolve(), report, original, roots).verify()
    return report


def read_roots(place: Path | None) -> list[bytes]:
    """The certificates in a PEM file or a folder of them. Raises `Neither`."""
    if place is None:
        return []
    from . import times

    try:
        return times.read_roots(place)
    except times.Untrue as wrong:
        raise Neither(f"{show(str(place))} {wrong}") from None
