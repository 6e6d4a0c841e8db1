"""What a cell says, read as its column's mapping tells. Nothing is guessed: what can be meant two ways is an error."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from onrecord.intake.sheets.cells import Cell
from onrecord.record.edtf import Point, parse
from onrecord.record.errors import FieldInvalid, TimeInvalid
from onrecord.record.misdated import mend_for
from onrecord.writing.sheets.column import Column
from onrecord.writing.sheets.day_forms import kept_day
from onrecord.writing.sheets.digits import plain_digits
from onrecord.writing.sheets.number_forms import is_kept_number, read_number, same_digits

_FORMULA_ERROR = re.compile(r"#(?:REF!|DIV/0!|VALUE!|NAME\?|NUM!|NULL!|N/A|SPILL!|CALC!|GETTING_DATA)")
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Parts:
    """What a cell that is split says, part by part."""

    parts: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """What a cell says, `value`; None where it is empty. `written` is what it shows, where it was read into something else."""

    value: Any
    written: str | None = None

    @property
    def absent(self) -> bool:
        """Whether there is no value in it: it is empty, or says why there is none."""
        return self.value is None or (isinstance(self.value, Mapping) and set(self.value) == {"none"})


EMPTY = Said(None)


class Values:
    """Reads cells, each pair of what is shown and kept once a column. `calendar` is that of the file's own days."""

    def __init__(self, calendar: str | None) -> None:
        self._calendar = calendar
        self._known: dict[tuple[int, str, str], Said] = {}

    def said(self, column: Column, cell: Cell) -> Said:
        """What a cell says. Raises `FieldInvalid` naming the cell, with the mend."""
        key = id(column), cell.shown, cell.raw
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._read(column, cell.shown, cell.raw, cell.address)
        return known

    def _read(self, column: Column, shown: str, kept: str, where: str) -> Said:
        text = shown.strip()
        if text in column.absences:
            return Said(column.absences[text], text or None)
        if not text:
            return EMPTY
        if _FORMULA_ERROR.fullmatch(text) and not (column.values and text in column.values):
            raise _wrong(where, text, "it is an error of the sheet's own formula", _mend_error(text))
        if column.split is None:
            return self._one(column, text, kept.strip(), where)
        parts = [part.strip() for part in text.split(column.split)]
        read = [self._one(column, part, part, where) for part in parts if part]
        written = text if any(one.written for one in read) else None
        return Said(Parts(tuple(one.value for one in read)), written) if read else EMPTY

    def _one(self, column: Column, text: str, kept: str, where: str) -> Said:
        if text in column.absences:
            return Said(column.absences[text], text)
        if column.values is not None:
            if text in column.values:
                return Said(column.values[text], text)
            if not column.keeps_others:
                raise _not_listed(column, text, where)
        if column.reads == "number":
            return Said(_number(column, text, kept, where), text)
        if column.reads == "date":
            return Said(self._day(column, text, kept, where))
        return Said(
            kept if column.take == "kept" else text, text if column.take == "kept" and kept != text else None
        )

    def _day(self, column: Column, text: str, kept: str, where: str) -> Any:
        """The time in EDTF where the cell shows it so, else with what it shows as written."""
        plain = plain_digits(text)
        found = None if plain is None else _formed(column, plain, where)
        by_file = kept_day(text, kept, self._calendar) if kept != text else None
        if found and by_file and not by_file.startswith(found.partition("T")[0]) and column.take is None:
            raise _wrong(where, text, f"it reads {found}, and the file keeps {by_file}", _TAKE)
        edtf = by_file if by_file and (column.take == "kept" or not found) else found
        edtf = edtf or (None if plain is None else _plain_day(plain))
        if edtf is None:
            reason, mend = mend_for(plain or text) or ("is not a date that can be read without guessing", "")
            raise _wrong(where, text, f"it {reason}", _mend_day(column, mend))
        return _time(edtf, text, where)


_TAKE = 'Say which is meant: "take": "shown" or "take": "kept".'


def _number(column: Column, text: str, kept: str, where: str) -> int | str:
    found = read_number(text, column.number_forms)
    if kept == text or not is_kept_number(kept):
        return _told(found, column, text, where)
    by_file = read_number(kept, ("1234.5",))
    if column.take == "shown":
        return _told(found, column, text, where)
    if column.take == "kept" or (found is None and same_digits(text, kept)) or found == by_file:
        return _told(by_file, column, text, where)
    raise _wrong(where, text, f"the file keeps {kept} for it", _TAKE)


def _told(found: int | str | None, column: Column, text: str, where: str) -> int | str:
    if found is not None:
        return found
    if plain_digits(text) is None:
        raise _wrong(
            where, text, "it mixes digits of several scripts", "Mend the cell in a copy of the sheet."
        )
    if column.number_forms:
        raise _wrong(
            where,
            text,
            f"it is not a number of the form {' or '.join(column.number_forms)}",
            'Mend the cell in a copy of the sheet, or say what it stands for under "values" or "absences".',
        )
    if re.search("[0-9]", plain_digits(text) or "") and not re.search(r"[^\W\d_]", text):
        raise _wrong(
            where, text, "its marks can be read in more than one way", 'Say its form, like "form": "1,234.5".'
        )
    raise _wrong(where, text, "it is not a number", 'Say what it stands for under "values" or "absences".')


def _formed(column: Column, plain: str, where: str) -> str | None:
    found = {day for form in column.day_forms if (day := form.read(plain)) is not None}
    if len(found) > 1:
        raise _wrong(where, plain, f"it fits two forms: {' and '.join(sorted(found))}", "Leave one form.")
    return found.pop() if found else None


def _plain_day(plain: str) -> str | None:
    try:
        parse(plain)
    except TimeInvalid:
        return None
    return plain


def _time(edtf: str, text: str, where: str) -> Any:
    try:
        read = parse(edtf)
    except TimeInvalid as wrong:
        raise _wrong(where, text, wrong.reason, "Look at the sheet again.") from None
    if edtf == text:
        return edtf
    if not isinstance(read, Point):
        first, _, last = edtf.partition("/")
        return {"from": first or None, "to": last or None, "as_written": text}
    time: dict[str, Any] = {"from": edtf, "to": edtf, "as_written": text}
    return {**time, "precise": True} if read.precise else time


def _mend_day(column: Column, mend: str) -> str:
    if not column.day_forms:
        return 'Say how the column writes its dates, like "form": "day/month/year".'
    forms = " or ".join(form.written for form in column.day_forms)
    return f"The mapping says {forms}; name its form as well, or say what it stands for under “absences”."


def _mend_error(text: str) -> str:
    return f'Mend the sheet, or say under "absences" what {text} stands for.'


def _not_listed(column: Column, text: str, where: str) -> FieldInvalid:
    known = [one for one in column.values or () if one]
    near = difflib.get_close_matches(text[:80], known, 1)
    mend = f"Did the sheet mean {near[0]!r}? " if near else ""
    return _wrong(
        where,
        text,
        f"the mapping has no value for it in column {column.name}",
        f'{mend}Add it under "values", or say "others": "keep".',
    )


def _wrong(where: str, text: str, reason: str, mend: str) -> FieldInvalid:
    shown = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    return FieldInvalid(where, f"“{shown}”: {reason}", mend)
