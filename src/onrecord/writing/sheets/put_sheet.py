"""`put --from`: the rows of a sheet become things, all of them or none, and the sheet comes in with them.

Everything is checked before anything is written: where a row cannot be put, a sheet that was not held is not taken in.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from onrecord.erasing.finishing import finish
from onrecord.record.errors import FileRefused, PutRefused
from onrecord.store.record_store import RecordStore
from onrecord.writing.add import add
from onrecord.writing.preparing import (
    MOST_ERRORS,
    Numbered,
    Prepared,
    Preparing,
    Progress,
    prepare_all,
    slugs_of,
)
from onrecord.writing.put import open_key_if_needed, told, write_all
from onrecord.writing.sheets.lines import Lines, SheetLine
from onrecord.writing.sheets.making import Making, RowMade
from onrecord.writing.sheets.mapping import read_map
from onrecord.writing.sheets.original import Original, original
from onrecord.writing.sheets.table import Table, table_of
from onrecord.writing.sheets.values import Values

ROWS_SHOWN = 3
_SEEN = "PRAGMA data_version"


def put_sheet(
    store: RecordStore,
    source: str | Path,
    mapping: str | Path | Mapping[str, Any],
    *,
    preview: bool = False,
    reason: str | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Put the rows of a sheet by a mapping: `{"item", "status", "lines", "rows", "kinds", "notices"}`.

    With `preview` nothing is written, and `errors` are told too. Raises `PutRefused` with what is wrong, by row and cell.
    """
    read = read_map(mapping)
    sheet = original(store, source)
    table = table_of(sheet.text, sheet.segments, read, sheet.name)
    making = Making(read, table, Values(sheet.calendar), sheet.sha256[:16])
    rows = list(making.rows())
    work = _Work(store, sheet, table, rows, Lines(store, table, making, sheet.item, reason), progress)
    return work.looked_at() if preview else work.put()


class _Work:
    """One sheet on its way in."""

    def __init__(
        self,
        store: RecordStore,
        sheet: Original,
        table: Table,
        rows: list[RowMade],
        lines: Lines,
        progress: Progress | None,
    ) -> None:
        self._store, self._sheet, self._table, self._rows = store, sheet, table, rows
        self._progress = progress
        self._errors = _errors_of(rows, table)
        self._lines: list[SheetLine] = [] if self._errors else lines.of(rows)
        self._numbered: list[Numbered] = [(n, one.line) for n, one in enumerate(self._lines, 1)]

    def looked_at(self) -> dict[str, Any]:
        """What would be put, and what stands against it."""
        prepared: list[Prepared] = []
        try:
            prepared = self._checked()
            errors: list[dict[str, object]] = []
        except PutRefused as refused:
            errors = refused.errors
        answer = self._answer(prepared, "would be put" if not errors else "cannot be put")
        return answer | {"errors": errors, "refused": len(self._errors) or len(errors)}

    def put(self) -> dict[str, Any]:
        open_key_if_needed(self._store, self._numbered)
        if self._sheet.file is None:
            with self._store.writing() as writer:
                prepared = self._checked()
                sealing = write_all(self._store, writer, prepared, self._progress)
        else:
            seen = self._seen()
            prepared = self._checked()
            item = self._taken_in(self._sheet.file)
            with self._store.writing() as writer:
                prepared = self._again(prepared, item, self._seen() == seen)
                sealing = write_all(self._store, writer, prepared, self._progress)
        if sealing:
            finish(self._store)
        return self._answer(prepared, "put")

    def _seen(self) -> Any:
        """What changes when anybody else writes to the record."""
        return self._store.db.connection.execute(_SEEN).fetchone()

    def _checked(self) -> list[Prepared]:
        if self._errors:
            raise PutRefused(self._errors[:MOST_ERRORS], len(self._errors))
        preparing = Preparing(self._store, lines=slugs_of(self._numbered))
        if self._sheet.file is not None:
            preparing.found[self._sheet.item] = (self._sheet.item, "item")
            preparing.layers[self._sheet.item] = (self._sheet.layer, self._sheet.text)
        try:
            return prepare_all(preparing, self._numbered, self._progress)
        except PutRefused as refused:
            raise PutRefused([self._by_row(error) for error in refused.errors], refused.total) from None

    def _by_row(self, error: Mapping[str, Any]) -> dict[str, object]:
        line = self._lines[error["line"] - 1]
        said = re.sub(
            r"on line ([0-9]+)", lambda m: f"in row {self._lines[int(m[1]) - 1].row}", str(error["error"])
        )
        return _error(
            line.row, ", ".join(line.cells) or None, f"{line.line['kind']} {line.line['id']}: {said}"
        )

    def _taken_in(self, file: Path) -> str:
        (arrived, *_) = add(self._store, [file])
        if arrived["status"] == "refused":
            raise FileRefused(self._sheet.name, str(arrived["reason"]), "Nothing was put.")
        return str(arrived["item"])

    def _again(self, prepared: list[Prepared], item: str, alone: bool) -> list[Prepared]:
        """What was checked, resting on the item that the sheet is by now. Checked again where others have written since."""
        layer = self._store.layers.of(self._sheet.sha256)
        if layer is None or layer.hash != self._sheet.layer.hash:
            raise FileRefused(
                self._sheet.name,
                "it changed while it was read; what came in is kept as an item, and no row was put",
                "Put it again.",
            )
        self._store.layers.settle(str(layer.hash))
        if alone:
            return [self._moved(one, item) for one in prepared]
        for line in self._lines:
            if line.line["kind"] == "passage":
                line.line["item"] = item
        self._sheet = replace(self._sheet, item=item, file=None)
        return self._checked()

    def _moved(self, one: Prepared, item: str) -> Prepared:
        if one.draft.fields.get("item") == self._sheet.item:
            one.draft = replace(one.draft, fields={**one.draft.fields, "item": item})
        return one

    def _answer(self, prepared: Sequence[Prepared], status: str) -> dict[str, Any]:
        lines = [self._told(one) for one in prepared]
        held = self._store.item_with(self._sheet.sha256)
        return {
            "item": held,
            "sheet": self._table.name,
            "status": status,
            "added": self._sheet.file is not None and held is not None,
            "lines": lines,
            "rows": _rows_told(self._rows, lines, "written" if status == "put" else "would be written"),
            "kinds": dict(Counter(one["kind"] for one in lines if not one.get("unchanged"))),
            "notices": [note for note in self._sheet.layer.notes if _concerns(note, self._table.name)],
        }

    def _told(self, one: Prepared) -> dict[str, Any]:
        line = self._lines[one.line - 1]
        said = {"row": line.row, "cell": ", ".join(line.cells) or None, **told(one)}
        if line.row <= self._table.rows[min(ROWS_SHOWN, len(self._table.rows)) - 1].number:
            said["fields"] = {
                name: value for name, value in line.line.items() if name not in ("kind", "id", "reason")
            }
        return said


def _errors_of(rows: Sequence[RowMade], table: Table) -> list[dict[str, object]]:
    sheet = "" if table.name is None else f"{table.name}!"
    return [
        _error(row.number, None if cell is None else f"{sheet}{cell}", said)
        for row in rows
        for cell, said in dict.fromkeys(row.errors)
    ]


def _error(row: int, cell: str | None, said: str) -> dict[str, object]:
    return {"row": row, "cell": cell, "error": said}


def _rows_told(
    rows: Sequence[RowMade], lines: Sequence[Mapping[str, Any]], written: str
) -> list[dict[str, Any]]:
    """Every row by its number: what became of it, how many things, and what was left out and why."""
    own: dict[int, list[bool]] = defaultdict(list)
    for line in lines:
        if line["kind"] != "passage":
            own[line["row"]].append(bool(line.get("unchanged")))
    told: list[dict[str, Any]] = []
    for row in rows:
        status = "error" if row.errors else written
        if not row.errors and all(own[row.number]):
            status = "unchanged" if row.things else "skipped"
        said: dict[str, Any] = {"row": row.number, "status": status, "things": len(own[row.number])}
        if row.left_out:
            said["left_out"] = row.left_out
        told.append(said)
    return told


def _concerns(note: str, sheet: str | None) -> bool:
    """Whether what was noted when the file was read is about this sheet, or about the whole file."""
    return not note.startswith("sheet “") or note.startswith(f"sheet “{sheet}”")
