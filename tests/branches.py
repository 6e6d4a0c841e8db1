"""A second log in a record, as a merge will leave it: entries of another laptop, with their views and index rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from onrecord.api import Record
from onrecord.record.canonical import decode
from onrecord.record.ideas import KINDS
from onrecord.search.index import forget_version, index_thing
from onrecord.store.record_store import RecordStore
from onrecord.store.schema import entry_number, split_number
from onrecord.store.views import Fold


def merge(into: Record, other: Path) -> None:
    """Take in every entry that another copy of the record has beyond this one."""
    here, there = into._store, RecordStore(other, into.settings.home)
    for log in there.db.log_numbers():
        with here.db.transaction():
            _take_log(here, there, log)
        key = there.folder.key_file(log)
        here.folder.key_file(log).write_bytes(key.read_bytes())
    there.close()


def _take_log(here: RecordStore, there: RecordStore, log: str) -> None:
    known = here.db.log_numbers()
    ours = known[log] if log in known else here.db.add_log(log)
    theirs = there.db.log_numbers()[log]
    fold = Fold(here.db.connection, here.db.log_numbers())
    for seq, bodies in _beyond(here, there, ours, theirs):
        fold.take(entry_number(ours, seq), log, bodies, bodies["clock"])
        fold.flush()
        _index(here, entry_number(ours, seq), bodies)


def _beyond(
    here: RecordStore, there: RecordStore, ours: int, theirs: int
) -> Iterable[tuple[int, Mapping[str, Any]]]:
    bounds = entry_number(theirs, 0), entry_number(theirs + 1, 0)
    run = here.db.connection.execute
    for table, columns in (
        ("head", "bytes"),
        ("body", "salt, bytes"),
        ("checkpoint", "size, note, kept, peaks"),
    ):
        query = f"SELECT entry, {columns} FROM {table} WHERE entry >= ? AND entry < ? ORDER BY entry"
        for entry, *rest in there.db.connection.execute(query, bounds).fetchall():
            seq = split_number(entry)[1]
            marks = ", ".join("?" * (len(rest) + 1))
            taken = run(f"INSERT OR IGNORE INTO {table} VALUES ({marks})", (entry_number(ours, seq), *rest))
            if table == "body" and taken.rowcount:
                yield seq, decode(rest[1])


def _index(here: RecordStore, entry: int, body: Mapping[str, Any]) -> None:
    connection, kind = here.db.connection, KINDS.get(body["kind"])
    if kind is None:
        return
    numbers = here.db.log_numbers()
    for name in body.get("supersedes", ()):
        if name.partition("/")[0] in numbers and (before := here.db.version_at(here.db.entry_of(name))):
            forget_version(connection, here.db.entry_of(name), kind.words(before.fields))
    version = here.db.version_at(entry)
    (until,) = connection.execute("SELECT until FROM version WHERE entry = ?", (entry,)).fetchone()
    if version and until is None:
        index_thing(connection, version.thing, entry, kind.words(version.fields))
