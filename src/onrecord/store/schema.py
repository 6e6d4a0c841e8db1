"""The tables of record.db: the log as docs/format section 5 gives it, and the views made from it."""

from __future__ import annotations

import sqlite3

SHIFT = 40

LOG = """
CREATE TABLE log (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE head (entry INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
CREATE TABLE body (entry INTEGER PRIMARY KEY, salt BLOB NOT NULL, bytes BLOB NOT NULL) STRICT;
CREATE TABLE checkpoint (
  entry INTEGER PRIMARY KEY, size INTEGER NOT NULL, note BLOB NOT NULL, kept INTEGER NOT NULL, peaks BLOB NOT NULL
) STRICT;
"""

# `until` is NULL while a version is a head version; both times are when this device received them. `awaited` holds
# the names of superseded entries that are not here yet. Two branches of one device may give one slug to two things.
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
"""

# Not compared with the log: layers are made again by reading the original with the same tool. A paragraph is a part
# of a layer, or (with `entry`) the own words of that version.
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
"""

VIEW_TABLES = ("version", "link", "slug", "held", "awaited")


def create(connection: sqlite3.Connection) -> None:
    connection.executescript("PRAGMA page_size = 8192; PRAGMA auto_vacuum = NONE; PRAGMA journal_mode = WAL;")
    connection.executescript("BEGIN;" + LOG + VIEWS + DERIVED + "PRAGMA user_version = 1; COMMIT;")


def entry_number(log_number: int, seq: int) -> int:
    return (log_number << SHIFT) + seq


def split_number(entry: int) -> tuple[int, int]:
    return entry >> SHIFT, entry & ((1 << SHIFT) - 1)
