"""Claim: a typed proposition drawn from a statement. A figure is a claim with a number or range."""

from collections.abc import Iterator

from onrecord.record import fields as f
from onrecord.record.errors import FieldInvalid
from onrecord.record.formula import parse
from onrecord.record.ideas.kind import Fields, Kind, title_and_note


def _says_something(fields: Fields) -> None:
    if all(fields.get(name) is None for name in ("value", "low", "high")):
        raise FieldInvalid("value", "a claim needs a value", 'Or say why there is none: {"none": "unknown"}.')
    if isinstance(fields.get("formula"), str):
        missing = sorted(set(parse(fields["formula"]).names) - set(fields.get("inputs") or {}))
        if missing:
            raise FieldInvalid(
                "inputs", f"the formula uses {', '.join(missing)}", "Name a claim for each input."
            )


def _words(fields: Fields) -> Iterator[str]:
    yield from title_and_note(fields)
    for field in ("value", "as_written", "counted", "population", "subject"):
        if isinstance(fields.get(field), str):
            yield fields[field]


def _subject(given: object, where: str, writing: f.Writing) -> object:
    return f.ref("").turn(given, where, writing)


KIND = Kind(
    "claim",
    "A typed proposition drawn from a statement.",
    {
        "statement": f.required(f.ref("the statement it is drawn from", "statement")),
        "subject": f.required(f.Field(_subject, "the thing it is about")),
        "property": f.required(f.text("what is said of it")),
        "value": f.value("what it is said to be"),
        "negated": f.flag("true where it is said not to be so"),
        "when": f.time("when it held"),
        "place": f.ref("where it held", "place"),
        "qualifiers": f.free_map("further limits, by name"),
        "low": f.number("least number meant"),
        "high": f.number("greatest number meant"),
        "unit": f.text("unit of the number"),
        "counted": f.text("what is counted"),
        "population": f.text("out of which population"),
        "formula": f.text("how it follows from its inputs: + - * / ( ) over their names"),
        "inputs": f.ref_map("the claims the formula uses, by name", "claim"),
    },
    whole=_says_something,
    words=_words,
)
