"""Statement: who says it, when, in which passages, as what kind of speech act, and how they know."""

from collections.abc import Iterator

from onrecord.record import fields as f
from onrecord.record.errors import FieldInvalid
from onrecord.record.ideas.kind import Fields, Kind, title_and_note

ACTS = (
    "asserts", "denies", "admits", "admits but explains", "promises", "predicts", "conditional", "asks", "answers",
    "refuses", "silent", "gesture", "jokes", "slogan", "quotes", "orders", "threatens", "apologises", "retracts",
)  # fmt: skip
BASES = ("saw", "heard", "took part", "measured", "was told by", "read", "infers", "believes", "unknown")


def _has_words(fields: Fields) -> None:
    if f.is_stated(fields.get("passages")):
        if f.is_stated(fields.get("text")):
            raise FieldInvalid(
                "text", "own words stand only where there is no passage", "Leave out text, or the passages."
            )
        return
    if not f.is_stated(fields.get("text")) and fields.get("act") not in ("silent", "refuses", "gesture"):
        raise FieldInvalid(
            "passages",
            "no statement without a passage",
            "Name its passages, or give text: a signed observation.",
        )


def _words(fields: Fields) -> Iterator[str]:
    yield from title_and_note(fields)
    for field in ("text", "hedge", "capacity"):
        if isinstance(fields.get(field), str):
            yield fields[field]


def _unfinished(fields: Fields) -> list[str]:
    return [name for name in ("said_at", "about", "act", "basis") if fields.get(name) is None]


KIND = Kind(
    "statement",
    "What somebody says, tied to the exact words.",
    {
        "speaker": f.required(f.ref("who says it", "actor")),
        "jointly_with": f.refs("others who say it with them", "actor"),
        "capacity": f.text("for whom or as what they speak"),
        "passages": f.refs("where the words stand", "passage"),
        "about": f.refs("events or other things it is about"),
        "said_at": f.time("when it was said"),
        "at_event": f.ref("at which hearing, meeting or visit", "event"),
        "act": f.one_of(ACTS, "speech act"),
        "basis": f.one_of(BASES, "how the speaker knows"),
        "hedge": f.text("the words by which the speaker weakens or strengthens it"),
        "reports": f.ref("the statement it passes on", "statement"),
        "replies_to": f.ref("the statement it answers", "statement"),
        "text": f.text("own words, only where there is no passage"),
        "language": f.text("language it was said in"),
    },
    whole=_has_words,
    words=_words,
    unfinished=_unfinished,
)
