"""After entries came, or somebody was let in or revoked: what stands now goes into the views, what no longer does goes out."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from onrecord.store.branches import Branches
from onrecord.store.folding import Folding, clear_views, fold_all, without
from onrecord.store.log import LogWriter
from onrecord.store.standing import Range, judge, resting
from onrecord.store.views import Fold

_RESTING = "SELECT first, beyond, why FROM resting ORDER BY first"
_INSERT = "INSERT INTO resting (first, beyond, why) VALUES (?, ?, ?)"


@dataclass(frozen=True, slots=True)
class Settled:
    """What changed in the views: ranges of entries, by number, that stand from now on; or everything (`again`)."""

    newly: tuple[tuple[int, int], ...]
    again: bool = False


def settle(
    writer: LogWriter,
    connection: sqlite3.Connection,
    record: str,
    keys: Mapping[str, str],
    grown: Iterable[tuple[int, int]] = (),
    forked: bool = False,
    filled: Sequence[int] = (),
) -> Settled:
    """Bring the views in step with who may write. `grown` are ranges that just came and are in no view yet; `filled`
    are entries whose bodies did."""
    writer.flush()
    before: list[Range] = connection.execute(_RESTING).fetchall()
    after = list(resting(connection, judge(connection, record, keys)))
    grown = list(grown)
    if forked or _fell_silent(before, after, grown):
        return _make_again(writer, connection, record, keys)
    connection.execute("DELETE FROM resting")
    connection.executemany(_INSERT, after)
    unfolded = [*((first, beyond) for first, beyond, _ in before), *grown]
    newly = tuple(part for one in unfolded for part in without(one, after))
    folding = Folding(connection, writer.fold)
    for first, beyond in newly:
        folding.take(first, beyond)
    newly += tuple(folding.fill(filled, [*newly, *((first, beyond) for first, beyond, _ in after)]))
    if not folding.finish():
        return _make_again(writer, connection, record, keys)
    return Settled(newly)


def _fell_silent(before: list[Range], after: list[Range], grown: list[tuple[int, int]]) -> bool:
    """Whether entries that are in the views no longer stand."""
    unfolded = [*before, *((first, beyond, "") for first, beyond in grown)]
    return any(True for first, beyond, _ in after for _ in without((first, beyond), unfolded))


def _make_again(
    writer: LogWriter, connection: sqlite3.Connection, record: str, keys: Mapping[str, str]
) -> Settled:
    clear_views(connection)
    fold_all(connection, record, keys)
    numbers = dict(connection.execute("SELECT name, number FROM log"))
    writer.fold = Fold(connection, numbers, Branches(connection).resolve)
    return Settled((), again=True)
