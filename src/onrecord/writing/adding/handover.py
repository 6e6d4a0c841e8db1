"""What is said once when a card or folder is handed over: from whom, the check of its clock, the terms. All of it inherits.

It is kept on one item, the inventory of what lay there, made before anything is taken in; every file lies inside it.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from onrecord.intake.plain import read_plain
from onrecord.intake.walking import Found, Refused
from onrecord.record.entries import Draft
from onrecord.record.errors import FieldInvalid
from onrecord.record.ideas import KINDS
from onrecord.record.ids import mint
from onrecord.search.index import index_thing
from onrecord.store.log import LogWriter
from onrecord.store.originals import Taken
from onrecord.store.record_store import RecordStore
from onrecord.writing.adding.entering import TOOL, Line
from onrecord.writing.adding.journal import Journal
from onrecord.writing.layering import keep_layer, write_layer
from onrecord.writing.preparing import Preparing

INVENTORY_TYPE = "application/jsonl"
_SAID = ("title", "received_from", "received_at", "handled_by", "place", "clock", "note", "language")
_PLACEHOLDER = "over"


@dataclass(frozen=True, slots=True)
class Handover:
    """`facts` are fields of an item, `terms` those of terms without `over`. With neither, no inventory is made."""

    facts: Mapping[str, Any] = field(default_factory=dict)
    terms: Mapping[str, Any] | None = None
    inventory: bool = False

    def begin(
        self, store: RecordStore, journal: Journal, files: Callable[[], Iterable[Found | Refused]]
    ) -> list[Line]:
        """Make the inventory, with what was said; its line. An import that goes on has its own already."""
        if journal.inventory is not None:
            if self.facts or self.terms:
                store.notices.append(
                    "This import was begun before, and what was said then stands. To say more of it, put it on item "
                    f"{journal.inventory}."
                )
            return []
        if not (self.facts or self.terms or self.inventory):
            return []
        turned, terms = self._checked(store)
        name = _name_of(journal)
        taken = store.originals.take_chunks(_listed(files(), journal), name)
        store.originals.sync()
        with store.writing() as writer:
            return [_enter(store, writer, taken, name, turned, terms, journal)]

    def check(self, store: RecordStore) -> None:
        """Raises `FieldInvalid` for what could not be kept of it."""
        self._checked(store)

    def _checked(self, store: RecordStore) -> tuple[dict[str, Any], dict[str, Any] | None]:
        """The facts and terms as they are stored. Raises `FieldInvalid` before anything is taken in."""
        for name in self.facts:
            if name not in _SAID:
                raise FieldInvalid(name, "it cannot be said of a handover", f"Known: {', '.join(_SAID)}.")
        preparing = Preparing(store)
        facts = KINDS["item"].turn(self.facts, preparing)
        terms = None
        if self.terms is not None:
            given = {name: value for name, value in self.terms.items() if name not in ("kind", "id", "over")}
            terms = KINDS["terms"].turn(given, preparing)
            KINDS["terms"].check({**terms, "over": [_PLACEHOLDER]})
        return {name: value for name, value in facts.items() if value is not None}, terms


def no_handover() -> Handover:
    return Handover()


def _enter(
    store: RecordStore,
    writer: LogWriter,
    taken: Taken,
    name: str,
    facts: Mapping[str, Any],
    terms: Mapping[str, Any] | None,
    journal: Journal,
) -> Line:
    item = mint()
    fields = {"sha256": taken.sha256, "size": taken.size, "media_type": INVENTORY_TYPE, "name": name, **facts}
    KINDS["item"].check(fields)
    writer.append(Draft("item", item, fields))
    index_thing(store.db.connection, item, writer.last_entry, KINDS["item"].words(fields))
    step = {"item": item, "step": "received", "tool": TOOL, "outcome": f"inventory made, {taken.size} bytes"}
    writer.append(Draft("custody", mint(), step))
    if terms is not None:
        agreed = {**terms, "over": [item]}
        writer.append(Draft("terms", (thing := mint()), agreed))
        index_thing(store.db.connection, thing, writer.last_entry, KINDS["terms"].words(agreed))
    reading = read_plain(store.originals.path(taken.sha256).read_bytes())
    if store.layers.of(taken.sha256) is None:
        keep_layer(store, item, taken.sha256, write_layer(store, reading), reading)
    journal.begin(item)
    line: Line = {"path": name, "item": item, "sha256": taken.sha256, "media_type": INVENTORY_TYPE}
    return line | {
        "size": taken.size,
        "status": "added",
        "reason": None,
        "text": True,
        "notes": [],
        "inventory": True,
    }


def _name_of(journal: Journal) -> str:
    roots = json.loads(journal.roots) if journal.roots else []
    first = Path(roots[0]).name if roots else ""
    return f"inventory of {first or 'files'}.jsonl"


def _listed(files: Iterable[Found | Refused], journal: Journal) -> Iterator[bytes]:
    """What lay there, a JSON line a file, as far as it can be seen without opening any."""
    began = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    yield _line({"inventory": "what lay there when the import began", "began": began})
    for found in files:
        told: dict[str, Any] = {"path": found.shown}
        try:
            look = found.path.lstat()
        except (OSError, ValueError):
            look = None
        if look is not None:
            modified = dt.datetime.fromtimestamp(look.st_mtime, dt.UTC).isoformat(timespec="seconds")
            told |= {"size": look.st_size, "modified": modified}
        if isinstance(found, Refused):
            told["refused"] = found.reason
        yield _line(told)


def _line(told: Mapping[str, Any]) -> bytes:
    return (json.dumps(told, ensure_ascii=False) + os.linesep.replace("\r", "")).encode("utf-8", "replace")
