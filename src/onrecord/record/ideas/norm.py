"""Norm: a law, order, ruling, rule-book, standard or promise. An amended norm is a new one that replaces it."""

from onrecord.record import fields as f
from onrecord.record.ideas.kind import Kind, title_and_note

KIND = Kind(
    "norm",
    "A law, order, ruling, rule-book, standard or promise.",
    {
        "title": f.required(f.text("what it is called")),
        "passage": f.ref("where its words stand", "passage"),
        "author": f.ref_or_text("who made it", "actor"),
        "scope": f.text("whom, what and where it governs"),
        "threshold": f.grouped(
            {
                "property": f.required(f.text("which property it limits")),
                "at_least": f.number("least that is allowed"),
                "at_most": f.number("most that is allowed"),
                "unit": f.text("unit of the number"),
            },
            "a limit in numbers",
        ),
        "in_force": f.time("from when to when it is in force"),
        "duties": f.listed(
            {
                "who": f.ref_or_text("who has the duty", "actor"),
                "text": f.text("what they must do"),
                "due": f.time("by when"),
            },
            "duties it lays on people",
            short="text",
        ),
        "replaces": f.ref("the norm it replaces", "norm"),
    },
    words=title_and_note,
)
