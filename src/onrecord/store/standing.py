"""Which entries stand and are folded into the views, and which rest: merged, listed apart, shown nowhere else."""

from __future__ import annotations

import base64
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from onrecord.record.canonical import decode
from onrecord.record.ids import device_of, entry_name, log_of
from onrecord.record.membership import (
    DeviceEntry,
    Governance,
    Membership,
    RecoveryKey,
    Revocation,
    membership,
)
from onrecord.store.branches import Chain, chains
from onrecord.store.schema import entry_number, extent, split_number

_GOVERNING = (
    "SELECT control.entry, control.kind, body.bytes FROM control JOIN body ON body.entry = control.entry"
    " WHERE control.kind IN ('device', 'revocation', 'recovery')"
)
_FOUNDING = "SELECT bytes FROM body WHERE entry = ?"

Range = tuple[int, int, str]


def governance(connection: sqlite3.Connection, record: str, keys: Mapping[str, str]) -> Governance:
    """Everything held here that decides who may write. `keys` has the line of each log's key file."""
    names = dict(connection.execute("SELECT number, name FROM log"))
    devices, revocations, recoveries = [], [], []
    for entry, kind, raw in connection.execute(_GOVERNING):
        number, seq = split_number(entry)
        name, body = entry_name(names[number], seq), decode(raw)
        if kind == "device":
            devices.append(_device(name, body["fields"]))
        elif kind == "revocation":
            revocations.append(_revocation(name, body))
        else:
            recoveries.append(_recovery(name, body))
    first = founding_log(connection)
    fits = _Fitting(connection, names).fits
    return Governance(record, first, keys, tuple(devices), tuple(revocations), tuple(recoveries), fits)


def founding_log(connection: sqlite3.Connection) -> str:
    """The log that begins with the record's own entry; nothing where it has not come yet."""
    names = connection.execute("SELECT name, number FROM log WHERE parent IS NULL ORDER BY number").fetchall()
    return next((str(name) for name, number in names if _founds(connection, number)), "")


class _Fitting:
    """Whether a branch is the history of its log that somebody saw."""

    def __init__(self, connection: sqlite3.Connection, names: Mapping[int, str]) -> None:
        self._connection = connection
        self._forked = {log_of(name) for name in names.values() if "~" in name}
        self._chains: dict[str, list[Chain]] = {}
        self._known: dict[tuple[str, int, str], frozenset[str]] = {}

    def fits(self, row: str, size: int, root: str) -> bool:
        """Where a log was signed twice, one branch may have been seen and the other not."""
        log = log_of(row)
        if "~" not in row or log not in self._forked:
            return True
        if (log, size, root) not in self._known:
            self._known[log, size, root] = frozenset(self._rows(log, size, root))
        return row in self._known[log, size, root]

    def _rows(self, log: str, size: int, root: str) -> Iterator[str]:
        if log not in self._chains:
            self._chains[log] = chains(self._connection, log)
        for chain in self._chains[log]:
            if chain.size >= size and base64.b64encode(chain.frontier(size).root()).decode() == root:
                yield from (row.name for row in chain.rows if row.start < size)


def _founds(connection: sqlite3.Connection, number: int) -> bool:
    row = connection.execute(_FOUNDING, (entry_number(number, 0),)).fetchone()
    return row is not None and not _ordering(connection, number) and decode(row[0])["kind"] == "record"


def _ordering(connection: sqlite3.Connection, number: int) -> bool:
    query = "SELECT instr(bytes, CAST('\"of\":' AS BLOB)) FROM head WHERE entry = ?"
    return bool(connection.execute(query, (entry_number(number, 0),)).fetchone()[0])


def _device(name: str, fields: Mapping[str, Any]) -> DeviceEntry:
    about, vkey, *rest = (
        str(fields.get(one, "")) for one in ("log", "vkey", "vouched_by", "vouched", "person")
    )
    return DeviceEntry(name, about, vkey, *rest)


def _recovery(name: str, body: Mapping[str, Any]) -> RecoveryKey:
    recipient, vkey = (str(body["fields"].get(one, "")) for one in ("recipient", "vkey"))
    return RecoveryKey(name, body["thing"], recipient, vkey)


def _revocation(name: str, body: Mapping[str, Any]) -> Revocation:
    fields = body["fields"]
    seen = tuple(_seen(one) for one in fields.get("seen", ()) if isinstance(one, Mapping))
    device, signed = str(fields.get("device", "")), str(fields.get("signed", ""))
    return Revocation(name, device, seen, signed)


def _seen(one: Mapping[str, Any]) -> tuple[str, int, str]:
    size = one.get("size")
    return str(one.get("log", "")), size if type(size) is int else 0, str(one.get("root", ""))


def judge(connection: sqlite3.Connection, record: str, keys: Mapping[str, str]) -> Membership:
    return membership(governance(connection, record, keys))


def own_device(connection: sqlite3.Connection) -> str:
    """The device that wrote here last: to itself, all that it wrote stands."""
    row = connection.execute(
        "SELECT name FROM log WHERE here AND parent IS NULL ORDER BY number DESC LIMIT 1"
    ).fetchone()
    return device_of(row[0]) if row else ""


def own_logs(connection: sqlite3.Connection, judged: Membership) -> frozenset[str]:
    """What this device wrote: logs written here, and those whose keys these vouch for, or that vouch for these.

    That a log is named for this device is not enough: anybody can name one so.
    """
    own = own_device(connection)
    rows = connection.execute("SELECT name FROM log WHERE here").fetchall()
    here = {log_of(name) for (name,) in rows if device_of(name) == own}
    found: set[str] = set()
    reached = {by for by, about, itself in judged.vouched if itself and about in here} | here
    while reached:
        found |= reached
        reached = {about for by, about, _ in judged.vouched if by in reached} - found
    return frozenset(found)


def standing_here(connection: sqlite3.Connection, judged: Membership) -> Callable[[str], int | None]:
    """How many entries of a log or branch stand on this device: None for all."""
    own = own_logs(connection, judged)
    return lambda row: None if log_of(row) in own else judged.stands(row)


def resting(connection: sqlite3.Connection, judged: Membership) -> Iterator[Range]:
    """The entries that rest, by number: first, beyond, and why."""
    stands_here = standing_here(connection, judged)
    for number, name in connection.execute("SELECT number, name FROM log ORDER BY number").fetchall():
        ends, stands = extent(connection, number), stands_here(name)
        if ends is not None and stands is not None and split_number(ends[1])[1] >= stands:
            yield max(entry_number(number, stands), ends[0]), ends[1] + 1, judged.why_not(name)
