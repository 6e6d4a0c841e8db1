"""Whether what a run of entries holds can be taken: its key, its heads, its checkpoints, its bodies, and how its log begins."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from typing import Any

from onrecord.record.bodies import EntryInvalid, read_body, read_head
from onrecord.record.checkpoint import (
    NoteInvalid,
    checkpoint_text,
    cosigned_by,
    open_note,
    origin_of,
    parse_verifier_key,
)
from onrecord.record.ids import log_of
from onrecord.record.merkle import leaf_hash
from onrecord.store.run import Run

_LARGEST_NOTE = 1 << 16
_SIGNATURES = re.compile("\n\n(?:\u2014 [^\\s+]+ [A-Za-z0-9+/]+={0,2}\n)+")
_PRIME = 2**255 - 19
_OF_EIGHT = 55188659117513257062467267217118295137698188065244968500265048394206261417927
_SMALL_ORDER = {0, 1, _PRIME - 1, _OF_EIGHT, _PRIME - _OF_EIGHT}
"""The y of the points of small order: a key that is one of them signs anything."""


def public_key(run: Run, record: str, known: str | None) -> bytes | str:
    """The key that a run's checkpoints are signed with, or in words why it cannot be used."""
    try:
        origin, public = parse_verifier_key(run.vkey if run.vkey.isascii() else "")
    except NoteInvalid as wrong:
        return f"its key is none: {wrong}"
    if origin != origin_of(record, run.log):
        return "its key is of another record or log"
    y = int.from_bytes(public, "little") & (2**255 - 1)
    if y >= _PRIME or y in _SMALL_ORDER:
        return "its key is none: whoever has it can sign nothing with it that proves anything"
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
        if _is_plain(note):
            good[checkpoint.size] = checkpoint.root, note
    return good


def _is_plain(note: bytes) -> bool:
    """Whether a note's signature lines, cosignatures among them, are such as every reader takes."""
    text = note.decode("utf-8")
    if len(note) > _LARGEST_NOTE or not _SIGNATURES.fullmatch(text, text.index("\n\n")):
        return False
    lines = [line.split(" ") for line in text.partition("\n\n")[2].split("\n")[:-1]]
    return len({(name, base64.b64decode(signed)[:4]) for _, name, signed in lines}) == len(lines)


class Beginnings:
    """How logs have to begin: the founding one with the record's entry, every one with its own device's and key."""

    def __init__(self, record: str, founding: str, known: frozenset[str]) -> None:
        self._record = record
        self._founding = founding
        self._candidate = ""
        self._known = known

    def own(self, log: str) -> int:
        """The place of a log's own device entry."""
        return 2 if log in (self._founding, self._candidate) else 0

    def took(self, log: str) -> None:
        """A log's beginning was taken in."""
        if log == self._candidate:
            self._founding = log

    def check(self, run: Run, seq: int, body: Mapping[str, Any], ordering: bool) -> None:
        """Raises `EntryInvalid` where an entry may not stand at this place. `ordering`: it is an order of erasure."""
        kind, fields = body["kind"], body["fields"]
        if kind == "record" and not ordering:
            about = fields.get("record"), fields.get("format"), type(fields.get("zone"))
            if seq or self._founding or about != (self._record, 1, str):
                raise EntryInvalid("it is a second beginning of the record, or that of another")
            self._candidate = run.log
        is_own = kind == "device" and fields.get("log") == run.log and fields.get("vkey") == run.vkey
        if seq == self.own(run.log) and run.log not in self._known and (ordering or not is_own):
            raise EntryInvalid("its log does not begin with its own device and key")


def bodies_of(
    run: Run, first: int, beyond: int, clock: int, beginnings: Beginnings, record: str
) -> tuple[dict[int, dict[str, Any]], int, str | None]:
    """What the bodies of a run's new entries state, by place; up to where all are sound, and what is wrong there."""
    stated: dict[int, dict[str, Any]] = {}
    for seq in range(first, beyond):
        sent = run.entries[seq - run.first]
        if sent.body is None or sent.salt is None:
            continue
        try:
            head = read_head(sent.head, run.log, seq)
            body = read_body(sent.body, sent.salt, head, clock)
            beginnings.check(run, seq, body, head.of is not None)
            if body["kind"] == "merge" and head.of is None:
                check_cosignatures(run, record, body["fields"])
        except EntryInvalid as wrong:
            return stated, seq, f"{run.log}/{seq}: {wrong}"
        clock, stated[seq] = body["clock"], body
    return stated, beyond, None


def check_cosignatures(run: Run, record: str, fields: Mapping[str, Any]) -> None:
    """Raises `EntryInvalid` unless the log that a merge is in signed what the merge says that it saw."""
    public = parse_verifier_key(run.vkey)[1]
    for head in fields.get("heads", ()):
        text = checkpoint_text(
            origin_of(record, log_of(head["log"])), head["size"], base64.b64decode(head["root"])
        )
        if not cosigned_by(public, text, head["cosigned"]):
            raise EntryInvalid(f"it has a bad cosignature over {head['log']}")
