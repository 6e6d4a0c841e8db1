"""Which laptop wrote an entry: its log, the fingerprint of its key, and whether it is this one."""

from __future__ import annotations

from typing import Any

from onrecord.record.checkpoint import NoteInvalid, fingerprint, parse_verifier_key
from onrecord.record.ids import device_of, log_of, split_entry
from onrecord.store.record_store import RecordStore


def public_key(store: RecordStore, log: str) -> bytes | None:
    """The public key of a log (or of one branch of it), as its key file has it."""
    try:
        line = store.folder.key_file(log_of(log)).read_text(encoding="ascii")
        return parse_verifier_key(line.rstrip("\n"))[1]
    except (OSError, ValueError, NoteInvalid):
        return None


def laptop_of(store: RecordStore, entry: str) -> dict[str, Any]:
    """`{"device", "log", "fingerprint", "here"}` of an entry's writer."""
    log = log_of(split_entry(entry)[0])
    key = public_key(store, log)
    own = {kept.device for kept in store.keys.log_keys()}
    return {
        "device": device_of(log),
        "log": log,
        "fingerprint": fingerprint(key) if key else None,
        "here": device_of(log) in own,
    }
