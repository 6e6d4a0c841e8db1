"""Custody: one step in the life of an item, or of another thing, such as opening what is sealed in it.

In PREMIS event words.
"""

from onrecord.record import fields as f
from onrecord.record.errors import FieldInvalid
from onrecord.record.ideas.kind import Fields, Kind, title_and_note

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


def _about_one_thing(fields: Fields) -> None:
    stated = [name for name in ("item", "of") if f.is_stated(fields.get(name))]
    if len(stated) != 1:
        reason = "a step is about one thing" if stated else "it is missing"
        raise FieldInvalid(
            "item", reason, "Name the item; or, where it is about another thing, that one in of."
        )


KIND = Kind(
    "custody",
    "One step in the life of an item, or of another thing.",
    {
        "item": f.ref("the item", "item"),
        "of": f.ref("the thing, where it is not an item"),
        "step": f.required(f.one_of(STEPS, "what happened")),
        "by": f.ref_or_text("who did it", "actor"),
        "at": f.time("when"),
        "place": f.ref_or_text("where", "place"),
        "tool": f.text("with which tool"),
        "outcome": f.text("with what outcome"),
        "inside": f.ref(
            "what it lay in when it came: an archive, a mail, or the inventory of a card", "item"
        ),
    },
    whole=_about_one_thing,
    words=title_and_note,
)
