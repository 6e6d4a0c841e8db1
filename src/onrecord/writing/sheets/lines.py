"""The lines of a whole sheet, in the order in which `put` can resolve them: cells first, and claims after statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from onrecord.intake.sheets.cells import Cell
from onrecord.store.record_store import RecordStore
from onrecord.writing import names
from onrecord.writing.sheets.making import Made, Making, RowMade
from onrecord.writing.sheets.table import Table

_ORDER = ("property", "passage", "actor", "place", "norm", "event", "statement", "claim", "relation")
_RANK = {kind: rank for rank, kind in enumerate(_ORDER)}


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A line for `put`, with the row it comes from and the cells it rests on, as a passage names them."""

    row: int
    cells: tuple[str, ...]
    line: dict[str, Any]


class Lines:
    """Puts the lines of one sheet together. `item` is the sheet's, or stands for it until it is taken in."""

    def __init__(
        self, store: RecordStore, table: Table, making: Making, item: str, reason: str | None
    ) -> None:
        self._store, self._table, self._making, self._item = store, table, making, item
        self._reason = {} if reason is None else {"reason": reason}

    def of(self, rows: Sequence[RowMade]) -> list[SheetLine]:
        cells: dict[str, SheetLine] = {}
        things: list[tuple[int, int, SheetLine]] = []
        for row in rows:
            for one in row.things:
                line = dict(one.line)
                if line["kind"] == "statement":
                    line["passages"] = self._others(line.get("passages")) + self._passages(one, cells)
                else:
                    self._add(one.row, one.cited, cells)
                if line["kind"] != "assessment":
                    line |= self._reason
                rests = tuple(self._address(cell) for _, cell in sorted(one.used.items()))
                rank = _RANK.get(line["kind"], len(_ORDER))
                things.append((rank, one.thing.place, SheetLine(one.row, rests, line)))
        things.sort(key=lambda one: one[:2])
        return [*cells.values(), *(line for _, _, line in things)]

    def _passages(self, statement: Made, cells: dict[str, SheetLine]) -> list[str]:
        """The passages a statement rests on: those it has already, where another version of the sheet said the same."""
        used = [cell for _, cell in sorted(statement.used.items())]
        before = self._before(statement.id)
        if before and [quote for _, _, quote, _ in before] == [cell.shown or None for cell in used]:
            same = all(item == self._item for _, item, _, _ in before)
            if not same or [where for *_, where in before] == [self._address(cell) for cell in used]:
                return [passage for passage, *_ in before]
        return self._add(statement.row, used, cells)

    def _others(self, given: Any) -> list[Any]:
        """Passages that the mapping names beside the row's own cells."""
        listed = given if isinstance(given, list) else [] if given is None else [given]
        return [one for one in listed if not self._making.is_passage(one)]

    def _before(self, id: str) -> list[tuple[str, Any, Any, Any]]:
        """The passages of the statement with this id: each with its item, its quote and its cell."""
        found = names.find(self._store, id)
        now = self._store.db.as_now()
        thing = now.get(found) if found else None
        if thing is None or thing.in_conflict:
            return []
        passages = [(one, now.get(one)) for one in thing.fields.get("passages", ())]
        return [
            (one, passage.fields.get("item"), passage.fields.get("quote"), passage.fields.get("cell"))
            for one, passage in passages
            if passage is not None
        ]

    def _add(self, row: int, used: Sequence[Cell], cells: dict[str, SheetLine]) -> list[str]:
        ids = []
        for cell in used:
            id = self._making.passage(cell.address)
            ids.append(id)
            if id not in cells:
                address = self._address(cell)
                cells[id] = SheetLine(row, (address,), self._passage(id, cell, address))
        return ids

    def _passage(self, id: str, cell: Cell, address: str) -> dict[str, Any]:
        line: dict[str, Any] = {"kind": "passage", "id": id, "item": self._item, "cell": address}
        if cell.shown.strip():
            line |= {"start": cell.start, "end": cell.end, "quote": cell.shown}
        return line | self._reason

    def _address(self, cell: Cell) -> str:
        return cell.address if self._table.name is None else f"{self._table.name}!{cell.address}"
