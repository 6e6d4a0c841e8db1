"""Entering files that have arrived: their items, custody, text and what they state, a batch in one transaction."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from onrecord.intake.walking import Refused
from onrecord.record.entries import Draft
from onrecord.record.errors import FileRefused
from onrecord.record.ids import mint
from onrecord.store.layers import Layer
from onrecord.store.log import LogWriter
from onrecord.store.record_store import RecordStore
from onrecord.writing.adding.arriving import Arrived, Job, NotTaken
from onrecord.writing.layering import keep_layer

TOOL = "onrecord add"
Line = dict[str, Any]
Near = Callable[[str, str], list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Unpacked:
    """Says that all members of a container stand before it."""

    original: str


@dataclass(slots=True)
class Entering:
    """Writes what has arrived. `inventory` is the item of the card it all came from, where there is one."""

    store: RecordStore
    inventory: str | None = None
    near: Near | None = None
    entered: dict[str, str] = field(default_factory=dict)

    def enter(
        self, batch: Iterable[Arrived | NotTaken | Refused | Unpacked], also: Callable[[], None]
    ) -> list[Line]:
        """A line for each file, in order. `also` is done in the same transaction."""
        self.store.originals.sync()
        lines: list[Line] = []
        with self.store.writing() as writer:
            for one in batch:
                if isinstance(one, Unpacked):
                    self.store.imports.unpacked([one.original])
                elif isinstance(one, Arrived):
                    lines += self._enter(writer, one)
                else:
                    lines.append(refused(one))
            also()
        self.entered.clear()
        return lines

    def _enter(self, writer: LogWriter, one: Arrived) -> list[Line]:
        job, sha256 = one.job, one.taken.sha256
        held = self.entered.get(sha256) or self.store.item_with(sha256)
        inside = self._inside(job)
        item = held or self._new_item(writer, one, inside)
        known = self.store.layers.of(sha256)
        if one.layer and one.reading and (known is None or known.failed):
            keep_layer(self.store, item, sha256, one.layer, one.reading)
        if one.members:
            self.store.imports.unpack(sha256)
        if not job.again and not (held and self._came_before(held, job, inside)):
            status = "already held" if held else "added"
            writer.append(Draft("custody", mint(), _custody(one, item, status, inside)))
        lines = [] if job.again else [self._line(one, item, bool(held), inside)]
        return lines + [_skipped(one, item, each.name, each.reason) for each in one.skipped if each.name]

    def _new_item(self, writer: LogWriter, one: Arrived, inside: str | None) -> str:
        if not self.store.originals.path(one.taken.sha256).exists():
            raise FileRefused(
                one.job.found.shown,
                "its copy in the record is gone again",
                "Add it again; the batch was not entered.",
            )
        item = self.entered[one.taken.sha256] = mint()
        writer.append(Draft("item", item, _item(one, inside)))
        return item

    def _inside(self, job: Job) -> str | None:
        if job.inside is None:
            return self.inventory
        return self.entered.get(job.inside) or self.store.item_with(job.inside)

    def _came_before(self, item: str, job: Job, inside: str | None) -> bool:
        """Whether it is known already that these bytes lay in this container: an import that goes on says it once."""
        if job.inside is None or inside is None:
            return False
        steps = self.store.db.as_now().pointing_at(item, "custody", "item")
        return any(
            step.fields.get("inside") == inside and step.fields.get("note") == job.member for step in steps
        )

    def _line(self, one: Arrived, item: str, held: bool, inside: str | None) -> Line:
        line: Line = {"path": one.job.path, "item": item, "sha256": one.taken.sha256}
        line |= {"media_type": one.media_type, "size": one.taken.size}
        line |= {"status": "already held" if held else "added", "reason": None}
        if held and one.taken.status == "added" and one.taken.sha256 not in self.entered:
            line["back"] = True
        if inside is not None and one.job.inside is not None:
            line["inside"] = inside
        if one.taken.unreadable:
            line["unreadable"] = [hole.as_json() for hole in one.taken.unreadable]
        line |= _about_text(one, self.store.layers.of(one.taken.sha256))
        near = self.near(one.taken.sha256, item) if self.near and not held else []
        return line | {"near": near} if near else line


def _about_text(one: Arrived, layer: Layer | None) -> Line:
    told: Line = {"text": bool(layer and layer.hash), "notes": layer.notes if layer else []}
    if one.reading and one.reading.encoding:
        told["encoding"] = one.reading.encoding
    return told


def _item(one: Arrived, inside: str | None) -> dict[str, Any]:
    found, taken = one.job.found, one.taken
    fields: dict[str, Any] = {"sha256": taken.sha256, "size": taken.size, "media_type": one.media_type}
    fields["name"] = found.name
    if found.name_bytes:
        fields["name_bytes"] = found.name_bytes
    if found.folder:
        fields["folder"] = found.folder
    if inside:
        fields["inside"] = inside
    if one.job.member:
        fields["member"] = one.job.member
    if taken.unreadable:
        fields["unreadable"] = [hole.as_json() for hole in taken.unreadable]
    return fields


def _custody(one: Arrived, item: str, status: str, inside: str | None) -> dict[str, Any]:
    outcome = f"{status}, {one.taken.size} bytes"
    if one.taken.unreadable:
        lost = sum(hole.end - hole.start for hole in one.taken.unreadable)
        outcome += f", and {lost} bytes that could not be read"
    fields = {"item": item, "step": "received", "tool": TOOL, "outcome": outcome}
    if inside:
        fields["inside"] = inside
    if one.job.member:
        return fields | {"note": one.job.member}
    return fields | {"note": one.job.found.name} if status == "already held" else fields


def _skipped(one: Arrived, item: str, name: str, reason: str) -> Line:
    line: Line = dict.fromkeys(("path", "item", "sha256", "media_type", "size"))
    line |= {"path": f"{one.job.path}/{name}", "status": "refused", "reason": reason}
    return line | {"inside": item}


def refused(one: Refused | NotTaken) -> Line:
    line: Line = dict.fromkeys(("path", "item", "sha256", "media_type", "size"))
    path = one.job.path if isinstance(one, NotTaken) else told_path(one)
    return line | {"path": path, "status": "refused", "reason": one.reason}


def told_path(file: Any) -> str:
    """The path as it was given, or escaped where it is not text that JSON can hold."""
    given = os.fspath(file.path)
    try:
        given.encode("utf-8")
    except UnicodeEncodeError:
        return str(file.shown)
    return str(given)
