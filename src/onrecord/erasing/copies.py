"""Copies that left this record's folder: exchange folders and packed files, each with who made it, where and when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from zoneinfo import ZoneInfo

from onrecord.record.ids import device_of, split_entry
from onrecord.record.things import Version
from onrecord.store.record_store import RecordStore

SHOWN_LETTERS = 6


@dataclass(frozen=True, slots=True)
class Copy:
    """One writer's part of an exchange folder, or one packed file. `begun` is the entry that first told of it."""

    folder: str
    place: str
    device: str
    person: str
    purposes: frozenset[str]
    begun: str
    clock: int

    @property
    def packed(self) -> bool:
        return "packed" in self.purposes

    @property
    def short(self) -> str:
        return f"{self.folder[:SHOWN_LETTERS]}…"


def copies(store: RecordStore) -> list[Copy]:
    """Every copy that an entry here tells of, the oldest first."""
    told: dict[str, list[Version]] = {}
    for thing in store.db.as_now().of_kind("sent"):
        for head in thing.heads:
            if not head.erased:
                told.setdefault(str(head.fields.get("folder")), []).append(head)
    return sorted((_copy(folder, sent) for folder, sent in told.items()), key=lambda one: one.clock)


def _copy(folder: str, sent: list[Version]) -> Copy:
    first, last = min(sent, key=lambda one: one.clock), max(sent, key=lambda one: one.clock)
    return Copy(
        folder,
        str(last.fields.get("place") or ""),
        device_of(split_entry(first.name)[0]),
        first.author,
        frozenset(str(one.fields.get("for")) for one in sent),
        first.name,
        last.clock,
    )


def day_of(store: RecordStore, copy: Copy) -> str:
    """The day on which it was begun or packed, in the record's time zone."""
    day = dt.datetime.fromtimestamp(copy.clock / 1000, ZoneInfo(store.zone))
    return f"{day.day} {day:%b %Y}"


def said(store: RecordStore, copy: Copy) -> str:
    """Which copy is meant, for a person who has to tell it from others."""
    what = "packed" if copy.packed else "first sent to"
    return f"{copy.folder} ({copy.place or 'no name'}, {what} by {store.handle(copy.person)} on {day_of(store, copy)})"


class Course:
    """What a device's logs had written before what, also where a later log of it goes on from an earlier one."""

    def __init__(self, store: RecordStore) -> None:
        self._store = store

    @cached_property
    def _after(self) -> Mapping[str, str]:
        """For a log that goes on from another of the same device: the last entry of that one which it knew."""
        found = {}
        for thing in self._store.db.as_now().of_kind("device"):
            for head in thing.heads:
                log, after = str(head.fields.get("log") or ""), head.fields.get("after")
                if after and split_entry(head.name)[0] == log:
                    found[log] = str(after)
        return found

    def is_before(self, earlier: Iterable[str], later: str) -> bool:
        """Whether one of these entries stood in its own device's history when that wrote `later`."""
        known = dict(self._known(later))
        places = map(split_entry, earlier)
        return any(seq <= known.get(row, -1) for row, seq in places)

    def _known(self, entry: str) -> Iterator[tuple[str, int]]:
        met = set()
        while entry:
            row, seq = split_entry(entry)
            if row in met:
                return
            met.add(row)
            yield row, seq
            entry = self._after.get(row, "")
