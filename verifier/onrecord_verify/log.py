"""Reads the log of a record: every entry, every checkpoint, the tree above them (format, sections 4 to 6)."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .database import open_log
from .entries import read_body, read_head
from .grammar import DEEPEST, IS_ROW, Broken, log_of, must
from .notes import read_checkpoint
from .plain import plain_reader
from .report import named
from .rows import Row
from .sayings import Sayings
from .statements import Place
from .tree import Tree

if TYPE_CHECKING:
    from .record import Record

SEQ_BITS = 40
TABLES = {
    "log": ("number", "name"),
    "head": ("entry", "bytes"),
    "body": ("entry", "salt", "bytes"),
    "checkpoint": ("entry", "size", "note", "kept", "peaks"),
}
# NOT INDEXED: what an index says is never taken for what the table holds.
ENTRIES = """
SELECT head.entry, head.bytes, body.entry, body.salt, body.bytes
FROM head NOT INDEXED LEFT JOIN body NOT INDEXED ON body.entry = head.entry
WHERE head.entry BETWEEN ? AND ? ORDER BY head.entry
"""
CHECKPOINTS = """
SELECT entry, size, note, peaks FROM checkpoint NOT INDEXED WHERE entry BETWEEN ? AND ? ORDER BY entry
"""
STRAY = "SELECT entry FROM {0} NOT INDEXED WHERE (entry >> 40) NOT IN (SELECT number FROM log) LIMIT 100"
HEADLESS = "SELECT entry FROM body NOT INDEXED WHERE entry NOT IN (SELECT entry FROM head) LIMIT 100"


class Log:
    """One pass over the log, which fills the record's rows."""

    def __init__(self, record: Record) -> None:
        self.record, self.report = record, record.report
        self.problem = record.report.problem
        self.sayings = Sayings(record)

    def read_database(self, database: Path, in_use: bool) -> None:
        for path in (database, database.with_name("record.db-wal")):
            must(not path.is_symlink(), f"is not read: {path.name} is a link")
        must(database.is_file(), "is missing")
        try:
            with closing(open_log(database, in_use)) as log:
                self.read_logs(log)
        except (sqlite3.Error, OverflowError, UnicodeError) as wrong:
            raise Broken(f"cannot be read: SQLite {sqlite3.sqlite_version} says {wrong}") from None
        self.record.whole = True

    def read_logs(self, log: sqlite3.Connection) -> None:
        for table, wanted in TABLES.items():
            made = log.execute("SELECT type, rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
            held = {row[1] for row in log.execute(f"PRAGMA table_info({table})")}
            plain = made is not None and made[0] == "table" and bool(made[1])
            must(plain and held >= set(wanted), f"has no table {table} such as the format describes")
        self.read_rows(log)
        for table in ("head", "body", "checkpoint"):
            for (entry,) in log.execute(STRAY.format(table)):
                self.problem("record.db", f"has a {table} numbered {entry}, which is in no log")
        for (entry,) in log.execute(HEADLESS):
            self.problem("record.db", f"has a body numbered {entry} without a head")

    def read_rows(self, log: sqlite3.Connection) -> None:
        """All logs, each before its branches."""
        waiting: dict[int, tuple[str, Any, Any]] = {}
        numbers: dict[str, int] = {}
        found = log.execute("SELECT * FROM log NOT INDEXED ORDER BY number")
        columns = [column[0] for column in found.description]
        for values in found.fetchall():
            stated = dict(zip(columns, values))  # noqa: B905 - Python 3.8 has no strict
            number, name = stated["number"], stated["name"]
            sound = isinstance(number, int) and 0 <= number < 2**23 and isinstance(name, str) and IS_ROW(name)
            must(bool(sound), f"has a log with the number {number} and the name {name}")
            must(name not in numbers, f"has the log {name} twice")
            waiting[number], numbers[name] = (name, stated.get("here"), stated.get("parent")), number
        read: dict[int, Row] = {}
        while waiting:
            ready = [
                number
                for number, (name, _, parent) in waiting.items()
                if "~" not in name or (numbers.get(log_of(name)) if parent is None else parent) in read
            ]
            if not ready:
                raise Broken(f"has a branch of no log: {named(sorted(one[0] for one in waiting.values()))}")
            for number in ready:
                name, is_here, parent = waiting.pop(number)
                above = None
                if "~" in name:
                    above = read[numbers[log_of(name)] if parent is None else parent]
                    must(above.log == log_of(name), f"has a branch {name} of another log, {above.name}")
                    must(len(above.line()) < DEEPEST, f"has a branch {name} of too many others")
                else:
                    must(parent is None, f"has a log {name} that goes on from another")
                read[number] = Row(number, name, is_here == 1, above)
                self.begin_row(log, read[number])
        self.judge_coverage()

    def begin_row(self, log: sqlite3.Connection, row: Row) -> None:
        self.record.rows[row.name] = row
        if row.parent:
            row.parent.branches.append(row)
        elif row.log not in self.record.keys:
            with self.report.at(f"keys/{row.log}.vkey"):
                self.record.keys[row.log] = self.record.key_of(row.log)
                self.report.key(self.record.keys[row.log])
        self.read_row(log, row)

    def read_row(self, log: sqlite3.Connection, row: Row) -> None:
        first = row.number << SEQ_BITS
        span = (first, first + (1 << SEQ_BITS) - 1)
        stated = self.read_checkpoints(log, span, row)
        row.good = sorted(stated)
        leaves = bytearray(row.parent.tree.levels[0] if row.parent else b"")
        size = awaited = row.first
        plain, takes = plain_reader(row), self.sayings.takes
        for entry, head, body_of, salt, body in log.execute(ENTRIES, span):
            seq = entry - first
            if seq != awaited:
                what = "is there twice" if seq < awaited else f"is missing, and all up to {row.name}/{seq}"
                self.problem(f"{row.name}/{min(seq, awaited)}", what)
            awaited = seq + 1
            said = None if body_of is None else plain(head, salt, body, seq)
            if said is None:
                self.read_entry(row, seq, head, None if body_of is None else (salt, body))
            else:
                row.clock = said["clock"]
                if said["kind"] in takes:
                    self.sayings.take(Place(row.name, seq), said)
            if seq == size and isinstance(head, bytes):
                leaves += sha256(b"\x00" + head).digest()
                size += 1
            self.report.entries += 1
            if not seq % 1000:
                self.report.progress(self.report.entries, None, "entries")
        row.tree = Tree(bytes(leaves))
        for stated_size, (root, peaks) in stated.items():
            self.compare(row, stated_size, root, peaks)
        if row.parent and row.name != f"{row.log}~{row.tree.leaf(row.first).hex()[:16]}":
            self.problem(row.name, "is not named for its first entry, as a branch is")
        if awaited != size:
            row.good = []

    def judge_coverage(self) -> None:
        """The last checkpoint of every history covers all of it; that of a log goes on in its branches."""
        for row in self.record.rows.values():
            covered = max((size for size in row.good if size <= row.tree.size), default=0)
            if len(row.branches) == 1:
                self.problem(row.name, f"parts into branches, and only {row.branches[0].name} is here")
            elif row.log in self.record.keys and not row.branches and covered != row.tree.size:
                many_ = f"has {row.tree.size} entries, and its last good checkpoint covers {covered}"
                self.problem(row.name, many_)
            if row.tree.size == row.first and not row.branches:
                self.problem(row.name, "has no entries")

    def read_checkpoints(
        self, log: sqlite3.Connection, span: tuple[int, int], row: Row
    ) -> dict[int, tuple[bytes, bytes]]:
        """The root and the peaks stated for each size for which there is a good checkpoint."""
        stated: dict[int, tuple[bytes, bytes]] = {}
        if row.log not in self.record.keys:
            self.problem(row.name, "has no sound key, so nothing in it is proven")
            return stated
        for entry, size, note, peaks in log.execute(CHECKPOINTS, span):
            with self.report.at(f"{row.name} checkpoint {entry - span[0] + 1}"):
                must(isinstance(note, bytes) and isinstance(peaks, bytes), "is not stored as bytes")
                checkpoint = read_checkpoint(note, self.record.keys[row.log])
                fits = checkpoint.size == size == entry - span[0] + 1
                must(fits, f"stands for another number of entries than the {checkpoint.size} it states")
                stated[checkpoint.size] = checkpoint.root, peaks
        return stated

    def compare(self, row: Row, size: int, root: bytes, peaks: bytes) -> None:
        where = f"{row.name} checkpoint {size}"
        if size > row.tree.size:
            self.problem(where, f"covers more than the {row.tree.size} entries there are")
        elif size <= row.first:
            self.problem(where, f"stands in a branch that begins after it, at {row.first}")
        elif row.tree.root(size) != root:
            self.problem(where, "has another root than the heads give: a head up to here was altered")
        elif row.tree.peaks(size) != peaks:
            self.problem(where, "has peaks that do not fit the tree, so the log cannot go on from them")

    def read_entry(self, row: Row, seq: int, raw: Any, stored: tuple[Any, Any] | None) -> None:
        """Check one entry step by step, and take in what it says of files and keys."""
        at = Place(row.name, seq)
        with self.report.at(at.name):
            must(isinstance(raw, bytes), "has a head that is not stored as bytes")
            head = read_head(raw)
            must(head.log == row.log and head.seq == seq, "has a head that names another entry")
            if head.of is not None:
                self.record.orders.setdefault(head.of, []).append(at)
            if stored is None:
                self.record.bodiless.add(at.name)
                return
            salt, body = stored
            must(
                isinstance(salt, bytes) and isinstance(body, bytes), "has a body that is not stored as bytes"
            )
            said = read_body(body, salt, head)
            must(said["clock"] >= row.clock, "has a clock that goes back")
            row.clock = said["clock"]
            if head.of is None and said["kind"] in self.sayings.takes:
                self.sayings.take(at, said)
