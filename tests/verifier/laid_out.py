"""Lays the vectors' tiny record and tiny dossier out as folders, and spoils them step by step."""

from __future__ import annotations

import json
import sqlite3
from hashlib import sha256
from pathlib import Path
from typing import Any

VECTORS = Path(__file__).resolve().parents[1] / "vectors"
VERIFIER = Path(__file__).resolve().parents[2] / "verifier" / "verify.py"

TABLES = """
CREATE TABLE log (number INTEGER PRIMARY KEY, name TEXT, here INTEGER, parent INTEGER);
CREATE TABLE head (entry INTEGER PRIMARY KEY, bytes BLOB);
CREATE TABLE body (entry INTEGER PRIMARY KEY, salt BLOB, bytes BLOB);
CREATE TABLE checkpoint (entry INTEGER PRIMARY KEY, size INTEGER, note BLOB, kept INTEGER, peaks BLOB);
"""


def modules() -> list[Path]:
    """Every file that the verifier is made of, and that a stranger copies to check a record or a proof."""
    return sorted(path for path in VERIFIER.parent.rglob("*.py"))


def vector(name: str) -> Any:
    return json.loads((VECTORS / name).read_text(encoding="utf-8"))


def write_files(files: dict[str, str], folder: Path) -> Path:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(text.encode())
    return folder


def lay_out_record(made: dict[str, Any], folder: Path) -> Path:
    write_files(made["files"], folder)
    with sqlite3.connect(folder / "record.db") as db:
        db.executescript(TABLES)
        fill(db, made["tables"])
    db.close()
    return folder


def fill(db: sqlite3.Connection, tables: dict[str, Any]) -> None:
    db.executemany("INSERT INTO log VALUES (?, ?, ?, ?)", tables["log"])
    heads = [(entry, head.encode()) for entry, head in tables["head"]]
    db.executemany("INSERT INTO head VALUES (?, ?)", heads)
    bodies = [(entry, bytes.fromhex(salt), body.encode()) for entry, salt, body in tables["body"]]
    db.executemany("INSERT INTO body VALUES (?, ?, ?)", bodies)
    notes = [(*row[:2], row[2].encode(), row[3], bytes.fromhex(row[4])) for row in tables["checkpoint"]]
    db.executemany("INSERT INTO checkpoint VALUES (?, ?, ?, ?, ?)", notes)


def take_step(step: dict[str, Any], folder: Path) -> None:
    if step["step"] in ("delete", "set"):
        return _change_table(step, folder)
    path = folder / step["path"]
    if step["step"] == "remove":
        path.unlink()
    elif step["step"] == "write":
        write_files({step["path"]: step["text"]}, folder)
    else:
        text = path.read_bytes().decode()
        assert step["find"] in text
        path.write_bytes(text.replace(step["find"], step["with"], 1).encode())
    return None


def _change_table(step: dict[str, Any], folder: Path) -> None:
    table, key = step["table"], "number" if step["table"] == "log" else "entry"
    with sqlite3.connect(folder / "record.db") as db:
        if step["step"] == "delete":
            done = db.execute(f"DELETE FROM {table} WHERE {key} = ?", (step["key"],))
        else:
            blob = step["column"] in ("bytes", "salt", "note", "peaks")
            value = bytes.fromhex(step["value"]) if blob else step["value"]
            done = db.execute(
                f"UPDATE {table} SET {step['column']} = ? WHERE {key} = ?", (value, step["key"])
            )
        assert done.rowcount == 1
    db.close()


def everything_in(folder: Path) -> dict[str, tuple[int, str]]:
    """Every file with its time and hash: what has to stay the same while it is verified."""
    files = (path for path in sorted(folder.rglob("*")))
    return {
        str(path): (path.stat().st_mtime_ns, sha256(path.read_bytes()).hexdigest() if path.is_file() else "")
        for path in files
    }
