"""What checkpoints in a folder say of the logs that are held here: whether they agree, also of this laptop's own log."""

from __future__ import annotations

from collections.abc import Iterable

from onrecord.exchange.own_prefix import root_at
from onrecord.exchange.prefix import Prefix
from onrecord.record.checkpoint import Checkpoint, NoteInvalid, open_note, origin_of, parse_verifier_key
from onrecord.record.ids import device_of, incarnation_of, log_of
from onrecord.store.branches import chains
from onrecord.store.incarnation import OwnLogElsewhere
from onrecord.store.record_store import RecordStore
from onrecord.store.refold import key_lines


def stated_in(store: RecordStore, prefix: Prefix, row: str) -> Checkpoint | None:
    """The last checkpoint that a prefix gives for a log or branch, if it is signed by the key known here."""
    note = prefix.listed.notes.get(row) if prefix.listed else None
    line = key_lines(store.folder.keys).get(log_of(row))
    if note is None or line is None:
        return None
    try:
        return open_note(note, origin_of(store.id, log_of(row)), parse_verifier_key(line)[1])
    except NoteInvalid:
        return None


def agrees(store: RecordStore, log: str, stated: Checkpoint) -> bool:
    """Whether some history of a log that is held here goes through a checkpoint."""
    return any(
        chain.size >= stated.size and root_at(chain, stated.size) == stated.root
        for chain in chains(store.db.connection, log)
    )


def held_of(store: RecordStore, row: str) -> int:
    """How far a log or branch is held here; 0 where nothing is."""
    tips = (chain.tip for chain in chains(store.db.connection, log_of(row)))
    return next((tip.end for tip in tips if tip.name == row), 0)


def mind_own_log(store: RecordStore, prefixes: Iterable[Prefix], own: str) -> None:
    """Did this laptop sign more than it knows of, as before it was restored from a backup? Then it goes on in a
    further log, also where the entries themselves cannot be read here: nothing may be signed a second time.

    Raises `OwnLogElsewhere`.
    """
    prefixes = list(prefixes)
    stated = [found for prefix in prefixes if (found := stated_in(store, prefix, own))]
    if not all(agrees(store, own, one) for one in stated):
        raise gone_on_elsewhere(prefixes, own)


def gone_on_elsewhere(prefixes: Iterable[Prefix], own: str) -> OwnLogElsewhere:
    """That this laptop wrote more than it knows of: its next log comes after the latest of its own in the folder."""
    return OwnLogElsewhere(f"{device_of(own)}.{_latest(prefixes, own)}")


def _latest(prefixes: Iterable[Prefix], own: str) -> int:
    """The latest incarnation of this device that a folder shows."""
    logs = {own}
    for prefix in prefixes:
        logs |= {prefix.log, *(name.log for name, _ in prefix.segments())}
    return max(incarnation_of(log) for log in logs if device_of(log) == device_of(own))
