"""Slips that make every line of a file wrong: it is told once what the file is, not line by line what it is not."""

from __future__ import annotations

import json
from collections.abc import Iterator

from onrecord.record.errors import FieldInvalid

# How the two bytes that begin a UTF-16 file look where its bytes were taken as UTF-8.
_UTF_16 = ("\udcff\udcfe", "\udcfe\udcff")
ONE_A_LINE = "put takes one JSON object a line"


def slip_in(text: str, name: str) -> FieldInvalid | None:
    """What is wrong with the whole text, or None where its lines are to be judged one by one."""
    if not text.strip():
        return None
    found = next(_slips(text), None)
    return (
        FieldInvalid(name, f"{found[0]}; {ONE_A_LINE}", f"{found[1]} Nothing was written.") if found else None
    )


def _slips(text: str) -> Iterator[tuple[str, str]]:
    if text.startswith(_UTF_16):
        yield "it is text in UTF-16", "Save it as UTF-8."
    if "\0" in text:
        yield "it is not text", "Originals are taken in with: onrecord add."
    beginning = text.lstrip()
    if beginning.startswith("[") and not _one_by_one(beginning):
        yield "it is one JSON array", "Write each of its objects on a line of its own: jq -c '.[]' does."
    if beginning.startswith("{") and not _one_by_one(beginning) and _spread(beginning):
        yield "its objects are spread over several lines", "Write each on one line: jq -c . does."
    if not any(line.lstrip().startswith(("{", "[")) for line in text.split("\n")):
        yield "no line of it is a JSON object", 'A line is like {"kind": "actor", …}.'


def _one_by_one(text: str) -> bool:
    """Whether the first line stands for itself, as an object or as an array among further lines."""
    first, _, rest = text.partition("\n")
    try:
        read = json.loads(first)
    except (ValueError, RecursionError):
        return False
    return isinstance(read, dict) or bool(rest.strip())


def _spread(text: str) -> bool:
    """Whether the first object is whole, and ends on a later line than it begins."""
    try:
        _, end = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return text.partition("\n")[0].strip() == "{"
    return "\n" in text[:end]
