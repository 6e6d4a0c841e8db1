"""Passage: an exact place in one item. `put` finds the quote and keeps the exact words and offsets."""

from onrecord.record import fields as f
from onrecord.record.errors import FieldInvalid
from onrecord.record.ideas.kind import Fields, Kind

PLACES = ("quote", "start", "page", "region", "seconds", "cell")


def _has_a_place(fields: Fields) -> None:
    if not any(f.is_stated(fields.get(place)) for place in PLACES):
        raise FieldInvalid(
            "quote", "a passage needs a place in its item", f"Give one of: {', '.join(PLACES)}."
        )


KIND = Kind(
    "passage",
    "An exact place in one item.",
    {
        "item": f.required(f.ref("the item it stands in", "item")),
        "layer": f.ours(f.text("SHA-256 of the text layer its offsets count in; found by put")),
        "recipe": f.ours(f.free_map("how that layer was made; found by put")),
        "quote": f.text("the exact words"),
        "prefix": f.ours(f.around("words before it")),
        "suffix": f.ours(f.around("words after it")),
        "nth": f.ours(f.whole("which one, where the words stand more than once, counted from 1")),
        "start": f.ours(f.whole("first code point in the layer")),
        "end": f.ours(f.whole("code point after the last")),
        "page": f.whole("page, counted from 1"),
        "region": f.numbers(4, "rectangle on the page or picture: x, y, width, height"),
        "seconds": f.numbers(2, "from and to, in seconds"),
        "cell": f.text("cell in a sheet"),
    },
    whole=_has_a_place,
)
