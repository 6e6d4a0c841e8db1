"""What this laptop holds and could send: entries by log and branch, originals, and the layers that passages rest on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from onrecord.exchange.segment import Line, note_line
from onrecord.record.canonical import decode
from onrecord.record.ids import log_of
from onrecord.store.branches import Chain, chains
from onrecord.store.record_store import RecordStore
from onrecord.store.schema import entry_number

_ENTRIES = (
    "SELECT head.entry, head.bytes, body.salt, body.bytes FROM head LEFT JOIN body ON body.entry = head.entry"
    " WHERE head.entry >= ? AND head.entry < ? ORDER BY head.entry"
)
_NOTES = "SELECT size, note FROM checkpoint WHERE entry >= ? AND entry < ? ORDER BY entry"
_SIZES = "SELECT max(size) FROM checkpoint WHERE entry >= ? AND entry < ? AND size <= ?"
_STATED = "SELECT body.bytes FROM body JOIN head ON head.entry = body.entry WHERE head.entry >= ? AND head.entry < ?"
_OF_KIND = "SELECT body.bytes FROM version JOIN body ON body.entry = version.entry WHERE version.kind = ?"
_STATING = "SELECT version.thing, body.bytes FROM version JOIN body ON body.entry = version.entry"
_SHA256 = re.compile("[0-9a-f]{64}")
_SEALED = b'"sealed":{'

Withheld = Callable[[str], Mapping[str, Any] | None]
"""What was said, in a travel copy, of a body that it left out."""


@dataclass(frozen=True, slots=True)
class Holding:
    """One log, or one branch of it, as it can be sent: from the checkpoint before it begins to its last one."""

    chain: Chain
    row: str
    first: int
    beyond: int

    @property
    def log(self) -> str:
        return log_of(self.row)


def holdings(store: RecordStore) -> list[Holding]:
    """All that is covered by checkpoints, by row."""
    connection = store.db.connection
    logs = {log_of(name) for name in store.db.log_numbers()}
    found: dict[str, Holding] = {}
    for chain in (chain for log in sorted(logs) for chain in chains(connection, log)):
        for row in chain.rows:
            first = _noted(chain, row.start) if row.start else 0
            beyond = _noted(chain, row.end)
            if beyond > row.start and row.name not in found:
                found[row.name] = Holding(chain, row.name, first, beyond)
    return list(found.values())


def _noted(chain: Chain, size: int) -> int:
    """The largest size up to this one at which a checkpoint of the chain is held."""
    sizes = [0]
    for row in chain.rows:
        bounds = entry_number(row.number, row.start), entry_number(row.number, row.end), size
        (largest,) = chain.connection.execute(_SIZES, bounds).fetchone()
        sizes.append(largest or 0)
    return max(sizes)


def last_note(held: Holding) -> bytes:
    """The checkpoint over all that is held of it."""
    return next(note for size, note in _notes(held, held.beyond - 1, held.beyond) if size == held.beyond)


def lines(
    held: Holding, first: int, beyond: int, withheld: Withheld, without_sealed: bool
) -> Iterator[tuple[int, bytes]]:
    """The entries at some places of a holding as segment lines, with the checkpoints between them, by place."""
    notes = dict(_notes(held, first, beyond))
    for row in held.chain.rows:
        low, high = max(first, row.start), min(beyond, row.end)
        if low >= high:
            continue
        bounds = entry_number(row.number, low), entry_number(row.number, high)
        rows = held.chain.connection.cursor().execute(_ENTRIES, bounds)
        for entry, head, salt, body in rows:
            seq = entry - entry_number(row.number, 0)
            name = f"{row.name}/{seq}"
            yield seq, _line(name, head, salt, body, withheld, without_sealed).to_bytes()
            if seq + 1 in notes:
                yield seq, note_line(notes[seq + 1])


def _notes(held: Holding, first: int, beyond: int) -> Iterator[tuple[int, bytes]]:
    """The checkpoints over sizes above `first`, up to `beyond`."""
    for row in held.chain.rows:
        low, high = max(first, row.start), min(beyond, row.end)
        if low < high:
            bounds = entry_number(row.number, low), entry_number(row.number, high)
            for size, note in held.chain.connection.execute(_NOTES, bounds).fetchall():
                yield size, bytes(note)


def _line(
    name: str, head: bytes, salt: bytes | None, body: bytes | None, withheld: Withheld, without_sealed: bool
) -> Line:
    text = head.decode("utf-8")
    if salt is None or body is None:
        return Line(text, withheld=withheld(name))
    if without_sealed and _SEALED in body and _is_sealed(stated := decode(body)):
        return Line(text, withheld=_stub(name, stated))
    return Line(text, body.decode("utf-8"), salt.hex())


def _is_sealed(stated: Mapping[str, Any]) -> bool:
    return isinstance(stated["fields"].get("sealed"), dict)


def _stub(name: str, stated: Mapping[str, Any]) -> dict[str, Any]:
    """What stays known of a version whose body is left out: nothing that it says."""
    stub = {"clock": stated["clock"], "entry": name, "kind": stated["kind"], "thing": stated["thing"]}
    return stub | ({"supersedes": stated["supersedes"]} if "supersedes" in stated else {})


def sealed_things(store: RecordStore) -> int:
    """How many things a copy for a journey leaves bodies out of."""
    rows = store.db.connection.execute(_STATING).fetchall()
    return len({thing for thing, body in rows if _SEALED in body and _is_sealed(decode(body))})


def originals(store: RecordStore) -> Iterator[str]:
    """The hash of every original that an entry here is about and whose file is here."""
    return (digest for digest in named_originals(store) if _is_here(store, digest))


def layers(store: RecordStore) -> Iterator[str]:
    """The hash of every text layer that a passage rests on and that is here."""
    return (digest for digest in named_layers(store) if store.layers.holds(digest))


def named_originals(store: RecordStore) -> list[str]:
    """The hash of every original that an entry here is about."""
    return sorted(filter(_SHA256.fullmatch, _of_bodies(store, "item", "sha256")))


def named_layers(store: RecordStore) -> list[str]:
    """The hash of every text layer that a passage rests on."""
    return sorted(filter(_SHA256.fullmatch, _of_bodies(store, "passage", "layer")))


def _is_here(store: RecordStore, digest: str) -> bool:
    return store.originals.path(digest).is_file()


def _of_bodies(store: RecordStore, kind: str, field: str) -> set[str]:
    """A field of every version of a kind, of those that rest too."""
    run = store.db.connection.execute
    found = {decode(body)["fields"].get(field) for (body,) in run(_OF_KIND, (kind,))}
    for first, beyond in run("SELECT first, beyond FROM resting").fetchall():
        bodies = (decode(body) for (body,) in run(_STATED, (first, beyond)))
        found |= {body["fields"].get(field) for body in bodies if body["kind"] == kind}
    return {digest for digest in found if isinstance(digest, str)}
