"""All proposals of a record: pictures, clips and texts that may be one, and transcripts beside recordings.

They are worked out when they are asked for, told and forgotten. Nothing is merged, and nothing is written.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Protocol, TypeVar

from onrecord.matching.decided import Decided
from onrecord.matching.likeness import MOST_TOLD, SAME_TEXT, TRANSCRIPT, Likeness
from onrecord.matching.pictures import Pictures, marked, thumbnails_of
from onrecord.matching.recordings import Recordings, framed
from onrecord.matching.texts import Texts, first_difference, worded
from onrecord.record.errors import LayerMissing
from onrecord.store.record_store import RecordStore

Progress = Callable[[int, int | None, str], None]
Pairing = Callable[[str, Iterable[str]], str | None]
Proposal = dict[str, Any]
_HELD = "SELECT sha256, min(item) FROM held GROUP BY sha256"
_REASON = "compared by …: …"


class _Looked(Protocol):
    @property
    def original(self) -> str: ...


One = TypeVar("One", bound=_Looked)
One_in = TypeVar("One_in", bound=_Looked, contravariant=True)


class _Finder(Protocol[One_in]):
    def add(self, one: One_in, /) -> None: ...
    def like(self, one: One_in, /) -> Iterator[Likeness]: ...


@dataclass(frozen=True, slots=True)
class _Record:
    """The record as proposals see it: which item has which bytes, and what is decided."""

    store: RecordStore
    items: dict[str, str]
    decided: Decided
    only: frozenset[str]

    def proposed(self, one: Likeness) -> Proposal | None:
        """A likeness in the words of items, unless people have decided it or it is not of those asked for."""
        first, second = self.items.get(one.one), self.items.get(one.other)
        if first is None or second is None or (first, second) in self.decided:
            return None
        if self.only and first not in self.only and second not in self.only:
            return None
        why = _with_words(self.store, one) if one.kind == SAME_TEXT else one.why
        put = {"kind": "assessment", "about": [first, second], "judgement": "same origin", "reason": _REASON}
        return {"kind": one.kind, "items": [first, second], **one.measure, "why": why, "put": _line(put)}


def alike(
    store: RecordStore,
    items: Collection[str] = (),
    pairing: Pairing | None = None,
    progress: Progress | None = None,
) -> Iterator[Proposal]:
    """What may be one, of all items or of these: `{"kind", "items", "distance" or "share", "why", "put"}`.

    `put` is the line that would confirm it, with a reason to fill in. What somebody has judged is not proposed again.
    `pairing` finds the recording that a transcript belongs to, by name.
    """
    held = dict(store.db.connection.execute(_HELD).fetchall())
    record = _Record(store, held, Decided(store.db.as_now()), frozenset(items))
    prints = store.fingerprints
    yield from _among(record, Pictures(thumbnails_of(prints)), marked(prints), progress, "comparing pictures")
    yield from _among(record, Recordings(), framed(prints), progress, "comparing recordings")
    yield from _among(record, Texts(), worded(prints), progress, "comparing texts")
    if pairing:
        yield from _transcripts(record, pairing)


def _among(
    record: _Record, finder: _Finder[One], ones: Iterable[One], progress: Progress | None, what: str
) -> Iterator[Proposal]:
    """Each is compared with those before it. Where some items are asked for, only they are compared with all."""
    held = [one for one in ones if one.original in record.items]
    asked = [one for one in held if record.items[one.original] in record.only] if record.only else held
    if record.only:
        for one in held:
            finder.add(one)
    met: set[frozenset[str]] = set()
    for done, one in enumerate(asked, 1):
        for likeness in islice(finder.like(one), MOST_TOLD):
            pair = frozenset((likeness.one, likeness.other))
            if pair not in met and (proposal := record.proposed(likeness)):
                met.add(pair)
                yield proposal
        if not record.only:
            finder.add(one)
        if progress:
            progress(done, len(asked), what)


def _with_words(store: RecordStore, one: Likeness) -> str:
    """The first words that differ, beside how much is the same."""
    try:
        texts = [_text(store, original) for original in (one.one, one.other)]
    except LayerMissing:
        return one.why
    difference = first_difference(texts[0], texts[1])
    if difference is None:
        return f"{one.why}; all words are the same"
    first, second = (f"“{words}”" if words else "nothing" for words in difference)
    return f"{one.why}; the first difference: {first} in the one, {second} in the other"


def _text(store: RecordStore, original: str) -> str:
    layer = store.layers.of(original)
    return store.layers.text(layer.hash) if layer and layer.hash else ""


def _transcripts(record: _Record, pairing: Pairing) -> Iterator[Proposal]:
    """Subtitles that lie beside a recording of the same name, in the same folder of what was handed over."""
    folders: dict[tuple[str, str], dict[str, str]] = {}
    for thing in record.store.db.as_now().of_kind("item"):
        name, fields = thing.fields.get("name"), thing.fields
        if isinstance(name, str):
            place = str(fields.get("inside") or ""), str(fields.get("folder") or "")
            folders.setdefault(place, {})[name] = thing.id
    for named in folders.values():
        for name, item in named.items():
            recording = pairing(name, [other for other in named if other != name])
            if recording is None or (item, named[recording]) in record.decided:
                continue
            if not record.only or record.only & {item, named[recording]}:
                yield _transcript(item, named[recording], name, recording)


def _transcript(item: str, recording: str, name: str, beside: str) -> Proposal:
    put = {"id": item, "kind": "item", "derived_from": recording, "reason": _REASON}
    why = f"“{name}” lay beside “{beside}”, and their names go together"
    return {"kind": TRANSCRIPT, "items": [item, recording], "why": why, "put": _line(put)}


def _line(put: dict[str, Any]) -> str:
    return json.dumps(put, ensure_ascii=False)
