"""Proceeding: steps with clocks around people, events and norms."""

from onrecord.record import fields as f
from onrecord.record.ideas.kind import Kind, title_and_note

STATES = (
    "due", "sent", "received", "answered", "accepted", "partly done", "done", "refused", "overdue", "overtaken", "repeated",
)  # fmt: skip

KIND = Kind(
    "proceeding",
    "A case, hearing, recommendation, right of reply, approval or grant, step by step.",
    {
        "title": f.required(f.text("what it is called")),
        "about": f.refs("the people, events or norms it is around"),
        "steps": f.listed(
            {
                "step": f.required(f.text("what the step is")),
                "state": f.one_of(STATES, "how it stands"),
                "due": f.time("by when"),
                "done": f.time("when it was done"),
                "by": f.ref_or_text("by whom", "actor"),
                "outcome": f.text("what came of it"),
                "passage": f.ref("where it stands", "passage"),
            },
            "steps, in order",
            short="step",
        ),
    },
    words=title_and_note,
)
