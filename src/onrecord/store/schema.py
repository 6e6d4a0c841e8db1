"""The tables of record.db: the log as docs/format section 5 gives it, and the views made from it."""

from __future__ import annotations

import sqlite3

SHIFT = 40

# Two questions, as one for both ends would read all rows between them.
_EXTENT = (
    "SELECT (SELECT min(entry) FROM head WHERE entry >= ?1 AND entry < ?2),"
    " (SELECT max(entry) FROM head WHERE entry >= ?1 AND entry < ?2)"
)

# `here`: 1 where the log was written in this folder. `parent`: of a branch, the row that it goes on from. `received`:
# which entries (by number, up to but not including `beyond`) came with which merge. `leaving`: what an erasure still has
# to take off the disk.
LOG = """
CREATE TABLE log (
  number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, here INTEGER NOT NULL DEFAULT 0, parent INTEGER
) STRICT;
CREATE TABLE head (entry INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
CREATE TABLE body (entry INTEGER PRIMARY KEY, salt BLOB NOT NULL, bytes BLOB NOT NULL) STRICT;
CREATE TABLE checkpoint (
  entry INTEGER PRIMARY KEY, size INTEGER NOT NULL, note BLOB NOT NULL, kept INTEGER NOT NULL, peaks BLOB NOT NULL
) STRICT;
CREATE TABLE received (first INTEGER PRIMARY KEY, beyond INTEGER NOT NULL, by INTEGER NOT NULL) STRICT;
CREATE TABLE leaving (path TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
"""

# `until` is NULL while a version is a head version; both times are when this device received them. `awaited` holds
# the names of superseded entries that are not here yet. Two branches of one device may give one slug to two things.
# `control` has the entries that say who writes and who saw what, whether they stand or not; `resting` those that
# are in no other view; `ordered` the orders of erasure that stand, by the name of the entry whose body goes.
VIEWS = """
CREATE TABLE version (
  entry INTEGER PRIMARY KEY, thing TEXT NOT NULL, kind TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER
) STRICT;
CREATE INDEX version_by_thing ON version (thing);
CREATE INDEX version_by_kind ON version (kind, entry);
CREATE TABLE link (
  target TEXT NOT NULL, entry INTEGER NOT NULL, field TEXT NOT NULL, PRIMARY KEY (target, entry, field)
) STRICT, WITHOUT ROWID;
CREATE TABLE slug (
  slug TEXT NOT NULL, device TEXT NOT NULL, thing TEXT NOT NULL, PRIMARY KEY (slug, device, thing)
) STRICT, WITHOUT ROWID;
CREATE TABLE held (
  sha256 TEXT NOT NULL, item TEXT NOT NULL, PRIMARY KEY (sha256, item)
) STRICT, WITHOUT ROWID;
CREATE TABLE awaited (name TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE control (entry INTEGER PRIMARY KEY, kind TEXT NOT NULL) STRICT;
CREATE TABLE resting (first INTEGER PRIMARY KEY, beyond INTEGER NOT NULL, why TEXT NOT NULL) STRICT;
CREATE TABLE ordered (name TEXT NOT NULL, entry INTEGER NOT NULL, PRIMARY KEY (name, entry)) STRICT, WITHOUT ROWID;
"""

# Not compared with the log: layers are made again by reading the original with the same tool. A paragraph is a part
# of a layer, or (with `entry`) the own words of that version. A tile is the root of a perfect subtree of a log's tree
# over 256 (level 8) or 65,536 (level 16) leaves, the `at`-th of its size.
DERIVED = """
CREATE TABLE layer (
  original TEXT PRIMARY KEY, layer TEXT, recipe TEXT NOT NULL, segments TEXT NOT NULL, notes TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX layer_by_hash ON layer (layer);
CREATE TABLE paragraph (
  row INTEGER PRIMARY KEY, thing TEXT NOT NULL, entry INTEGER, layer TEXT, start INTEGER NOT NULL, end INTEGER NOT NULL,
  at INTEGER NOT NULL, length INTEGER NOT NULL
) STRICT;
CREATE INDEX paragraph_by_entry ON paragraph (entry) WHERE entry IS NOT NULL;
CREATE VIRTUAL TABLE words USING fts5 (folded, content='', tokenize="unicode61 remove_diacritics 0");
CREATE TABLE tile (
  log INTEGER NOT NULL, level INTEGER NOT NULL, at INTEGER NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (log, level, at)
) STRICT, WITHOUT ROWID;
"""

# Derived as well, and made where they are missing, as records have been made without them. `observed` is what an
# original states of itself; `fingerprint` what nearly the same originals have in common, `at` so many seconds. `unpacking`
# has the containers of which not all members are in yet; `import` and `imported` how far an import that is not done came.
OF_ORIGINALS = """
CREATE TABLE IF NOT EXISTS observed (original TEXT PRIMARY KEY, facts TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS fingerprint (original TEXT NOT NULL, kind TEXT NOT NULL, at REAL, bits BLOB NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS fingerprint_by_original ON fingerprint (original);
CREATE INDEX IF NOT EXISTS fingerprint_by_kind ON fingerprint (kind);
CREATE TABLE IF NOT EXISTS unpacking (original TEXT PRIMARY KEY) STRICT;
CREATE TABLE IF NOT EXISTS import (roots TEXT PRIMARY KEY, inventory TEXT) STRICT;
CREATE TABLE IF NOT EXISTS imported (
  roots TEXT NOT NULL, path BLOB NOT NULL, size INTEGER NOT NULL, modified INTEGER NOT NULL, beginning TEXT NOT NULL,
  original TEXT NOT NULL, PRIMARY KEY (roots, path)
) STRICT;
"""

VIEW_TABLES = ("version", "link", "slug", "held", "awaited", "control", "resting", "ordered")


def create(connection: sqlite3.Connection) -> None:
    connection.executescript("PRAGMA page_size = 8192; PRAGMA auto_vacuum = NONE; PRAGMA journal_mode = WAL;")
    connection.executescript(
        "BEGIN;" + LOG + VIEWS + DERIVED + OF_ORIGINALS + "PRAGMA user_version = 1; COMMIT;"
    )


def add_missing(connection: sqlite3.Connection) -> None:
    """Make the tables that a record was made without. Where nothing can be written, they are there to be read, empty."""
    if connection.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'fingerprint'").fetchone()[0]:
        return
    try:
        connection.executescript("BEGIN IMMEDIATE;" + OF_ORIGINALS + "COMMIT;")
    except sqlite3.OperationalError:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        kept_in_memory = OF_ORIGINALS.replace("CREATE TABLE", "CREATE TEMP TABLE").replace(
            "EXISTS f", "EXISTS temp.f"
        )
        connection.executescript("PRAGMA temp_store = MEMORY;" + kept_in_memory)


def entry_number(log_number: int, seq: int) -> int:
    return (log_number << SHIFT) + seq


def split_number(entry: int) -> tuple[int, int]:
    return entry >> SHIFT, entry & ((1 << SHIFT) - 1)


def extent(connection: sqlite3.Connection, log_number: int) -> tuple[int, int] | None:
    """The numbers of a log's first and last entry, or None where it has none."""
    first, last = connection.execute(_EXTENT, span(log_number)).fetchone()
    return None if first is None else (int(first), int(last))


def span(log_number: int) -> tuple[int, int]:
    """The numbers of a log's entries: the first that may be, and the first beyond."""
    return entry_number(log_number, 0), entry_number(log_number + 1, 0)
