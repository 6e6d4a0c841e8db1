"""Making the views again from the bodies alone, and comparing: what `verify --views` does."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

from onrecord.record.canonical import decode
from onrecord.store.schema import VIEW_TABLES, VIEWS, split_number
from onrecord.store.sqlite import uri_to_read
from onrecord.store.views import Fold

Progress = Callable[[int, int | None, str], None]
_MOST = 20
_BATCH = 5000


def view_problems(database: Path, progress: Progress | None = None) -> Iterator[dict[str, str]]:
    """Rows in which the record's views differ from those its log makes: `{"what", "where"}`."""
    connection = sqlite3.connect(":memory:", isolation_level=None, uri=True)
    try:
        connection.executescript("PRAGMA cache_size = -262144; PRAGMA temp_store = MEMORY;" + VIEWS)
        connection.execute("ATTACH ? AS kept", (uri_to_read(database.resolve()),))
        _fold_all(connection, progress)
        yield from _differences(connection)
    except (sqlite3.DatabaseError, ValueError, KeyError, TypeError, AttributeError) as wrong:
        yield {"what": f"cannot be made again from this log ({wrong!r})", "where": "record.db, views"}
    finally:
        connection.close()


def _fold_all(connection: sqlite3.Connection, progress: Progress | None) -> None:
    names = dict(connection.execute("SELECT number, name FROM kept.log"))
    fold = Fold(connection, {name: number for number, name in names.items()})
    connection.execute("BEGIN")
    done = 0
    bodies = connection.cursor().execute("SELECT entry, bytes FROM kept.body ORDER BY entry")
    while batch := bodies.fetchmany(_BATCH):
        for entry, bytes_ in batch:
            body = decode(bytes_)
            fold.take(entry, names[split_number(entry)[0]], body, body["clock"])
        fold.flush()
        done += len(batch)
        if progress:
            progress(done, None, "making the views again")
    connection.execute("COMMIT")


def _differences(connection: sqlite3.Connection) -> Iterator[dict[str, str]]:
    for table in VIEW_TABLES:
        for one, other, says in (
            ("kept", "main", "is not what the log says"),
            ("main", "kept", "is missing"),
        ):
            query = f"SELECT * FROM {one}.{table} EXCEPT SELECT * FROM {other}.{table} LIMIT {_MOST}"  # noqa: S608
            for row in connection.execute(query):
                yield {"what": f"a row {says}: {row}", "where": f"record.db, view {table}"}
