"""Orders of erasure: an entry for each body that goes, which says by its name why a hole is there, and on whose word."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from onrecord.record.canonical import decode
from onrecord.record.entries import Draft, version_of
from onrecord.record.errors import FieldInvalid
from onrecord.record.ids import mint
from onrecord.record.things import Version
from onrecord.store.log import LogWriter
from onrecord.store.ordering import may_be_erased, repeats
from onrecord.store.record_store import RecordStore
from onrecord.store.schema import split_number

_TWO = "an original goes with this, and for that two people have to decide"


@dataclass(frozen=True, slots=True)
class Word:
    """Why something is erased and on whose authority. Both stay in the record for good. `batch` names the whole."""

    batch: str
    reason: str
    authority: tuple[str, ...]

    @classmethod
    def given(cls, reason: str, authority: Sequence[str]) -> Word:
        """Raises `FieldInvalid` where one is missing."""
        if not reason.strip():
            raise FieldInvalid(
                "reason", "it is missing", "Say why, without the name of whom it protects: it stays."
            )
        people = tuple(dict.fromkeys(one.strip() for one in authority if one.strip()))
        if not people:
            raise FieldInvalid(
                "authority", "it is missing", "Name who decided. The name stays in the record."
            )
        return cls(mint(), reason, people)

    def require_two(self) -> None:
        """Raises `FieldInvalid` unless two different people decided."""
        if not _are_two(self.authority):
            mend = "Name both, with --authority twice. Erasing what rests on it alone needs one."
            raise FieldInvalid("authority", _TWO, mend)


@dataclass(frozen=True, slots=True)
class Order:
    """An order that stands, and the entry that it is for."""

    name: str
    of: str
    batch: str
    thing: str
    kind: str
    reason: str
    authority: tuple[str, ...]
    author: str
    clock: int
    log: str

    def require_enough(self) -> None:
        """Raises `FieldInvalid` where an item is to go, with its original, and not two people decided."""
        if self.kind == "item" and not _are_two(self.authority):
            raise FieldInvalid(self.name, _TWO, "Let whoever ordered it order it again, and name both.")


def _are_two(people: tuple[str, ...]) -> bool:
    return len({one.casefold() for one in people}) > 1


def write_orders(writer: LogWriter, versions: Iterable[Version], word: Word) -> list[str]:
    """Write an order for each version; their names."""
    return [writer.append(_draft(version, word)) for version in versions]


def _draft(version: Version, word: Word) -> Draft:
    fields = {"authority": list(word.authority), "clock": version.clock, "order": word.batch}
    return Draft(
        version.kind,
        version.thing,
        fields,
        supersedes=version.supersedes,
        reason=word.reason,
        of=version.name,
    )


def orders(store: RecordStore) -> list[Order]:
    """Every order that stands, in the order of their logs."""
    db = store.db
    query = (
        "SELECT ordered.name, ordered.entry, body.bytes FROM ordered JOIN body ON body.entry = ordered.entry"
        " ORDER BY ordered.entry"
    )
    found = []
    for of, entry, body in db.connection.execute(query):
        name = db.name_of(entry)
        said = version_of(name, body, 0)
        fields = said.fields
        people = tuple(map(str, fields.get("authority") or ()))
        log = db.log_name(split_number(entry)[0])
        batch = str(fields.get("order") or name)
        found.append(
            Order(
                name,
                of,
                batch,
                said.thing,
                said.kind,
                said.reason or "",
                people,
                said.author,
                said.clock,
                log,
            )
        )
    return found


def has_body(store: RecordStore, name: str) -> bool:
    """Whether an entry is here with its body."""
    try:
        entry = store.db.entry_of(name)
    except KeyError:
        return False
    row = store.db.connection.execute("SELECT 1 FROM body WHERE entry = ?", (entry,)).fetchone()
    return row is not None


def waits(store: RecordStore, order: Order) -> bool:
    """Whether an order is for a body that is here, says of it what that says itself, and may take it.

    Any other is passed over: what the record itself stands by is never erased.
    """
    return has_body(store, order.of) and why_not(store, order) is None


def why_not(store: RecordStore, order: Order) -> str | None:
    """Why an order cannot be followed here, though the body that it names is here. None where it can, or has been."""
    held, said = _entry(store, order.of), _entry(store, order.name)
    if held is None or said is None:
        return None
    if not may_be_erased(*held):
        return "the record itself stands by this entry, and it is never erased"
    if not repeats(said[1], held[1]):
        return "what the order says of this entry is not what the entry says itself"
    return None


def _entry(store: RecordStore, name: str) -> tuple[bytes, dict[str, Any]] | None:
    """An entry's head, and what its body states, where both are here."""
    if not has_body(store, name):
        return None
    query = (
        "SELECT head.bytes, body.bytes FROM head JOIN body ON body.entry = head.entry WHERE head.entry = ?"
    )
    head, body = store.db.connection.execute(query, (store.db.entry_of(name),)).fetchone()
    return bytes(head), decode(body)


def has_head(store: RecordStore, name: str) -> bool:
    """Whether an entry is here, with or without its body."""
    try:
        entry = store.db.entry_of(name)
    except KeyError:
        return False
    return store.db.connection.execute("SELECT 1 FROM head WHERE entry = ?", (entry,)).fetchone() is not None
