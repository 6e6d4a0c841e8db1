"""The root file: what somebody outside keeps of a record, so that no later rewriting of it goes unseen.

It holds hashes, keys and sizes, and nothing that anybody said or is called (docs/format section 9).
"""

from __future__ import annotations

import base64
import sqlite3
from pathlib import Path
from typing import Any

from onrecord.record.canonical import encode
from onrecord.record.errors import FieldInvalid
from onrecord.record.ids import log_of
from onrecord.record.listing import Listed
from onrecord.record.merkle import leaf_hash
from onrecord.stamping.histories import listing_of
from onrecord.store.branches import chains
from onrecord.store.outside import require_outside
from onrecord.store.part import write_durably
from onrecord.store.record_store import RecordStore
from onrecord.store.schema import entry_number

FORMAT = "onrecord root 1"
LEAF_BYTES = 8  # of each leaf's hash: enough to find the first entry that differs
_NOTE = "SELECT note FROM checkpoint WHERE entry = ?"


def write_root(store: RecordStore, out: Path | None) -> dict[str, Any]:
    """The record root as it stands, `{"root", "spoken", "record", "logs"}`, and written to a file where `out` names one."""
    listing = listing_of(store.db.connection, store.id)
    if out is not None:
        if out.exists():
            raise FieldInvalid(str(out), "something stands there already", "Choose another name.")
        require_outside(store, out)
        write_durably(out, _file(store, listing.text, listing.root, listing.logs), 0o644)
    stated = [{"log": one.log, "size": one.size} for one in listing.logs]
    told = {"root": listing.root, "spoken": spoken(listing.root), "record": store.id, "logs": stated}
    return told | ({"out": str(out)} if out is not None else {})


def spoken(root: str) -> str:
    """A root as people read it to each other: in groups of four."""
    return " ".join(root[at : at + 4] for at in range(0, len(root), 4))


def _file(store: RecordStore, listing: str, root: str, listed: tuple[Listed, ...]) -> bytes:
    logs = [_log(store, one) for one in listed]
    return encode({"format": FORMAT, "listing": listing, "logs": logs, "record": store.id, "root": root})


def _log(store: RecordStore, listed: Listed) -> dict[str, Any]:
    connection, log = store.db.connection, log_of(listed.log)
    vkey = store.folder.key_file(log).read_text(encoding="ascii").rstrip("\n")
    leaves, note = _leaves_and_note(connection, listed)
    return {
        "checkpoint": note.decode(),
        "leaves": base64.b64encode(leaves).decode(),
        "log": listed.log,
        "vkey": vkey,
    }


def _leaves_and_note(connection: sqlite3.Connection, listed: Listed) -> tuple[bytes, bytes]:
    """The first bytes of every leaf that a checkpoint covers, and the checkpoint."""
    chain = next(
        chain
        for chain in chains(connection, log_of(listed.log))
        if any(row.name == listed.log for row in chain.rows)
    )
    heads = chain.heads(0, listed.size)
    last = entry_number(chain.row_of(listed.size - 1).number, listed.size - 1)
    (note,) = connection.execute(_NOTE, (last,)).fetchone()
    return b"".join(leaf_hash(head)[:LEAF_BYTES] for head in heads), bytes(note)
