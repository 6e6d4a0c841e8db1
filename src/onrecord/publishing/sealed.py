"""Names in sealed identities, opened in memory for one build, so that a sealed name in a text is found and masked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from onrecord.record.errors import KeyMissing
from onrecord.store.record_store import RecordStore
from onrecord.store.sealing import unseal

FREE_TEXT = "note"
_LEAST_TOLD_BY = 10_000


def sealed_names(store: RecordStore) -> dict[str, list[str]]:
    """For every actor whose sealed identity this laptop's key opens: every text in it but its notes.

    Nothing is kept of them. An actor whose identity does not open is left out. Raises `PassphraseMissing`.
    """
    found: dict[str, list[str]] = {}
    for thing in store.db.as_now().of_kind("actor"):
        sealed = [
            version.fields["sealed"]
            for version in thing.heads
            if "age" in (version.fields.get("sealed") or ())
        ]
        if not sealed:
            continue
        try:
            opened = [unseal(one, store.keys.identity.opened()) for one in sealed]
        except KeyMissing:
            continue
        found[thing.id] = [text for one in opened for text in texts(one)]
    return found


def texts(opened: Any) -> Iterator[str]:
    """Every text in what was sealed, at any depth: a name, a telephone number, an address. Notes are left out.

    A number written as one counts where it is long enough to tell who is meant, as an age does not.
    """
    if isinstance(opened, str):
        if opened.strip():
            yield opened
    elif isinstance(opened, int) and abs(opened) >= _LEAST_TOLD_BY:
        yield str(abs(opened))
    elif isinstance(opened, Mapping):
        for key, inner in opened.items():
            if key not in (FREE_TEXT, "language", "used_by", "script"):
                yield from texts(inner)
    elif isinstance(opened, list):
        for inner in opened:
            yield from texts(inner)
