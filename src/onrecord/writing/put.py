"""`put`: new versions of things, all of them or none.

A line on a known thing patches it: unnamed fields carry over and null removes. The whole result is stored as a
version that supersedes what the writer saw; a thing in conflict needs every head version named.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from onrecord.erasing.finishing import finish
from onrecord.erasing.former_names import erase_former, hides_names
from onrecord.record.errors import FieldInvalid, OnrecordError, PutRefused
from onrecord.record.fields import is_sealed, is_stated
from onrecord.search.index import forget_version, index_things
from onrecord.store.log import LogWriter
from onrecord.store.record_store import RecordStore
from onrecord.writing import names
from onrecord.writing.preparing import (
    Line,
    Numbered,
    Prepared,
    Preparing,
    Progress,
    prepare_all,
    read_line,
    slugs_of,
)

BATCH = 500


def put(store: RecordStore, lines: Iterable[Line], progress: Progress | None = None) -> list[dict[str, Any]]:
    """Check every line, then write all of them in one transaction. Raises `PutRefused` with the lines' errors."""
    numbered = numbered_lines(lines)
    if not numbered:
        return []
    open_key_if_needed(store, numbered)
    with store.writing() as writer:
        prepared = prepare_all(Preparing(store, lines=slugs_of(numbered)), numbered, progress)
        sealing = write_all(store, writer, prepared, progress)
    if sealing:
        finish(store)
    return [told(one) for one in prepared]


def numbered_lines(lines: Iterable[Line]) -> list[Numbered]:
    """The lines that hold something, with their numbers."""
    return [(n, line) for n, line in enumerate(lines, 1) if not isinstance(line, str) or line.strip()]


def write_all(
    store: RecordStore, writer: LogWriter, prepared: Sequence[Prepared], progress: Progress | None = None
) -> bool:
    """Write what was checked, inside a transaction; whether names were sealed, so that erasing is to be finished after it."""
    learnt: list[tuple[str, int, Iterable[str]]] = []
    for done, one in enumerate(prepared, 1):
        if not one.unchanged:
            _write_or_refuse(store, writer, one)
            learnt.append((one.draft.thing, writer.last_entry, one.kind.words(one.draft.fields)))
        if done % BATCH == 0:
            index_things(store.db.connection, learnt)
            learnt = []
            if progress:
                progress(done, len(prepared), "writing")
    index_things(store.db.connection, learnt)
    sealing = [one.draft for one in prepared if not one.unchanged and hides_names(one.draft, one.before)]
    if sealing:
        erase_former(store, writer, sealing)
    return bool(sealing)


def open_key_if_needed(store: RecordStore, lines: Iterable[Numbered]) -> None:
    """Ask for the passphrase, where a line may give in clear what is sealed already, before anybody else has to wait."""
    under = store.keys.identity.under_passphrase()
    if under and any(_may_be_sealed_already(store, line) for _, line in lines):
        store.keys.identity.opened()


def _may_be_sealed_already(store: RecordStore, line: Line) -> bool:
    if isinstance(line, str) and '"sealed"' not in line:
        return False
    try:
        read = read_line(line)
        name, given = read.get("id"), read.get("sealed")
        return (
            isinstance(name, str)
            and is_stated(given)
            and not is_sealed(given)
            and bool(names.find(store, name))
        )
    except (OnrecordError, RecursionError):
        return False


def told(one: Prepared) -> dict[str, Any]:
    """What `put` says of a line."""
    said: dict[str, Any] = {
        "line": one.line,
        "id": one.draft.thing,
        "slug": one.draft.slug,
        "kind": one.kind.name,
    }
    if one.unchanged:
        said["unchanged"] = True
    if one.like:
        said["like"] = one.like
    unfinished = one.kind.unfinished(one.draft.fields)
    return said | {"unfinished": unfinished} if unfinished else said


def _write_or_refuse(store: RecordStore, writer: LogWriter, one: Prepared) -> None:
    try:
        _write(store, writer, one)
    except FieldInvalid as wrong:
        raise PutRefused([{"line": one.line, "error": str(wrong)}], 1) from None


def _write(store: RecordStore, writer: LogWriter, one: Prepared) -> None:
    writer.append(one.draft)
    for version in one.before:
        forget_version(store.db.connection, store.db.entry_of(version.name), one.kind.words(version.fields))


__all__ = ["Line", "numbered_lines", "open_key_if_needed", "put", "told", "write_all"]
