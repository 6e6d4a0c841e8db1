"""Event: an act, incident, meeting, visit, speech or ruling. That it is disputed is computed, not declared."""

from onrecord.record import fields as f
from onrecord.record.ideas.kind import Kind, name_texts, names, title_and_note

STATES = ("rumoured", "planned", "postponed", "held", "cancelled")
LINKS = ("precedes", "causes", "part of")

_actors = f.refs("the actors whose statements are shown together", "actor")

KIND = Kind(
    "event",
    "An act, incident, meeting, visit, speech or ruling.",
    {
        "title": f.text("what we call it"),
        "names": names("what each side calls it"),
        "type": f.text("incident, hearing, meeting, visit, speech, ruling …"),
        "state": f.one_of(STATES, "whether it took place"),
        "when": f.time("when it was"),
        "place": f.ref("where it was", "place"),
        "part_of": f.ref("the event it is part of", "event"),
        "sides": f.named_map(
            "name",
            _actors,
            {
                "name": f.required(f.text("what the side is called")),
                "language": f.text("its language"),
                "actors": _actors,
            },
            "named sets of actors, or a map from name to actors",
        ),
        "chain": f.listed(
            {
                "to": f.required(f.ref("the other event", "event")),
                "link": f.required(f.one_of(LINKS, "how they are linked")),
                "asserted_by": f.ref("who says so", "actor", "statement"),
            },
            "links to other events, each asserted by someone",
        ),
    },
    words=lambda fields: (text for found in (title_and_note(fields), name_texts(fields)) for text in found),
)
