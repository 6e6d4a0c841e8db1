"""Actor: a person, an unidentified voice, a group, a body or an office, by its names."""

from onrecord.record import fields as f
from onrecord.record.ideas.kind import Kind, name_texts, names

TYPES = ("person", "voice", "group", "body", "office")
AUDIENCES = ("team", "partner", "court", "un", "public")

_pseudonym = f.required(f.text("the name to use"))

KIND = Kind(
    "actor",
    "A person, an unidentified voice, a group, a body or an office.",
    {
        "type": f.one_of(TYPES, "what kind of actor"),
        "names": names("names, each with language, script and who uses it"),
        "sealed": f.sealed("an identity that is encrypted before it is stored"),
        "pseudonyms": f.named_map(
            "audience",
            _pseudonym,
            {"audience": f.required(f.one_of(AUDIENCES, "for whom")), "text": _pseudonym},
            "the name to use for each audience",
        ),
    },
    words=name_texts,
)
