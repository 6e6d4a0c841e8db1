"""Reading one original that the record holds, with what a person chose for it."""

from __future__ import annotations

import importlib
from typing import Any

from onrecord.intake.formats import format_of
from onrecord.intake.reading import Reading, Source
from onrecord.store.record_store import RecordStore


def read_original(
    store: RecordStore,
    original: str,
    media_type: str,
    name: str,
    *,
    encoding: str | None = None,
    password: str | None = None,
) -> Reading | None:
    """The text of an original, or None where files of its kind are only kept."""
    known = format_of(media_type)
    if known is None:
        return None
    module: Any = importlib.import_module(f"onrecord.intake.{known.module}")
    path = store.originals.path(original)
    with store.originals.open(original) as file:
        source = Source(file, path.stat().st_size, media_type, name, encoding, password)
        readings = [part for part in module.read(source) if isinstance(part, Reading)]
    return readings[-1]
