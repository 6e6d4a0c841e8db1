"""`merge`: taking in what an exchange folder holds of this record, after checking all of it.

Entries go through `store.receiving`, in one transaction that is kept whole or not at all. Originals are in their
place before the entries that name them, or are named as awaited. What could not be taken is named.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from onrecord.exchange import told
from onrecord.exchange.arrival import fetch_layer, fetch_original
from onrecord.exchange.awaiting import LAYER, Need, awaited_here, is_held, named_by, withheld_here
from onrecord.exchange.catalogue import Catalogue, catalogue, require_record
from onrecord.exchange.own_prefix import root_at
from onrecord.exchange.place import Place
from onrecord.exchange.prefix import Prefix, Trouble, Unlock, opening_with
from onrecord.exchange.spans import said
from onrecord.exchange.stream import Stream, streams
from onrecord.record.checkpoint import Checkpoint, NoteInvalid, open_note, origin_of, parse_verifier_key
from onrecord.record.ids import device_of, incarnation_of, log_of
from onrecord.store.branches import chains
from onrecord.store.incarnation import OwnLogElsewhere
from onrecord.store.orphans import telling_leftovers
from onrecord.store.receiving import Received, Receiving
from onrecord.store.record_store import RecordStore
from onrecord.store.refold import key_lines
from onrecord.store.run import Run
from onrecord.writing.indexing import index_again, index_entries
from onrecord.writing.layering import read_unread

Progress = Callable[[int, int | None, str], None]
MOST_UNADMITTED = 50
_DISTANCE = 10_000
_AT_ONCE_BYTES = 256 << 20
"""Originals up to this much are put in place while the record is held for writing; the others right after it."""


def merge(
    store: RecordStore,
    place: Place,
    progress: Progress | None = None,
    unlock: Unlock | None = None,
    ring: str = "ring.age",
) -> dict[str, Any]:
    """Take in what is new: `{"entries", "originals", "missing", "forks", …}`."""
    opened = unlock or opening_with(store.keys.exchange_identities())
    found = catalogue(place, store.id, opened, ring)
    require_record(found, place, store.id)
    with telling_leftovers(store):
        while True:
            with suppress(OwnLogElsewhere):  # the store goes on in a further log now
                return Merging(store, place, found, progress).run()


@dataclass(slots=True)
class Merging:
    """One merge under way."""

    store: RecordStore
    place: Place
    found: Catalogue
    progress: Progress | None = None
    troubles: list[Trouble] = field(default_factory=list)
    _needed: set[Need] = field(default_factory=set)
    _why: dict[Need, str] = field(default_factory=dict)
    _arrived: list[Need] = field(default_factory=list)
    _got: dict[str, int] = field(default_factory=dict)
    _wanted: dict[str, tuple[int, str]] = field(default_factory=dict)
    _ended: dict[str, str] = field(default_factory=dict)
    _by_log: dict[str, int] = field(default_factory=dict)

    def run(self) -> dict[str, Any]:
        before = told.conflicts(self.store)
        self._needed = awaited_here(self.store)
        known = frozenset(self._needed)
        with self.store.writing(keep_checkpoint=True) as writer:
            receiving = Receiving(self.store, writer)
            self._mind_own_checkpoints(writer.log)
            self._take_all(receiving)
            waiting = self._take_files(_AT_ONCE_BYTES)
            receiving.awaited = [
                {"sha256": digest, "size": size} for digest, size in waiting if (digest, size) not in known
            ]
            receiving.arrived = sorted({digest for digest, _ in known.intersection(self._arrived)})
            received = receiving.finish()
            self._index(received)
        if self.store.waiting is False:
            self.store.refresh()
        self._take_rest(waiting)
        read_unread(self.store, self.progress)
        self._name_missing()
        originals = sum(size != LAYER for _, size in self._arrived)
        return told.as_told(
            self.store, received, before, self._by_log, originals, [*self.found.troubles, *self.troubles]
        )

    def _take_all(self, receiving: Receiving) -> None:
        unfilled = withheld_here(self.store)
        for stream in self._streams():
            self._wanted[stream.row] = max(
                self._wanted.get(stream.row, (0, "")), (stream.beyond, stream.where)
            )
            if not self._is_held(stream, unfilled):
                self._take(stream, receiving, unfilled)

    def _streams(self) -> Iterator[Stream]:
        """Every log that may be used: each writer's own first, then what members carry of others."""
        own: list[Stream] = []
        carried: list[Stream] = []
        for prefix in self._usable():
            for stream in streams(self.place, prefix):
                (own if stream.row == prefix.log else carried).append(stream)
        judged, known = self.store.membership(), key_lines(self.store.folder.keys)
        yield from own
        for stream in carried:
            if (
                stream.log in known
                or judged.counts(stream.prefix.log)
                or self.store.waiting
                or _is_earlier_log_of_its_writer(stream, known)
            ):
                yield stream
            else:
                self._trouble(
                    "folder", stream.where, "it is carried by a device that nobody admitted; it is not used"
                )

    def _usable(self) -> list[Prefix]:
        """The prefixes whose writer is who the record knows, and not too many that nobody knows."""
        keys = key_lines(self.store.folder.keys)
        usable: list[Prefix] = []
        unknown: list[Prefix] = []
        for log, prefix in sorted(self.found.prefixes.items()):
            if prefix.ring is not None:
                self.troubles += prefix.troubles
            if keys.get(log, prefix.hello.vkey) != prefix.hello.vkey:
                self._trouble(
                    "folder",
                    log,
                    "its key is not the one that this record knows for that log; it is not used",
                )
            elif prefix.ring is not None:
                (usable if log in keys else unknown).append(prefix)
        if len(unknown) > MOST_UNADMITTED and not self.store.waiting:
            why = f"{len(unknown)} devices that nobody here knows have written there, more than {MOST_UNADMITTED}; they are left"
            self._trouble("folder", self.place.shown, why)
            return usable
        return [*usable, *unknown]

    def _is_held(self, stream: Stream, unfilled: dict[str, list[int]]) -> bool:
        """Whether the last checkpoint that its writer gives for a log is one of ours, so that nothing is new in it."""
        listed = stream.prefix.listed
        note = listed.notes.get(stream.row) if listed else None
        line = key_lines(self.store.folder.keys).get(stream.log)
        if note is None or line is None or (unfilled.get(stream.row) and _is_full(stream.prefix)):
            return False
        stated = self._opened(note, stream.log, line)
        if stated is None or stated.size < stream.beyond or not self._agrees(stream.log, stated):
            return False
        self._reach(stream.row, stated.size)
        return True

    def _take(self, stream: Stream, receiving: Receiving, unfilled: dict[str, list[int]]) -> None:
        """What is beyond what is held; all of it, where that does not fit or bodies are to be filled in."""
        held = self._held(stream.row)
        behind = min(unfilled.get(stream.row, [held]))
        at = max(stream.first, min(held, behind))
        if at >= stream.beyond or not self._feed(stream, at, receiving):
            self._feed(stream, stream.first, receiving)
        if stream.why:
            self._ended[stream.row] = f"{stream.prefix.log}: {stream.why}"

    def _feed(self, stream: Stream, at: int, receiving: Receiving) -> bool:
        """Whether everything from a place on fits and is held now."""
        for run in stream.runs(at):
            took = receiving.take(run)
            self._look_through(run)
            self._reach(stream.row, took.held if took.beyond else run.end)
            self._by_log[run.log] = self._by_log.get(run.log, 0) + took.took
            if self.progress:
                self.progress(sum(self._by_log.values()), None, "merging")
            if took.beyond:
                stream.why = took.beyond
                return False
        return stream.why is None

    def _mind_own_checkpoints(self, own: str) -> None:
        """Did this laptop sign more than it knows of, as before it was restored from a backup? Then it goes on in a
        further log, also where the entries themselves cannot be read here: nothing may be signed a second time.

        How many logs it had begun meanwhile is not known either, so the next one takes a number at a distance.
        """
        line = key_lines(self.store.folder.keys).get(own)
        notes = [
            one.listed.notes[own]
            for one in self.found.prefixes.values()
            if one.listed and own in one.listed.notes
        ]
        stated = [self._opened(note, own, line) for note in notes] if line else []
        if all(one is None or self._agrees(own, one) for one in stated):
            return
        raise OwnLogElsewhere(
            f"{device_of(own)}.{self._incarnations_seen(own) + secrets.randbelow(_DISTANCE)}"
        )

    def _incarnations_seen(self, own: str) -> int:
        rows = {name.row for prefix in self.found.prefixes.values() for name, _ in prefix.segments()}
        logs = {own, *self.found.prefixes, *map(log_of, rows)}
        return max(incarnation_of(log) for log in logs if device_of(log) == device_of(own))

    def _opened(self, note: bytes, log: str, line: str) -> Checkpoint | None:
        try:
            return open_note(note, origin_of(self.store.id, log), parse_verifier_key(line)[1])
        except NoteInvalid:
            return None

    def _agrees(self, log: str, stated: Checkpoint) -> bool:
        """Whether some history of a log that is held here goes through a checkpoint."""
        return any(
            chain.size >= stated.size and root_at(chain, stated.size) == stated.root
            for chain in chains(self.store.db.connection, log)
        )

    def _held(self, row: str) -> int:
        rows = (chain.tip for chain in chains(self.store.db.connection, row.partition("~")[0]))
        return next((tip.end for tip in rows if tip.name == row), 0)

    def _reach(self, row: str, size: int) -> None:
        self._got[row] = max(size, self._got.get(row, 0))

    def _look_through(self, run: Run) -> None:
        """Which originals and layers the entries of a run need."""
        self._needed |= {need for need in named_by(run) if not is_held(self.store, need)}

    def _take_files(self, most: int | None) -> list[Need]:
        """Fetch what is needed, up to so many bytes; what is still needed then."""
        waiting, bytes_ = [], 0
        for done, need in enumerate(sorted(self._needed)):
            bytes_ += need[1]
            if self.progress:
                self.progress(done, len(self._needed), "originals")
            if most is not None and bytes_ > most:
                waiting.append(need)
            elif why := self._fetch(*need):
                self._why[need] = why
                waiting.append(need)
            else:
                self._arrived.append(need)
        return waiting

    def _fetch(self, digest: str, size: int) -> str | None:
        """Put a file in its place: None, or why it could not be."""
        readable = [prefix for prefix in self.found.prefixes.values() if prefix.ring]
        if size == LAYER:
            return fetch_layer(self.store, self.place, readable, digest)
        return fetch_original(self.store, self.place, readable, digest, size)

    def _take_rest(self, waiting: list[Need]) -> None:
        """The originals that were too many to hold the record for."""
        self._needed, before = set(waiting), len(self._arrived)
        left = self._take_files(None)
        came = sorted({digest for digest, _ in self._arrived[before:]})
        if came:
            with self.store.writing() as writer:
                receiving = Receiving(self.store, writer)
                receiving.arrived = came
                receiving.finish()
        self._needed = set(left)

    def _index(self, received: Received) -> None:
        if received.settled.again:
            index_again(self.store)
        else:
            index_entries(self.store, received.settled.newly)

    def _name_missing(self) -> None:
        """What the folder should hold and this record does not, after all was taken that could be."""
        for need in sorted(need for need in self._needed if not is_held(self.store, need)):
            what = "layer" if need[1] == LAYER else "original"
            self._trouble(what, need[0], self._why.get(need, ""))
        for prefix in self.found.prefixes.values():
            if prefix.ring is None and not self._has_all_of(prefix):
                self.troubles += prefix.troubles
        for row, (beyond, where) in sorted(self._wanted.items()):
            got = max(self._got.get(row, 0), self._held(row))
            if got < beyond:
                self._trouble("entries", said(row, (got, beyond)), self._ended.get(row, where))

    def _has_all_of(self, prefix: Prefix) -> bool:
        """Whether a prefix that cannot be read holds no entries beyond those that are here."""
        found = list(streams(self.place, prefix))
        return bool(found) and all(self._is_held(stream, {}) for stream in found)

    def _trouble(self, what: str, where: str, why: str) -> None:
        self.troubles.append(Trouble(what, where, why))


def _is_earlier_log_of_its_writer(stream: Stream, known: Collection[str]) -> bool:
    """Whether a device that is known here brings a log that it wrote between two that it sent: the one vouches for the
    other, so that without it the later one would rest for good."""
    device, writer = device_of(stream.log), stream.prefix.log
    earlier = device == device_of(writer) and incarnation_of(stream.log) < incarnation_of(writer)
    return earlier and any(device_of(log) == device for log in known)


def _is_full(prefix: Prefix) -> bool:
    return prefix.ring is not None and prefix.ring.purpose == "team"
