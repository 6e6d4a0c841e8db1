"""Place: one place with many names, and who uses each."""

from onrecord.record import fields as f
from onrecord.record.ideas.kind import Kind, name_texts, names

KIND = Kind(
    "place",
    "A place with many names.",
    {
        "type": f.text("village, road, checkpoint, district …"),
        "names": names("names, each with language, script and who uses it"),
        "part_of": f.ref("the place it lies in", "place"),
        "geometry": f.text("GeoJSON, as text"),
        "condition": f.text("its condition"),
    },
    words=name_texts,
)
