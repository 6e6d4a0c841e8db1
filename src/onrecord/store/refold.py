"""Making the views again from the bodies alone, and comparing: what `verify --views` does."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

from onrecord.record.checkpoint import NoteInvalid, parse_verifier_key
from onrecord.record.ids import log_of
from onrecord.store.folding import fold_all
from onrecord.store.schema import VIEW_TABLES, VIEWS
from onrecord.store.sqlite import uri_to_read

Progress = Callable[[int, int | None, str], None]
_MOST = 20


def view_problems(database: Path, progress: Progress | None = None) -> Iterator[dict[str, str]]:
    """Rows in which the record's views differ from those its log makes: `{"what", "where"}`."""
    connection = sqlite3.connect(":memory:", isolation_level=None, uri=True)
    try:
        connection.executescript("PRAGMA cache_size = -262144; PRAGMA temp_store = MEMORY;" + VIEWS)
        connection.execute("ATTACH ? AS kept", (uri_to_read(database.resolve()),))
        keys = key_lines(database.parent / "keys")
        record = next((line.split("/")[1] for line in keys.values()), "")
        connection.execute("BEGIN")
        fold_all(connection, record, keys, progress)
        connection.execute("COMMIT")
        yield from _differences(connection)
    except (sqlite3.DatabaseError, ValueError, KeyError, TypeError, AttributeError) as wrong:
        yield {"what": f"cannot be made again from this log ({wrong!r})", "where": "record.db, views"}
    finally:
        connection.close()


def key_lines(folder: Path) -> dict[str, str]:
    """The line of every sound key file, by its log."""
    found = {}
    for path in sorted(folder.glob("*.vkey")):
        try:
            line = path.read_text(encoding="ascii").rstrip("\n")
            parse_verifier_key(line)
        except (OSError, ValueError, NoteInvalid):
            continue
        found[log_of(path.stem)] = line
    return found


def _differences(connection: sqlite3.Connection) -> Iterator[dict[str, str]]:
    for table in VIEW_TABLES:
        for one, other, says in (
            ("kept", "main", "is not what the log says"),
            ("main", "kept", "is missing"),
        ):
            query = f"SELECT * FROM {one}.{table} EXCEPT SELECT * FROM {other}.{table} LIMIT {_MOST}"  # noqa: S608
            for row in connection.execute(query):
                yield {"what": f"a row {says}: {row}", "where": f"record.db, view {table}"}
