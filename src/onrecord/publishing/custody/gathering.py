"""Gathers what is known of one item from the record, each text as it may be told."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import file_digest
from typing import Any

from onrecord.publishing.custody.facts import Reading, Report, Step, Version
from onrecord.publishing.custody.gaps import gaps
from onrecord.publishing.custody.inside import LayIn
from onrecord.publishing.custody.laptops import Laptops
from onrecord.publishing.custody.moments import moment, stated
from onrecord.publishing.custody.standing import (
    Place,
    checkpoint_over,
    clock_of,
    holders,
    stamps_over,
)
from onrecord.publishing.custody.telling import Telling, told
from onrecord.publishing.page.messages import Messages
from onrecord.record import things as of_record
from onrecord.record.ids import split_entry
from onrecord.record.things import Thing, Things
from onrecord.store.record_store import RecordStore
from onrecord.version import __version__


@dataclass(frozen=True, slots=True)
class Gathering:
    """Reads one record for one report."""

    store: RecordStore
    things: Things
    telling: Telling
    words: Messages
    audience: str

    def report(self, item: Thing) -> Report:
        first = self._first(item)
        laptops = Laptops(self.store, self.things)
        laptop = laptops.number(split_entry(first.name)[0])
        steps = tuple(self._steps(item, laptops))
        fields, place = item.fields, Place.of(first.name)
        sha256 = str(fields["sha256"])
        shown = self.telling.hash(item)
        held = holders(self.store, self.things, place, sha256, laptops, self.words)
        printed_by = self._printed_by(laptops)
        lay_in = LayIn(self.things, self.telling, self.words, lambda thing: self._version(thing, None))
        report = Report(
            audience=self.audience,
            title=self.telling.title(item.id),
            name=self.telling.file_name(item),
            record=self.telling.words(self.store.title) if self.store.title else None,
            record_id=self.store.id,
            what=what_it_is(fields, self.words),
            language=self._language(fields),
            size=int(fields["size"]),
            sha256=sha256 if shown else None,
            item=item.id if self.audience == "team" else None,
            entry=first.name,
            recorded=self._written(first),
            taken_by=self._author(first.author or self._receiver(item)),
            laptop=laptop,
            received_from=told(fields.get("received_from"), self.telling, self.words),
            received_at=stated(fields.get("received_at"), self.words),
            place=told(fields.get("place"), self.telling, self.words, place=True),
            handled_by=told(fields.get("handled_by"), self.telling, self.words),
            captured_at=stated(fields.get("captured_at"), self.words),
            printed=self._moment(time.time_ns() // 1_000_000),
            printed_by=printed_by,
            program=f"Onrecord {__version__}",
            reading=self._read_again(sha256, shown),
            steps=steps,
            laptops=laptops.told(self.telling, self.words),
            holders=held,
            made_from=tuple(self._made_from(item)),
            versions=tuple(self._made(item)),
            tools=_tools(steps),
            checkpoint=checkpoint_over(self.store, place, self.words),
            stamps=stamps_over(self.store, first.name, self.words),
            inside=lay_in.of(item),
            unreadable=_unreadable(fields.get("unreadable")),
            clock=lay_in.clock(fields),
        )
        return replace(report, gaps=tuple(gaps(report, item, self.store, first)))

    def _first(self, item: Thing) -> of_record.Version:
        """The version that took the item in: it supersedes nothing. It may since have been erased."""
        versions = [version for version, _ in self.store.db.versions(item.id)]
        return min(versions, key=lambda one: (bool(one.supersedes), one.clock, *split_entry(one.name)))

    def _steps(self, item: Thing, laptops: Laptops) -> Iterator[Step]:
        found = [
            version
            for step in self.things.pointing_at(item.id, "custody", "item")
            for version in step.heads
            if not version.erased
        ]
        for n, version in enumerate(sorted(found, key=lambda one: (one.clock, *split_entry(one.name))), 1):
            fields = version.fields
            yield Step(
                n=n,
                step=self.words.word("step", str(fields.get("step"))),
                recorded=self._moment(version.clock),
                by=self._author(version.author),
                laptop=laptops.number(split_entry(version.name)[0]),
                entry=version.name,
                at=stated(fields.get("at"), self.words),
                said_by=told(fields.get("by"), self.telling, self.words),
                place=told(fields.get("place"), self.telling, self.words, place=True),
                tool=told(fields.get("tool"), self.telling, self.words),
                outcome=told(fields.get("outcome"), self.telling, self.words),
                received=self._moment(version.received) if version.received != version.clock else None,
            )

    def _printed_by(self, laptops: Laptops) -> str:
        """Who prints: the person whose key writes on this laptop, if any does."""
        keys = self.store.keys.log_keys()
        if not keys:
            return self.words.plain("nobody.here")
        laptops.number(keys[0].log)
        return self._author(keys[0].person)

    def _read_again(self, sha256: str, shown: bool) -> Reading:
        """Hash the kept file from first to last byte, as it is on the disk now."""
        when = self._moment(time.time_ns() // 1_000_000)
        try:
            with self.store.originals.path(sha256).open("rb") as file:
                digest = file_digest(file, "sha256").hexdigest()
                size = file.tell()
        except OSError:
            return Reading("absent", None, None, when)
        same = digest == sha256
        return Reading("same" if same else "different", digest if shown else None, size, when)

    def _made_from(self, item: Thing) -> Iterator[Version]:
        parent = self.things.get(str(item.fields.get("derived_from")))
        if parent is not None and parent.kind == "item" and self.telling.shows(parent.id):
            yield self._version(parent, item.fields.get("recipe"))

    def _made(self, item: Thing) -> Iterator[Version]:
        for other in self.things.pointing_at(item.id, "item", "derived_from"):
            if not all(version.erased for version in other.heads) and self.telling.shows(other.id):
                yield self._version(other, other.fields.get("recipe"))

    def _version(self, item: Thing, recipe: Any) -> Version:
        rows = _recipe(recipe) if isinstance(recipe, Mapping) else ()
        words = self.telling.words
        return Version(
            title=self.telling.title(item.id)
            or self.telling.file_name(item)
            or self.words.plain("not.given.file"),
            what=what_it_is(item.fields, self.words),
            recorded=self._written(self._first(item)),
            recipe=tuple((words(str(name)), words(str(value))) for name, value in rows),
            sha256=str(item.fields["sha256"]) if self.telling.hash(item) else None,
        )

    def _written(self, version: of_record.Version) -> str:
        clock = clock_of(self.store, version)
        return self.words.plain("no.time") if clock is None else self._moment(clock)

    def _receiver(self, item: Thing) -> str:
        """Who wrote the first step down, where the entry that took the item in was erased."""
        steps = self.things.pointing_at(item.id, "custody", "item")
        written = [version for step in steps for version in step.heads if not version.erased]
        return min(written, key=lambda one: one.clock).author if written else ""

    def _author(self, person: str) -> str:
        return self.telling.words(self.store.handle(person)) if person else self.words.plain("unknown.person")

    def _language(self, fields: Mapping[str, Any]) -> str | None:
        language = fields.get("language")
        return self.words.word("language", language) if isinstance(language, str) else None

    def _moment(self, milliseconds: int) -> str:
        return moment(milliseconds, self.store.zone, self.words)


def _unreadable(holes: Any) -> int:
    """How many bytes lie in stretches that could not be read. What is no such stretch counts nothing."""
    ends = [(hole.get("from"), hole.get("to")) for hole in holes or () if isinstance(hole, Mapping)]
    return sum(max(0, to - begin) for begin, to in ends if isinstance(begin, int) and isinstance(to, int))


def what_it_is(fields: Mapping[str, Any], words: Messages) -> str:
    """A file's kind in words: by its whole media type where there is a word for that, else by its first part."""
    media = str(fields.get("media_type") or "")
    for key in (f"media.{media}", f"media.{media.partition('/')[0]}"):
        if key in words.table:
            return words.plain(key)
    return words.plain("media.other")


def _tools(steps: Iterable[Step]) -> tuple[tuple[str, str], ...]:
    """Each tool, with the numbers of the steps it took."""
    found: dict[str, list[str]] = {}
    for step in steps:
        if step.tool:
            found.setdefault(step.tool, []).append(str(step.n))
    return tuple((tool, ", ".join(numbers)) for tool, numbers in found.items())


def _recipe(recipe: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """A recipe in single rows: its parameters beside its tool, lists with commas."""
    for name, value in recipe.items():
        inner = value.items() if isinstance(value, Mapping) else [(name, value)]
        for each, said in inner:
            yield str(each), ", ".join(map(str, said)) if isinstance(said, list) else said
