"""Every way to change a record without its keys: cells, rows, logs and files flipped, cut, swapped, repeated or gone."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import histories
from histories import SECOND, THIRD, Team, device_of
from tiny import FIRST, LETTER, ORIGINAL, TEXT, digest, item, original, quote

from tests.verifier.laid_out import lay_out_record

KEY = {"log": "number", "head": "entry", "body": "entry", "checkpoint": "entry"}
COLUMNS = {
    "log": ("name",),
    "head": ("bytes",),
    "body": ("salt", "bytes"),
    "checkpoint": ("size", "note", "peaks"),
}


def everything() -> Team:
    """A record with all that the format knows: members, merges, a fork, orders, a recovery key, a revocation, files."""
    team = Team("everything", SECOND, THIRD)
    first = team.logs[FIRST]
    first.here = 1
    first.add("item", "bridge text", item(ORIGINAL, "bridge.txt"))
    first.add("passage", "bridge words", {"item": histories.fixed_id("bridge text"), **quote("The bridge")})
    team.keep_recovery(FIRST).say(SECOND, *(f"said {n}" for n in range(9))).say(THIRD, "a", "b")
    team.logs[SECOND].add("item", "letter", item(LETTER, "letter.txt"))
    team.merge(FIRST, SECOND, THIRD)
    team.logs[SECOND].bodies[3] = None
    order = {"authority": ["a court"], "clock": 1, "order": histories.fixed_id("batch")}
    first.add("statement", "said 2", order, of=f"{SECOND}/3", reason="asked for")
    first.add("erasure", "confirmed", {"orders": [f"{FIRST}/{len(first.heads) - 1}"]})
    third, saw = device_of(THIRD), team.seen(THIRD)
    team.revoke(FIRST, third, saw).revoke(SECOND, third, saw)
    one, two = team.fork(SECOND, 8)
    notes = [branch.key.note(branch.leaves()) for branch in (one, two)]
    first.add("fork", "the fork", {"at": 8, "log": SECOND, "notes": notes})
    team.files = {original(ORIGINAL): ORIGINAL, original(LETTER): LETTER, f"layers/{digest(TEXT)}": TEXT}
    return team


@dataclass(frozen=True)
class Change:
    """What was done, and a piece of the place that a verifier has to name."""

    what: str
    where: str


class Tampering:
    """A sound record in a folder, changed in one way after another and each time put back."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = lay_out_record(everything().laid_out(), folder)
        self.chance = random.Random(seed)
        self.files = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        self.rows = self._rows()
        self.logs: dict[int, str] = {row[0]: row[1].partition("~")[0] for row in self.rows["log"]}
        self.ways: list[Callable[[], Change | None]] = [
            *[self.bend_cell] * 6,
            *[self.swap_cells, self.drop_row, self.repeat_row, self.swap_rows, self.move_log, self.swap_logs]
            * 2,
            *[self.bend_file, self.drop_file, self.swap_files, self.repeat_file] * 2,
            self.bend_page,
        ]

    def _rows(self) -> dict[str, list[tuple[Any, ...]]]:
        with sqlite3.connect(self.folder / "record.db") as db:
            found = {table: db.execute(f"SELECT * FROM {table}").fetchall() for table in KEY}
        db.close()
        return found

    def restore(self) -> None:
        for path in [path for path in self.folder.rglob("*") if path not in self.files and path.is_file()]:
            path.unlink()
        for path, raw in self.files.items():
            if not path.exists() or path.read_bytes() != raw:
                path.write_bytes(raw)

    def change(self) -> Change | None:
        """One change; None where it changes nothing that anything attests."""
        return self.chance.choice(self.ways)()

    def run(self, statement: str, *values: Any) -> None:
        with sqlite3.connect(self.folder / "record.db") as db:
            db.execute(statement, values)
        db.close()

    def row(self, table: str | None = None) -> tuple[str, tuple[Any, ...]]:
        table = table or self.chance.choice(["log", *["head", "body", "checkpoint"] * 3])
        return table, self.chance.choice(self.rows[table])

    def log_of(self, table: str, row: tuple[Any, ...]) -> str:
        return self.logs[row[0] if table == "log" else row[0] >> 40]

    def bent(self, held: Any) -> Any:
        """The value with a bit flipped, cut short, longer, or empty."""
        if isinstance(held, int):
            return self.chance.choice([held ^ 1 << self.chance.randrange(20), held + 1, 0, None])
        raw = bytearray(held.encode() if isinstance(held, str) else held)
        at, way = self.chance.randrange(max(len(raw), 1)), self.chance.randrange(8)
        if way < 4 and raw:
            raw[at] ^= 1 << self.chance.randrange(7 if isinstance(held, str) else 8)
        elif way == 4:
            del raw[at:]
        elif way == 5:
            raw[at:at] = raw[at : at + 3] or b"x"
        elif way == 6:
            raw = bytearray(reversed(raw))
        else:
            raw = bytearray()
        return raw.decode("utf-8", "replace") if isinstance(held, str) else bytes(raw)

    def bend_cell(self) -> Change | None:
        table, row = self.row()
        column = self.chance.choice(COLUMNS[table])
        at = {"name": 1, "bytes": 2 if table == "body" else 1, "salt": 1, "size": 1, "note": 2, "peaks": 4}
        other = self.bent(row[at[column]])
        if other == row[at[column]]:
            return None
        self.run(f"UPDATE {table} SET {column} = ? WHERE {KEY[table]} = ?", other, row[0])
        return Change(f"bend {table}.{column}", self.log_of(table, row))

    def swap_cells(self) -> Change | None:
        table, one = self.row()
        column, two = self.chance.choice(COLUMNS[table]), self.row(table)[1]
        read = f"SELECT {column} FROM {table} WHERE {KEY[table]} = ?"
        with sqlite3.connect(self.folder / "record.db") as db:
            first, second = (db.execute(read, (row[0],)).fetchone()[0] for row in (one, two))
            for value, row in ((second, one), (first, two)):
                db.execute(f"UPDATE {table} SET {column} = ? WHERE {KEY[table]} = ?", (value, row[0]))
        db.close()
        return None if first == second else Change(f"swap {table}.{column}", self.log_of(table, one))

    def drop_row(self) -> Change | None:
        table, row = self.row()
        self.run(f"DELETE FROM {table} WHERE {KEY[table]} = ?", row[0])
        return Change(f"drop {table}", self.log_of(table, row))

    def repeat_row(self) -> Change | None:
        table, row = self.row(self.chance.choice(["head", "body", "checkpoint"]))
        to = self.row(table)[1][0] + self.chance.choice([1, 1 << 40, 1 << 45])
        if to in {held[0] for held in self.rows[table]}:
            return None
        marks = ", ".join("?" * len(row))
        self.run(f"INSERT INTO {table} VALUES ({marks})", to, *row[1:])
        return Change(f"repeat {table}", "")

    def swap_rows(self) -> Change | None:
        """The whole rows of two entries, in every table: another order."""
        (_, one), (_, two) = self.row("head"), self.row("head")
        if one[0] == two[0]:
            return None
        with sqlite3.connect(self.folder / "record.db") as db:
            for table in ("head", "body"):
                for source, target in ((one[0], -1), (two[0], one[0]), (-1, two[0])):
                    db.execute(f"UPDATE {table} SET entry = ? WHERE entry = ?", (target, source))
        db.close()
        return Change("swap entries", self.log_of("head", one))

    def move_log(self) -> Change | None:
        row = self.row("log")[1]
        self.run("UPDATE log SET number = number + 100 WHERE number = ?", row[0])
        return Change("move a log", "")

    def swap_logs(self) -> Change | None:
        one, two = self.row("log")[1], self.row("log")[1]
        if one == two:
            return None
        with sqlite3.connect(self.folder / "record.db") as db:
            for name, number in ((f"{one[1]}x", two[0]), (two[1], one[0]), (one[1], two[0])):
                db.execute("UPDATE log SET name = ? WHERE number = ?", (name, number))
        db.close()
        return Change("swap logs", "")

    def file(self) -> Path:
        paths = [path for path in self.files if path.name not in ("README.txt", "record.db")]
        return self.chance.choice(sorted(paths))

    def named(self, path: Path) -> str:
        return path.relative_to(self.folder).as_posix()

    def bend_file(self) -> Change | None:
        path = self.file()
        other = self.bent(self.files[path])
        if other == self.files[path]:
            return None
        path.write_bytes(other)
        return Change(f"bend {path.parent.name[:2]}", self.named(path))

    def drop_file(self) -> Change | None:
        path = self.file()
        path.unlink()
        return Change("drop a file", self.named(path))

    def swap_files(self) -> Change | None:
        one, two = self.file(), self.file()
        one.write_bytes(self.files[two])
        two.write_bytes(self.files[one])
        return None if one == two else Change("swap files", self.named(one))

    def repeat_file(self) -> Change | None:
        path = self.file()
        to = path.with_name(path.name[:-1] + self.chance.choice("abc0"))
        if to.exists():
            return None
        shutil.copyfile(path, to)
        return Change("repeat a file", self.named(to))

    def bend_page(self) -> Change | None:
        """A byte of the database file itself. What SQLite reads out of it may be the same as before."""
        path = self.folder / "record.db"
        raw = bytearray(self.files[path])
        raw[self.chance.randrange(len(raw))] ^= 1 << self.chance.randrange(8)
        path.write_bytes(raw)
        try:
            same = self._attested(self._rows()) == self._attested(self.rows)
        except (sqlite3.Error, UnicodeError):
            same = False
        return None if same else Change("bend a page", "")

    def _attested(self, rows: dict[str, list[tuple[Any, ...]]]) -> object:
        """All but which checkpoints may be replaced, and where a log was written."""
        return [
            [row[:2] for row in rows["log"]],
            rows["head"],
            rows["body"],
            [(*row[:3], row[4]) for row in rows["checkpoint"]],
        ]
