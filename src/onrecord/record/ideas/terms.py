"""Terms: what was agreed with whom, when and how, for each use separately. No terms means closed."""

from onrecord.record import fields as f
from onrecord.record.errors import FieldInvalid
from onrecord.record.ideas.kind import Fields, Kind, title_and_note

USES = (
    "keep", "team", "partner", "court", "un", "media", "words", "image", "voice", "name", "place", "statistics", "machine",
)  # fmt: skip
ANSWERS = ("yes", "no", "ask", "not asked")
FORMS = (
    "named", "by office", "described as", "unnamed", "without attribution", "only to seek elsewhere", "not usable", "undecided",
)  # fmt: skip


def _agrees_something(fields: Fields) -> None:
    if all(fields.get(name) is None for name in ("uses", "attribution", "revoked_at")):
        raise FieldInvalid(
            "uses", "terms need uses or an attribution", 'For example {"words": "yes", "name": "no"}.'
        )
    attribution = fields.get("attribution") or {}
    if attribution.get("form") in ("described as", "by office") and not attribution.get("text"):
        raise FieldInvalid("attribution.text", "this form needs the agreed words", "Give the words to print.")


KIND = Kind(
    "terms",
    "What was agreed with whom, when and how.",
    {
        "over": f.required(f.refs("what the terms are over")),
        "agreed_with": f.ref_or_text("with whom", "actor"),
        "agreed_at": f.time("when"),
        "how": f.text("signed, by voice, witnessed …"),
        "attribution": f.grouped(
            {"form": f.required(f.one_of(FORMS, "how to attribute")), "text": f.text("the agreed words")},
            "how the words may be attributed",
        ),
        "uses": f.answers(USES, ANSWERS, "an answer for each use"),
        "conditions": f.grouped(
            {
                "approval_by": f.ref_or_text("who must approve", "actor"),
                "state": f.one_of(("asked", "approved", "refused", "open"), "how the approval stands"),
                "embargo_until": f.time("not before this day"),
            },
            "what must be so before a yes counts",
        ),
        "expires": f.time("the last day the terms hold"),
        "revoked_at": f.time("when they were withdrawn"),
    },
    whole=_agrees_something,
    words=title_and_note,
)
