"""Whether what a run of entries holds can be taken: its key, its heads, its checkpoints, its bodies, and how its log begins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from onrecord.record.bodies import EntryInvalid, read_body, read_head
from onrecord.record.checkpoint import NoteInvalid, open_note, origin_of, parse_verifier_key
from onrecord.record.merkle import leaf_hash
from onrecord.store.run import Run


def public_key(run: Run, record: str, known: str | None) -> bytes | str:
    """The key that a run's checkpoints are signed with, or in words why it cannot be used."""
    try:
        origin, public = parse_verifier_key(run.vkey)
    except NoteInvalid as wrong:
        return f"its key is none: {wrong}"
    if origin != origin_of(record, run.log):
        return "its key is of another record or log"
    return public if known in (None, run.vkey) else "it is signed with another key than the one known here"


def leaves_of(run: Run) -> tuple[list[bytes], str | None]:
    """The leaf hashes of a run's heads up to the first that is not sound, and what is wrong with that."""
    leaves: list[bytes] = []
    for place, sent in enumerate(run.entries):
        try:
            read_head(sent.head, run.log, run.first + place)
        except EntryInvalid as wrong:
            return leaves, f"{run.log}/{run.first + place}: {wrong}"
        leaves.append(leaf_hash(sent.head))
    return leaves, None


def good_notes(run: Run, record: str, public: bytes) -> dict[int, tuple[bytes, bytes]]:
    """Root and note by size, of every checkpoint whose signature is good."""
    good = {}
    for note in run.notes:
        try:
            checkpoint = open_note(note, origin_of(record, run.log), public)
        except NoteInvalid:
            continue
        good[checkpoint.size] = checkpoint.root, note
    return good


class Beginnings:
    """How logs have to begin: the founding one with the record's entry, every one with its own device's and key."""

    def __init__(self, record: str, founded: bool, known: frozenset[str]) -> None:
        self._record = record
        self._founded = founded
        self._known = known
        self._founding = ""

    def own(self, log: str) -> int:
        """The place of a log's own device entry."""
        return 2 if log == self._founding else 0

    def check(self, run: Run, seq: int, body: Mapping[str, Any]) -> None:
        """Raises `EntryInvalid` where an entry may not stand at this place."""
        kind, fields = body["kind"], body["fields"]
        if kind == "record":
            if seq or self._founded or fields.get("record") != self._record or fields.get("format") != 1:
                raise EntryInvalid("it is a second beginning of the record, or that of another")
            self._founding = run.log
        is_own = kind == "device" and fields.get("log") == run.log and fields.get("vkey") == run.vkey
        if seq == self.own(run.log) and run.log not in self._known and not is_own and kind != "record":
            raise EntryInvalid("its log does not begin with its own device and key")


def bodies_of(
    run: Run, first: int, beyond: int, clock: int, beginnings: Beginnings
) -> tuple[dict[int, dict[str, Any]], int, str | None]:
    """What the bodies of a run's new entries state, by place; up to where all are sound, and what is wrong there."""
    stated: dict[int, dict[str, Any]] = {}
    for seq in range(first, beyond):
        sent = run.entries[seq - run.first]
        if sent.body is None or sent.salt is None:
            continue
        try:
            body = read_body(sent.body, sent.salt, read_head(sent.head, run.log, seq), clock)
            beginnings.check(run, seq, body)
        except EntryInvalid as wrong:
            return stated, seq, f"{run.log}/{seq}: {wrong}"
        clock, stated[seq] = body["clock"], body
    return stated, beyond, None
