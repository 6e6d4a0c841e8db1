"""Orders of erasure that come with a merge: what they mean for bodies that came too, or that were never here."""

from __future__ import annotations

from collections.abc import Sequence

from onrecord.record.bodies import read_head
from onrecord.record.entries import Draft
from onrecord.record.ids import log_of, mint, split_entry
from onrecord.store.log import LogWriter
from onrecord.store.record_store import RecordStore
from onrecord.store.schema import entry_number, split_number
from onrecord.store.views import Resolve

Range = tuple[int, int]
_ORDERS = (
    "SELECT entry, bytes FROM head WHERE entry >= ? AND entry < ? AND instr(bytes, CAST('\"of\":' AS BLOB))"
)


def drop_ordered(store: RecordStore, resolve: Resolve, came: Sequence[Range]) -> None:
    """A body that came together with the order to erase it does not stay, nor was it ever shown."""
    orders = [row for bounds in came for row in store.db.connection.execute(_ORDERS, bounds).fetchall()]
    if not orders:
        return
    judged = store.membership()
    for entry, head in orders:
        number, seq = split_number(entry)
        row = store.db.log_name(number)
        stands = judged.stands(row)
        of = read_head(bytes(head), log_of(row), seq)[2]
        erased = _number(store, resolve(of, entry)) if of and (stands is None or seq < stands) else None
        if erased is not None and any(first <= erased < beyond for first, beyond in came):
            store.db.connection.execute("DELETE FROM body WHERE entry = ?", (erased,))


def answer_orders(store: RecordStore, writer: LogWriter, came: Sequence[Range]) -> tuple[str, ...]:
    """Confirm the orders that came and ask nothing of this device; the names of those that ask something."""
    waiting: list[str] = []
    done: list[str] = []
    for name, order in store.db.connection.execute("SELECT name, entry FROM ordered").fetchall():
        if any(first <= order < beyond for first, beyond in came):
            (waiting if _holds(store, name) else done).append(store.db.name_of(order))
    if done:
        writer.append(Draft("erasure", mint(), {"orders": sorted(done)}))
    return tuple(sorted(waiting))


def _holds(store: RecordStore, name: str) -> bool:
    entry = _number(store, name)
    query = "SELECT 1 FROM body WHERE entry = ?"
    return entry is not None and store.db.connection.execute(query, (entry,)).fetchone() is not None


def _number(store: RecordStore, name: str) -> int | None:
    log, seq = split_entry(name)
    number = store.db.log_numbers().get(log)
    return None if number is None else entry_number(number, seq)
