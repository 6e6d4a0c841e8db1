"""Verifying whatever can be verified, opened or not."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from onrecord.api.opened import Progress


def verify(
    path: str | Path,
    *,
    views: bool = False,
    progress: Progress | None = None,
    original: str | Path | None = None,
    roots: str | Path | None = None,
    against: Sequence[str | Path] = (),
) -> dict[str, Any]:
    """Verify a record's folder, a dossier or a proof: `{"ok", "entries", "items", "problems"}`.

    For a proof, `original` is the file it is about, and `roots` certificates that its tokens have to lead to.
    `against` is what was kept of a record elsewhere; `against` in what is given says of each whether it goes on from it.
    """
    from onrecord.verifying import verify_folder

    original, roots = (None if one is None else Path(one) for one in (original, roots))
    kept = [Path(one) for one in against]
    return verify_folder(
        Path(path), views=views, progress=progress, original=original, roots=roots, against=kept
    )
