"""Custody: one step in an item's life, in PREMIS event words."""

from onrecord.record import fields as f
from onrecord.record.ideas.kind import Kind, title_and_note

STEPS = (
    "received",
    "copied",
    "sealed",
    "opened",
    "exported",
    "withdrawn",
    "erased",
    "checked",
    "handed over",
    "returned",
)

KIND = Kind(
    "custody",
    "One step in an item's life.",
    {
        "item": f.required(f.ref("the item", "item")),
        "step": f.required(f.one_of(STEPS, "what happened")),
        "by": f.ref_or_text("who did it", "actor"),
        "at": f.time("when"),
        "place": f.ref_or_text("where", "place"),
        "tool": f.text("with which tool"),
        "outcome": f.text("with what outcome"),
    },
    words=title_and_note,
)
