"""What was known on a day, in its honest readings: each is a number of entries of every log, counted from its beginning.

*Received*: what this laptop, or another by its own word, had received. *Stated*: what the entries' own clocks say.
*Proven*: what an outside time authority confirms. Terms are never read so: they are always today's.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from onrecord.reading.laptops import device_named
from onrecord.record.canonical import decode
from onrecord.record.errors import FieldInvalid
from onrecord.record.ids import device_of, log_of, split_entry
from onrecord.stamping.covering import judge, stamps_of
from onrecord.stamping.histories import History, histories
from onrecord.store.record_store import RecordStore
from onrecord.store.schema import extent, split_number

RECEIVED, STATED, PROVEN = "received", "stated", "proven"
READINGS = (RECEIVED, STATED, PROVEN)
Sizes = dict[str, int]

_KNOWN = "SELECT entry, bytes FROM body WHERE entry >= ? AND entry < ? ORDER BY entry LIMIT 1"
_ORDER = (
    "SELECT body.bytes FROM ordered JOIN body ON body.entry = ordered.entry"
    " WHERE ordered.name = ? ORDER BY ordered.entry LIMIT 1"
)
_WORDS = (
    "SELECT control.entry, body.bytes FROM control JOIN body ON body.entry = control.entry"
    " WHERE control.kind = ? ORDER BY control.entry"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """Which of the readings was asked for. `device` is the laptop whose receipt is asked, or None for this one."""

    name: str = RECEIVED
    device: str | None = None

    def told(self, day: str, zone: str, over: bool = True) -> str:
        """The reading in words, for the head of what is shown, and whether more may still come in on that day."""
        said = self._said(day, zone)
        return said if over else f"{said} That day is not over yet: until then, more may come in."

    def _said(self, day: str, zone: str) -> str:
        end = f"by the end of {day} ({zone})"
        if self.name == STATED:
            return f"As we say we knew {end}, by the clocks of the laptops that wrote."
        if self.name == PROVEN:
            return f"As outside time authorities prove that it was written {end}."
        if self.device:
            return f"As laptop {self.device} had received it {end}, by its own word."
        return f"As this laptop had received it {end}."


def reading_of(store: RecordStore, name: str | None, device: str | None) -> Reading:
    """The reading that was asked for. Raises `FieldInvalid` and `ThingUnknown`."""
    if name is not None and name not in READINGS:
        raise FieldInvalid("--reading", f"{name!r} is not known here", f"Known: {', '.join(READINGS)}.")
    if device is None:
        return Reading(name or RECEIVED)
    if name not in (None, RECEIVED):
        raise FieldInvalid("--device", "only what was received goes by laptop", "Leave one of the two out.")
    return Reading(RECEIVED, device_named(store, device))


def sizes(store: RecordStore, reading: Reading, at: int) -> Sizes:
    """How many entries of each log (or branch) the reading covers at a time, in milliseconds since 1970 UTC."""
    if reading.name == PROVEN:
        return proven(store, at)
    if reading.name == STATED:
        return stated(store, at)
    if reading.device is None:
        raise FieldInvalid("--device", "what this laptop received is read from its views")
    return received_by(store, reading.device, at)


def stated(store: RecordStore, at: int) -> Sizes:
    """As we say we knew: every entry whose own clock is not later."""
    return {log: written_by(store, number, at) for log, number in store.db.log_numbers().items()}


def received_by(store: RecordStore, device: str, at: int) -> Sizes:
    """What a laptop wrote itself by then, and what its own merge entries of that time say it had."""
    own = {log: number for log, number in store.db.log_numbers().items() if device_of(log_of(log)) == device}
    found = {log: written_by(store, number, at) for log, number in own.items()}
    for name, clock, fields in _control(store, "merge"):
        if device_of(log_of(name)) == device and clock <= at:
            for head in fields.get("heads") or ():
                _widen(found, _rows_of(store, head))
    return found


def proven(store: RecordStore, at: int) -> Sizes:
    """What stands in a listing for which a good token is not later. A list that does not fit the log shows nothing."""
    found: Sizes = {}
    logs = {log_of(log) for log in store.db.log_numbers()}
    known = [history for log in sorted(logs) for history in histories(store.db.connection, log)]
    for stamp in stamps_of(store):
        if _first_moment(judge(stamp).tokens) <= at:
            for history in known:
                held = history.held_in(stamp.listing)
                _widen(found, _rows(history, held.size) if held else {})
    return found


def written_by(store: RecordStore, number: int, at: int) -> int:
    """How many entries of a row of the table `log` their own clocks put at or before a time, by halving.

    Clocks never go back in a log. The order repeats that of an entry whose body was erased.
    """
    ends = extent(store.db.connection, number)
    if ends is None:
        return 0
    low, high = ends[0], ends[1] + 1
    while low < high:
        middle = (low + high) // 2
        known, clock = _clock_from(store, middle, high)
        if clock > at:
            high = middle
        else:
            low = known + 1
    return split_number(low)[1]


def _clock_from(store: RecordStore, entry: int, beyond: int) -> tuple[int, float]:
    """An entry and its clock; where its body is missing without an order, the next one that is known. Else never."""
    order = store.db.connection.execute(_ORDER, (store.db.name_of(entry),)).fetchone()
    if order:
        return entry, decode(order[0])["fields"]["clock"]
    known = store.db.connection.execute(_KNOWN, (entry, beyond)).fetchone()
    return (int(known[0]), decode(known[1])["clock"]) if known else (entry, float("inf"))


def _control(store: RecordStore, kind: str) -> Iterator[tuple[str, int, Mapping[str, Any]]]:
    """(log, clock, fields) of the entries of a governing kind, whether they stand or not."""
    for entry, body in store.db.connection.execute(_WORDS, (kind,)).fetchall():
        stated = decode(body)
        yield split_entry(store.db.name_of(entry))[0], stated["clock"], stated["fields"]


def _rows_of(store: RecordStore, head: Mapping[str, Any]) -> Sizes:
    """The rows that a merge's word on a log covers: in the branch that has the root which it states."""
    known = histories(store.db.connection, log_of(str(head["log"])))
    held = [history for history in known if history.size >= head["size"]]
    if len(known) > 1:
        held = [history for history in held if history.root(head["size"]) == _decoded(head.get("root"))]
    if held:
        return _rows(held[0], head["size"])
    return _rows(known[0], known[0].size) if len(known) == 1 else {}


def _rows(history: History, size: int) -> Sizes:
    return {row.name: min(size, row.end) for row in history.chain.rows if row.start < size}


def _widen(found: Sizes, further: Mapping[str, int]) -> None:
    for log, size in further.items():
        found[log] = max(size, found.get(log, 0))


def _first_moment(tokens: Sequence[tuple[Mapping[str, Any], Any]]) -> float:
    """The earliest time of the good tokens, in milliseconds; never, where there are none."""
    return min((_milliseconds(shown.time) for _, shown in tokens), default=float("inf"))


def _milliseconds(time: str) -> float:
    return datetime.fromisoformat(time).timestamp() * 1000


def _decoded(text: object) -> bytes:
    try:
        return base64.b64decode(str(text), validate=True)
    except (binascii.Error, ValueError):
        return b""
