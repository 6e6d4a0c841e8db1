"""What of the FollowTheMoney model is carried, under its own names: which schemata become which things."""

from __future__ import annotations

ACTORS = {
    "Person": "person",
    "Organization": "body",
    "Company": "body",
    "PublicBody": "body",
    "LegalEntity": None,
    "Position": "office",
}
"""A LegalEntity may be a person or a body: it has no type here."""

EVENTS = ("Event",)

RELATIONS = {
    "Occupancy": ("holder", "post", "holds post"),
    "Membership": ("member", "organization", "member"),
    "Directorship": ("director", "organization", "director"),
    "Employment": ("employee", "employer", "employed"),
    "Ownership": ("owner", "asset", "owns"),
    "Family": ("person", "relative", "kin"),
    "Documentation": ("entity", "document", "documented"),
    "UnknownLink": ("subject", "object", "linked"),
}
"""From which property to which, in what role."""

NAMES = ("name", "alias", "weakAlias", "previousName")
BEGINS, ENDS, ON = ("startDate",), ("endDate",), ("date",)
CHECKSUM = "id"
"""Not a property: the statement under this name holds a checksum over the others."""
