"""Submissions of an ODK form, as ODK Central exports them: a CSV of the form, one for each repeat, and `media`.

Each submission is a statement of whoever sent it in, resting on its rows, about the files attached to it. The answers
are in its words; a claim is made of none, as only a person can say what a question is a claim of.
"""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from onrecord.exchange.neighbours.bundle import Bundle, Progress, names_in, open_bundle
from onrecord.exchange.neighbours.plan import CARRIED, KEPT, LEFT, WRONG, Plan, Told, slug
from onrecord.exchange.neighbours.tables import Row, header, rows
from onrecord.exchange.neighbours.xlsform import questions
from onrecord.record.errors import OnrecordError
from onrecord.record.times import check_time

NAME = "odk"
_OF_CENTRAL = (
    "SubmissionDate", "KEY", "PARENT_KEY", "SubmitterID", "SubmitterName", "AttachmentsPresent", "AttachmentsExpected",
    "Status", "ReviewState", "DeviceID", "Edits", "FormVersion", "meta-instanceID", "meta-instanceName", "instanceID",
)  # fmt: skip
_SAID_AT = ("end", "start", "today")
_ATTACHED = re.compile(
    r"[^/\\]{1,200}\.(jpe?g|png|gif|heic|mp4|mov|3gp|m4a|mp3|amr|wav|ogg|pdf|docx?|xlsx?|csv)", re.IGNORECASE
)
_FRACTION = re.compile(r"(T\d{2}:\d{2}:\d{2})\.\d+")


def looks_like(path: Path) -> bool:
    names = [name for name in names_in(path) if name.lower().endswith(".csv")]
    if path.is_dir():
        return any(_is_form(_beginning(path / name)) for name in names[:100])
    if path.suffix.lower() == ".csv":
        return path.is_file() and _is_form(_beginning(path))
    return any(_is_form(_beginning_in(path, name)) for name in names[:100])


def _beginning(file: Path) -> list[str]:
    with file.open("rb") as opened:
        return header(opened.read(1 << 16).decode("utf-8-sig", "replace"))


def _beginning_in(place: Path, name: str) -> list[str]:
    try:
        with zipfile.ZipFile(place) as opened, opened.open(name) as member:
            return header(member.read(1 << 16).decode("utf-8-sig", "replace"))
    except (zipfile.BadZipFile, OSError, EOFError, RuntimeError, NotImplementedError, KeyError, ValueError):
        return []


def _is_form(columns: list[str]) -> bool:
    return "KEY" in columns and "SubmissionDate" in columns


def plan(path: Path, scratch: Path, progress: Progress | None = None) -> Plan:
    made = Plan(open_bundle(path, scratch, progress))
    tables = {name: made.bundle.text(name).removeprefix("\ufeff") for name in made.bundle.named(".csv")}
    forms = [name for name, text in tables.items() if _is_form(header(text))]
    repeats = [name for name, text in tables.items() if name not in forms and "PARENT_KEY" in header(text)]
    asked = _questions(made)
    if not forms:
        made.say(
            path.name, WRONG, "no table of submissions is in it, with the columns KEY and SubmissionDate"
        )
    further = {key: found for name in repeats for key, found in _repeated(made, name, tables[name]).items()}
    for name in forms:
        _carry_form(made, name, tables[name], further)
    for name in (*forms, *repeats):
        _say_questions(made, name, header(tables[name]), asked)
    made.keep_files()
    return made


def _questions(made: Plan) -> dict[str, dict[str, str]]:
    """The questions of the XLSForm that lies in the bundle, if one does."""
    for name in made.bundle.named(".xlsx"):
        found = questions(made.bundle.files[name])
        if found:
            made.say(name, KEPT, f"the form, with {len(found)} questions", name)
            return found
        made.say(name, KEPT, "no questions of a form could be read in it", name)
    return {}


def _repeated(made: Plan, name: str, text: str) -> dict[str, list[tuple[str, Row]]]:
    """The rows of a repeat by the submission or row that they belong to, each a passage."""
    found: dict[str, list[tuple[str, Row]]] = {}
    for row in _rows(made, name, text):
        passage = _passage(made, name, row)
        found.setdefault(row.cells.get("PARENT_KEY", ""), []).append((passage, row))
    return found


def _rows(made: Plan, name: str, text: str) -> Iterator[Row]:
    try:
        yield from rows(text)
    except csv.Error as wrong:
        made.say(name, WRONG, f"its rows cannot be read to the end ({wrong})", name)


def _passage(made: Plan, name: str, row: Row) -> str:
    key = row.cells.get("KEY") or row.number
    id = slug("odk", made.bundle.digest(name), name, key, row.number)
    thing = {"kind": "passage", "id": id, "cell": row.range}
    made.told.append(Told(f"{name} row {row.number}", CARRIED, None, name, thing=thing, words=row.words()))
    return id


def _carry_form(made: Plan, name: str, text: str, further: Mapping[str, list[tuple[str, Row]]]) -> None:
    senders: set[str] = set()
    for row in _rows(made, name, text):
        passage = _passage(made, name, row)
        speaker = _sender(made, name, row, senders)
        below = list(_below(row.cells.get("KEY", ""), further, 0))
        files = _attached(made, name, [row, *(one for _, one in below)])
        made.told.append(_statement(made, name, row, speaker, [passage, *(id for id, _ in below)], files))


def _below(key: str, further: Mapping[str, list[tuple[str, Row]]], depth: int) -> Iterator[tuple[str, Row]]:
    """The rows of repeats below a submission, also of repeats within repeats."""
    for id, row in further.get(key, []) if key and depth < 10 else []:
        yield id, row
        if row.cells.get("KEY") != key:
            yield from _below(row.cells.get("KEY", ""), further, depth + 1)


def _sender(made: Plan, name: str, row: Row, senders: set[str]) -> str:
    """Who sent it in: by the account in the export, or an unidentified voice. An account is no proof of a person."""
    account = row.cells.get("SubmitterID") or row.cells.get("SubmitterName")
    shown = row.cells.get("SubmitterName", "").strip()
    own = (account, shown) if account else (made.bundle.digest(name), row.cells.get("KEY"), row.number)
    id = slug("odk-sender", *own)
    if id not in senders:
        senders.add(id)
        actor: dict[str, Any] = {"kind": "actor", "id": id, "type": "voice"}
        actor |= {"names": [shown]} if shown else {}
        actor["note"] = "Whoever sent submissions in" + (
            f" as ODK account {account}." if account else "; the export does not say."
        )
        made.told.append(Told(f"{name} row {row.number} sender", CARRIED, None, name, thing=actor))
    return id


def _statement(made: Plan, name: str, row: Row, speaker: str, passages: list[str], files: list[str]) -> Told:
    key = row.cells.get("KEY") or str(row.number)
    thing: dict[str, Any] = {
        "kind": "statement", "id": slug("odk-said", made.bundle.digest(name), name, key, row.number), "speaker": speaker,
        "passages": passages, "act": "asserts", "note": _note(name, row),
    }  # fmt: skip
    thing |= _said_at(row)
    refers = tuple(("about", file) for file in files)
    where = f"{name} row {row.number} submission {key}"
    return Told(where, CARRIED, None, name, thing=thing, needs=(speaker, passages[0]), refers=refers)


def _note(name: str, row: Row) -> str:
    told = {
        column: row.cells.get(column) for column in ("KEY", "SubmissionDate", "FormVersion", "ReviewState")
    }
    return f"ODK {PurePosixPath(name).stem}: " + ", ".join(
        f"{column} {value}" for column, value in told.items() if value
    )


def _said_at(row: Row) -> dict[str, Any]:
    """When the form was filled in, where it says so; the day it reached the server is another matter."""
    written = next((row.cells[name] for name in _SAID_AT if row.cells.get(name)), None)
    if written is None:
        return {}
    try:
        check_time(_FRACTION.sub(r"\1", written))
    except OnrecordError:
        return {"as_written": written}
    return {"said_at": _FRACTION.sub(r"\1", written), "as_written": written}


def _attached(made: Plan, name: str, found: list[Row]) -> list[str]:
    """The files that the cells name; what is named and is not there has a line."""
    files: list[str] = []
    for row in found:
        for column, value in row.cells.items():
            if _ATTACHED.fullmatch(value) is None:
                continue
            file = _medium(made.bundle, name, value)
            if file and file not in files:
                files.append(file)
            elif file is None:
                made.say(f"{name} row {row.number} {column}", LEFT, f"the file {value} is not here")
    return files


def _medium(bundle: Bundle, table: str, value: str) -> str | None:
    beside = PurePosixPath(table).parent / "media" / value
    return str(beside) if str(beside) in bundle.files else bundle.find(f"media/{value}")


def _say_questions(made: Plan, name: str, columns: list[str], asked: Mapping[str, dict[str, str]]) -> None:
    for column in columns:
        if column in _OF_CENTRAL:
            continue
        question = asked.get(column) or asked.get(column.rpartition("-")[2]) or {}
        label = f" “{question['label']}”" if question.get("label") else ""
        made.say(
            f"{name} column {column}{label}", KEPT, "its answers stand in the rows; no claim is made of them"
        )
