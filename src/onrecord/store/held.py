"""Things as they stood when each log had so many entries: for what a laptop had received, or could prove, on a day.

The views know when this device received a version. Here the entries themselves say which version supersedes which.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from onrecord.record.canonical import decode
from onrecord.record.ids import split_entry
from onrecord.record.things import Thing, Version
from onrecord.store.branches import Branches
from onrecord.store.schema import entry_number, split_number

if TYPE_CHECKING:
    from onrecord.store.sqlite import SqliteStore

_COLUMNS = "version.entry, version.since, version.thing, version.kind, body.bytes"
_JOIN = "version LEFT JOIN body ON body.entry = version.entry"
_OF_THING = f"SELECT {_COLUMNS} FROM {_JOIN} WHERE version.thing = ? ORDER BY version.entry"  # noqa: S608
_OF_KIND = f"SELECT {_COLUMNS} FROM {_JOIN} WHERE version.kind = ? ORDER BY version.thing, version.entry"  # noqa: S608
_POINTING = (
    "SELECT DISTINCT version.thing FROM link JOIN version ON version.entry = link.entry"
    " WHERE link.target = :id AND (:field IS NULL OR link.field = :field) AND (:kind IS NULL OR version.kind = :kind)"
    " ORDER BY version.entry"
)
_LINKS = "SELECT entry FROM link WHERE target = :id AND (:field IS NULL OR field = :field)"
_ORDER = (
    "SELECT body.bytes FROM ordered JOIN body ON body.entry = ordered.entry WHERE ordered.name = ? LIMIT 1"
)

Row = tuple[Any, ...]


class HeldView:
    """Things as the first entries of each log make them. `sizes` has how many, by the log's (or branch's) name."""

    def __init__(self, store: SqliteStore, sizes: Mapping[str, int]) -> None:
        self._store = store
        self._numbers = store.log_numbers()
        self._resolve = Branches(store.connection).resolve
        self._sizes = {self._numbers[name]: size for name, size in sizes.items() if name in self._numbers}

    def get(self, id: str) -> Thing | None:
        return self._thing(self._store.connection.execute(_OF_THING, (id,)).fetchall())

    def of_kind(self, kind: str) -> Iterator[Thing]:
        same: list[Row] = []
        for row in self._store.connection.execute(_OF_KIND, (kind,)).fetchall():
            if same and same[0][2] != row[2]:
                yield from self._things(same)
                same = []
            same.append(row)
        yield from self._things(same)

    def pointing_at(self, id: str, kind: str | None = None, field: str | None = None) -> Iterator[Thing]:
        asked = {"id": id, "kind": kind, "field": field}
        linked = {self._store.name_of(entry) for (entry,) in self._store.connection.execute(_LINKS, asked)}
        for (thing,) in self._store.connection.execute(_POINTING, asked).fetchall():
            found = self.get(thing)
            if found and any(head.name in linked for head in found.heads):
                yield found

    def _things(self, rows: list[Row]) -> Iterator[Thing]:
        thing = self._thing(rows)
        if thing:
            yield thing

    def _thing(self, rows: Iterable[Row]) -> Thing | None:
        held = [row for row in rows if self._holds(row[0])]
        gone = {entry for row in held for entry in self._superseded(row)}
        heads = [self._store.version(row) for row in held if row[0] not in gone]
        return Thing(heads[0].thing, heads[0].kind, tuple(sorted(heads, key=_age))) if heads else None

    def _holds(self, entry: int) -> bool:
        number, seq = split_number(entry)
        return seq < self._sizes.get(number, 0)

    def _superseded(self, row: Row) -> Iterator[int]:
        """The numbers of the entries that a version supersedes; of an erased one, as its order repeats them."""
        body = row[4] or self._order(row[0])
        for name in decode(body).get("supersedes", ()) if body else ():
            log, seq = split_entry(self._resolve(name, row[0]))
            if log in self._numbers:
                yield entry_number(self._numbers[log], seq)

    def _order(self, entry: int) -> bytes | None:
        found = self._store.connection.execute(_ORDER, (self._store.name_of(entry),)).fetchone()
        return found and bytes(found[0])


def _age(version: Version) -> tuple[int, str, int]:
    return version.clock, *split_entry(version.name)
