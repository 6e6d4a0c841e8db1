"""What goes out is written outside: never into the record's own folder, nor among this account's keys."""

from __future__ import annotations

from pathlib import Path

from onrecord.record.errors import OutputNotWritten
from onrecord.store.record_store import RecordStore


def require_outside(store: RecordStore, out: Path) -> None:
    """Raise `OutputNotWritten` where `out` is or lies in the record's folder, or that of the keys (ONRECORD_HOME)."""
    place, home = out.resolve(), store.keys.path.parents[1].resolve()
    if place.is_relative_to(store.folder.path.resolve()):
        raise OutputNotWritten(
            str(out), "it would lie inside the record", "Choose a place outside the record's folder."
        )
    if place.is_relative_to(home):
        raise OutputNotWritten(
            str(out),
            "it would lie among the private keys of this account (ONRECORD_HOME), which never go out",
            "Choose a place outside that folder.",
        )
