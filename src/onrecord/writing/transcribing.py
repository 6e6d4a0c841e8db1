"""What is said in a recording, written down by a program, and kept as an item made from it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from onrecord.intake.formats import is_recording
from onrecord.intake.recordings.speech import VTT, Progress, transcribe
from onrecord.record.errors import KindWrong, LayerMissing
from onrecord.store.record_store import RecordStore
from onrecord.writing.names import resolve_kind
from onrecord.writing.rendition import keep_rendition


def transcribe_item(
    store: RecordStore,
    name: str,
    model: str | Path,
    *,
    language: str = "auto",
    program: str | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Write down what is said in an item: `{"item", "rendition", "text", "layer", "notes", "recipe"}`.

    Raises `ProgramMissing` where the program or the model is not on this laptop, and `ReaderFailed` where it fails.
    """
    item = store.db.as_now().get(resolve_kind(store, name, "item"))
    if item is None or "sha256" not in item.fields:
        raise LayerMissing(repr(name), "it was erased", "Nothing of it is kept here.")
    called = str(item.fields.get("name", item.id))
    kind = str(item.fields.get("media_type", ""))
    if not is_recording(kind):
        raise KindWrong(
            repr(called),
            f"speech is written down from sound and video, and it is {kind or 'of no known type'}",
            "Name another item.",
        )
    with store.originals.open(str(item.fields["sha256"])) as recording:
        made = transcribe(
            recording,
            Path(model),
            language=language,
            program=program,
            beside=store.folder.path,
            progress=progress,
        )
    rendition = keep_rendition(store, made.content, f"{called}.vtt", VTT, item.id, made.recipe)
    thing = store.db.as_now().get(rendition)
    layer = store.layers.of(str(thing.fields["sha256"])) if thing else None
    return {
        "item": item.id,
        "rendition": rendition,
        "text": bool(layer and layer.hash),
        "layer": layer and layer.hash,
        "notes": layer.notes if layer else [],
        "recipe": dict(made.recipe),
    }
