"""Property: a team's own property of claims. Two facts: one value or many, and their type."""

from onrecord.record import fields as f
from onrecord.record.ideas.kind import Kind

KIND = Kind(
    "property",
    "A team's own property of claims (a control entry, not one of the fourteen ideas).",
    {
        "name": f.required(f.text("its name, as claims use it")),
        "holds": f.required(f.one_of(("one", "many"), "one value or many")),
        "type": f.one_of(("text", "thing", "number", "time"), "what its values are"),
    },
)
