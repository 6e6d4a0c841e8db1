"""Relation: a dated link with a role between two things. It rests on claims."""

from onrecord.record import fields as f
from onrecord.record.ideas.kind import Kind, title_and_note

KIND = Kind(
    "relation",
    "A dated link with a role.",
    {
        "from": f.required(f.ref("the one who has the role")),
        "to": f.required(f.ref("towards whom or in what")),
        "role": f.required(f.text("holds post, member, kin, funds, commands, victim, present, filmed …")),
        "degree": f.text("how closely"),
        "when": f.time("when it held"),
        "claims": f.refs("the claims it rests on", "claim"),
    },
    words=title_and_note,
)
