"""Reading an original again, as a person chose: with its password, in the encoding they name, or by recognising words.

A layer is replaced only while nothing rests on it. Recognised words never become the original's own text: they are a
rendition, an item of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from onrecord.intake.documents.ocr import DPI, HOCR, TOOL, Drawing, Recogniser, recogniser
from onrecord.intake.formats import format_of, is_recording
from onrecord.intake.reading import Reading
from onrecord.intake.reads import read_confined
from onrecord.record.entries import Draft
from onrecord.record.errors import (
    FieldInvalid,
    InConflict,
    KindWrong,
    LayerMissing,
    PassageLost,
    PassphraseMissing,
)
from onrecord.record.ids import mint
from onrecord.record.things import Thing
from onrecord.search.index import forget_layer
from onrecord.store.layers import Layer
from onrecord.store.record_store import RecordStore
from onrecord.writing.add import take_out
from onrecord.writing.layering import keep_layer, write_layer
from onrecord.writing.names import resolve_kind
from onrecord.writing.rendition import keep_rendition

Progress = Callable[[int, int | None, str], None]
PDF = "application/pdf"
_LOCKED = "it is locked with a password"
_MOST_PAGES = 500


def read_again(
    store: RecordStore, name: str, *, encoding: str | None = None, password: str | None = None
) -> dict[str, Any]:
    """Make the layer of an original, or replace it: `{"item", "layer", "text", "changed", "notes"}`.

    A recording has no text, and is looked into again: a program that was missing may be there by now.
    Raises `PassphraseMissing` for a wrong password, `LayerMissing` where there is no text, and `PassageLost` where passages
    rest on another layer; then nothing changes.
    """
    item = _item(store, name)
    original = str(item.fields["sha256"])
    if password is not None and _is_archive(item):
        return _taken_out(item, take_out(store, original, password))
    reading = _read(store, item, encoding, password)
    layer = write_layer(store, reading)
    before = store.layers.of(original)
    changed = before is None or before.hash != layer.hash
    if reading.layer_text is None:
        changed = before is None or before.notes != layer.notes
        if not changed:
            raise LayerMissing(
                str(item.fields.get("name", item.id)), reading.why_none or "", "Nothing was changed."
            )
    if changed:
        if before and before.hash:
            _refuse_if_passages_rest(store, original, before.hash)
        _replace(store, item, before, layer, reading, _choice(encoding, password))
    return _told(item, layer) | {"changed": changed}


def recognise(
    store: RecordStore,
    name: str,
    languages: str,
    *,
    all_pages: bool = False,
    password: str | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Recognise words in a picture, or in the pages of a PDF without text: `{"item", "rendition", "pages", …}`.

    What was recognised is kept as an item made from this one. Raises `ProgramMissing` where tesseract or a language is.
    """
    item = _item(store, name)
    tool = recogniser(languages)
    with store.originals.open(str(item.fields["sha256"])) as original:
        drawing = Drawing(original, password)
        numbers = _pages(item, drawing, all_pages)
        found = _recognised(item, tool, drawing, numbers, progress)
    recipe = {"tool": TOOL, "version": tool.version, "parameters": _parameters(item, languages, numbers)}
    called = f"{item.fields.get('name', item.id)}.hocr"
    made = keep_rendition(store, found, called, HOCR, item.id, recipe)
    thing = store.db.as_now().get(made)
    layer = store.layers.of(str(thing.fields["sha256"])) if thing else None
    return {
        "item": item.id,
        "rendition": made,
        "pages": numbers,
        "text": bool(layer and layer.hash),
        "layer": layer and layer.hash,
        "notes": layer.notes if layer else [],
        "recipe": recipe,
    }


def _item(store: RecordStore, name: str) -> Thing:
    thing = store.db.as_now().get(resolve_kind(store, name, "item"))
    if thing is None or all(version.erased for version in thing.heads):
        raise LayerMissing(repr(name), "it was erased", "Nothing of it is kept here.")
    if thing.in_conflict:
        raise InConflict(
            thing.slug or thing.id, "it has two versions that nobody has resolved", "Resolve it first."
        )
    return thing


def _read(store: RecordStore, item: Thing, encoding: str | None, password: str | None) -> Reading:
    kind, called = str(item.fields.get("media_type", "")), str(item.fields.get("name", item.id))
    path = store.originals.path(str(item.fields["sha256"]))
    if encoding is not None and not _can_have_encoding(kind):
        raise FieldInvalid("encoding", f"a file of type {kind} says itself how to read it", "Leave it out.")
    reading = read_confined(path, kind, called, encoding=encoding, password=password)
    why = reading.why_none or ""
    if reading.layer_text is None and why.startswith(_LOCKED):
        raise PassphraseMissing(called, why, "Try again with --password; nothing was changed.")
    if reading.layer_text is None and not is_recording(kind):
        raise LayerMissing(called, why or "it has no text", _mend(why))
    return reading


def _is_archive(item: Thing) -> bool:
    known = format_of(str(item.fields.get("media_type", "")))
    return known is not None and known.family == "archive"


def _taken_out(item: Thing, lines: list[dict[str, Any]]) -> dict[str, Any]:
    """Raises `PassphraseMissing` where the password opened nothing."""
    locked = [line for line in lines if line["status"] == "refused" and "password" in str(line["reason"])]
    if locked and len(locked) == len(lines):
        called = str(item.fields.get("name", item.id))
        raise PassphraseMissing(
            called, str(locked[0]["reason"]), "Try again with --password; nothing was changed."
        )
    told = {"item": item.id, "layer": None, "text": False, "notes": [], "taken_out": lines}
    return told | {"changed": any(line["status"] == "added" for line in lines)}


def _can_have_encoding(kind: str) -> bool:
    named = ("application/json", "application/jsonl", "application/xml", "application/x-subrip")
    return kind.startswith("text/") or kind in named


def _mend(why: str) -> str:
    if "pictures" in why:
        return "Its words can be recognised: onrecord read ITEM --ocr LANGUAGES."
    return "Nothing was changed."


def _refuse_if_passages_rest(store: RecordStore, original: str, layer: str) -> None:
    resting = sum(
        any(version.fields.get("layer") == layer for version in passage.heads if not version.erased)
        for item in _items_with(store, original)
        for passage in store.db.as_now().pointing_at(item, "passage", "item")
    )
    if resting:
        counted = "a passage rests" if resting == 1 else f"{resting} passages rest"
        raise PassageLost(
            f"layer {layer[:12]}…",
            f"{counted} on the text as it was read before, and would lose their places",
            "Put them without their quotes first, or leave the text as it is; nothing was changed.",
        )


def _items_with(store: RecordStore, original: str) -> Iterator[str]:
    rows = store.db.connection.execute("SELECT item FROM held WHERE sha256 = ?", (original,)).fetchall()
    return (str(item) for (item,) in rows)


def _replace(
    store: RecordStore, item: Thing, before: Layer | None, layer: Layer, reading: Reading, choice: str
) -> None:
    original = str(item.fields["sha256"])
    with store.writing() as writer:
        if before and before.hash:
            _forget(store, original, before.hash)
        keep_layer(store, item.id, original, layer, reading)
        step = {"item": item.id, "step": "checked", "tool": "onrecord read", "outcome": choice}
        writer.append(Draft("custody", mint(), step))


def _forget(store: RecordStore, original: str, layer: str) -> None:
    """Take the former text out of the index. Where its file is gone, its rows cannot be told apart any more, and stay."""
    try:
        text = store.layers.text(layer)
    except LayerMissing:
        return
    for item in _items_with(store, original):
        forget_layer(store.db.connection, item, layer, text)


def _choice(encoding: str | None, password: str | None) -> str:
    """What a person chose, without what they keep secret."""
    chosen = [f"in the encoding {encoding}"] if encoding else []
    chosen += ["with its password"] if password else []
    return " ".join(["its text was read again", *chosen])


def _told(item: Thing, layer: Layer) -> dict[str, Any]:
    return {"item": item.id, "layer": layer.hash, "text": bool(layer.hash), "notes": layer.notes}


def _pages(item: Thing, drawing: Drawing, all_pages: bool) -> list[int]:
    """Which pages are recognised. A picture is one."""
    kind = str(item.fields.get("media_type", ""))
    if kind.startswith("image/") and kind != "image/svg+xml":
        return [1]
    if kind != PDF:
        raise KindWrong(
            repr(item.fields.get("name", item.id)),
            f"words are recognised in pictures and PDFs, and it is {kind or 'of no known type'}",
            "Name another item.",
        )
    number, without = drawing.listed()
    chosen = list(range(1, number + 1)) if all_pages else without
    if not chosen:
        raise FieldInvalid(
            "ocr", "every page has text already", "Say --all-pages to recognise words all the same."
        )
    if len(chosen) > _MOST_PAGES:
        raise FieldInvalid("ocr", f"{len(chosen)} pages are too many at once, more than {_MOST_PAGES}")
    return chosen


def _recognised(
    item: Thing, tool: Recogniser, drawing: Drawing, numbers: list[int], progress: Progress | None
) -> bytes:
    if item.fields.get("media_type") != PDF:
        return tool.pages(iter([drawing.picture()]))
    return tool.pages(_telling(drawing.pages(numbers), len(numbers), progress))


def _telling(
    pictures: Iterator[tuple[int, bytes]], number: int, progress: Progress | None
) -> Iterator[tuple[int, bytes]]:
    for done, picture in enumerate(pictures):
        if progress:
            progress(done, number, f"page {picture[0]}")
        yield picture


def _parameters(item: Thing, languages: str, numbers: list[int]) -> dict[str, Any]:
    if item.fields.get("media_type") != PDF:
        return {"languages": languages}
    return {"languages": languages, "dpi": DPI, "pages": numbers}
