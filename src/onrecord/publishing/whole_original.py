"""Whether the whole of an original may go, and so its hash: all that is known to stand in it is looked through for names.

What stands in it is more than its own text: its metadata, what lies inside it, and what was made from it, as a
transcript says what its recording says.
"""

from __future__ import annotations

from collections.abc import Iterator

from onrecord.publishing.gate import Gate
from onrecord.publishing.refusal import Refusal
from onrecord.publishing.unseen import unseen_texts
from onrecord.record.errors import LayerMissing
from onrecord.record.things import Thing, Things
from onrecord.store.record_store import RecordStore
from onrecord.writing.adding.handover import INVENTORY_TYPE

_PATHS = ("name", "name_bytes", "member", "folder")


def kept_whole(store: RecordStore, gate: Gate, things: Things, item: Thing) -> tuple[Refusal, ...]:
    """Why an original may not go whole; empty when it may."""
    text = text_of(store, item)
    return gate.original(item.id, text, _unseen(store, things, item), _beneath(store, gate, things, item.id))


def text_of(store: RecordStore, item: Thing) -> str | None:
    """The text layer of an original, if it has one that is here."""
    layer = store.layers.of(str(item.fields.get("sha256")))
    return store.layers.text(layer.hash) if layer and layer.hash else None


def _unseen(store: RecordStore, things: Things, item: Thing) -> Iterator[str]:
    """What its file holds besides its text, as far as it is known: as it was read, and as the file itself shows it.

    Where passages rest on another layer, as with a password or an encoding that a colleague named, on that too.
    """
    sha256 = str(item.fields.get("sha256"))
    for fact in store.observed.of(sha256):
        yield f"{fact.get('name', '')}\n{fact.get('value', '')}"
    own = store.layers.of(sha256)
    passages = things.pointing_at(item.id, "passage", "item")
    named = dict.fromkeys(str(one.fields.get("layer")) for passage in passages for one in passage.heads)
    for layer in named:
        if (own is None or layer != own.hash) and store.layers.holds(layer):
            yield store.layers.text(layer)
    place = store.originals.path(sha256)
    if place.is_file():
        yield from unseen_texts(place, str(item.fields.get("media_type") or ""))


def _beneath(store: RecordStore, gate: Gate, things: Things, item: str) -> Iterator[tuple[str, str]]:
    """The texts of what lies inside it and of what was made from it, and the names under which files lie in it.

    An inventory holds no more than the names of what lay beside it.
    """
    whole = things.get(item)
    named_only = whole is not None and whole.fields.get("media_type") == INVENTORY_TYPE
    for id in gate.beneath(item):
        thing = things.get(id)
        for version in thing.heads if thing else ():
            paths = (str(version.fields[field]) for field in _PATHS if version.fields.get(field))
            yield from ((id, form) for path in paths for form in (path, path.lower()))
        if thing is not None and "sha256" in thing.fields and not named_only:
            yield from ((id, text) for text in _texts(store, things, thing))


def _texts(store: RecordStore, things: Things, item: Thing) -> Iterator[str]:
    """A layer that is lost is no reason to let anything go: its file is searched all the same."""
    try:
        text = text_of(store, item)
    except LayerMissing:
        text = None
    if text:
        yield text
    yield from _unseen(store, things, item)


__all__ = ["kept_whole", "text_of"]
