"""Inclusion proofs for the entries of a dossier (docs/format/dossier.md): heads as unopened leaves, and their paths."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from onrecord.record.canonical import encode
from onrecord.record.checkpoint import open_note, origin_of, parse_verifier_key, verifier_key
from onrecord.record.ids import split_entry
from onrecord.record.merkle import Tree, leaf_hash
from onrecord.store.record_store import RecordStore
from onrecord.store.schema import entry_number

FORMAT = "onrecord proofs 1"


def head_of(store: RecordStore, entry: str) -> bytes:
    """The stored head of an entry."""
    log, seq = split_entry(entry)
    number = entry_number(store.db.log_numbers()[log], seq)
    (head,) = store.db.connection.execute("SELECT bytes FROM head WHERE entry = ?", (number,)).fetchone()
    return bytes(head)


def leaf_of(store: RecordStore, entry: str) -> str:
    return leaf_hash(head_of(store, entry)).hex()


def build_proofs(store: RecordStore, release: str, entries: Iterable[str], public: bytes) -> bytes:
    """The bytes of proofs.json for a release entry and the entries that its citations rest on.

    `public` is the key of the release's own log: that of one which begins with it is in no file yet.
    """
    own, _ = split_entry(release)
    named = sorted({release, *entries}, key=split_entry)
    by_log: dict[str, list[int]] = {}
    for log, seq in map(split_entry, named):
        by_log.setdefault(log, []).append(seq)
    logs, leaves = [], []
    for log in sorted(by_log):
        proof = _LogProof(store, log, public if log == own else None)
        logs.append(proof.stated())
        leaves += [proof.leaf(seq) for seq in by_log[log]]
    return encode({"format": FORMAT, "leaves": leaves, "logs": logs, "release": _opened(store, release)})


def _opened(store: RecordStore, release: str) -> dict[str, str]:
    log, seq = split_entry(release)
    number = entry_number(store.db.log_numbers()[log], seq)
    query = "SELECT salt, bytes FROM body WHERE entry = ?"
    salt, body = store.db.connection.execute(query, (number,)).fetchone()
    return {"body": body.decode("utf-8"), "entry": release, "salt": salt.hex()}


def _kept_key(store: RecordStore, log: str) -> str:
    return store.folder.key_file(log).read_text(encoding="ascii").rstrip("\n")


class _LogProof:
    """One log up to its last checkpoint, with every leaf in memory."""

    def __init__(self, store: RecordStore, log: str, public: bytes | None) -> None:
        number = store.db.log_numbers()[log]
        bounds = (entry_number(number, 0), entry_number(number + 1, 0))
        run = store.db.connection.execute
        query = "SELECT note FROM checkpoint WHERE entry >= ? AND entry < ? ORDER BY entry DESC LIMIT 1"
        (self._note,) = run(query, bounds).fetchone()
        origin = origin_of(store.id, log)
        self._vkey = verifier_key(origin, public) if public else _kept_key(store, log)
        size = open_note(self._note, origin, parse_verifier_key(self._vkey)[1]).size
        heads = run(
            "SELECT bytes FROM head WHERE entry >= ? AND entry < ? ORDER BY entry LIMIT ?", (*bounds, size)
        )
        self._heads = [bytes(head) for (head,) in heads]
        self._tree = Tree([leaf_hash(head) for head in self._heads])
        self._log = log

    def stated(self) -> dict[str, str]:
        return {"checkpoint": self._note.decode("utf-8"), "log": self._log, "vkey": self._vkey}

    def leaf(self, seq: int) -> dict[str, Any]:
        path = [step.hex() for step in self._tree.path(seq)]
        return {"entry": f"{self._log}/{seq}", "head": self._heads[seq].decode("ascii"), "path": path}
