"""Fetching what entries name: originals and text layers, as many as there are, and remembering which did not come."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from onrecord.exchange.arrival import fetch_layer, fetch_original
from onrecord.exchange.awaiting import (
    LAYER,
    Need,
    awaited_here,
    brought_by,
    come_here,
    is_held,
    lost_here,
    named_by,
)
from onrecord.exchange.place import Place
from onrecord.exchange.prefix import Prefix, Trouble
from onrecord.store.receiving import Receiving
from onrecord.store.record_store import RecordStore
from onrecord.store.run import Run, Took

Progress = Callable[[int, int | None, str], None]
AT_ONCE_BYTES = 256 << 20
"""Originals up to this much are put in place while the record is held for writing; the others right after it."""


@dataclass(slots=True)
class Fetching:
    """`known` are those that an earlier merge named as awaited already, `lost` those whose files went from here."""

    store: RecordStore
    place: Place
    prefixes: list[Prefix]
    known: frozenset[Need]
    lost: frozenset[Need]
    progress: Progress | None = None
    arrived: list[Need] = field(default_factory=list)
    _needed: set[Need] = field(default_factory=set)
    _why: dict[Need, str] = field(default_factory=dict)

    @classmethod
    def begin(
        cls, store: RecordStore, place: Place, prefixes: Iterable[Prefix], progress: Progress | None
    ) -> Fetching:
        known = frozenset(awaited_here(store))
        lost = frozenset(lost_here(store)) - known
        readable = [prefix for prefix in prefixes if prefix.ring]
        return cls(store, place, readable, known, lost, progress, _needed={*known, *lost})

    @property
    def originals(self) -> int:
        """How many originals came in."""
        return sum(size != LAYER for _, size in self.arrived)

    @property
    def back(self) -> int:
        """How many of them had been here before and were lost."""
        return len(self.lost.intersection(self.arrived))

    def look_through(self, run: Run, took: Took) -> None:
        """Note what the entries need that were taken, and so verified."""
        if took.took:
            taken = run.entries[took.held - took.took - run.first : took.held - run.first]
            self.need(sent.body for sent in taken if sent.body is not None and b'"of":' not in sent.head)

    def need(self, bodies: Iterable[bytes]) -> None:
        self._needed |= {need for need in named_by(bodies) if not is_held(self.store, need)}

    def with_entries(self, receiving: Receiving) -> None:
        """Put in place what does not take long, before the entries; say what is awaited."""
        self._fetch(AT_ONCE_BYTES)
        waiting = sorted(self._needed - self.known - self.lost)
        receiving.awaited = [{"sha256": digest, "size": size} for digest, size in waiting]
        still = {digest for digest, _ in self._needed}
        receiving.arrived = [digest for digest in come_here(self.store) if digest not in still]

    def fetch_rest(self) -> None:
        """Fetch what would have held the record for too long."""
        self._fetch(None)

    def say_what_arrived(self) -> None:
        """Enter what is awaited no longer: what came after the entries, and layers that were made again here."""
        came = come_here(self.store)
        if came:
            with self.store.writing() as writer:
                receiving = Receiving(self.store, writer)
                receiving.arrived = came
                receiving.finish()

    def troubles(self) -> list[Trouble]:
        """What has not come."""
        missing = sorted(need for need in self._needed if not is_held(self.store, need))
        return [
            Trouble("layer" if size == LAYER else "original", digest, self._why.get(need, ""), self._by(need))
            for need in missing
            for digest, size in [need]
        ]

    def _by(self, need: Need) -> str:
        """Who has it, as their part of the folder says; else who took it in."""
        digest, size = need
        for prefix in self.prefixes:
            name = prefix.place_of("layers" if size == LAYER else "originals", digest)
            if name in prefix.sizes or name in prefix.files:
                return prefix.log
        return brought_by(self.store, digest)

    def _fetch(self, most: int | None) -> None:
        """Fetch what is needed, up to so many bytes."""
        bytes_ = 0
        for done, need in enumerate(sorted(self._needed)):
            bytes_ += need[1]
            if self.progress:
                self.progress(done, len(self._needed), "originals")
            if most is None or bytes_ <= most:
                self._fetch_one(need)

    def _fetch_one(self, need: Need) -> None:
        digest, size = need
        if size == LAYER:
            why = fetch_layer(self.store, self.place, self.prefixes, digest)
        else:
            why = fetch_original(self.store, self.place, self.prefixes, digest, size)
        if why is None:
            self._needed.discard(need)
            self.arrived.append(need)
        else:
            self._why[need] = why
