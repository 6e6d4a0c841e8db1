"""Assessment: our own dated, signed, reasoned view of things. It replaces nothing, and can be disputed."""

from onrecord.record import fields as f
from onrecord.record.ideas.kind import Kind, title_and_note

JUDGEMENTS = (
    "same as", "not same as", "same origin", "not same origin", "corroborates", "contradicts", "disputed",
    "authentic", "not authentic", "reliable", "not reliable", "check result", "degree of proof", "unsure",
)  # fmt: skip

KIND = Kind(
    "assessment",
    "Our own dated, signed, reasoned view.",
    {
        "about": f.required(f.refs("what it is about")),
        "judgement": f.required(f.usually(JUDGEMENTS, "what we judge")),
        "reason": f.required(f.text("why")),
        "standard": f.text("by which standard"),
        "result": f.text("what a check gave"),
    },
    words=title_and_note,
)
