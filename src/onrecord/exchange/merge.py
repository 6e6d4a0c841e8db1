"""`merge`: taking in what an exchange folder holds of this record, after checking all of it.

Entries go through `store.receiving`, in one transaction that is kept whole or not at all. Originals are in their
place before the entries that name them, or are named as awaited. What could not be taken is named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from onrecord.erasing.finishing import finish
from onrecord.erasing.leaving import PAGES, note
from onrecord.exchange import told
from onrecord.exchange.absent import absent
from onrecord.exchange.awaiting import came_since, withheld_here
from onrecord.exchange.beginning import Beginning
from onrecord.exchange.catalogue import Catalogue, catalogue, require_record
from onrecord.exchange.fetching import Fetching
from onrecord.exchange.histories import agrees, gone_on_elsewhere, held_of, mind_own_log, stated_in
from onrecord.exchange.place import Place
from onrecord.exchange.prefix import Prefix, Trouble, Unlock, opening_with
from onrecord.exchange.spans import said
from onrecord.exchange.stream import Stream, streams
from onrecord.exchange.trust import Trusted, changed
from onrecord.exchange.unopened import unopened
from onrecord.exchange.usable import CARRIED_BY_NEW, CARRIED_BY_STRANGER, usable_streams
from onrecord.record.errors import RecordBusy
from onrecord.record.ids import device_of
from onrecord.store.incarnation import OwnLogElsewhere
from onrecord.store.orphans import telling_leftovers
from onrecord.store.receiving import Receiving
from onrecord.store.record_store import RecordStore
from onrecord.writing.indexing import index_settled
from onrecord.writing.layering import read_unread

Progress = Callable[[int, int | None, str], None]


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
    require_record(found, place, store.id, store.title)
    with telling_leftovers(store):
        while True:
            with suppress(OwnLogElsewhere):  # the store goes on in a further log now
                return Merging.begin(store, place, found, progress).run()


@dataclass(slots=True)
class Merging:
    """One merge under way. `unfilled` has, by row, the places of bodies that a copy for a journey left out."""

    store: RecordStore
    place: Place
    found: Catalogue
    progress: Progress | None
    beginning: Beginning
    files: Fetching
    unfilled: dict[str, list[int]]
    troubles: list[Trouble] = field(default_factory=list)
    _got: dict[str, int] = field(default_factory=dict)
    _wanted: dict[str, tuple[int, str]] = field(default_factory=dict)
    _ended: dict[str, str] = field(default_factory=dict)
    _by_log: dict[str, int] = field(default_factory=dict)

    @classmethod
    def begin(cls, store: RecordStore, place: Place, found: Catalogue, progress: Progress | None) -> Merging:
        files = Fetching.begin(store, place, found.prefixes.values(), progress)
        beginning = Beginning.of(store, place)
        return cls(store, place, found, progress, beginning, files, withheld_here(store))

    def run(self) -> dict[str, Any]:
        before, trusted = told.conflicts(self.store), Trusted.of(self.store)
        with self.store.writing(keep_checkpoint=True) as writer:
            receiving = Receiving(self.store, writer)
            mind_own_log(self.store, self.found.prefixes.values(), writer.log)
            try:
                self._take_all(receiving)
            except OwnLogElsewhere as wrong:
                raise gone_on_elsewhere(self.found.prefixes.values(), wrong.log) from None
            self.files.with_entries(receiving)
            received = receiving.finish()
            index_settled(self.store, received.settled)
            if receiving.dropped:
                # Of a body that was in record.db for this transaction only, its pages may keep a copy.
                note(self.store.db.connection, [PAGES])
        if not self.store.waiting:
            self.store.refresh()
        if receiving.dropped:
            with suppress(RecordBusy):  # whoever opens the record next does it
                finish(self.store)
        self.files.fetch_rest()
        read_unread(self.store, self.progress)
        self.files.say_what_arrived()
        self._name_missing()
        troubles = [*self.found.troubles, *map(self._seen_now, self.troubles)]
        result = told.as_told(self.store, received, before, self._by_log, self.files.originals, troubles)
        result["trust"] = changed(self.store, trusted, result["resting"])
        told.mark_new(result)
        result["back"] = self.files.back
        result["withheld"] = self._withheld()
        result["absent"] = absent(self.store, self.found)
        return result

    def _seen_now(self, trouble: Trouble) -> Trouble:
        """What was left because of its carrier, whom something that came in later let in."""
        if trouble.why == CARRIED_BY_STRANGER and self.store.membership().counts(trouble.by):
            return replace(trouble, why=CARRIED_BY_NEW)
        return trouble

    def _withheld(self) -> dict[str, int]:
        """Bodies that were left out for a journey: how many are now, came in now, and are left."""
        before = _names(self.unfilled)
        after = _names(withheld_here(self.store))
        return {"new": len(after - before), "came": len(before - after), "left": len(after)}

    def _take_all(self, receiving: Receiving) -> None:
        for stream in usable_streams(self.store, self.place, self.found, self.troubles):
            wanted = self._wanted.get(stream.row, (0, ""))
            self._wanted[stream.row] = max(wanted, (stream.beyond, stream.where))
            if self._fills(stream) or not self._is_held(stream):
                self._take(stream, receiving)
        for row, places in self.unfilled.items():
            self.files.need(came_since(self.store, row, places))

    def _fills(self, stream: Stream) -> bool:
        """Whether bodies that were left out here may lie there."""
        ring = stream.prefix.ring
        return bool(self.unfilled.get(stream.row)) and ring is not None and ring.purpose == "team"

    def _is_held(self, stream: Stream) -> bool:
        """Whether the last checkpoint that its writer gives for a log is one of ours, so that nothing is new in it."""
        stated = stated_in(self.store, stream.prefix, stream.row)
        if stated is None or stated.size < stream.beyond or not agrees(self.store, stream.log, stated):
            return False
        self._reach(stream.row, stated.size)
        return True

    def _take(self, stream: Stream, receiving: Receiving) -> None:
        """What is beyond what is held; all of it, where that does not fit or bodies are to be filled in."""
        held = held_of(self.store, stream.row)
        behind = min(self.unfilled.get(stream.row, [held]))
        at = max(stream.first, min(held, behind))
        if at >= stream.beyond or not self._feed(stream, at, receiving):
            self._feed(stream, stream.first, receiving)
        if stream.why:
            self._ended[stream.row] = f"{stream.prefix.log}: {stream.why}"

    def _feed(self, stream: Stream, at: int, receiving: Receiving) -> bool:
        """Whether everything from a place on fits and is held now."""
        for run in stream.runs(at):
            stream.why = self.beginning.refusal(run)
            if stream.why:
                return False
            took = receiving.take(run)
            self.files.look_through(run, took)
            self._reach(stream.row, took.held if took.beyond else run.end)
            self._by_log[run.log] = self._by_log.get(run.log, 0) + took.took
            if self.progress:
                self.progress(sum(self._by_log.values()), None, "merging")
            if took.beyond:
                stream.why = took.beyond
                return False
        return stream.why is None

    def _reach(self, row: str, size: int) -> None:
        self._got[row] = max(size, self._got.get(row, 0))

    def _name_missing(self) -> None:
        """What the folder should hold and this record does not, after all was taken that could be."""
        self.troubles += self.files.troubles()
        own = {key.device for key in self.store.keys.log_keys()}
        for prefix in self.found.prefixes.values():
            if device_of(prefix.log) in own:
                continue  # nobody can send again what this laptop itself sent to a key that it destroyed
            if prefix.ring is None and not self._has_all_of(prefix):
                self.troubles += unopened(self.store, prefix)
        for row, (beyond, where) in sorted(self._wanted.items()):
            got = max(self._got.get(row, 0), held_of(self.store, row))
            if got < beyond:
                self.troubles.append(
                    Trouble(
                        "entries",
                        said(row, (got, beyond)),
                        self._ended.get(row, where),
                        where.partition("/")[0],
                    )
                )

    def _has_all_of(self, prefix: Prefix) -> bool:
        """Whether a prefix that cannot be read holds no entries beyond those that are here: none at all, after a
        sending that was stopped early."""
        return all(map(self._is_held, streams(self.place, prefix)))


def _names(places: Mapping[str, Iterable[int]]) -> set[tuple[str, int]]:
    return {(row, seq) for row, seqs in places.items() for seq in seqs}
