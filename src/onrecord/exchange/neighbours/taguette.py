"""Taguette projects: documents become items, highlights passages with the exact words, tags the note of a passage.

A highlight says that words were marked, and not who said them: so no statement is made of it. The project file is kept.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from pathlib import Path
from typing import Any

from onrecord.exchange.neighbours.bundle import Bundle, Progress
from onrecord.exchange.neighbours.placing import times
from onrecord.exchange.neighbours.plan import CARRIED, KEPT, LEFT, WRONG, Plan, Told, Words, slug
from onrecord.exchange.neighbours.taguette_reading import text_of
from onrecord.intake.programs import ProgramLimits, run_confined
from onrecord.intake.walking import shown
from onrecord.record.errors import FileRefused, OnrecordError

NAME = "taguette"
_UNSAFE = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')
_READER = "onrecord.exchange.neighbours.taguette_reading"


def looks_like(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        beginning = file.read(1 << 16)
    return beginning.startswith(b"SQLite format 3\x00") and b"highlight_tags" in beginning


def plan(path: Path, scratch: Path, progress: Progress | None = None) -> Plan:
    if path.is_symlink() or not path.is_file():
        raise FileRefused(shown(path), "a Taguette project is one file", "Name the .sqlite3 file.")
    name = shown(Path(path.name))
    made = Plan(Bundle(path, {name: path}, progress=progress))
    held = _read(path, scratch)
    if "wrong" in held:
        made.say(name, WRONG, f"it cannot be read as a Taguette project: {held['wrong']}", name)
        return made
    made.say(name, KEPT, None, name)
    if path.with_name(f"{path.name}-wal").exists():
        made.say(
            f"{path.name}-wal",
            LEFT,
            "it holds changes that are not in the project: close Taguette, and import again",
        )
    source = made.bundle.digest(name)
    files = {row["id"]: _write(made, row, scratch / path.stem) for row in held["documents"]}
    for row in held["highlights"]:
        made.told.append(_highlight(row, files, _tags(held, row["id"]), source))
    _say_the_rest(made, held)
    return made


def _read(path: Path, scratch: Path) -> dict[str, Any]:
    """What the reader prints, from a copy that it cannot change."""
    room = scratch / "taguette"
    room.mkdir()
    copy = room / "project.sqlite3"
    shutil.copyfile(path, copy)
    copy.chmod(0o400)
    command = [sys.executable, "-P", "-s", "-m", _READER, str(copy.resolve())]
    try:
        told = json.loads(
            run_confined(command, limits=ProgramLimits(output_bytes=1 << 30), scratch=room.resolve())
        )
    except OnrecordError as wrong:
        return {"wrong": wrong.reason}
    except ValueError:
        return {"wrong": "its reader gave nothing that can be read"}
    return dict(told)


def _write(made: Plan, row: dict[str, Any], folder: Path) -> str:
    """Write a document's contents out as the file that becomes an item."""
    folder.mkdir(exist_ok=True)
    name = _UNSAFE.sub("_", str(row.get("name") or row.get("filename") or "document")).strip(". ")[:80]
    file = f"{row['id']} {name}.html"
    place = folder / file
    place.write_bytes(str(row["contents"]).encode("utf-8", "replace"))
    made.made[file] = place
    made.told.append(Told(f"document {row['id']} “{row.get('name')}”", CARRIED, None, file))
    if row.get("description"):
        made.say(f"document {row['id']} description", KEPT, "it stands in the project file")
    return file


def _tags(held: dict[str, Any], highlight: int) -> list[str]:
    named = {row["id"]: str(row["path"]) for row in held["tags"]}
    return [
        named[one["tag_id"]]
        for one in held["highlight_tags"]
        if one["highlight_id"] == highlight and one["tag_id"] in named
    ]


def _highlight(row: dict[str, Any], files: dict[int, str], tags: list[str], source: str) -> Told:
    where = f"highlight {row['id']} of document {row['document_id']}"
    file = files.get(row["document_id"])
    if file is None:
        return Told(where, LEFT, "its document is not in the project")
    snippet = text_of(str(row.get("snippet") or ""))
    if row.get("words") is None and not snippet.strip():
        return Told(where, LEFT, "its offsets are outside its document")
    thing: dict[str, Any] = {"kind": "passage", "id": slug("taguette", source, "highlight", row["id"])}
    if tags:
        thing["note"] = f"Taguette: {', '.join(tags)}"
    return Told(where, CARRIED, None, file, thing=thing, words=_words(row, snippet))


def _words(row: dict[str, Any], snippet: str) -> Words:
    """The words by their offsets; where the snippet kept beside them says otherwise, the snippet's words."""
    words = row.get("words")
    if words and (not snippet.strip() or (times(snippet, words) and times(words, snippet))):
        return Words((words,), row["nth"], row["times"])
    return Words((snippet,))


def _say_the_rest(made: Plan, held: dict[str, Any]) -> None:
    used = {one["tag_id"] for one in held["highlight_tags"]}
    for row in held["tags"]:
        if row["id"] not in used:
            made.say(f"tag “{row['path']}”", KEPT, "no highlight has it")
        if row.get("description"):
            made.say(f"tag “{row['path']}” description", KEPT, "it stands in the project file")
    for row in held["projects"]:
        made.say(f"project “{row['name']}”", KEPT, "its name and description stand in the project file")
    for table, count in held["others"].items():
        made.say(f"table {table}", KEPT, f"{count} rows that are not of this kind stand in the project file")
