"""Orders of erasure that come with a merge: what they mean for bodies that came too, or that were never here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from onrecord.record.bodies import read_head
from onrecord.record.canonical import decode
from onrecord.record.entries import Draft
from onrecord.record.ids import log_of, mint, split_entry
from onrecord.store.log import LogWriter
from onrecord.store.record_store import RecordStore
from onrecord.store.schema import entry_number, split_number
from onrecord.store.standing import standing_here
from onrecord.store.views import Resolve

Range = tuple[int, int]
_ORDERS = (
    "SELECT entry, bytes FROM head WHERE entry >= ? AND entry < ? AND instr(bytes, CAST('\"of\":' AS BLOB))"
)
_KNOWN = "SELECT DISTINCT head.entry, head.bytes FROM ordered JOIN head ON head.entry = ordered.entry"
_HELD = "SELECT head.bytes, body.bytes FROM head JOIN body ON body.entry = head.entry WHERE head.entry = ?"
_REPEATED = ("thing", "kind", "clock", "supersedes")
_CONTROL = b'{"class":"control"'


class Ordering:
    """The orders that stand once a merge is in, and the entries that they name as their writers meant them."""

    def __init__(self, store: RecordStore, resolve: Resolve, came: Sequence[Range]) -> None:
        self._store = store
        self._db = store.db.connection
        self._numbers = store.db.log_numbers()
        self._by: dict[int, list[int]] = {}
        self.names: set[str] = set()
        self.dropped: dict[int, dict[str, Any]] = {}
        """What the bodies said of themselves that did not stay: an order may be for another branch's entry."""
        stands = standing_here(self._db, store.membership())
        for entry, of in self._orders(came):
            row, seq = split_entry(store.db.name_of(entry))
            standing = stands(row)
            if standing is None or seq < standing:
                self._note(resolve(of, entry), entry)

    def _orders(self, came: Sequence[Range]) -> Iterator[tuple[int, str]]:
        """Those known to stand, and those that may stand since now."""
        rested = self._db.execute("SELECT first, beyond FROM resting").fetchall()
        found = dict(self._db.execute(_KNOWN).fetchall())
        for bounds in (*came, *rested):
            found.update(self._db.execute(_ORDERS, bounds).fetchall())
        for entry, head in sorted(found.items()):
            number, seq = split_number(entry)
            of = read_head(bytes(head), log_of(self._store.db.log_name(number)), seq).of
            if of:
                yield entry, of

    def _note(self, name: str, order: int) -> None:
        self.names.add(name)
        log, seq = split_entry(name)
        if log in self._numbers:
            self._by.setdefault(entry_number(self._numbers[log], seq), []).append(order)

    def drop(self, came: Sequence[Range], filled: Sequence[int]) -> list[int]:
        """Bodies that came and are to be erased do not stay, nor were they ever shown. Which of `filled` do."""
        for erased, orders in self._by.items():
            here = erased in filled or any(first <= erased < beyond for first, beyond in came)
            held = self._body(erased) if here else None
            if held and any(self._means(order, *held) for order in orders):
                self.dropped[erased] = {one: held[1][one] for one in _REPEATED if one in held[1]}
                self._db.execute("DELETE FROM body WHERE entry = ?", (erased,))
        return [entry for entry in filled if self._body(entry) is not None]

    def _means(self, order: int, head: bytes, body: Mapping[str, Any]) -> bool:
        """Whether an order is for this very body. What the record itself stands by is never erased."""
        said = self._body(order)
        return may_be_erased(head, body) and (said is None or repeats(said[1], body))

    def _body(self, entry: int) -> tuple[bytes, dict[str, Any]] | None:
        row = self._db.execute(_HELD, (entry,)).fetchone()
        return (bytes(row[0]), decode(row[1])) if row else None


def may_be_erased(head: bytes, body: Mapping[str, Any]) -> bool:
    """Of the entries by which the record itself stands, only a property of a team's own is ever erased."""
    return not head.startswith(_CONTROL) or (body["kind"] == "property" and b'"of":' not in head)


def repeats(order: Mapping[str, Any], body: Mapping[str, Any]) -> bool:
    """Whether an order's body says of the erased one what that says itself, as it must."""
    clock = order["fields"].get("clock", body["clock"])
    return clock == body["clock"] and all(
        order.get(one) == body.get(one) for one in ("kind", "thing", "supersedes")
    )


def answer_orders(store: RecordStore, writer: LogWriter, came: Sequence[Range]) -> tuple[str, ...]:
    """Confirm the orders that came and ask nothing of this device; the names of those that ask something."""
    waiting: list[str] = []
    done: list[str] = []
    for name, order in store.db.connection.execute("SELECT name, entry FROM ordered").fetchall():
        if any(first <= order < beyond for first, beyond in came):
            held = _held(store, name)
            if held is None:
                done.append(store.db.name_of(order))
            elif may_be_erased(*held):
                waiting.append(store.db.name_of(order))
    if done:
        writer.append(Draft("erasure", mint(), {"orders": sorted(done)}))
    return tuple(sorted(waiting))


def _held(store: RecordStore, name: str) -> tuple[bytes, dict[str, Any]] | None:
    log, seq = split_entry(name)
    number = store.db.log_numbers().get(log)
    row = (
        None
        if number is None
        else store.db.connection.execute(_HELD, (entry_number(number, seq),)).fetchone()
    )
    return (bytes(row[0]), decode(row[1])) if row else None
