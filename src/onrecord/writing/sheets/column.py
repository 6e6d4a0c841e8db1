"""How the cells of a column are read, as the mapping says it."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from onrecord.record.errors import FieldInvalid
from onrecord.record.fields import ABSENCES
from onrecord.writing.sheets.day_forms import DayForm, day_form
from onrecord.writing.sheets.number_forms import NUMBER_FORMS

AS = ("text", "number", "date")
TAKE = ("shown", "kept")
_MEMBERS = (
    "as",
    "form",
    "months",
    "century",
    "take",
    "values",
    "others",
    "absences",
    "split",
    "empty",
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its header or letter. `values` are what its words stand for, `absences` words that say why there is none.

    With `keeps_others`, words that are not among the values stay as they are. `take` says whether what the cell shows or
    what the file keeps is meant where the two differ. `from_above`: an empty cell takes what stands above it.
    """

    name: str
    reads: str = "text"
    number_forms: tuple[str, ...] = ()
    day_forms: tuple[DayForm, ...] = ()
    take: str | None = None
    values: Mapping[str, Any] | None = None
    keeps_others: bool = False
    absences: Mapping[str, Any] = field(default_factory=dict)
    split: str | None = None
    from_above: bool = False


def column(name: str, said: Mapping[str, Any], where: str, absences: Mapping[str, Any]) -> Column:
    """Read what a mapping says of a column. Raises `FieldInvalid` naming the place in the mapping."""
    for member in said:
        if member not in _MEMBERS:
            raise unknown(f"{where}.{member}", member, _MEMBERS)
    reads = chosen(said, "as", AS, where) or "text"
    forms = _listed(said.get("form"), f"{where}.form")
    if forms and reads == "text":
        raise FieldInvalid(f"{where}.form", "text has no form", 'Add "as": "number" or "as": "date".')
    return Column(
        name,
        reads,
        tuple(_number_form(one, where) for one in forms) if reads == "number" else (),
        tuple(_day_form(one, said, where) for one in forms) if reads == "date" else (),
        chosen(said, "take", TAKE, where),
        _table(said, "values", where),
        chosen(said, "others", ("keep",), where) is not None,
        {**absences, **read_absences(said.get("absences"), f"{where}.absences")},
        _split(said.get("split"), f"{where}.split"),
        chosen(said, "empty", ("above",), where) is not None,
    )


def read_absences(said: Any, where: str) -> dict[str, Any]:
    """Words and the absence each stands for, `{"n/a": "not applicable"}` or `{"n/a": {"none": "not applicable"}}`."""
    if said is None:
        return {}
    if not isinstance(said, Mapping):
        raise FieldInvalid(
            where, "it is not an object of words and absences", 'Like {"n/a": "not applicable"}.'
        )
    return {word.strip(): _absence(one, f"{where}.{word}") for word, one in said.items()}


def _absence(said: Any, where: str) -> dict[str, str]:
    meant = said.get("none") if isinstance(said, Mapping) and set(said) == {"none"} else said
    if meant not in ABSENCES:
        raise unknown(where, str(meant), ABSENCES)
    return {"none": str(meant)}


def chosen(said: Mapping[str, Any], name: str, known: tuple[str, ...], where: str) -> str | None:
    """One of the words known there, or None where nothing is said."""
    value = said.get(name)
    if value is not None and value not in known:
        raise unknown(f"{where}.{name}", str(value), known)
    return value


def unknown(where: str, said: str, known: tuple[str, ...] | list[str]) -> FieldInvalid:
    """A word of a mapping that is not known at its place, with the nearest that is."""
    near = difflib.get_close_matches(said[:80], known, 1)
    mend = f"Did you mean {near[0]!r}? " if near else ""
    return FieldInvalid(where, f"{said[:80]!r} is not known here", f"{mend}Known: {', '.join(known)}.")


def _listed(said: Any, where: str) -> list[str]:
    listed = [] if said is None else said if isinstance(said, list) else [said]
    if not all(isinstance(one, str) and one for one in listed):
        raise FieldInvalid(where, "it is not text, or a list of texts")
    return listed


def _number_form(form: str, where: str) -> str:
    if form not in NUMBER_FORMS:
        raise unknown(f"{where}.form", form, tuple(NUMBER_FORMS))
    return form


def _day_form(form: str, said: Mapping[str, Any], where: str) -> DayForm:
    return day_form(form, said.get("months"), said.get("century"), where)


def _table(said: Mapping[str, Any], name: str, where: str) -> Mapping[str, Any] | None:
    table = said.get(name)
    if table is not None and not isinstance(table, Mapping):
        raise FieldInvalid(
            f"{where}.{name}", "it is not an object of words and values", 'Like {"M": "male"}.'
        )
    return None if table is None else {word.strip(): value for word, value in table.items()}


def _split(said: Any, where: str) -> str | None:
    if said is not None and (not isinstance(said, str) or not said):
        raise FieldInvalid(where, "it is not the sign between the parts", 'Like ";".')
    return said
