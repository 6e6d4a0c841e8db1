"""Which entries stand and are folded into the views, and which rest: merged, listed apart, shown nowhere else."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
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
from onrecord.store.schema import entry_number, span, split_number

_GOVERNING = (
    "SELECT control.entry, control.kind, body.bytes FROM control JOIN body ON body.entry = control.entry"
    " WHERE control.kind IN ('device', 'revocation', 'recovery')"
)
_FOUNDING = "SELECT bytes FROM body WHERE entry = ?"
# Two questions, as one for both ends would read all rows between them.
_EXTENT = (
    "SELECT (SELECT min(entry) FROM head WHERE entry >= ?1 AND entry < ?2),"
    " (SELECT max(entry) FROM head WHERE entry >= ?1 AND entry < ?2)"
)

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
            recoveries.append(RecoveryKey(name, body["clock"], str(body["fields"].get("vkey"))))
    first = next((name for number, name in names.items() if _founds(connection, number)), "")
    return Governance(record, first, keys, tuple(devices), tuple(revocations), tuple(recoveries))


def _founds(connection: sqlite3.Connection, number: int) -> bool:
    row = connection.execute(_FOUNDING, (entry_number(number, 0),)).fetchone()
    return row is not None and decode(row[0])["kind"] == "record"


def _device(name: str, fields: Mapping[str, Any]) -> DeviceEntry:
    about, vkey, by, vouched = (str(fields.get(one, "")) for one in ("log", "vkey", "vouched_by", "vouched"))
    return DeviceEntry(name, about, vkey, by, vouched)


def _revocation(name: str, body: Mapping[str, Any]) -> Revocation:
    fields = body["fields"]
    seen = tuple(_seen(one) for one in fields.get("seen", ()) if isinstance(one, Mapping))
    device, signed = str(fields.get("device", "")), str(fields.get("signed", ""))
    return Revocation(name, body["author"], device, seen, signed)


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


def resting(connection: sqlite3.Connection, judged: Membership) -> Iterator[Range]:
    """The entries that rest, by number: first, beyond, and why."""
    own = own_device(connection)
    for number, name in connection.execute("SELECT number, name FROM log ORDER BY number").fetchall():
        first, last = connection.execute(_EXTENT, span(number)).fetchone()
        stands = None if device_of(name) == own else judged.stands(log_of(name))
        if last is not None and stands is not None and split_number(last)[1] >= stands:
            yield max(entry_number(number, stands), first), last + 1, judged.why_not(name)
